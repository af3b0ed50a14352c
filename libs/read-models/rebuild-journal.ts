import { type DataSource, type QueryRunner } from 'typeorm';
import { incarnationOf, type Position } from '../event-store/port.js';
import { type Dropped, dropIndexes } from './bulk.js';
import { DIGITS } from './read-cases.js';
import { CaseFile } from './partners/case-file.js';
import { isMissing, NEXT, tableOf, VERSION } from './tables.js';
import { rows } from './projector.js';

const STATE = `${NEXT}.rebuild_state`;
/** Cases whose ids begin with one of these are all there. */
export const PARTS = 'rebuilt_part';
const TELL_MS = 1_000;

/** Cases done, of about how many. */
export interface RebuildProgress {
  readonly done: number;
  readonly total: number;
}
/** What a rebuild is of: begun again under other rules, or on another log, it would be half of each. */
export interface Basis {
  readonly head: Position;
  readonly rules: number;
}

/**
 * Beside the tables that are made, and dropped with the last step: what is done of them, so that a rebuild that was broken off, or died, begins
 * again where it was; and how far it is, for whoever asks.
 */
export class RebuildJournal {
  #told = 0;

  private constructor(
    private readonly db: QueryRunner,
    /** Up to which the tables are filled. */
    readonly head: Position,
    readonly indexes: readonly Dropped[],
    /** Cases whose ids begin with these are still to be done. */
    readonly part: readonly string[],
    /** Cases that an earlier one has done. */
    readonly before: number,
  ) {}

  /** Makes the tables, unless one that was broken off has left them. */
  static async open(db: QueryRunner, next: DataSource, basis: Basis): Promise<RebuildJournal> {
    // One that another release has left may have other columns.
    const [left] = (await isThere(db)) ? await rows<Left>(db, LEFT).catch(noneIfMissing) : [];
    return left && goesOn(left, basis) ? this.resumed(db, next, left) : this.afresh(db, next, basis);
  }
  private static async afresh(db: QueryRunner, next: DataSource, { head, rules }: Basis): Promise<RebuildJournal> {
    await db.query(`DROP SCHEMA IF EXISTS ${NEXT} CASCADE`);
    await db.query(`CREATE SCHEMA ${NEXT}`);
    await next.synchronize();
    const indexes = await dropIndexes(next);
    await db.query(`CREATE TABLE ${NEXT}.${PARTS} (prefix text NOT NULL)`);
    await db.query(`CREATE TABLE ${STATE} (head text, indexes json, version int, rules int, done int, total int)`);
    await db.query(`INSERT INTO ${STATE} VALUES ($1, $2, $3, $4, 0, 0)`, [head, JSON.stringify(indexes), VERSION, rules]);
    return new RebuildJournal(db, head, indexes, [''], 0);
  }
  private static async resumed(db: QueryRunner, next: DataSource, { head, indexes, done }: Left): Promise<RebuildJournal> {
    for (const { drop } of indexes) await db.query(drop);
    const part = remaining(done);
    // Of what was broken off in the middle nobody knows how much is there.
    for (const { tablePath, columns } of next.entityMetadatas)
      if (columns.some(({ databaseName }) => databaseName === 'case_id'))
        await db.query(`DELETE FROM ${tablePath} WHERE case_id ^@ ANY ($1::text[])`, [part]);
    const [kept] = await rows<{ cases: number }>(db, `SELECT count(*)::int AS cases FROM ${tableOf(next, CaseFile)}`);
    return new RebuildJournal(db, head, indexes, part, kept!.cases);
  }

  /** Told at most once a second. */
  tell(done: number, total: number): void {
    if (Date.now() - this.#told < TELL_MS && done < total) return;
    this.#told = Date.now();
    void this.db
      .query(`UPDATE ${STATE} SET done = $1, total = $2`, [this.before + done, this.before + total])
      .catch(() => undefined);
  }
  static async dropIn(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE IF EXISTS ${STATE}, ${NEXT}.${PARTS}`);
  }
}

const LEFT = `SELECT head, indexes, version, rules, (SELECT coalesce(array_agg(prefix), '{}') FROM ${NEXT}.${PARTS}) AS done FROM ${STATE}`;
const noneIfMissing = (error: unknown): never[] => {
  if (isMissing(error)) return [];
  throw error;
};

interface Left {
  readonly head: Position;
  readonly indexes: readonly Dropped[];
  readonly version: number;
  readonly rules: number;
  readonly done: readonly string[];
}
const goesOn = (left: Left, { head, rules }: Basis): boolean =>
  left.version === VERSION && left.rules === rules && incarnationOf(left.head) === incarnationOf(head) && left.head <= head;

/** What is to be done when some parts are. */
export function remaining(done: readonly string[], prefix = ''): string[] {
  if (done.some((one) => prefix.startsWith(one))) return [];
  if (!done.some((one) => one.startsWith(prefix))) return [prefix];
  return DIGITS.flatMap((digit) => remaining(done, prefix + digit));
}

/** How far the rebuild is that goes on, or was broken off; undefined where none does. */
export async function rebuildProgress(db: Queries): Promise<RebuildProgress | undefined> {
  // It may be over between the two.
  const [found] = (await isThere(db)) ? await rows<RebuildProgress>(db, `SELECT done, total FROM ${STATE}`).catch(() => []) : [];
  return found;
}
type Queries = { query(sql: string, values?: unknown[]): Promise<unknown> };
async function isThere(db: Queries): Promise<boolean> {
  const [found] = await rows<{ there: boolean }>(db, 'SELECT to_regclass($1) IS NOT NULL AS there', [STATE]);
  return found!.there;
}
