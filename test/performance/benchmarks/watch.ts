import { Client, Pool } from 'pg';
import { streamOf } from '../../../libs/application/case-stream.js';
import { NO_STREAM } from '../../../libs/event-store/port.js';
import { Watch } from '../../../libs/watch/watch.js';
import { alternate, type Bench, benchmark, times } from '../benchmark.js';
import { openCase } from '../support/cases.js';
import { openLog } from '../support/log.js';

const FEW = 1_000;
const MANY = 1_000_000;
/** Of `--quick`. */
const [SOME, MORE] = [10_000, 100_000];
/** Due at each tick: few, for what is due must not hide what is open. */
const DUE = 10;
/** Timed together. */
const TICKS = 5;

/** What a tick costs more with a million open cases than with a thousand, as many due: nothing. */
export const watch = benchmark({
  name: 'watch',
  goals: { 'time of a tick of the watch, 1 M open cases / 1 k': { goal: 1.5, lowerIsBetter: true } },
  async run(bench) {
    const few = await watched(bench, bench.quick ? SOME : FEW);
    const many = await watched(bench, bench.quick ? MORE : MANY);
    try {
      const idle = await alternate(bench, 'ticks of the watch, nothing due', { few: few.idle, many: many.idle });
      bench.show('time of a tick of the watch with nothing due, 1 M open cases / 1 k', times(idle.few, idle.many));
      const ticks = await alternate(bench, `ticks of the watch, ${DUE} due`, { few: few.due, many: many.due });
      return { 'time of a tick of the watch, 1 M open cases / 1 k': times(ticks.few, ticks.many) };
    } finally {
      await few.close();
      await many.close();
    }
  },
});

/** A log of cases that all have something overdue, in a table of many more that have not. */
async function watched(bench: Bench, open: number) {
  const place = await bench.server.migratedDatabase();
  const log = openLog(place);
  const pool = new Pool(place.app);
  const owner = new Client(place.owner);
  await owner.connect();
  const cases = await overdueCases(log, DUE * TICKS * (bench.rounds + 1));
  const theWatch = new Watch(log, pool);
  await theWatch.follow();
  bench.say(`watch: ${open.toLocaleString('en')} open cases`);
  await owner.query('UPDATE watch.clock SET next_on = current_date + 365');
  await owner.query(
    'INSERT INTO watch.clock SELECT gen_random_uuid(), current_date + 1 + n % 400, 10 FROM generate_series(1, $1::int) n',
    [open - cases.length],
  );
  await owner.query('VACUUM (ANALYZE) watch.clock');
  /** As the worker does it between two pauses. @returns ticks a second */
  const ticks = async (due: number): Promise<number> => {
    let milliseconds = 0;
    for (let tick = 0; tick < TICKS; tick++) {
      await owner.query('UPDATE watch.clock SET next_on = current_date WHERE case_id = ANY ($1)', [cases.splice(0, due)]);
      const start = performance.now();
      await theWatch.follow();
      const told = await theWatch.look();
      milliseconds += performance.now() - start;
      if (told < due) throw new Error(`the watch told ${told} of ${due} duties`);
    }
    return (TICKS / milliseconds) * 1000;
  };
  return {
    idle: () => ticks(0),
    due: () => ticks(DUE),
    close: async () => {
      await owner.end();
      await pool.end();
      await log.close();
    },
  };
}

async function overdueCases({ store, codec, vault }: ReturnType<typeof openLog>, number: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < number; n++) {
    const { caseId, personId, events } = openCase(n);
    await vault.ensureKey(personId);
    await store.append(streamOf(caseId), NO_STREAM, await codec.encode(events));
    ids.push(caseId);
  }
  return ids;
}
