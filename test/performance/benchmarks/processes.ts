import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { alternate, benchmark, times } from '../benchmark.js';

/** In all, as in `append`. */
const CALLERS = 32;

/** As many callers, in four processes or in one: smaller groups, and more that wait for the lock. */
export const processes = benchmark({
  name: 'processes',
  goals: { 'append of one event, four processes / one process': { goal: 0.5 } },
  async run(bench) {
    const place = await bench.server.migratedDatabase();
    const children = await Promise.all(Array.from({ length: 4 }, () => start(place)));
    const together = async (some: readonly ChildProcess[]): Promise<number> => {
      const speeds = await Promise.all(
        some.map((child) => ask(child, { callers: CALLERS / some.length, milliseconds: bench.slice })),
      );
      return speeds.reduce((sum, speed) => sum + speed, 0);
    };
    try {
      const { one, four } = await alternate(bench, 'processes', {
        one: () => together(children.slice(0, 1)),
        four: () => together(children),
      });
      return { 'append of one event, four processes / one process': times(four, one) };
    } finally {
      for (const child of children) child.kill();
    }
  },
});

async function start(place: object): Promise<ChildProcess> {
  const child = fork(join(__dirname, '../support/appending-process.js'));
  await ask(child, { place });
  return child;
}
async function ask(child: ChildProcess, message: object): Promise<number> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('a process of the benchmark ended');
  });
  ended.catch(() => undefined);
  child.send(message);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [number];
  return answer;
}
