import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** From which key this database's ids derive (ADR 0015), so that another one is not taken for it. */
export class Ids0011 implements MigrationInterface {
  readonly name = 'Ids0000000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table app.ids_key (
        one         boolean primary key default true check (one),
        fingerprint text not null
      );
      comment on table app.ids_key is 'SHA-256 of the key "ids" of the keyring. One row, once an instance has started.';
      grant select, insert on app.ids_key to fil_rouge_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table app.ids_key');
  }
}
