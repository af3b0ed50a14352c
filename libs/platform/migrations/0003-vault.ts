import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Keys and the person index, in a schema of their own, so that they can be dumped apart and with a shorter retention than the log
 * (ADR 0004): a dump of the rest must not contain what makes it readable.
 */
export class Vault0003 implements MigrationInterface {
  readonly name = 'Vault0000000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create schema vault;
      create table vault.person_key (
        person_id uuid primary key,
        master_version int not null,
        wrapped bytea not null,
        created_at timestamptz not null default now()
      );
      create table vault.person_index (
        key_version int not null,
        hmac bytea not null,
        person_id uuid not null,
        kind text not null check (kind in ('NIR', 'NIA')),
        primary key (key_version, hmac)
      );
      create index person_index_person on vault.person_index (person_id);

      grant usage on schema vault to fil_rouge_app;
      -- No update: a key or a hash is written once, and then only destroyed.
      grant select, insert, delete on vault.person_key, vault.person_index to fil_rouge_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('dropping the vault would erase every person: restore a backup instead');
  }
}
