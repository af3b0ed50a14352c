import { setTimeout as pause } from 'node:timers/promises';
import { type Pool } from 'pg';
import { type Parts } from '../application/parts.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { type Position, Resync } from '../event-store/port.js';

export interface FollowerOptions {
  /** Milliseconds between two looks at the log when there is nothing new. */
  readonly every?: number;
  /** Lines for the operator. */
  readonly say?: (line: string) => void;
}
/** `retrying`: something failed, see `error`. */
export interface FollowerHealth {
  readonly state: 'starting' | 'following' | 'retrying';
  readonly error?: string;
}

/**
 * Goes behind the log, from a checkpoint in PostgreSQL, and writes events that derive from those that it reads: it may be killed anywhere,
 * and as many as you like may run, since what was told is told under the same id.
 */
export abstract class Follower {
  /** Of its checkpoint. */
  protected abstract readonly name: string;
  protected abstract readonly streams: readonly string[];
  /** Events in one transaction: a server ends one that does nothing for a minute. */
  protected abstract readonly atOnce: number;
  #state: FollowerHealth['state'] = 'starting';
  #error: string | undefined;
  readonly #every: number;
  readonly #say: (line: string) => void;

  constructor(
    protected readonly parts: Parts,
    protected readonly pool: Pool,
    { every = 250, say = () => undefined }: FollowerOptions = {},
  ) {
    this.#every = every;
    this.#say = say;
  }

  protected abstract take(events: readonly RecordedEvent[], signal?: AbortSignal): Promise<void>;

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

  get state(): FollowerHealth {
    return { state: this.#state, ...(this.#error !== undefined && { error: this.#error }) };
  }

  /** Takes in what the log holds since. */
  async follow(signal?: AbortSignal): Promise<void> {
    await this.pool.query('INSERT INTO process.checkpoint (name) VALUES ($1) ON CONFLICT DO NOTHING', [this.name]);
    while (!signal?.aborted && (await this.#next(signal)));
  }

  /**
   * One page, in a transaction that keeps the others off it. Looks without a lock first: idle copies must not write.
   * False when there is nothing more just now, or when another worker is at it.
   */
  async #next(signal?: AbortSignal): Promise<boolean> {
    const { rows } = await this.pool.query<{ position: Position | null }>(
      'SELECT position FROM process.checkpoint WHERE name = $1',
      [this.name],
    );
    const after = rows[0]!.position ?? undefined;
    const page = await this.#read(after);
    if (page.next === after) return false;
    const db = await this.pool.connect();
    try {
      await db.query('BEGIN');
      const { rowCount } = await db.query(
        'SELECT FROM process.checkpoint WHERE name = $1 AND position IS NOT DISTINCT FROM $2 FOR UPDATE SKIP LOCKED',
        [this.name, after],
      );
      const mine = rowCount === 1;
      if (mine) {
        await this.take(await this.parts.codec.decode(page.events), signal);
        await db.query('UPDATE process.checkpoint SET position = $2 WHERE name = $1', [this.name, page.next]);
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
    const filter = { streamPrefixes: this.streams };
    return this.parts.store.readAll(after, this.atOnce, filter).catch((error: unknown) => {
      // The log was restored: all of it is read again. What was told is in it.
      if (error instanceof Resync) return this.parts.store.readAll(undefined, this.atOnce, filter);
      throw error;
    });
  }

  #become(state: FollowerHealth['state'], error?: string): void {
    if (state !== this.#state || error !== this.#error)
      this.#say(`${this.name}: ${state}${error === undefined ? '' : ` (${error})`}`);
    this.#state = state;
    this.#error = error;
  }
}
