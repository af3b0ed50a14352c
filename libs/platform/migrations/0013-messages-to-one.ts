import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Messages are counted for each person and asking organisation: told once more, an accord gives no new messages, nor new tries. */
export class MessagesToOne0013 implements MigrationInterface {
  readonly name = 'MessagesToOne0000000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table app.consent_code add column person_hash bytea;
      comment on column app.consent_code.person_hash is 'Keyed hash of the opaque identifier of the person, to count. Null for messages of before.';
      create index consent_code_sent on app.consent_code (organisation, sent_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index app.consent_code_sent;
      alter table app.consent_code drop column person_hash;
    `);
  }
}
