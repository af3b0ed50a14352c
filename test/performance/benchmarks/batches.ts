import { alternate, benchmark, load, times } from '../benchmark.js';
import { openLog } from '../support/log.js';
import { RawTable } from '../support/raw.js';
import { peerEvents, sealedEvents, writer } from '../support/writers.js';

/** Many events in one append, one caller. castore appends one at a time. */
export const batches = benchmark({
  name: 'batches',
  goals: { 'append of 100 events / raw unnest': { goal: 0.8 } },
  async run(bench) {
    const { server, slice, show } = bench;
    const log = openLog(await server.migratedDatabase());
    const raw = await RawTable.create(await server.emptyDatabase());
    const emmett = await bench.peer('emmett', (await server.emptyDatabase()).url);
    const sealed = await sealedEvents(log);
    const theirs = peerEvents(sealed);
    const measure = async (size: number): Promise<number> => {
      const side = (write: (caller: number) => Promise<number>) => () => load(1, slice, write);
      const { product, ...others } = await alternate(bench, `append of ${size} events`, {
        product: side(writer((stream, revision, events) => log.store.append(stream, revision, events), sealed, size)),
        raw: side(writer((...rows) => raw.insertAll(...rows), sealed, size)),
        emmett: side(writer((stream, revision, events) => emmett.append(stream, revision, events), theirs, size)),
      });
      show(`append of ${size} events / emmett`, times(product, others.emmett));
      return times(product, others.raw);
    };
    try {
      show('append of 10 events / raw unnest', await measure(10));
      const hundred = await measure(100);
      show('append of 1000 events / raw unnest', await measure(1000));
      return { 'append of 100 events / raw unnest': hundred };
    } finally {
      await Promise.all([log, raw, emmett].map((one) => one.close()));
    }
  },
});
