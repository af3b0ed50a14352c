import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, type EntityTarget, type ObjectLiteral, type QueryRunner } from 'typeorm';
import { incarnationOf, type Position, Resync } from '../event-store/port.js';
import { NotYet, ViewsRebuilding } from './errors.js';
import { CHECKPOINT, inTransaction, rows } from './projector.js';
import { rebuildProgress } from './rebuild-journal.js';
import { fittingTables, isServed } from './served.js';
import { Checkpoint, isMissing, tableOf, VERSION } from './tables.js';

/** Between two looks at the checkpoint by whoever waits for it. */
const LOOK_MS = 20;

/** The views at one instant, and how far they had come. */
export interface Snapshot {
  readonly position: Position | null;
  /** The name to write in a statement. @throws ViewsRebuilding when its rows are not to be shown before they are made anew */
  table(entity: EntityTarget<ObjectLiteral>): string;
  rows<T>(sql: string, values?: unknown[]): Promise<T[]>;
}

/**
 * All that one answer reads, as of one instant.
 * The table lock comes before the snapshot is taken. A rebuild then swaps the schemas before it or after it, never in between, where the
 * new tables would look empty.
 * @throws ViewsRebuilding when the tables are being made
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
    if (!checkpoint) throw new ViewsRebuilding();
    const { version, position } = checkpoint;
    const fitting = version === VERSION ? undefined : await fittingTables(views, db);
    const progress = version === VERSION ? undefined : await rebuildProgress(db);
    const tableIn = (entity: EntityTarget<ObjectLiteral>): string => {
      if (!isServed(views, entity, version, fitting)) throw new ViewsRebuilding(progress);
      return tableOf(views, entity);
    };
    return read({ position, table: tableIn, rows: (sql, values) => rows(db, sql, values) });
  };
  try {
    return await inTransaction(views, work, 'REPEATABLE READ');
  } catch (error) {
    throw isMissing(error) ? new ViewsRebuilding(await rebuildProgress(views).catch(() => undefined)) : error;
  }
}

async function reachedBy(views: DataSource): Promise<Position | null> {
  const found = await rows<{ position: Position | null }>(views, `SELECT position FROM ${tableOf(views, Checkpoint)} WHERE name = $1`, [CHECKPOINT])
    .catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    }); // prettier-ignore
  return found[0]?.position ?? null;
}

/**
 * Resolves once the views hold everything up to a position.
 * @throws NotYet when `patience` milliseconds were not enough
 * @throws Resync when the log was restored since: what was written there may be lost
 */
export async function waitFor(views: DataSource, position: Position, patience: number, signal?: AbortSignal): Promise<void> {
  for (const end = Date.now() + patience; ; await pause(LOOK_MS, undefined, signal && { signal })) {
    const reached = await reachedBy(views);
    if (reached !== null && incarnationOf(reached) > incarnationOf(position))
      throw new Resync(`the views are of another log than ${position}`);
    if (reached !== null && reached >= position) return;
    if (Date.now() >= end) throw new NotYet('the views have not come so far');
  }
}
