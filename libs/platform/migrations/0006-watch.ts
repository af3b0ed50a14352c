import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the watch keeps for itself: when to look at which case. It can be made anew from the log. */
export class Watch0006 implements MigrationInterface {
  readonly name = 'Watch0000000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema watch;
      create table watch.clock (
        case_id  text collate "C" primary key,
        next_on  date,
        revision int not null
      );
      comment on table watch.clock is 'One row a case: the next day on which a duty in it may have been missed; none when nothing is owed. As of that revision.';
      create index clock_next_on on watch.clock (next_on, case_id) where next_on is not null;
      create table watch.checkpoint (
        only_row boolean primary key default true check (only_row),
        position text,
        rules    int not null default 0
      );
      comment on column watch.checkpoint.rules is 'How many changes of delays the days rest on.';
      insert into watch.checkpoint default values;
      grant usage on schema watch to fil_rouge_app;
      grant select, insert, update, delete on watch.clock to fil_rouge_app;
      grant select, update on watch.checkpoint to fil_rouge_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema watch cascade');
  }
}
