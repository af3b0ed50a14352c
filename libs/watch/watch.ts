import { setTimeout as pause } from 'node:timers/promises';
import { type Pool, type PoolClient } from 'pg';
import { loadCase, streamOf, viewOf } from '../application/case-stream.js';
import { type Parts } from '../application/parts.js';
import { systemEvent } from '../application/system-event.js';
import { knownOn } from '../domain/case/derive.js';
import { type DomainEvent, type RecordedEvent } from '../domain/case/event.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { missedToTell, nextLook } from '../domain/rules/watch.js';
import { type Position, Resync, WrongExpectedRevision } from '../event-store/port.js';
import { ClockGuard } from './clock-guard.js';

export type WatchParts = Pick<Parts, 'store' | 'codec' | 'ids' | 'clock' | 'rulebook' | 'followed'>;
export interface WatchOptions {
  /** Milliseconds between two looks when nothing is due. */
  readonly every?: number;
  /** Lines for the operator. */
  readonly say?: (line: string) => void;
}
/** `halted`: its clock can't be trusted, see `error`. `retrying`: something failed, see `error`. */
export type WatchState = 'starting' | 'watching' | 'retrying' | 'halted';
export interface WatchHealth {
  readonly state: WatchState;
  readonly error?: string;
}

const PAGE = 1000;
const BATCH = 200;
/** Cases looked at together: their events then go in the same group. */
const AT_ONCE = 16;
/** A case that others write to without end is left for the next look. */
const TRIES = 10;
/** A step told may bring up the next duty, and that one be overdue as well. */
const CHAIN = 10;

/**
 * Turns a missed duty into an event, exactly once: the event's id comes from the case, the rule, what it is about, what restarted its
 * clock, and the step; and whoever finds it told writes nothing. Start as many as you like. It has a table of its own, one line for a
 * case that somebody owes something in, with the next day to look at it: a look costs what is due, not what is open.
 */
export class Watch {
  #state: WatchState = 'starting';
  #error: string | undefined;
  readonly #guard: ClockGuard;
  readonly #every: number;
  readonly #say: (line: string) => void;

  constructor(
    private readonly parts: WatchParts,
    private readonly pool: Pool,
    { every = 30_000, say = () => undefined }: WatchOptions = {},
  ) {
    this.#guard = new ClockGuard(pool, parts.clock);
    this.#every = every;
    this.#say = say;
  }

  async start(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const wrong = await this.#guard.fault();
        if (wrong !== undefined) this.#become('halted', wrong);
        else {
          await this.follow(signal);
          await this.look(signal);
          this.#become('watching');
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#become('retrying', error instanceof Error ? error.message : String(error));
      }
      await pause(this.#every, undefined, { signal }).catch(() => undefined);
    }
  }

  health(): WatchHealth {
    return { state: this.#state, ...(this.#error !== undefined && { error: this.#error }) };
  }

  /** Takes in what the log holds since: the next day to look at each case that something happened in. */
  async follow(signal?: AbortSignal): Promise<void> {
    await this.parts.followed.catchUp();
    while (!signal?.aborted && (await this.#inTransaction((db) => this.#followPage(db))));
  }

  /** Tells what is due. @returns how many events it wrote */
  async look(signal?: AbortSignal): Promise<number> {
    let written = 0;
    for (let looked = BATCH; looked === BATCH && !signal?.aborted;)
      looked = await this.#inTransaction(async (db) => {
        const today = this.parts.clock.today();
        const { rows } = await db.query<{ caseId: string }>(
          `SELECT case_id AS "caseId" FROM watch.clock WHERE next_on <= $1 ORDER BY next_on, case_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
          [today, BATCH],
        );
        const waiting = rows.map(({ caseId }) => caseId);
        const next: Next[] = [];
        const looker = async (): Promise<void> => {
          for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
            const done = await this.#lookAt(id, today);
            written += done.written;
            next.push(done.next);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, looker));
        await write(db, next);
        return rows.length;
      });
    return written;
  }

  async #followPage(db: PoolClient): Promise<boolean> {
    const { rows } = await db.query<{ position: Position | null; rules: number }>(
      `SELECT position, rules FROM watch.checkpoint FOR UPDATE SKIP LOCKED`,
    );
    const checkpoint = rows[0];
    if (!checkpoint) return false;
    const { revision: rules } = this.parts.rulebook;
    // Under other delays every day is another one: all cases are looked at anew.
    const after = checkpoint.rules === rules ? (checkpoint.position ?? undefined) : undefined;
    const page = await this.parts.store.readAll(after, PAGE, { streamPrefixes: ['case-'] }).catch((error: unknown) => {
      // The log was restored: all of it is read again. What was told is in it.
      if (error instanceof Resync) return this.parts.store.readAll(undefined, PAGE, { streamPrefixes: ['case-'] });
      throw error;
    });
    const today = this.parts.clock.today();
    const cases = [...new Set(page.events.map((e) => e.stream.slice('case-'.length)))];
    const next: Next[] = [];
    for (const caseId of cases) next.push(this.#next(caseId, await loadCase(this.parts, caseId), today));
    await write(db, next);
    if (page.next !== after || checkpoint.rules !== rules)
      await db.query('UPDATE watch.checkpoint SET position = $1, rules = $2', [page.next, rules]);
    return !page.atHead;
  }

  async #lookAt(caseId: string, today: LocalDate): Promise<{ next: Next; written: number }> {
    let written = 0;
    let history = await loadCase(this.parts, caseId);
    for (let lost = 0, told = 0; lost < TRIES && told < CHAIN;) {
      const events = this.#toTell(caseId, history, today);
      if (events.length === 0) break;
      try {
        await this.parts.store.append(streamOf(caseId), history.at(-1)!.revision, await this.parts.codec.encode(events));
        written += events.length;
        told++;
      } catch (error) {
        // Somebody acted, or another worker told it: look again at what is there now.
        if (!(error instanceof WrongExpectedRevision)) throw error;
        lost++;
      }
      history = await loadCase(this.parts, caseId);
    }
    return { next: this.#next(caseId, history, today), written };
  }

  #toTell(caseId: string, history: readonly RecordedEvent[], today: LocalDate): DomainEvent[] {
    const last = history.at(-1);
    if (!last) return [];
    const view = viewOf(caseId, history, today);
    return missedToTell(view, this.parts.rulebook, knownOn(history), today).map(({ key, ...told }) =>
      systemEvent({ ...told, source: 'watch' }, history, this.parts, this.parts.ids.of('watch', caseId, key), view.personId),
    );
  }

  #next(caseId: string, history: readonly RecordedEvent[], today: LocalDate): Next {
    const on = nextLook(viewOf(caseId, history, today), this.parts.rulebook, knownOn(history), today);
    return { caseId, on, revision: history.at(-1)?.revision ?? -1 };
  }

  async #inTransaction<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    const db = await this.pool.connect();
    try {
      await db.query('BEGIN');
      const result = await work(db);
      await db.query('COMMIT');
      db.release();
      return result;
    } catch (error) {
      db.release(true);
      throw error;
    }
  }

  #become(state: WatchState, error?: string): void {
    if (state !== this.#state || error !== this.#error) this.#say(`watch: ${state}${error === undefined ? '' : ` (${error})`}`);
    this.#state = state;
    this.#error = error;
  }
}

interface Next {
  readonly caseId: string;
  readonly on: LocalDate | undefined;
  /** Of the case, as it was looked at: what was seen later is not overwritten. */
  readonly revision: number;
}
async function write(db: PoolClient, next: readonly Next[]): Promise<void> {
  if (next.length === 0) return;
  await db.query(
    `INSERT INTO watch.clock AS c (case_id, next_on, revision)
     SELECT * FROM unnest($1::text[], $2::date[], $3::int[])
     ON CONFLICT (case_id) DO UPDATE SET next_on = excluded.next_on, revision = excluded.revision WHERE c.revision <= excluded.revision`,
    [next.map((n) => n.caseId), next.map((n) => n.on ?? null), next.map((n) => n.revision)],
  );
}
