import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** How far each process has followed the log, and what it could not do. The first can be made anew from the log. */
export class Processes0007 implements MigrationInterface {
  readonly name = 'Processes0000000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema process;
      create table process.checkpoint (
        name     text collate "C" primary key,
        position text
      );
      create table process.dead_letter (
        process  text collate "C",
        event_id uuid,
        case_id  text collate "C",
        stream   text collate "C" not null,
        reasons  text[] not null,
        at       timestamptz not null default now(),
        primary key (process, event_id, case_id)
      );
      comment on table process.dead_letter is 'What an event should have brought about in a case, and why it could not. Codes only, no personal data.';
      create index dead_letter_stream on process.dead_letter (stream);
      grant usage on schema process to fil_rouge_app;
      grant select, insert, update on process.checkpoint to fil_rouge_app;
      grant select, insert, update, delete on process.dead_letter to fil_rouge_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema process cascade');
  }
}
