import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What was sent to a person so that she confirms an accord: neither the code, nor the link, nor where it went. */
export class ConsentCode0010 implements MigrationInterface {
  readonly name = 'ConsentCode0000000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table app.consent_code (
        id           uuid primary key,
        case_id      text collate "C" not null,
        consent_id   text collate "C" not null,
        organisation text collate "C" not null,
        code_hash    bytea not null,
        link_hash    bytea not null unique,
        sent_at      timestamptz not null,
        code_until   timestamptz not null,
        link_until   timestamptz not null,
        tries        int not null default 0,
        closed_at    timestamptz
      );
      comment on table app.consent_code is 'One row for each message in which a person was asked to confirm an accord. Keyed hashes only, no personal data.';
      create index consent_code_of on app.consent_code (case_id, consent_id, sent_at);
      grant select, insert, update, delete on app.consent_code to fil_rouge_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table app.consent_code');
  }
}
