import { WrongExpectedRevision } from '../../../libs/event-store/port.js';
import { alternate, benchmark, load, times } from '../benchmark.js';
import { openLog } from '../support/log.js';
import { sealedEvents, writer } from '../support/writers.js';

/** Four callers that never learn, beside 32 that do as they should. */
export const staleCallers = benchmark({
  name: 'stale-callers',
  goals: { 'append of one event, 32 callers beside 4 stale ones / without them': { goal: 0.8 } },
  async run(bench) {
    const log = openLog(await bench.server.migratedDatabase());
    const sealed = await sealedEvents(log);
    const write = writer((stream, revision, events) => log.store.append(stream, revision, events), sealed);
    const stale = writer(async (stream, revision, events) => {
      const answer = await log.store.append(stream, -1, events).catch((error: unknown) => error);
      if (revision >= 0 && !(answer instanceof WrongExpectedRevision)) throw new Error('a stale append was not refused');
    }, sealed);
    try {
      const { alone, beside } = await alternate(bench, 'stale callers', {
        alone: () => load(32, bench.slice, write),
        // Only what the 32 get done counts.
        beside: () => load(36, bench.slice, async (caller) => (caller < 32 ? write(caller) : (await stale(caller), 0))),
      });
      return { 'append of one event, 32 callers beside 4 stale ones / without them': times(beside, alone) };
    } finally {
      await log.close();
    }
  },
});
