import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, type QueryRunner } from 'typeorm';
import { incarnationOf, type Position, Resync } from '../event-store/port.js';
import { NotYet } from './errors.js';
import { CHECKPOINT, inTransaction, rows } from './projector.js';
import { Checkpoint, isMissing, tableOf, VERSION } from './tables.js';

/** Between two looks at the checkpoint by whoever waits for it. */
const LOOK_MS = 20;

/** The views at one instant, and how far they had come. */
export interface Snapshot {
  readonly position: Position | null;
  rows<T>(sql: string, values?: unknown[]): Promise<T[]>;
}

/**
 * All that one answer reads, as of one instant.
 * The table lock comes before the snapshot is taken. A rebuild then swaps the schemas before it or after it, never in between, where the
 * new tables would look empty.
 * @throws NotYet when the tables are being made
 */
export async function inSnapshot<T>(views: DataSource, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const table = tableOf(views, Checkpoint);
  const work = async (db: QueryRunner): Promise<T> => {
    await db.query(`LOCK TABLE ${table} IN ACCESS SHARE MODE`);
    const [checkpoint] = await rows<{ version: number; position: Position | null }>(
      db,
      `SELECT version, position FROM ${table} WHERE name = $1`,
      [CHECKPOINT],
    );
    if (checkpoint?.version !== VERSION) throw new NotYet('the views are being made');
    return read({ position: checkpoint.position, rows: (sql, values) => rows(db, sql, values) });
  };
  try {
    return await inTransaction(views, work, 'REPEATABLE READ');
  } catch (error) {
    throw isMissing(error) ? new NotYet('the views are being made') : error;
  }
}

/**
 * Resolves once the views hold everything up to a position.
 * @throws NotYet when `patience` milliseconds were not enough
 * @throws Resync when the log was restored since: what was written there may be lost
 */
export async function waitFor(views: DataSource, position: Position, patience: number, signal?: AbortSignal): Promise<void> {
  for (const end = Date.now() + patience; ; await pause(LOOK_MS, undefined, signal && { signal })) {
    const reached = await inSnapshot(views, async (snapshot) => snapshot.position).catch((error: unknown) => {
      if (error instanceof NotYet) return null;
      throw error;
    });
    if (reached !== null && incarnationOf(reached) > incarnationOf(position))
      throw new Resync(`the views are of another log than ${position}`);
    if (reached !== null && reached >= position) return;
    if (Date.now() >= end) throw new NotYet('the views have not come so far');
  }
}
