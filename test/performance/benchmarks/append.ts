import { alternate, benchmark, load, times } from '../benchmark.js';
import { openLog } from '../support/log.js';
import { RawTable } from '../support/raw.js';
import { domainEvents, peerEvents, sealedEvents, writer } from '../support/writers.js';

/** One event with an expected revision, by 1, 8, 32 and 512 callers at once. */
export const append = benchmark({
  name: 'append',
  goals: {
    'append of one event, 32 callers / raw INSERT': { goal: 2.5 },
    'append of one event, 32 callers / castore': { goal: 4 },
    'append of one event, 32 callers / emmett': { goal: 8 },
    'append of one event, 512 callers / raw INSERT': { goal: 5 },
  },
  async run(bench) {
    const { server, slice, show } = bench;
    const log = openLog(await server.migratedDatabase());
    const raw = await RawTable.create(await server.emptyDatabase());
    const [castore, emmett] = await Promise.all(
      (['castore', 'emmett'] as const).map(async (name) => bench.peer(name, (await server.emptyDatabase()).url)),
    );
    const sealed = await sealedEvents(log);
    const theirs = peerEvents(sealed);
    const side = (callers: number, write: (caller: number) => Promise<number>) => () => load(callers, slice, write);
    const ours = writer((stream, revision, events) => log.store.append(stream, revision, events), sealed);
    const sealsToo = writer(async (...[stream, revision, events]) => log.store.append(stream, revision, await log.codec.encode(events)), await domainEvents(log)); // prettier-ignore
    const inserts = writer((...row) => raw.insert(...row), sealed);
    const sides = (callers: number) => ({
      product: side(callers, ours),
      raw: side(callers, inserts),
      castore: side(
        callers,
        writer((...event) => castore!.append(event[0], event[1], event[2]), theirs),
      ),
      emmett: side(
        callers,
        writer((...event) => emmett!.append(event[0], event[1], event[2]), theirs),
      ),
    });
    try {
      for (const callers of [1, 8]) {
        const some = await alternate(bench, `append, ${callers} at once`, sides(callers));
        for (const other of ['raw', 'castore', 'emmett'] as const)
          show(
            `append of one event, ${callers === 1 ? '1 caller' : `${callers} callers`} / ${other === 'raw' ? 'raw INSERT' : other}`,
            times(some.product, some[other]),
          );
      }
      const at32 = await alternate(bench, 'append, 32 at once', sides(32));
      const at512 = await alternate(bench, 'append, 512 at once', { product: side(512, ours), raw: side(512, inserts) });
      for (const callers of [32, 512]) {
        const sealing = await alternate(bench, `sealing and append, ${callers} at once`, {
          product: side(callers, sealsToo),
          raw: side(callers, inserts),
        });
        show(
          `sealing and append of one event, ${callers} callers / raw INSERT of sealed ones`,
          times(sealing.product, sealing.raw),
        );
      }
      return {
        'append of one event, 32 callers / raw INSERT': times(at32.product, at32.raw),
        'append of one event, 32 callers / castore': times(at32.product, at32.castore),
        'append of one event, 32 callers / emmett': times(at32.product, at32.emmett),
        'append of one event, 512 callers / raw INSERT': times(at512.product, at512.raw),
      };
    } finally {
      await Promise.all([log, raw, castore!, emmett!].map((one) => one.close()));
    }
  },
});
