import { setTimeout as pause } from 'node:timers/promises';
import { Pool, type PoolConfig } from 'pg';
import { assertAppendable } from '../guard.js';
import {
  Resync,
  WrongExpectedRevision,
  type AppendResult,
  type EventStore,
  type Filter,
  type NewEvent,
  type Page,
  type Position,
  type StoredEvent,
} from '../port.js';
import { isRefusal } from './failure.js';
import { GroupAppender } from './group-appender.js';
import { BEFORE_FIRST, fromPosition, toPosition } from '../position.js';

export interface PostgresEventStoreOptions extends PoolConfig {
  /** Appends in one group. */
  readonly maxGroup?: number;
  readonly readConnections?: number;
  /** Milliseconds between two looks at the head, for a subscription that has caught up. */
  readonly pollMs?: number;
}

interface Row {
  incarnation: string;
  position: string;
  stream: string;
  revision: number;
  id: string;
  type: string;
  schemaVersion: number;
  data: string;
  metadata: string;
}

const COLUMNS = `position, stream, revision, event_id AS id, type, schema_version AS "schemaVersion", data::text, metadata::text`;
const INCARNATION = '(SELECT max(id) FROM log.incarnation) AS incarnation';
const HEAD = '(SELECT max(position) FROM log.event) AS head';
const SUBSCRIPTION_PAGE = 1000;
/** Positions that one filtered read looks at, at most: it answers soon even where nothing matches. */
const SCAN = 10_000;

const READ_STREAM = `SELECT ${INCARNATION}, ${COLUMNS} FROM log.event WHERE stream = $1 AND revision >= $2 ORDER BY revision`;
// One statement, hence one snapshot: what is above its head is for the next page. At least one row, for the head.
const READ_ALL = `SELECT log.incarnation, log.head, e.*
  FROM (SELECT ${INCARNATION}, ${HEAD}) log LEFT JOIN LATERAL (
    SELECT ${COLUMNS} FROM log.event
    WHERE position > $1 AND position <= $1::bigint + $3::bigint
      AND ($4::text[] IS NULL OR type = ANY ($4)) AND ($5::text[] IS NULL OR stream ^@ ANY ($5))
    ORDER BY position LIMIT $2
  ) e ON true ORDER BY e.position`;

/** The log in PostgreSQL (ADR 0003). Its schema is made by the migrations; the role it connects as needs `fil_rouge_app`. */
export class PostgresEventStore implements EventStore {
  // A message of the protocol ends at 1 GiB, and what a group sends is held several times over while it is made.
  readonly traits = { name: 'PostgreSQL', maxAppendBytes: 64 * 1024 * 1024, densePositions: true } as const;
  readonly writes: Pool;
  readonly reads: Pool;
  private readonly appender: GroupAppender;
  private readonly pollMs: number;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly closing = new AbortController();

  constructor({ readConnections = 4, maxGroup = 256, pollMs = 100, ...config }: PostgresEventStoreOptions) {
    // One connection, and another while one that broke is given up. A call may wait for the one before it to be given up by the server.
    this.writes = pool({ application_name: 'fil-rouge append', query_timeout: 17_000, ...config, pipeline: true, max: 2 });
    this.reads = pool({ application_name: 'fil-rouge read', ...config, max: readConnections });
    this.appender = new GroupAppender(this.writes, maxGroup);
    this.pollMs = pollMs;
  }

  async append(stream: string, expectedRevision: number, events: readonly NewEvent[]): Promise<AppendResult> {
    const bytes = assertAppendable(stream, expectedRevision, events, this.traits);
    if (this.closing.signal.aborted) throw new Error('the store is closed');
    const outcome = this.appender.append({ stream, expectedRevision, events, bytes });
    this.underWay.add(outcome);
    try {
      const { revision, position } = await outcome;
      if (position === undefined) throw new WrongExpectedRevision(stream, expectedRevision, revision);
      return { revision, position };
    } finally {
      this.underWay.delete(outcome);
    }
  }

  async readStream(stream: string, fromRevision = 0): Promise<readonly StoredEvent[]> {
    const { rows } = await this.reads.query<Row>({ name: 'log.stream', text: READ_STREAM, values: [stream, fromRevision] });
    return rows.map(toStoredEvent);
  }

  async readAll(after: Position | undefined, limit: number, filter: Filter = {}): Promise<Page> {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`${limit} is not a number of events`);
    const from = after === undefined ? undefined : fromPosition(after);
    const start = from?.ordinal ?? BEFORE_FIRST;
    const scan = BigInt(Math.max(limit, SCAN));
    const { rows } = await this.reads.query<
      (Row | { [K in keyof Row]: K extends 'incarnation' ? string : null }) & { head: string | null }
    >(READ_ALL, [start, limit, scan, filter.types ?? null, filter.streamPrefixes ?? null]);
    const { incarnation, head: last } = rows[0]!;
    const head = last === null ? BEFORE_FIRST : BigInt(last);
    if (from !== undefined && (from.incarnation !== BigInt(incarnation) || from.ordinal > head))
      throw new Resync(`${after} is not in the log of incarnation ${incarnation}`);
    const events = rows.filter((row): row is Row & { head: string } => row.position !== null).map(toStoredEvent);
    // Positions have no hole: what was looked at and not given was left out by the filter.
    const scanned = start + scan < head ? start + scan : head;
    const next = events.length === limit ? events.at(-1)!.position : scanned === start ? after : toPosition(incarnation, scanned);
    return { events, next, atHead: head === BEFORE_FIRST || next === toPosition(incarnation, head) };
  }

  /**
   * Polls: NOTIFY takes a lock of the whole cluster at each commit, and reading often is cheap (ADR 0003).
   * The first page comes in any case, then one each time the position moves, empty when the filter left all out.
   * A lost connection is waited out.
   */
  async *subscribe(after: Position | undefined, filter: Filter, signal: AbortSignal): AsyncIterable<Page> {
    const stop = AbortSignal.any([signal, this.closing.signal]);
    const rest = () => pause(this.pollMs, undefined, { signal: stop }).catch(() => undefined);
    let at = after;
    let started = false;
    while (!stop.aborted) {
      const page = await this.readAll(at, SUBSCRIPTION_PAGE, filter).catch(onlyRefusals);
      if (stop.aborted) return;
      if (page !== undefined && (!started || page.next !== at)) {
        started = true;
        at = page.next;
        yield page;
      }
      if (page === undefined || page.atHead) await rest();
    }
  }

  async head(): Promise<Position | undefined> {
    const { rows } = await this.reads.query<{ incarnation: string; head: string | null }>(`SELECT ${INCARNATION}, ${HEAD}`);
    const { incarnation, head } = rows[0]!;
    return head === null ? undefined : toPosition(incarnation, head);
  }

  /** Waits for the appends under way; ends the subscriptions. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.underWay);
    await Promise.all([this.writes.end(), this.reads.end()]);
  }
}

function pool(config: PoolConfig): Pool {
  // The server gives up first (lock 5 s, statement 8 s), so that a client that gives up has met a server that is gone.
  const made = new Pool({ connectionTimeoutMillis: 5_000, statement_timeout: 8_000, query_timeout: 10_000, ...config });
  // A connection that breaks fails its query, which is where it is handled; an idle one is replaced at the next need.
  const ignore = () => undefined;
  made.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  return made;
}

function toStoredEvent(row: Row): StoredEvent {
  const { id, type, schemaVersion, data, metadata, stream, revision } = row;
  return { id, type, schemaVersion, data, metadata, stream, revision, position: toPosition(row.incarnation, row.position) };
}

function onlyRefusals(error: unknown): undefined {
  if (error instanceof Resync || isRefusal(error)) throw error;
}
