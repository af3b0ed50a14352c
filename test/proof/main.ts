import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Combinations, explore, merge, type Scope, type Step } from './explore.js';
import { AND, LANDMARKS } from './landmarks.js';
import { scopesOf } from './scopes.js';
import { beside, DOOR } from './strangers.js';
import { SEED, walk } from './walks.js';
import { type GapInWords, inWords, printed, shortest } from './words.js';
import { PRODUCT } from './world.js';

/** What a scope, or a round of walks, showed, as it goes from a worker to the main thread. */
interface Shown {
  readonly states: readonly string[];
  readonly transitions: readonly string[];
  readonly combinations: Combinations;
  readonly gaps: readonly GapInWords[];
  /** Acts of strangers that were tried. */
  readonly tried: number;
  readonly said: string;
  readonly late: boolean;
}
/** What a worker is asked: a scope or a round of walks by its name, or what strangers can do beside a state. */
type Job = string | { readonly combination: string; readonly path: readonly Step[] };
/** With what it takes to compile, less than three minutes. */
const PATIENCE_MS = 150_000;
const deep = process.argv.includes('--deep');
/** The strangers, from the states of each machine alone: an hour, where all of it takes a night. */
const strangersAlone = process.argv.includes('--strangers');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const number = (n: number): string => n.toLocaleString('fr-FR');
const WALKS = 'marches au hasard, au-delà des bornes';
const scopes = scopesOf(strangersAlone ? 'alone' : deep ? 'deep' : 'quick');
const JOBS: readonly string[] = [
  ...(strangersAlone ? [] : [`${WALKS} (1)`, `${WALKS} (2)`]),
  ...scopes.map((scope) => scope.name),
];

if (isMainThread) void prove().then((code) => (process.exitCode = code));
else showEach((workerData as { until: number }).until);

/** A worker shows one scope after the other, as it is told. */
function showEach(until: number): void {
  const isLate = (): boolean => Date.now() > until;
  parentPort!.on('message', (job: Job) => {
    if (typeof job !== 'string') return parentPort!.postMessage(besides(job, isLate));
    const scope = scopes.find((s) => s.name === job);
    return parentPort!.postMessage(scope ? explored(scope, isLate) : walked(JOBS.indexOf(job), isLate));
  });
}
function explored(scope: Scope, isLate: () => boolean): Shown {
  const hash = (key: string): string => createHash('sha1').update(key).digest('base64').slice(0, 12);
  const { states, transitions, gaps, combinations, frontier } = explore(PRODUCT, scope, isLate);
  const hashed = new Map(states.map((key) => [key, hash(key)]));
  return {
    states: [...hashed.values()],
    transitions: transitions.map(([from, to]) => `${hashed.get(from)}${hashed.get(to)}`),
    combinations,
    tried: 0,
    gaps: shortest(gaps).map(inWords),
    said: `${scope.name} : ${number(states.length)} états, ${number(transitions.length)} transitions${frontier > 0 ? `, ${number(frontier)} au bord` : ''}`,
    late: isLate(),
  };
}
function walked(round: number, isLate: () => boolean): Shown {
  const { states, gaps } = walk(PRODUCT, deep ? 200 : 15, SEED + round, isLate);
  const said = `${JOBS[round]} : ${number(states)} états`;
  return { ...NOTHING, gaps: gaps.map(inWords), said, late: isLate() };
}
const NOTHING = { states: [], transitions: [], combinations: new Map<string, readonly Step[]>(), tried: 0 };
/** Everybody two acts deep; then those who have begun, and one more of each kind, three. */
function besides({ combination, path }: Exclude<Job, string>, isLate: () => boolean): Shown {
  const both = [
    { depth: 2, files: 2 },
    { depth: 3, files: 2, lean: true },
  ].map((reach) => beside(DOOR, path, reach, isLate));
  const [tried, states] = [both.reduce((n, b) => n + b.tried, 0), both.reduce((n, b) => n + b.states, 0)];
  const said = `inconnus à côté de « ${combination || 'aucun état attendu'} » : ${number(states)} états, ${number(tried)} actes essayés`;
  return { ...NOTHING, tried, gaps: shortest(both.flatMap(({ gaps }) => gaps)).map(inWords), said, late: isLate() };
}

async function prove(): Promise<number> {
  const until = deep || strangersAlone ? Infinity : Date.now() + PATIENCE_MS;
  const waiting: Job[] = [...JOBS];
  let jobs = JOBS.length;
  const states = new Set<string>();
  const transitions = new Set<string>();
  const combinations: Combinations = new Map();
  let strangers = 0;
  const gaps: GapInWords[] = [];
  let cut = 0;
  let shown = 0;
  const take = (s: Shown): void => {
    for (const key of s.states) states.add(key);
    for (const edge of s.transitions) transitions.add(edge);
    merge(combinations, s.combinations);
    strangers += s.tried;
    gaps.push(...s.gaps);
    if (s.late) cut++;
    say(`[${++shown}/${jobs}] ${s.said}${s.gaps.length > 0 ? `, ${s.gaps.length} TROU(S)` : ''}`);
  };
  /** Gives the workers what is waiting, until nothing is left. */
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(__filename, { argv: process.argv.slice(2), workerData: { until } });
      const next = (): void => {
        const job = waiting.shift();
        if (job !== undefined) worker.postMessage(job);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('message', (s: Shown) => {
        take(s);
        next();
      });
      worker.on('error', reject);
      next();
    });
  const runAll = (): Promise<void[]> =>
    Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, run));
  await runAll();
  if (deep || strangersAlone) {
    for (const [combination, path] of combinations) waiting.push({ combination, path });
    jobs += combinations.size;
    await runAll();
  }
  const landmarks = new Set([...combinations.keys()].flatMap((key) => key.split(AND)));
  const unseen = Object.keys(LANDMARKS).filter((name) => !landmarks.has(name));
  // What takes two machines side by side is not expected of each alone.
  if (cut === 0 && !strangersAlone)
    for (const name of unseen) gaps.push({ code: `landmark.${name}`, path: [], what: `État attendu, non atteint : ${name}.` });

  const found = shortest(gaps);
  for (const gap of found) say(`\n${printed(gap)}`);
  if (cut > 0)
    say(
      `\nArrêté par le temps dans ${cut} domaine(s) : --deep va au bout.${unseen.map((name) => `\nPas encore vu : ${name}`).join('')}`,
    );
  say(`\nstates ${states.size}`);
  say(`transitions ${transitions.size}`);
  if (deep || strangersAlone) say(`strangers ${strangers}`);
  say(`gaps ${found.length}`);
  return found.length > 0 ? 1 : 0;
}
