import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the application keeps for itself: neither the log nor something that can be rebuilt from it. */
export class App0002 implements MigrationInterface {
  readonly name = 'App0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema app;
      create table app.idempotency (
        command_id  uuid primary key,
        fingerprint text not null,
        status      int not null,
        outcome     json not null,
        created_at  timestamptz not null default now()
      );
      comment on table app.idempotency is 'One row for each command that came with an Idempotency-Key: what was asked, and how it ended, refusals included.';
      grant usage on schema app to fil_rouge_app;
      grant select, insert on app.idempotency to fil_rouge_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema app cascade');
  }
}
