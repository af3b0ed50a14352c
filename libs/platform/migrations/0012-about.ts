import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A person is asked about a change of fund or health service too: what a code is about is no longer an accord only. */
export class About0012 implements MigrationInterface {
  readonly name = 'About0000000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table app.consent_code rename column consent_id to about_id;
      comment on table app.consent_code is 'One row for each message in which a person was asked to confirm an accord, or a change of fund or health service. Keyed hashes only, no personal data.';
      comment on column app.consent_code.about_id is 'Of the accord, or of the file that tells of the change.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table app.consent_code rename column about_id to consent_id');
  }
}
