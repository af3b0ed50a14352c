import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { explore, type Scope } from './explore.js';
import { LANDMARKS } from './landmarks.js';
import { scopesOf } from './scopes.js';
import { SEED, walk } from './walks.js';
import { type GapInWords, inWords, printed, shortest } from './words.js';
import { PRODUCT } from './world.js';

/** What a scope, or a round of walks, showed, as it goes from a worker to the main thread. */
interface Shown {
  readonly states: readonly string[];
  readonly transitions: readonly string[];
  readonly landmarks: readonly string[];
  readonly gaps: readonly GapInWords[];
  readonly said: string;
  readonly late: boolean;
}
/** With what it takes to compile, less than three minutes. */
const PATIENCE_MS = 150_000;
const deep = process.argv.includes('--deep');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const number = (n: number): string => n.toLocaleString('fr-FR');
const WALKS = 'marches au hasard, au-delà des bornes';
const scopes = scopesOf(deep);
const JOBS: readonly string[] = [`${WALKS} (1)`, `${WALKS} (2)`, ...scopes.map((scope) => scope.name)];

if (isMainThread) void prove().then((code) => (process.exitCode = code));
else showEach((workerData as { until: number }).until);

/** A worker shows one scope after the other, as it is told. */
function showEach(until: number): void {
  const isLate = (): boolean => Date.now() > until;
  parentPort!.on('message', (job: string) => {
    const scope = scopes.find((s) => s.name === job);
    parentPort!.postMessage(scope ? explored(scope, isLate) : walked(JOBS.indexOf(job), isLate));
  });
}
function explored(scope: Scope, isLate: () => boolean): Shown {
  const hash = (key: string): string => createHash('sha1').update(key).digest('base64').slice(0, 12);
  const { states, transitions, gaps, landmarks, frontier } = explore(PRODUCT, scope, isLate);
  const hashed = new Map(states.map((key) => [key, hash(key)]));
  return {
    states: [...hashed.values()],
    transitions: transitions.map(([from, to]) => `${hashed.get(from)}${hashed.get(to)}`),
    landmarks: [...landmarks],
    gaps: shortest(gaps).map(inWords),
    said: `${scope.name} : ${number(states.length)} états, ${number(transitions.length)} transitions${frontier > 0 ? `, ${number(frontier)} au bord` : ''}`,
    late: isLate(),
  };
}
function walked(round: number, isLate: () => boolean): Shown {
  const { states, gaps } = walk(PRODUCT, deep ? 1000 : 15, SEED + round, isLate);
  const said = `${JOBS[round]} : ${number(states)} états`;
  return { states: [], transitions: [], landmarks: [], gaps: gaps.map(inWords), said, late: isLate() };
}

async function prove(): Promise<number> {
  const until = deep ? Infinity : Date.now() + PATIENCE_MS;
  const waiting = [...JOBS];
  const states = new Set<string>();
  const transitions = new Set<string>();
  const landmarks = new Set<string>();
  const gaps: GapInWords[] = [];
  let cut = 0;
  let shown = 0;
  const take = (s: Shown): void => {
    for (const key of s.states) states.add(key);
    for (const edge of s.transitions) transitions.add(edge);
    for (const name of s.landmarks) landmarks.add(name);
    gaps.push(...s.gaps);
    if (s.late) cut++;
    say(`[${++shown}/${JOBS.length}] ${s.said}${s.gaps.length > 0 ? `, ${s.gaps.length} TROU(S)` : ''}`);
  };
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
  await Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, run));
  const unseen = Object.keys(LANDMARKS).filter((name) => !landmarks.has(name));
  if (cut === 0)
    for (const name of unseen) gaps.push({ code: `landmark.${name}`, path: [], what: `État attendu, non atteint : ${name}.` });

  const found = shortest(gaps);
  for (const gap of found) say(`\n${printed(gap)}`);
  if (cut > 0)
    say(
      `\nArrêté par le temps dans ${cut} domaine(s) : --deep va au bout.${unseen.map((name) => `\nPas encore vu : ${name}`).join('')}`,
    );
  say(`\nstates ${states.size}`);
  say(`transitions ${transitions.size}`);
  say(`gaps ${found.length}`);
  return found.length > 0 ? 1 : 0;
}
