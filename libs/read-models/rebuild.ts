import { type PoolConfig } from 'pg';
import { type DataSource, type QueryRunner } from 'typeorm';
import { fill, type Helpers, type Progress } from './fill.js';
import { CHECKPOINT, inTransaction, Projector, REBUILD_LOCK, rows } from './projector.js';
import { type Log } from './read-cases.js';
import { Checkpoint, LIVE, NEXT, tableOf, VERSION, viewsDataSource } from './tables.js';

/** Owns the tables, so that each login of the application may drop what another one made. */
const OWNER = 'fil_rouge_app';
/** One holds the lock of the rebuild; each of the others may make an index, for which it takes `maintenance_work_mem`. */
const CONNECTIONS = 4;
const SWAP_LOCK = '10s';
const SWAP_TRIES = 5;

export interface RebuildParts {
  readonly log: Log;
  /** How the application connects. */
  readonly database: PoolConfig;
  readonly helpers?: Helpers | undefined;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
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
    await guard.query(`DROP SCHEMA IF EXISTS ${NEXT} CASCADE`);
    await guard.query(`CREATE SCHEMA ${NEXT}`);
    await next.synchronize();
    await fillAll(next, parts);
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

/** What comes after `head`, the position at the start, is caught up from there. */
async function fillAll(next: DataSource, { log, helpers, progress, signal }: RebuildParts): Promise<void> {
  await log.rulebook.catchUp();
  const { revision } = log.rulebook;
  const head = await log.store.head();
  if (head !== undefined) await fill(next, head, { log, helpers, ...(progress && { progress }), ...(signal && { signal }) });
  await next.query(`INSERT INTO ${tableOf(next, Checkpoint)} (name, version, rules, position) VALUES ($1, $2, $3, $4)`, [
    CHECKPOINT,
    VERSION,
    revision,
    head ?? null,
  ]);
}

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
  await db.query(`DROP SCHEMA IF EXISTS ${LIVE} CASCADE`);
  await db.query(`ALTER SCHEMA ${NEXT} RENAME TO ${LIVE}`);
}
