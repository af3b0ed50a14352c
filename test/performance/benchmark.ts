import { type SeededLog } from './support/seed.js';
import { type Server } from './support/server.js';

export interface Goal {
  readonly goal: number;
  /** The goal is not to be exceeded; otherwise it is to be reached. */
  readonly lowerIsBetter?: true;
}
/** One file each, listed in `benchmarks/index.ts`. */
export interface Benchmark {
  /** For `--only`. */
  readonly name: string;
  /** The ratios that it measures, by name, of which something was promised. */
  readonly goals: Readonly<Record<string, Goal>>;
  run(bench: Bench): Promise<Readonly<Record<string, number>>>;
}
/** Declares a benchmark: what it returns is, by name, what it has goals for. */
export const benchmark = <const G extends Readonly<Record<string, Goal>>>(b: {
  readonly name: string;
  readonly goals: G;
  run(bench: Bench): Promise<Readonly<Record<keyof G, number>>>;
}): Benchmark => b;

/** What a benchmark works with. */
export interface Bench {
  readonly server: Server;
  /** A short run: fewer and shorter rounds, smaller logs. */
  readonly quick: boolean;
  readonly rounds: number;
  /** Milliseconds for one side in one round. */
  readonly slice: number;
  /** A log filled with about that many sealed events; filled once for all benchmarks. What these append to it is little. */
  log(events: number): Promise<SeededLog>;
  /** What is compared with, from the folder `peers`. */
  peer(name: 'castore' | 'emmett', url: string): Promise<Peer>;
  /** A line under way. */
  say(line: string): void;
  /** A ratio without a goal, for the table. */
  show(name: string, ratio: number): void;
  /** What the sides of a comparison did, for the table. */
  record(what: string, medians: string): void;
}

export interface PeerEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: object;
}
/** Another event store for PostgreSQL, on 32 connections. */
export interface Peer {
  /** @param revision of the stream before, -1 for none */
  append(stream: string, revision: number, events: readonly PeerEvent[]): Promise<void>;
  /** @returns events read */
  readStream(stream: string): Promise<number>;
  /** Reads the log from its beginning, as its consumer does, handling each event by doing nothing. @returns events a second */
  consume?(milliseconds: number, options?: { batchSize: number; pullingFrequencyInMs: number }): Promise<number>;
  close(): Promise<void>;
}

/** What one side did, for each round: things a second. */
export type Speeds<K extends string> = Readonly<Record<K, readonly number[]>>;

/**
 * Runs the sides in turn, forwards and backwards, so that whatever else the machine does meets them all; first once uncounted, for the
 * compiler and the caches to warm up.
 * @param warm they are already
 */
export async function alternate<K extends string>(
  { rounds, say, record, warm = false }: Pick<Bench, 'rounds' | 'say' | 'record'> & { readonly warm?: boolean },
  what: string,
  sides: Readonly<Record<K, () => Promise<number>>>,
): Promise<Speeds<K>> {
  const names = Object.keys(sides) as K[];
  const speeds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = warm ? 1 : 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const speed = await sides[name]();
      if (round > 0) speeds[name].push(speed);
    }
    const done = inWords(names, (name) => speeds[name].at(-1) ?? 0);
    say(round === 0 ? `${what}: warmed up` : `${what}: round ${round} of ${rounds} · ${done}`);
  }
  record(
    what,
    inWords(names, (name) => median(speeds[name])),
  );
  return speeds;
}

const inWords = <K extends string>(names: readonly K[], speedOf: (name: K) => number): string =>
  names.map((name) => `${name} ${speedOf(name).toLocaleString('en', { maximumSignificantDigits: 3 })}/s`).join(' · ');

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
/** How many times faster one side was than another: the median of the rounds, each compared with itself. */
export const times = (one: readonly number[], other: readonly number[]): number =>
  median(one.map((speed, i) => speed / other[i]!));

/** `callers` that each call again as soon as they have their answer, for some time. @returns answers a second */
export async function load(callers: number, milliseconds: number, call: (caller: number) => Promise<number>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const caller = async (n: number): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      const some = await call(n);
      done += some;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, n) => caller(n)));
  return (done / (performance.now() - start)) * 1000;
}

/** Says how far something is that lasts, at each tenth of it. */
export function tenths(say: Bench['say'], what: string): (done: number, total: number) => void {
  let said = 0;
  return (done, total) => {
    const tenth = Math.floor((done / total) * 10);
    if (tenth === said) return;
    said = tenth;
    if (tenth > 0) say(`${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
  };
}

/** Things a second of what says how many it did. */
export async function speedOf(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const done = await work();
  return (done / (performance.now() - start)) * 1000;
}
