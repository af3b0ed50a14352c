import { type PoolConfig } from 'pg';
import { type DataSource, type QueryRunner } from 'typeorm';
import { type Position } from '../event-store/port.js';
import { INDEXES_AT_ONCE, makeIndexes } from './bulk.js';
import { fillRows, type Helpers, type Progress } from './fill.js';
import { CHECKPOINT, inTransaction, Projector, REBUILD_LOCK, rows } from './projector.js';
import { type Log } from './read-cases.js';
import { RebuildJournal } from './rebuild-journal.js';
import { Checkpoint, LIVE, NEXT, tableOf, VERSION, viewsDataSource } from './tables.js';

/** Owns the tables, so that each login of the application may drop what another one made. */
const OWNER = 'fil_rouge_app';
/** One holds the lock of the rebuild; each of the others may make an index, for which it takes `maintenance_work_mem`. */
const CONNECTIONS = 1 + INDEXES_AT_ONCE;
const SWAP_LOCK = '10s';
const SWAP_TRIES = 5;

export interface RebuildParts {
  readonly log: Log;
  /** How the application connects. */
  readonly database: PoolConfig;
  readonly helpers?: Helpers | undefined;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Events held at once; see `Filling`. */
  readonly most?: number;
}

/**
 * Makes every table anew beside the live ones, which serve and follow the log meanwhile, then puts them in their place. The live tables
 * may be of another version, damaged, or missing.
 * @returns false when another process is at it already
 */
export async function rebuild(parts: RebuildParts): Promise<boolean> {
  const { log, database, signal } = parts;
  const options = `${database.options ?? ''} -c role=${OWNER}`;
  const next = await viewsDataSource({ ...database, options, max: CONNECTIONS }, NEXT).initialize();
  const guard = next.createQueryRunner();
  try {
    const [lock] = await rows<{ free: boolean }>(guard, 'SELECT pg_try_advisory_lock($1, $2) AS free', REBUILD_LOCK);
    if (!lock!.free) return false;
    await fillAll(guard, next, parts);
    const projector = new Projector(log, next);
    while ((await projector.advance()) !== 'caught-up') signal?.throwIfAborted();
    await swapPatiently(next, projector);
    return true;
  } finally {
    await guard.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await guard.release();
    await next.destroy();
  }
}

/** What comes after `head`, the position at the start of the first try, is caught up from there. */
async function fillAll(guard: QueryRunner, next: DataSource, parts: RebuildParts): Promise<void> {
  const { log, helpers, signal, most } = parts;
  await log.rulebook.catchUp();
  const { revision: rules } = log.rulebook;
  const head = await log.store.head();
  if (head === undefined) return emptyTables(guard, next, rules);
  const journal = await RebuildJournal.open(guard, next, { head, rules });
  const progress: Progress = (done, total) => {
    journal.tell(done, total);
    parts.progress?.(journal.before + done, journal.before + total);
  };
  const filling = { log, helpers, progress, ...(signal && { signal }), ...(most !== undefined && { most }) };
  await fillRows(next, { head: journal.head, part: journal.part, marks: true }, filling);
  signal?.throwIfAborted();
  await makeIndexes(next, journal.indexes);
  await begin(next, rules, journal.head);
}
async function emptyTables(guard: QueryRunner, next: DataSource, rules: number): Promise<void> {
  await guard.query(`DROP SCHEMA IF EXISTS ${NEXT} CASCADE`);
  await guard.query(`CREATE SCHEMA ${NEXT}`);
  await next.synchronize();
  await begin(next, rules, null);
}
/** An earlier try may have come as far as here. */
const begin = (next: DataSource, rules: number, position: Position | null): Promise<unknown> =>
  next.query(
    `INSERT INTO ${tableOf(next, Checkpoint)} (name, version, rules, position) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [CHECKPOINT, VERSION, rules, position],
  );

/** A long answer may hold the live tables: new ones must not wait behind the swap for ever, so it gives way and comes back. */
async function swapPatiently(next: DataSource, projector: Projector): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(next, (db) => swap(db, projector));
    } catch (error) {
      if (!isLockTimeout(error) || tries === SWAP_TRIES) throw error;
    }
  }
}
const isLockTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '55P03';

/** Readers and writers of the live tables lock the checkpoint first, so here is where they wait for one another. */
async function swap(db: QueryRunner, projector: Projector): Promise<void> {
  await db.query(`SET LOCAL lock_timeout = '${SWAP_LOCK}'`);
  const [live] = await rows<{ there: boolean }>(db, `SELECT to_regclass('${LIVE}.checkpoint') IS NOT NULL AS there`);
  if (live!.there) await db.query(`LOCK TABLE ${LIVE}.checkpoint IN ACCESS EXCLUSIVE MODE`);
  while ((await projector.advanceIn(db)) !== 'caught-up');
  await RebuildJournal.dropIn(db);
  await db.query(`DROP SCHEMA IF EXISTS ${LIVE} CASCADE`);
  await db.query(`ALTER SCHEMA ${NEXT} RENAME TO ${LIVE}`);
}
