import { type DataSource, type QueryRunner } from 'typeorm';
import { type Position } from '../event-store/port.js';
import { caseOf, CASE_STREAMS } from './project.js';
import { type Log, projectCases } from './read-cases.js';
import { Checkpoint, tableOf, VERSION } from './tables.js';
import { replaceCases } from './write.js';

export const CHECKPOINT = 'cases';
const PAGE = 1000;

/** The tables were made by another version of this program. */
export class OtherVersion extends Error {
  constructor(readonly found: number) {
    super(`the views are of version ${found}; this program makes version ${VERSION}`);
  }
}
/** The rows rest on other delays than those in force. */
export class OtherRules extends Error {}
/** The tables are not there, or not all. */
export class ViewsMissing extends Error {}

/** `busy`: another process is at it. `caught-up`: nothing was left to read. */
export type Step = 'moved' | 'caught-up' | 'busy';

/** Brings the tables of one schema up to the log. */
export class Projector {
  constructor(
    private readonly log: Log,
    private readonly views: DataSource,
  ) {}

  /** One page of the log, in a transaction of its own. */
  async advance(beside?: ReadonlySet<string>): Promise<Step> {
    return inTransaction(this.views, (db) => this.advanceIn(db, beside));
  }

  /**
   * The checkpoint's lock is held to the commit, so copies of this program take turns, and none waits. A case is worked out from its whole
   * stream: a page read twice, or after a later one, does no harm.
   * @param beside names of the tables that can be written, of another version or other rules, while they are made anew
   */
  async advanceIn(db: QueryRunner, beside?: ReadonlySet<string>): Promise<Step> {
    const table = tableOf(this.views, Checkpoint);
    const [locked] = await rows<{ version: number; rules: number; position: Position | null }>(
      db,
      `SELECT version, rules, position FROM ${table} WHERE name = $1 FOR UPDATE SKIP LOCKED`,
      [CHECKPOINT],
    );
    if (!locked) return 'busy';
    if (!beside && locked.version !== VERSION) throw new OtherVersion(locked.version);
    if (!beside && locked.rules !== this.log.rulebook.revision) throw new OtherRules('the rules or the delays have changed');
    const after = locked.position ?? undefined;
    const page = await this.log.store.readAll(after, PAGE, CASE_STREAMS);
    await replaceCases(db, await projectCases(this.log, [...new Set(page.events.map(caseOf))]), beside);
    if (page.next !== after) await db.query(`UPDATE ${table} SET position = $2 WHERE name = $1`, [CHECKPOINT, page.next]);
    return page.atHead ? 'caught-up' : 'moved';
  }

  /** Cases worked out anew although no event came: a person's key was destroyed. Waits for whoever is writing. */
  async refresh(caseIds: readonly string[]): Promise<void> {
    await inTransaction(this.views, async (db) => {
      await db.query('SELECT pg_advisory_xact_lock($1, $2)', REBUILD_LOCK);
      await db.query(`SELECT FROM ${tableOf(this.views, Checkpoint)} WHERE name = $1 FOR UPDATE`, [CHECKPOINT]);
      await replaceCases(db, await projectCases(this.log, caseIds));
    });
  }
}

/** Two-number advisory locks are a space of their own; "FR" and 2: held while the tables are built anew. */
export const REBUILD_LOCK = [0x4652, 2];

export const rows = async <T>(
  db: { query(sql: string, values?: unknown[]): Promise<unknown> },
  sql: string,
  values: unknown[] = [],
): Promise<T[]> => (await db.query(sql, values)) as T[];

export async function inTransaction<T>(
  views: DataSource,
  work: (db: QueryRunner) => Promise<T>,
  isolation?: 'REPEATABLE READ',
): Promise<T> {
  const db = views.createQueryRunner();
  try {
    await db.startTransaction(isolation);
    const result = await work(db);
    await db.commitTransaction();
    return result;
  } catch (error) {
    if (db.isTransactionActive) await db.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await db.release();
  }
}
