import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { explore } from './explore.js';
import { LANDMARKS } from './landmarks.js';
import { scopesOf } from './scopes.js';
import { walk } from './walks.js';
import { type GapInWords, inWords, printed, shortest } from './words.js';
import { PRODUCT } from './world.js';

/** What one scope showed, as it goes from a worker to the main thread. */
interface Shown {
  readonly scope: string;
  readonly states: readonly string[];
  readonly transitions: readonly string[];
  readonly landmarks: readonly string[];
  readonly gaps: readonly GapInWords[];
  readonly frontier: number;
  readonly late: boolean;
}
const PATIENCE_MS = 165_000;
const deep = process.argv.includes('--deep');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const number = (n: number): string => n.toLocaleString('fr-FR');

if (isMainThread) void prove().then((code) => (process.exitCode = code));
else showEach((workerData as { until: number }).until);

/** A worker shows one scope after the other, as it is told. */
function showEach(until: number): void {
  const scopes = scopesOf(deep);
  const hash = (key: string): string => createHash('sha1').update(key).digest('base64').slice(0, 12);
  parentPort!.on('message', (name: string) => {
    const isLate = (): boolean => Date.now() > until;
    const scope = scopes.find((s) => s.name === name)!;
    const { states, transitions, gaps, landmarks, frontier } = explore(PRODUCT, scope, isLate);
    const hashed = new Map(states.map((key) => [key, hash(key)]));
    parentPort!.postMessage({
      scope: name,
      states: [...hashed.values()],
      transitions: transitions.map(([from, to]) => `${hashed.get(from)}${hashed.get(to)}`),
      landmarks: [...landmarks],
      gaps: shortest(gaps).map(inWords),
      frontier,
      late: isLate(),
    } satisfies Shown);
  });
}

async function prove(): Promise<number> {
  const until = deep ? Infinity : Date.now() + PATIENCE_MS;
  const waiting = scopesOf(deep).map((s) => s.name);
  const total = waiting.length;
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
    const edge = s.frontier > 0 ? `, ${number(s.frontier)} au bord` : '';
    say(`[${++shown}/${total}] ${s.scope} : ${number(s.states.length)} états, ${number(s.transitions.length)} transitions${edge}${s.gaps.length ? `, ${s.gaps.length} TROU(S)` : ''}`); // prettier-ignore
  };
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(__filename, { argv: process.argv.slice(2), workerData: { until } });
      const next = (): void => {
        const name = waiting.shift();
        if (name !== undefined) worker.postMessage(name);
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
  for (const name of Object.keys(LANDMARKS))
    if (!landmarks.has(name)) gaps.push({ code: `landmark.${name}`, path: [], what: `État attendu, non atteint : ${name}.` });
  const walked = walk(PRODUCT, deep ? 2000 : 40);
  gaps.push(...walked.gaps.map(inWords));
  say(`marches au hasard au-delà des bornes : ${number(walked.states)} états`);

  const found = shortest(gaps);
  for (const gap of found) say(`\n${printed(gap)}`);
  if (cut > 0) say(`\nArrêté par le temps dans ${cut} domaine(s) : --deep va au bout.`);
  say(`\nstates ${states.size}`);
  say(`transitions ${transitions.size}`);
  say(`gaps ${found.length}`);
  return found.length > 0 ? 1 : 0;
}
