import { randomUUID } from 'node:crypto';
import { ReplayCase, ReplayCaseHandler } from '../../../libs/application/replay.js';
import { RecordAside, RecordAsideHandler } from '../../../libs/application/record-aside.js';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { type Instant } from '../../../libs/domain/kernel/local-date.js';
import { ZONE_CODES } from '../../../libs/domain/kernel/fields.js';
import { rebuild } from '../../../libs/read-models/rebuild.js';
import { alternate, type Bench, benchmark, load, median, speedOf, tenths, times } from '../benchmark.js';
import { type Log, openLog } from '../support/log.js';
import { seed, type SeededLog } from '../support/seed.js';
import { sealedEvents, writer } from '../support/writers.js';

const SHORT = 10_000;
const LONG = 1_000_000;
/** Of `--quick`. */
const LONGISH = 100_000;
const REPLAYED = 50;

/** What a log of a million events costs more than one of ten thousand: nothing. */
export const growth = benchmark({
  name: 'growth',
  goals: {
    'rebuild of all views, log of 1 M events / of 10 k': { goal: 0.85 },
    'time of a replay of a case, log of 1 M events / of 10 k': { goal: 1.15, lowerIsBetter: true },
  },
  async run(bench) {
    const short = await bench.log(SHORT);
    const long = await bench.log(bench.quick ? LONGISH : LONG);
    const replayed = await replays(bench, short, long);
    const rebuilt = await rebuilds(bench, short, long);
    bench.show('append of one event, log of 1 M events / of 10 k', await appends(bench, long));
    return {
      'rebuild of all views, log of 1 M events / of 10 k': rebuilt,
      'time of a replay of a case, log of 1 M events / of 10 k': replayed,
    };
  },
});

async function appends(bench: Bench, long: Log): Promise<number> {
  const sealed = await sealedEvents(long);
  const into = ({ store }: Log) =>
    load(
      32,
      bench.slice,
      writer((stream, revision, events) => store.append(stream, revision, events), sealed),
    );
  const template = await bench.server.migratedDatabase();
  await seed(template, SHORT);
  const speeds = await alternate(bench, 'append, long log and short', {
    long: () => into(long),
    // It would not stay short: each round has a copy of it.
    short: async () => {
      const place = await bench.server.copyOf(template);
      const log = openLog(place);
      const speed = await into(log);
      await log.close();
      await place.drop();
      return speed;
    },
  });
  return times(speeds.long, speeds.short);
}

async function rebuilds(bench: Bench, short: SeededLog, long: SeededLog): Promise<number> {
  const of = (log: SeededLog) => () => {
    const progress = tenths(bench.say, `rebuilding from ${log.events.toLocaleString('en')} events, cases`);
    return speedOf(async () =>
      rebuild({ log, database: log.place.app, helpers: log.helpers, ...(log === long && { progress }) }).then(() => log.events),
    );
  };
  // The long one lasts: none goes uncounted.
  await of(short)();
  const speeds = await alternate({ ...bench, rounds: Math.min(bench.rounds, 3), warm: true }, 'rebuild, long log and short', {
    long: of(long),
    short: of(short),
  });
  return times(speeds.long, speeds.short);
}

const AUDITOR: Caller = { organisation: 'igas', role: 'AUDITOR', person: 'audit-martin', expiresAt: '2999-01-01T00:00:00.000Z' as Instant }; // prettier-ignore

/** An auditor's replay of cases of the same size in both logs, one here, one there. */
async function replays(bench: Bench, short: SeededLog, long: SeededLog): Promise<number> {
  const [one, other] = [await audited(short), await audited(long)];
  const rounds: { readonly short: number; readonly long: number }[] = [];
  for (let round = 0; round <= bench.rounds; round++) {
    const [inShort, inLong]: [number[], number[]] = [[], []];
    for (let i = 0; i < REPLAYED; i++) {
      inShort.push(await one(i));
      inLong.push(await other(i));
    }
    const inRound = { short: median(inShort), long: median(inLong) };
    bench.say(`replay of a case: round ${round} of ${bench.rounds} · long ${inRound.long.toFixed(2)} ms · short ${inRound.short.toFixed(2)} ms`); // prettier-ignore
    if (round > 0) rounds.push(inRound);
  }
  const middle = (of: 'short' | 'long') => median(rounds.map((round) => round[of])).toFixed(2);
  bench.record('replay of a case, long log and short', `long ${middle('long')} ms · short ${middle('short')} ms`);
  return median(rounds.map(({ short, long }) => long / short));
}
async function audited(log: SeededLog): Promise<(n: number) => Promise<number>> {
  const cases = log.whole.slice(0, REPLAYED);
  const mandate = { auditor: AUDITOR.person, cases: cases.map((caseId) => ({ caseId })), zones: ZONE_CODES, factsFrom: '2000-01-01', factsTo: '2100-01-01', validFrom: '2000-01-01', validTo: '2100-01-01' }; // prettier-ignore
  await new RecordAsideHandler(log).execute(new RecordAside('grant-mandate', mandate, { ...AUDITOR, organisation: 'exploitant', role: 'OPERATOR' }, randomUUID())); // prettier-ignore
  const replay = new ReplayCaseHandler(log);
  return async (n) => {
    const start = performance.now();
    await replay.execute(new ReplayCase(cases[n % cases.length]!, AUDITOR));
    return performance.now() - start;
  };
}
