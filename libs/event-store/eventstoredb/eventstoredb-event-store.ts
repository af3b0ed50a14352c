import { setTimeout as pause } from 'node:timers/promises';
import {
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Filter as ServerFilter,
} from '@eventstore/db-client';
import { assertAppendable, assertJson } from '../guard.js';
import {
  OutcomeUnknown,
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
import { BEFORE_FIRST, fromPosition, toPosition } from '../position.js';
import { isNoPosition, isRefusal } from './failure.js';
import { Incarnation, LOG_STREAM } from './incarnation.js';
import { Server } from './server.js';
import { logPosition, toStored, typePrefix } from './stored-event.js';

export interface EventStoreDbOptions {
  /** See `ConnectionString`. */
  readonly connectionString: string;
  /** Milliseconds that one call may take, and that the server may be silent while a stream is read. */
  readonly timeoutMs?: number;
  /** Milliseconds for which a call that fails is tried again: longer than it takes several nodes to find a leader. */
  readonly patienceMs?: number;
  /** Milliseconds before it is tried again; then twice that, and so on, up to a second. */
  readonly retryMs?: number;
  /** Milliseconds of silence after which a subscription looks for itself whether there is really nothing. */
  readonly probeMs?: number;
}

const MAX_RETRY_MS = 1000;
const SUBSCRIPTION_PAGE = 1000;
/** Events that one filtered read looks at, at most: it answers soon even where nothing matches. */
const SCAN = 10_000;

/** The log in EventStoreDB or KurrentDB, on one node or several (ADR 0008). It wants the server for itself. */
export class EventStoreDbEventStore implements EventStore {
  // What a server takes that was not told otherwise.
  readonly traits = { name: 'EventStoreDB', maxAppendBytes: 1024 * 1024, densePositions: false } as const;
  private readonly server: Server;
  private readonly incarnation: Incarnation;
  private readonly patienceMs: number;
  private readonly retryMs: number;
  private readonly probeMs: number;
  private readonly turns = new Map<string, Promise<void>>();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly closing = new AbortController();

  constructor(options: EventStoreDbOptions) {
    const { connectionString, timeoutMs = 5_000, patienceMs = 15_000, retryMs = 250, probeMs = 1_000 } = options;
    this.server = new Server(connectionString, timeoutMs);
    this.incarnation = new Incarnation(this.server);
    this.patienceMs = patienceMs;
    this.retryMs = retryMs;
    this.probeMs = probeMs;
  }

  append(stream: string, expectedRevision: number, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.tracked(async () => {
      assertAppendable(stream, expectedRevision, events, this.traits);
      assertJson(stream, events);
      assertStorable(stream, events);
      const write = async () => {
        // Before the append: should the log be restored meanwhile, the position is one of before, and refused.
        const incarnation = await this.incarnation.current();
        const ordinal = await this.server
          .append(stream, expectedRevision, events)
          .catch((error: unknown) => this.repeatOrConflict(stream, expectedRevision, events, error));
        return { revision: expectedRevision + events.length, position: toPosition(incarnation, ordinal) };
      };
      return this.inTurn(stream, () => this.settle(write)).catch((error: Error) => {
        if (isRefusal(error)) throw error;
        throw new OutcomeUnknown(`append: ${error.message}`, { cause: error });
      });
    });
  }

  readStream(stream: string, fromRevision = 0): Promise<readonly StoredEvent[]> {
    return this.read(async () => {
      const incarnation = await this.incarnation.current();
      const events = await this.server.readStream(stream, fromRevision);
      return events.map((event) => toStored(event, incarnation));
    });
  }

  async readAll(after: Position | undefined, limit: number, filter: Filter = {}): Promise<Page> {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`${limit} is not a number of events`);
    return this.read(() => this.page(after, limit, filter));
  }

  /**
   * Pages as `readAll` gives them, up to the head, then what a subscription of the server brings. Whatever casts a doubt on that one
   * (an error, its end, a silence that a look at the log belies) leads back to `readAll`, behind the last position given. An outage
   * is waited out.
   */
  async *subscribe(after: Position | undefined, filter: Filter, signal: AbortSignal): AsyncIterable<Page> {
    const stop = AbortSignal.any([signal, this.closing.signal]);
    let at = after;
    let started = false;
    while (!stop.aborted) {
      const page = await orStopped(stop, this.readAll(at, SUBSCRIPTION_PAGE, filter).catch(onlyRefusals));
      if (stop.aborted) return;
      if (page !== undefined && (!started || page.next !== at)) {
        started = true;
        at = page.next;
        yield page;
      }
      if (page?.atHead === false) continue;
      if (page !== undefined)
        for await (const live of this.follow(at, filter, stop)) {
          at = live.next;
          yield live;
        }
      await pause(this.retryMs, undefined, { signal: stop }).catch(noop);
    }
  }

  head(): Promise<Position | undefined> {
    return this.read(async () => {
      const incarnation = await this.incarnation.current();
      let head: Position | undefined;
      await this.server.backwards((event) => {
        if (isOurs(event.streamId)) head = toPosition(incarnation, logPosition(event));
        return head === undefined;
      });
      return head;
    });
  }

  /**
   * After a restore, or for a log that comes from another store: positions that were given before are refused from now on.
   * @param above an incarnation that the new one is to be greater than
   */
  startIncarnation(above = 0n): Promise<bigint> {
    return this.read(() => this.incarnation.start(above));
  }

  /** Waits for what is under way; ends the subscriptions. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.underWay);
    await this.server.close();
  }

  private read<T>(call: () => Promise<T>): Promise<T> {
    return this.tracked(() => this.settle(call));
  }

  private async tracked<T>(call: () => Promise<T>): Promise<T> {
    if (this.closing.signal.aborted) throw new Error('the store is closed');
    const answer = call();
    this.underWay.add(answer);
    return answer.finally(() => this.underWay.delete(answer));
  }

  /** What fails, and is not refused, is tried again. Reads change nothing, and appends have the same ids and the same revision. */
  private async settle<T>(call: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.patienceMs;
    for (let rest = this.retryMs; ; rest = Math.min(2 * rest, MAX_RETRY_MS)) {
      try {
        return await call();
      } catch (error) {
        if (isRefusal(error) || performance.now() + rest > end || this.closing.signal.aborted) throw error;
        await pause(rest);
      }
    }
  }

  /** One append per stream at a time: the server keeps no order among calls that do not wait for each other. */
  private inTurn<T>(stream: string, write: () => Promise<T>): Promise<T> {
    const written = (this.turns.get(stream) ?? Promise.resolve()).then(write);
    const turn: Promise<void> = written.then(noop, noop).then(() => {
      if (this.turns.get(stream) === turn) this.turns.delete(stream);
    });
    this.turns.set(stream, turn);
    return written;
  }

  /**
   * The server knows a repeat, except of an append that is not indexed yet, and whose ids are also in another stream.
   * @returns the position of the last event, which was there already
   */
  private async repeatOrConflict(stream: string, expected: number, events: readonly NewEvent[], error: unknown): Promise<bigint> {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    const there = await this.server.readStream(stream, expected + 1, events.length);
    if (there.length < Math.min(events.length, error.current - expected))
      throw new Error(`${stream}: revision ${error.current} can't be read yet`);
    const last = there.at(-1);
    if (last === undefined || !events.every(({ id }, i) => there[i]?.id === id.toLowerCase())) throw error;
    return logPosition(last);
  }

  private async page(after: Position | undefined, limit: number, filter: Filter): Promise<Page> {
    const { incarnation, ordinal } = await this.placeOf(after);
    const scan = Math.max(limit, SCAN);
    const events: StoredEvent[] = [];
    let [next, looked, nothing] = [after, 0, true];
    const atHead = await this.server
      .forwards(ordinal, (event) => {
        nothing = false;
        if (!isOurs(event.streamId) || logPosition(event) === ordinal) return true;
        if (events.length === limit || looked++ === scan) return false;
        const stored = toStored(event, incarnation);
        if (isWanted(stored, filter)) events.push(stored);
        next = stored.position;
        return true;
      })
      .catch((error: unknown) => {
        if (isNoPosition(error)) throw new Resync(`${after} is not in the log`, { cause: error });
        throw error;
      });
    // Not even the event at `after`: unless that was one of the server's own, which it may have cleaned away, the log ends before it.
    if (nothing && ordinal > (await this.end())) throw new Resync(`${after} is beyond the log`);
    return { events, next, atHead };
  }

  /** What the server brings behind a position. Ends when in doubt. */
  private async *follow(after: Position | undefined, filter: Filter, stop: AbortSignal): AsyncGenerator<Page> {
    const following = this.server.follow(after === undefined ? BEFORE_FIRST : fromPosition(after).ordinal, serverFilter(filter));
    const interrupt = () => following.arrivals.interrupt();
    stop.addEventListener('abort', interrupt);
    try {
      for (let at = after; !stop.aborted;) {
        const batch = await following.arrivals.next(this.probeMs);
        if (batch === undefined) return;
        const silent = batch.length === 0;
        const look = silent ? this.readAll(at, SUBSCRIPTION_PAGE, filter) : this.arrived(batch, at, filter);
        const page = await orStopped(stop, look);
        if (page === undefined) return;
        if (page.next !== at) yield page;
        at = page.next;
        // The subscription should have brought these.
        if (silent && page.events.length > 0) return;
      }
    } catch (error) {
      following.failed(error);
      onlyRefusals(error);
    } finally {
      stop.removeEventListener('abort', interrupt);
      following.close();
    }
  }

  private async arrived(batch: readonly AllStreamResolvedEvent[], after: Position | undefined, filter: Filter): Promise<Page> {
    const { incarnation, ordinal } = await this.placeOf(after);
    const events: StoredEvent[] = [];
    let reached = ordinal;
    for (const { event, commitPosition = BEFORE_FIRST } of batch) {
      if (commitPosition <= reached) continue;
      reached = commitPosition;
      if (event === undefined || !isOurs(event.streamId)) continue;
      const stored = toStored(event, incarnation);
      if (isWanted(stored, filter)) events.push(stored);
    }
    // At the head as it was when the server sent the last of them.
    return { events, next: reached === ordinal ? after : toPosition(incarnation, reached), atHead: true };
  }

  /** @throws Resync */
  private async placeOf(after: Position | undefined): Promise<{ readonly incarnation: bigint; readonly ordinal: bigint }> {
    const incarnation = await this.incarnation.current();
    if (after === undefined) return { incarnation, ordinal: BEFORE_FIRST };
    const place = fromPosition(after);
    if (place.incarnation !== incarnation) throw new Resync(`${after} is not in the log of incarnation ${incarnation}`);
    return place;
  }

  /** Where the last event of anybody is. */
  private async end(): Promise<bigint> {
    let end = BEFORE_FIRST;
    await this.server.backwards((event) => {
      end = event.position?.commit ?? end;
      return false;
    });
    return end;
  }
}

const noop = () => undefined;

/** The streams of a case, a person, an organisation: not the server's own, nor the log's. */
const isOurs = (stream: string) => !stream.startsWith('$') && stream !== LOG_STREAM;

const isWanted = ({ type, stream }: StoredEvent, { types, streamPrefixes }: Filter) =>
  (types?.includes(type) ?? true) && (streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);

/** What the server can leave out by itself: it knows prefixes of one name only. */
function serverFilter({ types = [], streamPrefixes = [] }: Filter): ServerFilter {
  if (streamPrefixes.length > 0) return streamNameFilter({ prefixes: [...streamPrefixes] });
  if (types.length > 0) return eventTypeFilter({ prefixes: types.map(typePrefix) });
  return excludeSystemEvents();
}

/** @throws RangeError for what the port allows and this store does not */
function assertStorable(stream: string, events: readonly NewEvent[]): void {
  const taken = !isOurs(stream) || events.some(({ type }) => type.startsWith('$'));
  if (taken) throw new RangeError(`append to ${stream}: the stream or a type has a name that is the server's, or the log's own`);
}

/** Undefined as soon as `stop` aborts. */
function orStopped<T>(stop: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = () => resolve(undefined);
    stop.addEventListener('abort', end, { once: true });
    void promise.then(resolve, reject).finally(() => stop.removeEventListener('abort', end));
  });
}

function onlyRefusals(error: unknown): undefined {
  if (isRefusal(error)) throw error;
}
