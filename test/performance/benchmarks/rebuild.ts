import { Client } from 'pg';
import { fill } from '../../../libs/read-models/fill.js';
import { WORKLISTS } from '../../../libs/read-models/partners/index.js';
import { type WorklistView } from '../../../libs/read-models/partners/worklist.js';
import { rebuild as rebuildAll } from '../../../libs/read-models/rebuild.js';
import { viewsDataSource } from '../../../libs/read-models/tables.js';
import { alternate, benchmark, speedOf, tenths, times } from '../benchmark.js';
import { type Log } from '../support/log.js';
import { readRaw } from '../support/raw.js';
import { peerEvents, sealedEvents } from '../support/writers.js';

/** Milliseconds that the other consumer is watched for. */
const WATCHED = 15_000;

/**
 * All tables by the product's own rebuild, schema and swap included; one partner's list by the part of it that fills a table. Beside them
 * reading the same events, and emmett's consumer reading as many, with a handler that does nothing.
 */
export const rebuild = benchmark({
  name: 'rebuild',
  goals: {
    'rebuild of one view / raw keyset read': { goal: 0.3 },
    'rebuild of all views in one pass / raw keyset read': { goal: 0.1 },
    'rebuild of one view / emmett consumer': { goal: 40 },
  },
  async run(bench) {
    const { quick, server, show } = bench;
    const events = quick ? 20_000 : 200_000;
    const log = await bench.log(events);
    const emmett = await bench.peer('emmett', (await server.emptyDatabase()).url);
    const client = new Client(log.place.owner);
    await client.connect();
    try {
      const theirs = peerEvents(await sealedEvents(log)).slice(0, 500);
      const written = tenths(bench.say, 'filling the log of emmett, events');
      for (let done = 0; done < events; written(done, events)) {
        await emmett.append(`case-${done}`, -1, theirs);
        done += theirs.length;
      }
      const list = WORKLISTS.find(({ name }) => name === 'social-worker')!;
      const speeds = await alternate({ ...bench, rounds: Math.min(bench.rounds, 3) }, 'rebuild', {
        raw: () => speedOf(() => readRaw(client)),
        one: () => speedOf(async () => fillOne(log, list).then(() => events)),
        all: () => speedOf(async () => rebuildAll({ log, database: log.place.app, helpers: log.helpers }).then(() => events)),
        emmett: () => emmett.consume!(quick ? WATCHED / 5 : WATCHED),
        'emmett, batches of 1000, no pause': () =>
          emmett.consume!(quick ? WATCHED / 5 : WATCHED, { batchSize: 1000, pullingFrequencyInMs: 0 }),
      });
      show('rebuild of all views / emmett consumer', times(speeds.all, speeds.emmett));
      show(
        'rebuild of one view / emmett consumer, batches of 1000, no pause',
        times(speeds.one, speeds['emmett, batches of 1000, no pause']),
      );
      return {
        'rebuild of one view / raw keyset read': times(speeds.one, speeds.raw),
        'rebuild of all views in one pass / raw keyset read': times(speeds.all, speeds.raw),
        'rebuild of one view / emmett consumer': times(speeds.one, speeds.emmett),
      };
    } finally {
      await Promise.all([client.end(), emmett.close()]);
    }
  },
});

const SCHEMA = 'one_view';
/** One partner's list, made anew in a schema of its own. */
async function fillOne(log: Log, list: WorklistView): Promise<void> {
  const tables = await viewsDataSource(log.place.app, SCHEMA).initialize();
  try {
    await tables.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
    await tables.query(`CREATE SCHEMA ${SCHEMA}`);
    await tables.synchronize();
    await fill(tables, (await log.store.head())!, { log, helpers: log.helpers, views: [list] });
  } finally {
    await tables.destroy();
  }
}
