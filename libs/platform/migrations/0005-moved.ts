import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What becomes of the positions of before a move of the log, with either store (ADR 0009). */
export class Moved0005 implements MigrationInterface {
  readonly name = 'Moved0000000000005';

  async up(db: QueryRunner): Promise<void> {
    // "C": positions sort by their bytes, here as everywhere. What is later is greater, so that a chain of moves ends.
    await db.query(`
      create table log.moved (
        from_position text collate "C" primary key,
        to_position text collate "C" not null check (to_position > from_position)
      );
      comment on table log.moved is 'One row for each event that copy-log has copied: where it was, and where it is in the store it went to.';
      comment on table log.copy is 'Its row is there while the whole log is elsewhere: in the store from which it is being copied, or to which it was moved. It says which position of that store the last event here has. Nobody may append here then.';
      grant select on log.moved to fil_rouge_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a log goes only forward: restore a backup instead');
  }
}
