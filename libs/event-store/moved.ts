import { type ClientBase, type Pool } from 'pg';
import { fromPosition, toPosition } from './position.js';
import {
  Resync,
  type AppendResult,
  type EventStore,
  type Filter,
  type NewEvent,
  type Page,
  type Position,
  type StoredEvent,
  type StoreTraits,
} from './port.js';

/** Where one event was, and where it is. */
export interface Move {
  readonly from: Position;
  readonly to: Position;
}

type Database = Pick<Pool, 'query'>;

const FIND = `SELECT
  (SELECT to_position FROM log.moved WHERE from_position BETWEEN $1 AND $2 ORDER BY from_position DESC LIMIT 1) AS "to",
  EXISTS (SELECT FROM log.moved WHERE from_position BETWEEN $1 AND $3) AS moved`;

/** Of the positions of one incarnation. */
const boundsOf = (incarnation: bigint): [Position, Position] => [
  toPosition(incarnation, 0n),
  toPosition(incarnation, '9'.repeat(19)),
];

/**
 * Where a position is, after all the moves of the log that came since. One between two events, to which a filter advanced a reader, is
 * that of the event before. Undefined: before the first event. A position that no move knows stays what it is.
 * @throws Resync when it is no position at all
 */
export async function presentPosition(database: Database, position: Position): Promise<Position | undefined> {
  for (let at = position; ;) {
    const [first, last] = boundsOf(fromPosition(at).incarnation);
    const { rows } = await database.query<{ to: Position | null; moved: boolean }>(FIND, [first, at, last]);
    const { to, moved } = rows[0]!;
    if (!moved) return at;
    if (to === null) return undefined;
    at = to;
  }
}

/** Replaces what is known of the positions of one incarnation: all of it, or nothing when `moves` fails. */
export async function recordMoves(owner: ClientBase, incarnation: bigint, moves: AsyncIterable<readonly Move[]>): Promise<void> {
  await owner.query('BEGIN');
  try {
    await owner.query('DELETE FROM log.moved WHERE from_position BETWEEN $1 AND $2', boundsOf(incarnation));
    for await (const page of moves)
      await owner.query('INSERT INTO log.moved SELECT * FROM unnest($1::text[], $2::text[])', [
        page.map(({ from }) => from),
        page.map(({ to }) => to),
      ]);
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * A store whose log was in other stores before: positions that they gave go on to work (ADR 0009). Until somebody comes with one of
 * those it costs nothing.
 */
export class MovedStore implements EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly database: Database,
  ) {}

  get traits(): StoreTraits {
    return this.store.traits;
  }
  append(stream: string, expectedRevision: number, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.store.append(stream, expectedRevision, events);
  }
  readStream(stream: string, fromRevision?: number): Promise<readonly StoredEvent[]> {
    return this.store.readStream(stream, fromRevision);
  }
  async readAll(after: Position | undefined, limit: number, filter?: Filter): Promise<Page> {
    try {
      return await this.store.readAll(after, limit, filter);
    } catch (error) {
      return this.store.readAll(await this.resumption(after, error), limit, filter);
    }
  }
  async *subscribe(after: Position | undefined, filter: Filter, signal: AbortSignal): AsyncIterable<Page> {
    let at = after;
    try {
      for await (const page of this.store.subscribe(after, filter, signal)) {
        at = page.next;
        yield page;
      }
    } catch (error) {
      yield* this.store.subscribe(await this.resumption(at, error), filter, signal);
    }
  }
  head(): Promise<Position | undefined> {
    return this.store.head();
  }
  close(): Promise<void> {
    return this.store.close();
  }

  /** @throws what was thrown, unless a move explains it */
  private async resumption(after: Position | undefined, error: unknown): Promise<Position | undefined> {
    if (!(error instanceof Resync) || after === undefined) throw error;
    const present = await presentPosition(this.database, after);
    if (present === after) throw error;
    return present;
  }
}
