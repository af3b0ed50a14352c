import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bench, type Benchmark, type Peer, tenths } from './benchmark.js';
import { openLog } from './support/log.js';
import { seed, type SeededLog } from './support/seed.js';
import { startServer } from './support/server.js';

/** As written by `--json`. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
  readonly lowerIsBetter: boolean;
}
export interface Options {
  readonly quick?: boolean;
  readonly rounds?: number;
  /** Milliseconds for one side in one round. */
  readonly slice?: number;
  /** File for the ratios. */
  readonly json?: string;
  readonly say?: (line: string) => void;
}
export interface Results {
  readonly ratios: readonly Ratio[];
  /** Measured beside them; of these nothing was promised. */
  readonly others: readonly { readonly name: string; readonly value: number }[];
  /** What the sides did in their middle round. */
  readonly medians: readonly { readonly what: string; readonly of: string }[];
  /** A sentence: where and how long. */
  readonly circumstances: string;
}

export const isMet = ({ value, goal, lowerIsBetter }: Ratio): boolean => (lowerIsBetter ? value <= goal : value >= goal);

/** Runs benchmarks on a server of their own. */
export async function run(benchmarks: readonly Benchmark[], { quick = false, json, ...options }: Options = {}): Promise<Results> {
  const { rounds = quick ? 3 : 5, slice = quick ? 700 : 1500, say = () => undefined } = options;
  const start = Date.now();
  const busy = loadavg()[0]!;
  const server = await startServer();
  const logs = new Map<number, Promise<SeededLog>>();
  const ratios: Ratio[] = [];
  const others: Results['others'][number][] = [];
  const medians: Results['medians'][number][] = [];
  const fill = async (events: number): Promise<SeededLog> => {
    const place = await server.migratedDatabase();
    const whole = await seed(place, events, tenths(say, 'filling a log, events'));
    return { ...openLog(place), events, whole };
  };
  const bench: Bench = {
    server, quick, rounds, slice, say,
    log: (events) => {
      const log = logs.get(events) ?? fill(events);
      logs.set(events, log);
      return log;
    },
    peer: async (name, url) => {
      const { open } = (await import(pathToFileURL(join(process.cwd(), `test/performance/peers/${name}.mjs`)).href)) as { open(url: string): Promise<Peer> };
      return open(url);
    },
    show: (name, value) => others.push({ name, value }),
    record: (what, of) => medians.push({ what, of }),
  }; // prettier-ignore
  try {
    for (const { name, goals, run: measure } of benchmarks) {
      say(`— ${name}`);
      const values = await measure(bench);
      for (const [ratio, { goal, lowerIsBetter = false }] of Object.entries(goals))
        ratios.push({ name: ratio, value: values[ratio]!, goal, lowerIsBetter });
    }
  } finally {
    for (const log of logs.values()) await log.then((one) => one.close()).catch(() => undefined);
    await server.stop();
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ratios }, null, 2)}\n`);
  const circumstances = `${quick ? 'QUICK, with smaller logs than the names say: ' : ''}${availableParallelism()} cores (load ${busy.toFixed(1)} at the start), Node ${process.versions.node}, ${server.description}, ${rounds} rounds of ${slice / 1000} s, in ${Math.ceil((Date.now() - start) / 60_000)} min.`; // prettier-ignore
  return { ratios, others, medians, circumstances };
}
