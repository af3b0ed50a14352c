/**
 * The five verbs of the log. Two stores speak them (PostgreSQL, EventStoreDB); one contract suite runs on every adapter.
 * There is no transaction across streams, and no promise of one.
 */

/** Opaque; sorts as text: the log's incarnation, a hyphen, then the ordinal, padded. Undefined as `after` means from the beginning. */
export type Position = string;
const cut = (position: Position): number => position.lastIndexOf('-');
export const incarnationOf = (position: Position): string => position.slice(0, cut(position));
export const ordinalOf = (position: Position): bigint => BigInt(position.slice(cut(position) + 1));

export interface NewEvent {
  /** UUID. The same id at the same revision is the same event (decision 5). */
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON text; the store keeps these very bytes: they are evidence. */
  readonly data: string;
  /** JSON text of the envelope. */
  readonly metadata: string;
}
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** 0, 1, 2 … within the stream. */
  readonly revision: number;
  readonly position: Position;
}

/** The revision of a stream that has no event. */
export const NO_STREAM = -1;

/** Of an append; a repeat gets the answer of the first time, and writes nothing. */
export interface AppendResult {
  readonly revision: number;
  /** Of the last event of the append. */
  readonly position: Position;
}

export interface Filter {
  /** Streams whose name starts with one of these. */
  readonly streamPrefixes?: readonly string[];
  readonly types?: readonly string[];
}
export interface Page {
  readonly events: readonly StoredEvent[];
  /** Where to go on: past what the filter left out too. Equal to `after` when nothing is there. */
  readonly next: Position | undefined;
  /** True when the page reached the head of the log as it was. */
  readonly atHead: boolean;
}

/** What one store can do and another can't: declared, so that whoever depends on it can say so. */
export interface StoreTraits {
  /** As people call it. */
  readonly name: string;
  /** Of all the events of one append, as `appendBytes` counts them; beyond it `append` throws a RangeError. */
  readonly maxAppendBytes: number;
  /** Ordinals are 0, 1, 2 …: anybody can see that nothing is missing. */
  readonly densePositions: boolean;
}

export interface EventStore {
  readonly traits: StoreTraits;
  /**
   * All or none of `events`, at `expectedRevision + 1` and on.
   * @throws RangeError for what no store, or not this one, would take (see `assertAppendable`)
   * @throws WrongExpectedRevision when the stream is elsewhere (and the events are not a repeat)
   * @throws OutcomeUnknown when the store can't say whether they were written: call again with the same ids and revision
   */
  append(stream: string, expectedRevision: number, events: readonly NewEvent[]): Promise<AppendResult>;
  /** In order; empty for a stream that has none. */
  readStream(stream: string, fromRevision?: number): Promise<readonly StoredEvent[]>;
  /** @throws Resync when `after` belongs to another incarnation of the log */
  readAll(after: Position | undefined, limit: number, filter?: Filter): Promise<Page>;
  /** Catches up from `after`, then follows; ends when `signal` aborts. Every event after `after` once, in log order. */
  subscribe(after: Position | undefined, filter: Filter, signal: AbortSignal): AsyncIterable<Page>;
  /** Position of the last event; undefined on an empty log. */
  head(): Promise<Position | undefined>;
  close(): Promise<void>;
}

export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: number,
    readonly current: number,
  ) {
    super(`${stream}: expected revision ${expected}, found ${current}`);
  }
}
/** Timeout, lost connection, a commit whose replication was not confirmed. */
export class OutcomeUnknown extends Error {}
/** The position belongs to another incarnation of the log (a restore, a promoted standby): read again from the start. */
export class Resync extends Error {}
