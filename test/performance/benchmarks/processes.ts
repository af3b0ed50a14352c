import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { alternate, benchmark, times } from '../benchmark.js';

/** As many callers, in four processes or in one: smaller groups, and more that wait for the lock. */
export const processes = benchmark({
  name: 'processes',
  goals: { 'append of one event, 512 callers in four processes / in one': { goal: 0.5 } },
  async run(bench) {
    const place = await bench.server.migratedDatabase();
    const children = await Promise.all(Array.from({ length: 4 }, () => start(place)));
    const together = async (callers: number, some: readonly ChildProcess[]): Promise<number> => {
      const task = { callers: callers / some.length, milliseconds: bench.slice };
      const speeds = await Promise.all(some.map((child) => ask(child, task)));
      return speeds.reduce((sum, speed) => sum + speed, 0);
    };
    const fourToOne = async (callers: number): Promise<number> => {
      const { one, four } = await alternate(bench, `append, ${callers} at once, by processes`, {
        one: () => together(callers, children.slice(0, 1)),
        four: () => together(callers, children),
      });
      return times(four, one);
    };
    try {
      bench.show('append of one event, 32 callers in four processes / in one', await fourToOne(32));
      return { 'append of one event, 512 callers in four processes / in one': await fourToOne(512) };
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
