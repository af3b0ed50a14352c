import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * A number leads to as many persons as there are files that it was told in, and an organisation finds those in whose case it is at home
 * (ADR 0014). What was reserved before stays: it is looked up, in the form that it had.
 */
export class Home0009 implements MigrationInterface {
  readonly name = 'Home0000000000009';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table vault.person_number (
        key_version int not null,
        hmac bytea not null,
        person_id uuid not null,
        told_by text collate "C" not null,
        primary key (key_version, hmac, person_id)
      );
      comment on column vault.person_number.told_by is 'The organisation that told the number first; empty for what was reserved before ADR 0014.';
      create index person_number_person on vault.person_number (person_id);
      insert into vault.person_number (key_version, hmac, person_id, told_by) select key_version, hmac, person_id, '' from vault.person_index;
      drop table vault.person_index;
      grant select, insert, delete on vault.person_number to fil_rouge_app;

      create table process.at_home (
        case_id text collate "C" not null,
        person_id uuid not null,
        organisation text collate "C" not null,
        from_on date not null,
        until_on date,
        live boolean not null,
        opened_at timestamptz not null,
        primary key (case_id, person_id, organisation, from_on, live)
      );
      comment on table process.at_home is 'Who reads or takes part in which case, from when until when (that day excluded). Made from the log, and can be made anew.';
      comment on column process.at_home.live is 'Takes part; otherwise it only reads what it told itself.';
      create index at_home_person on process.at_home (person_id, organisation);
      create table process.waiting_file (
        file_id text collate "C" not null,
        case_id text collate "C" not null,
        primary key (file_id, case_id)
      );
      create index waiting_file_case on process.waiting_file (case_id);
      comment on table process.waiting_file is 'Which case was told of which file: it is to hear of its end too, though they may share no number any more.';
      grant select, insert, update, delete on process.at_home to fil_rouge_app;
      grant select, insert on process.waiting_file to fil_rouge_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the numbers of files that are not joined would be lost: restore a backup instead');
  }
}
