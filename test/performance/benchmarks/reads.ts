import { Client } from 'pg';
import { type Position } from '../../../libs/event-store/port.js';
import { alternate, benchmark, load, speedOf, times } from '../benchmark.js';
import { openLog, type Log } from '../support/log.js';
import { readRaw, readRawStream } from '../support/raw.js';
import { peerEvents, sealedEvents } from '../support/writers.js';

const STREAMS = 500;
const EVENTS = 15;

/** The whole log in pages, and one stream after the other. Nothing was promised of these, but they bound what a rebuild can do. */
export const reads = benchmark({
  name: 'reads',
  goals: {},
  async run(bench) {
    const { server, slice, show } = bench;
    const big = await bench.log(bench.quick ? 20_000 : 200_000);
    const small = openLog(await server.migratedDatabase());
    const places = { castore: await server.emptyDatabase(), emmett: await server.emptyDatabase() };
    const castore = await bench.peer('castore', places.castore.url);
    const emmett = await bench.peer('emmett', places.emmett.url);
    const [bigRaw, smallRaw] = [new Client(big.place.owner), new Client(small.place.owner)];
    await Promise.all([bigRaw.connect(), smallRaw.connect()]);
    const streams = Array.from({ length: STREAMS }, (_, i) => `case-${i}`);
    try {
      const sealed = (await sealedEvents(small)).slice(0, EVENTS);
      const theirs = peerEvents(sealed);
      bench.say('stream reads: filling');
      for (const stream of streams) {
        await small.store.append(stream, -1, sealed);
        await emmett.append(stream, -1, theirs);
        for (const [i, event] of theirs.entries()) await castore.append(stream, i - 1, [event]);
      }
      const whole = await alternate(bench, 'whole log', {
        product: () => speedOf(() => readAll(big)),
        raw: () => speedOf(() => readRaw(bigRaw)),
      });
      show('whole log / raw keyset read', times(whole.product, whole.raw));
      let n = 0;
      const one = (read: (stream: string) => Promise<unknown>) => () =>
        load(1, slice, async () => {
          await read(streams[n++ % STREAMS]!);
          return 1;
        });
      const stream = await alternate(bench, 'one stream', {
        product: one((name) => small.store.readStream(name)),
        raw: one((name) => readRawStream(smallRaw, name)),
        castore: one((name) => castore.readStream(name)),
        emmett: one((name) => emmett.readStream(name)),
      });
      for (const other of ['raw', 'castore', 'emmett'] as const)
        show(`one stream of ${EVENTS} events / ${other}`, times(stream.product, stream[other]));
      return {};
    } finally {
      await Promise.all([bigRaw.end(), smallRaw.end(), small.close(), castore.close(), emmett.close()]);
    }
  },
});

async function readAll({ store }: Log): Promise<number> {
  let read = 0;
  for (let after: Position | undefined; ;) {
    const page = await store.readAll(after, 1000);
    read += page.events.length;
    after = page.next;
    if (page.atHead) return read;
  }
}
