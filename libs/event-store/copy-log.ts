import { LogDigest } from './digest.js';
import { appendBytes } from './guard.js';
import { type Move } from './moved.js';
import { fromPosition } from './position.js';
import { OutcomeUnknown, WrongExpectedRevision, type EventStore, type Position, type StoredEvent } from './port.js';

/** The copy can't be made, or is not what it should be; the message is for the operator. */
export class CopyFault extends Error {}

/** Writes to the store that a log goes to. */
export interface LogLoader {
  /** The next events of the source, in its order. */
  load(events: readonly StoredEvent[]): Promise<void>;
  /** Positions that it gives from then on are greater than those of that incarnation. */
  startIncarnation(above: bigint): Promise<unknown>;
}
export type Step = 'compare' | 'copy' | 'verify';
export interface CopyParts {
  /** Nobody may append to it meanwhile. */
  readonly from: EventStore;
  readonly to: EventStore;
  readonly loader: LogLoader;
  /** Keeps where the positions of that incarnation went: all of them, or nothing when `moves` fails. */
  readonly record: (incarnation: bigint, moves: AsyncIterable<readonly Move[]>) => Promise<void>;
  /** How far it has come, and how far it goes, in ordinals of the source. */
  readonly progress?: (step: Step, done: number, total: number) => void;
}
/** A copy that was verified. */
export interface Copied {
  readonly count: number;
  /** Of either side (see LogDigest). */
  readonly sha256: string;
  /** How many of them were there already, from a copy that was interrupted. */
  readonly before: number;
  /** The head of the target; undefined when the log is empty. */
  readonly head: Position | undefined;
}

const PAGE = 500;

/**
 * Copies a log into another store: ids, order, streams, revisions, types, schema versions and bytes stay; positions are new, of a later
 * incarnation, and each old one is recorded with the new one. Killed at any moment, it goes on when it is called again. At the end both
 * sides are read whole, and compared.
 * @throws CopyFault when the target holds anything else than the beginning of this log, or the source moved meanwhile
 */
export async function copyLog({ from, to, loader, record, progress }: CopyParts): Promise<Copied> {
  const head = await from.head();
  const told = (step: Step) => (at: Position | undefined) =>
    head !== undefined && progress?.(step, at === undefined ? 0 : ordinalOf(at) + 1, ordinalOf(head) + 1);

  const { count: before, last } = await commonBeginning(from, to, told('compare'));
  for await (const events of pagesOf(from, last)) {
    await load(loader, events);
    told('copy')(events.at(-1)?.position);
  }
  if ((await from.head()) !== head)
    throw new CopyFault('quelqu’un écrit dans la source : arrêter toutes les instances, puis relancer');

  const verification = new Verification(from, to);
  if (head !== undefined) {
    const { incarnation } = fromPosition(head);
    const target = await to.head();
    if (target === undefined || fromPosition(target).incarnation <= incarnation) await loader.startIncarnation(incarnation);
    await record(incarnation, verification.moves(told('verify')));
  }
  return { ...verification.result(), before, head: await to.head() };
}

/** For a store that has nothing quicker than its appends. One at a time: they are the order of the log. */
export class AppendingLoader implements LogLoader {
  constructor(private readonly store: EventStore & Pick<LogLoader, 'startIncarnation'>) {}

  async load(events: readonly StoredEvent[]): Promise<void> {
    const { maxAppendBytes } = this.store.traits;
    for (const run of runsOf(events, maxAppendBytes)) await this.store.append(run[0]!.stream, run[0]!.revision - 1, run);
  }
  startIncarnation(above: bigint): Promise<unknown> {
    return this.store.startIncarnation(above);
  }
}

/** Consecutive events of one stream, as many as one append takes. */
function runsOf(events: readonly StoredEvent[], maxBytes: number): StoredEvent[][] {
  const runs: StoredEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const run = runs.at(-1);
    room -= appendBytes([event]);
    if (run?.[0]!.stream === event.stream && room >= 0) run.push(event);
    else {
      runs.push([event]);
      room = maxBytes - appendBytes([event]);
    }
  }
  return runs;
}

async function load(loader: LogLoader, events: readonly StoredEvent[]): Promise<void> {
  try {
    await loader.load(events);
  } catch (error) {
    if (error instanceof WrongExpectedRevision)
      throw new CopyFault(`quelqu’un d’autre écrit dans la cible (${error.message})`, { cause: error });
    if (error instanceof RangeError) throw new CopyFault(`la cible refuse un événement : ${error.message}`, { cause: error });
    if (error instanceof OutcomeUnknown)
      throw new CopyFault(`la cible ne répond plus (${error.message}) : relancer la même commande`, { cause: error });
    throw error;
  }
}

/** Where to go on: behind the events that the target has already. */
async function commonBeginning(from: EventStore, to: EventStore, told: (at: Position) => void) {
  let count = 0;
  let last: Position | undefined;
  for await (const pairs of sideBySide(from, to)) {
    const there = pairs.findIndex(([, copy]) => copy === undefined);
    const common = there === -1 ? pairs : pairs.slice(0, there);
    count += common.length;
    last = common.at(-1)?.[0].position ?? last;
    if (last !== undefined) told(last);
    if (there !== -1) break;
  }
  return { count, last };
}

/** Reads both logs whole. */
class Verification {
  readonly #source = new LogDigest();
  readonly #copy = new LogDigest();

  constructor(
    private readonly from: EventStore,
    private readonly to: EventStore,
  ) {}

  async *moves(told: (at: Position) => void): AsyncGenerator<Move[]> {
    for await (const pairs of sideBySide(this.from, this.to)) {
      const moves = pairs.map(([event, copy], i): Move => {
        if (copy === undefined) throw new CopyFault(`${placeOf(event, this.#source.result().count + i)} : manque dans la cible`);
        return { from: event.position, to: copy.position };
      });
      this.#source.add(pairs.map(([event]) => event));
      this.#copy.add(pairs.map(([, copy]) => copy!));
      yield moves;
      if (moves.length > 0) told(moves.at(-1)!.from);
    }
    const [source, copy] = [this.#source.result(), this.#copy.result()];
    if (source.count !== copy.count || source.sha256 !== copy.sha256)
      throw new CopyFault(`les deux journaux diffèrent : ${source.sha256} et ${copy.sha256}`);
  }

  result(): { count: number; sha256: string } {
    return this.#source.result();
  }
}

type Pair = readonly [StoredEvent, StoredEvent | undefined];

/** @throws CopyFault at the first event of the copy that is not the one of the log in its place */
async function* sideBySide(log: EventStore, copy: EventStore): AsyncGenerator<Pair[]> {
  const copies = eventsOf(copy);
  let count = 0;
  for await (const page of pagesOf(log)) {
    const pairs: Pair[] = [];
    for (const event of page) {
      const { value: other } = await copies.next();
      const field = other && firstDifference(event, other);
      if (field !== undefined) throw new CopyFault(`${placeOf(event, count)} : dans la cible, ${field} diffère`);
      pairs.push([event, other]);
      count++;
    }
    yield pairs;
  }
  const { value: extra } = await copies.next();
  if (extra) throw new CopyFault(`${placeOf(extra, count)} : dans la cible, et pas dans la source`);
}

/** One by one, and not by the digest alone: the first difference has to be named. */
const FIELDS = ['stream', 'revision', 'id', 'type', 'schemaVersion', 'data', 'metadata'] as const;
const firstDifference = (event: StoredEvent, other: StoredEvent): string | undefined =>
  FIELDS.find((field) => event[field] !== other[field]);

const ordinalOf = (position: Position): number => Number(fromPosition(position).ordinal);
const placeOf = ({ stream, revision }: StoredEvent, index: number): string =>
  `événement n° ${index + 1} (${stream}, révision ${revision})`;

async function* pagesOf(store: EventStore, after?: Position): AsyncGenerator<readonly StoredEvent[]> {
  for (let at = after; ;) {
    const page = await store.readAll(at, PAGE);
    yield page.events;
    if (page.atHead) return;
    at = page.next;
  }
}
async function* eventsOf(store: EventStore): AsyncGenerator<StoredEvent, undefined> {
  for await (const page of pagesOf(store)) yield* page;
}
