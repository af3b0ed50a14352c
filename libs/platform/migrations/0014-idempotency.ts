import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A key is bound to its request before anything is written, and the outcome comes afterwards: once there is one, nobody changes or removes it. */
export class Idempotency0014 implements MigrationInterface {
  readonly name = 'Idempotency0000000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table app.idempotency alter column status drop not null, alter column outcome drop not null;
      comment on column app.idempotency.outcome is 'Null while the command is under way, or was interrupted: the same request may be sent again.';
      grant update (status, outcome), delete on app.idempotency to fil_rouge_app;
      alter table app.idempotency enable row level security;
      create policy read on app.idempotency for select using (true);
      create policy bind on app.idempotency for insert with check (true);
      create policy conclude on app.idempotency for update using (outcome is null) with check (outcome is not null);
      create policy release on app.idempotency for delete using (outcome is null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy read on app.idempotency;
      drop policy bind on app.idempotency;
      drop policy conclude on app.idempotency;
      drop policy release on app.idempotency;
      alter table app.idempotency disable row level security;
      revoke update (status, outcome), delete on app.idempotency from fil_rouge_app;
      delete from app.idempotency where outcome is null;
      alter table app.idempotency alter column status set not null, alter column outcome set not null;
    `);
  }
}
