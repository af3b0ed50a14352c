import { type RecordedEvent } from '../domain/case/event.js';
import { type Codec } from './codec.js';
import { LogDigest } from './digest.js';
import { UUID } from './guard.js';
import { type EventStore, NO_STREAM, ordinalOf, type Position, type StoredEvent } from './port.js';

const PAGE = 1000;

/** The first thing that is wrong with a log, and where; the message is for the operator. */
export class LogFault extends Error {
  constructor(
    readonly event: Pick<StoredEvent, 'position' | 'stream' | 'revision'>,
    readonly why: string,
  ) {
    super(`position ${event.position}, flux ${event.stream}, révision ${event.revision} : ${why}`);
  }
}

/** A sound log. */
export interface Verified {
  readonly count: number;
  /** See LogDigest. */
  readonly sha256: string;
  /** Of its last event; undefined when it is empty. */
  readonly head: Position | undefined;
  readonly streams: number;
  /** Events about persons whose key is destroyed. */
  readonly erased: number;
}
export interface VerifyParts {
  readonly store: EventStore;
  readonly codec: Codec;
  /** How far it has come, and how far it goes, in ordinals of the log. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Reads the log from its first event to the head as it was at the start: positions in order (and without a hole, if the store
 * promises that), revisions 0, 1, 2 … in each stream, ids that are UUIDs, recording instants that never go back, and payloads that
 * decrypt and decode. That the last events were taken away can't be seen from the log alone: keep the count.
 * Memory grows with the number of streams, some 300 bytes each.
 * @throws LogFault
 */
export async function verifyLog({ store, codec, progress }: VerifyParts): Promise<Verified> {
  const head = await store.head();
  const order = new OrderCheck(store.traits.densePositions);
  const digest = new LogDigest();
  let erased = 0;
  for (let after: Position | undefined; head !== undefined && after !== head;) {
    const page = await store.readAll(after, PAGE);
    const events = page.events.filter(({ position }) => position <= head);
    const opened = await open(codec, events).catch(() => undefined);
    for (const [i, event] of events.entries()) {
      order.checkPlace(event);
      // One by one when the page does not decode: it is the event that has to be named.
      const recorded = opened?.[i] ?? (await openOne(codec, event));
      order.checkTime(event, recorded);
      if (recorded.erased) erased++;
    }
    digest.add(events);
    progress?.(Number(ordinalOf(events.at(-1)?.position ?? head)) + 1, Number(ordinalOf(head)) + 1);
    if (page.atHead || events.length < page.events.length) break;
    after = page.next;
  }
  return { ...digest.result(), head, streams: order.streams, erased };
}

/** Reading `data` is what decrypts. */
async function open(codec: Codec, events: readonly StoredEvent[]): Promise<readonly RecordedEvent[]> {
  const decoded = await codec.decode(events);
  for (const event of decoded) void event.data;
  return decoded;
}

async function openOne(codec: Codec, event: StoredEvent): Promise<RecordedEvent> {
  try {
    return (await open(codec, [event]))[0]!;
  } catch (error) {
    throw new LogFault(event, `l’événement ne se lit pas (${(error as Error).message})`);
  }
}

class OrderCheck {
  #last: Position | undefined;
  readonly #revisions = new Map<string, number>();
  /** By stream and person: a case that was joined to another brings its own instants. */
  readonly #recorded = new Map<string, string>();
  constructor(private readonly dense: boolean) {}

  get streams(): number {
    return this.#revisions.size;
  }

  checkPlace(event: StoredEvent): void {
    const { position, stream, revision, id } = event;
    const due = this.#last === undefined ? 0n : ordinalOf(this.#last) + 1n;
    if (this.#last !== undefined && position <= this.#last) throw new LogFault(event, `la position suit ${this.#last}`);
    if (this.dense && ordinalOf(position) !== due)
      throw new LogFault(event, `le rang ${due} manque devant cette position : un événement a disparu`);
    this.#last = position;
    const next = (this.#revisions.get(stream) ?? NO_STREAM) + 1;
    if (revision !== next) throw new LogFault(event, `la révision ${next} était attendue dans ce flux`);
    this.#revisions.set(stream, revision);
    if (!UUID.test(id)) throw new LogFault(event, `${id} n’est pas un UUID`);
  }

  checkTime(event: StoredEvent, { recordedAt, personId }: Pick<RecordedEvent, 'recordedAt' | 'personId'>): void {
    if (Number.isNaN(Date.parse(recordedAt))) throw new LogFault(event, `${recordedAt} n’est pas un instant d’enregistrement`);
    const clock = `${event.stream} ${personId}`;
    const before = this.#recorded.get(clock) ?? '';
    if (recordedAt < before)
      throw new LogFault(event, `enregistré le ${recordedAt}, avant l’événement qui le précède dans ce flux (${before})`);
    this.#recorded.set(clock, recordedAt);
  }
}
