import { setTimeout as pause } from 'node:timers/promises';
import { type Pool } from 'pg';
import { contextFor, loadCase, runDecider, viewOf } from '../application/case-stream.js';
import { uuidV5 } from '../application/ids.js';
import { type Parts } from '../application/parts.js';
import { actOfType } from '../domain/case/acts.js';
import { decide } from '../domain/case/decide.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { meetingOf } from '../domain/forum/meeting.js';
import { Refused } from '../domain/kernel/errors.js';
import { dateOf, latestInstant } from '../domain/kernel/local-date.js';
import { NoPersonKey } from '../event-store/codec.js';
import { type Position, Resync } from '../event-store/port.js';
import { copiesOf, type Copy } from './meetings.js';

export interface CourierOptions {
  /** Milliseconds between two looks at the log when there is nothing new. */
  readonly every?: number;
  /** Lines for the operator. */
  readonly say?: (line: string) => void;
}
/** `retrying`: something failed, see `error`. */
export interface CourierHealth {
  readonly state: 'starting' | 'following' | 'retrying';
  /** What could not be told to a case, and waits for somebody to look at it. */
  readonly deadLetters: number;
  readonly error?: string;
}

const NAME = 'meetings';
/** A server ends a transaction that does nothing for a minute: what was carried before that must not be carried again for ever. */
const AT_ONCE = 1;
const FILTER = { streamPrefixes: ['meeting-'] } as const;
/** Of the ids that copies had before ids had a key. */
const COURIER = '0d6d6b52-9a0e-4f0c-8f35-4b3a8a1f7c11';

/**
 * Carries what a meeting says over to the cases that it is about. The ids of what it writes derive from the event that it carries, and a case
 * that was told writes nothing again: it may be killed anywhere, and as many as you like may run. What a case refuses is kept as a dead
 * letter, and shown with the meeting.
 */
export class Courier {
  #state: CourierHealth['state'] = 'starting';
  #error: string | undefined;
  readonly #every: number;
  readonly #say: (line: string) => void;

  constructor(
    private readonly parts: Parts,
    private readonly pool: Pool,
    { every = 250, say = () => undefined }: CourierOptions = {},
  ) {
    this.#every = every;
    this.#say = say;
  }

  async start(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.follow(signal);
        this.#become('following');
      } catch (error) {
        if (signal.aborted) return;
        this.#become('retrying', error instanceof Error ? error.message : String(error));
      }
      await pause(this.#every, undefined, { signal }).catch(() => undefined);
    }
  }

  async health(): Promise<CourierHealth> {
    const { rows } = await this.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM process.dead_letter');
    return { state: this.#state, deadLetters: rows[0]!.count, ...(this.#error !== undefined && { error: this.#error }) };
  }

  /** Takes in what the log holds since. */
  async follow(signal?: AbortSignal): Promise<void> {
    await this.pool.query('INSERT INTO process.checkpoint (name) VALUES ($1) ON CONFLICT DO NOTHING', [NAME]);
    while (!signal?.aborted && (await this.#next(signal)));
  }

  /**
   * One event, in a transaction that keeps the others off it. Looks without a lock first: idle copies must not write.
   * False when there is nothing more just now, or when another worker is at it.
   */
  async #next(signal?: AbortSignal): Promise<boolean> {
    const { rows } = await this.pool.query<{ position: Position | null }>(
      'SELECT position FROM process.checkpoint WHERE name = $1',
      [NAME],
    );
    const after = rows[0]!.position ?? undefined;
    const page = await this.#read(after);
    if (page.next === after) return false;
    const db = await this.pool.connect();
    try {
      await db.query('BEGIN');
      const { rowCount } = await db.query(
        'SELECT FROM process.checkpoint WHERE name = $1 AND position IS NOT DISTINCT FROM $2 FOR UPDATE SKIP LOCKED',
        [NAME, after],
      );
      const mine = rowCount === 1;
      if (mine) {
        for (const event of await this.parts.codec.decode(page.events)) await this.#carry(event, signal);
        await db.query('UPDATE process.checkpoint SET position = $2 WHERE name = $1', [NAME, page.next]);
      }
      await db.query('COMMIT');
      db.release();
      return mine && !page.atHead;
    } catch (error) {
      db.release(true);
      throw error;
    }
  }
  #read(after: Position | undefined) {
    return this.parts.store.readAll(after, AT_ONCE, FILTER).catch((error: unknown) => {
      // The log was restored: all of it is read again. What was carried is in it.
      if (error instanceof Resync) return this.parts.store.readAll(undefined, AT_ONCE, FILTER);
      throw error;
    });
  }

  async #carry(event: RecordedEvent, signal?: AbortSignal): Promise<void> {
    const { codec, store, followed } = this.parts;
    const history = (await codec.decode(await store.readStream(event.stream))).filter((e) => e.revision <= event.revision);
    await followed.catchUp();
    const meeting = meetingOf(history)!;
    const forum = followed.forum(meeting.forumId);
    // It was there before its meeting: a log that does not show it yet is read again.
    if (!forum) throw new Error(`${event.stream}: forum ${meeting.forumId} is not in the log`);
    for (const copy of copiesOf(event, meeting, forum)) {
      signal?.throwIfAborted();
      try {
        await this.#tell(copy, event);
      } catch (error) {
        const reasons = reasonsOf(error);
        if (!reasons) throw error;
        await this.pool.query(
          `INSERT INTO process.dead_letter (process, event_id, case_id, stream, reasons) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
          [NAME, event.id, copy.caseId, event.stream, reasons],
        );
      }
    }
  }

  async #tell({ caseId: named, label, type, occurredOn, data }: Copy, event: RecordedEvent): Promise<void> {
    const caseId = await this.#goesOnIn(named);
    const command = {
      id: this.parts.ids.of('meeting', event.id, named, label),
      former: uuidV5(uuidV5(COURIER, event.id), `${named} ${label}`),
    };
    const act = actOfType(type)!;
    await runDecider(this.parts, caseId, command, async (history) => {
      // Known here since the meeting said so, however late it is carried.
      const now = latestInstant(event.recordedAt, history.at(-1)?.recordedAt);
      const ctx = { ...(await contextFor(this.parts, command.id, history, [])), now, today: dateOf(event.recordedAt) };
      const view = viewOf(caseId, history, ctx.today);
      const { actor, correlationId } = event;
      return decide(
        act,
        { caseId, personId: view.personId, data: data(view) as never, occurredOn, actor, recordedBy: null, evidence: null, source: 'meeting', correlationId, causationId: event.id },
        history, ctx, actOfType,
      ); // prettier-ignore
    });
  }
  /** The case, or the one that it was joined to. */
  async #goesOnIn(caseId: string): Promise<string> {
    const { mergedInto } = viewOf(caseId, await loadCase(this.parts, caseId));
    return mergedInto === undefined ? caseId : this.#goesOnIn(mergedInto);
  }

  #become(state: CourierHealth['state'], error?: string): void {
    if (state !== this.#state || error !== this.#error)
      this.#say(`meetings: ${state}${error === undefined ? '' : ` (${error})`}`);
    this.#state = state;
    this.#error = error;
  }
}

/** What a meeting said of cases, and they refused. */
export async function refusedCopies(pool: Pool, stream: string): Promise<{ caseId: string; reasons: string[] }[]> {
  const { rows } = await pool.query<{ caseId: string; reasons: string[] }>(
    'SELECT case_id AS "caseId", reasons FROM process.dead_letter WHERE stream = $1 ORDER BY case_id, event_id',
    [stream],
  );
  return rows;
}

/** Why a case can't be told, whenever it is tried; undefined for what may pass. */
const reasonsOf = (error: unknown): string[] | undefined => {
  if (error instanceof Refused) return error.findings.map((f) => f.code);
  if (error instanceof NoPersonKey) return ['person.erased'];
  return undefined;
};
