import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A key is bound to its request before anything is written, and the outcome comes afterwards. */
export class Idempotency0014 implements MigrationInterface {
  readonly name = 'Idempotency0000000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table app.idempotency alter column status drop not null, alter column outcome drop not null;
      comment on column app.idempotency.outcome is 'Null while the command is under way, or was interrupted: the same request may be sent again.';
      grant update (status, outcome) on app.idempotency to fil_rouge_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke update (status, outcome) on app.idempotency from fil_rouge_app;
      delete from app.idempotency where outcome is null;
      alter table app.idempotency alter column status set not null, alter column outcome set not null;
    `);
  }
}
