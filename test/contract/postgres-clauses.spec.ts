import { Pool, type DatabaseError } from 'pg';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { GroupAppender, type Member } from '../../libs/event-store/postgres/group-appender.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { LogUnderTest } from '../support/log-under-test.js';
import * as naive from '../support/naive-append.js';
import { aStream, anEvent, someEvents } from './event-store.contract.js';

/** One thing that ADR 0003 promises, how it looks, and how it looks in a version that is naive in this point. */
interface Clause {
  readonly that: string;
  look(log: LogUnderTest): Promise<unknown>;
  readonly kept: unknown;
  readonly naive: naive.Naive;
  readonly broken: unknown;
}
const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => 'done',
    (error: DatabaseError) => error.code,
  );

/** Appends that arrive together, and how often the database was called for them. */
async function appendTogether(log: LogUnderTest, members: readonly Member[], meanwhile?: () => Promise<void>) {
  const pool = new Pool({ connectionString: log.database.appUrl, pipeline: true });
  const sent: jest.SpyInstance[] = [];
  pool.on('connect', (client) => sent.push(jest.spyOn(client, 'query')));
  const appender = new GroupAppender(pool, 256);
  const appends = Promise.allSettled(members.map((member) => appender.append(member)));
  await meanwhile?.();
  const written = (await appends).map((each) => each.status === 'fulfilled' && each.value.position !== undefined);
  await pool.end();
  const calls = sent.flatMap(({ mock }) => mock.calls).length;
  return { calls, written: written.filter(Boolean).length };
}
const members = (count: number, events = 1, expectedRevision = NO_STREAM): Member[] =>
  Array.from({ length: count }, () => ({ stream: aStream(), expectedRevision, events: someEvents(events), bytes: 0 }));

/** Another process takes the first revision of some streams, between the check of the group and its insert. */
async function race(log: LogUnderTest, good: readonly Member[], losers: readonly Member[]) {
  await log.holdLock();
  return appendTogether(log, [...good, ...losers], async () => {
    await log.waiting('advisory');
    for (const { stream } of losers) await log.call(log.admin, stream);
    await log.releaseLock();
  });
}

const CLAUSES: readonly Clause[] = [
  {
    that: 'a reader that goes by `position > $1` is shown every event, whatever the order of the commits',
    look: async (log) => {
      const [first, second] = [await log.connect(), await log.connect()];
      const seen: number[] = [];
      const read = async () => {
        const after = [seen.at(-1) ?? -1];
        const { rows } = await log.admin.query<{ position: string }>('SELECT position FROM log.event WHERE position > $1', after);
        seen.push(...rows.map(({ position }) => Number(position)));
      };
      await first.query('BEGIN');
      await log.call(first, aStream());
      const later = log.call(second, aStream());
      await Promise.race([later, log.waiting('advisory')]);
      await read();
      await first.query('COMMIT');
      await later;
      await read();
      return seen;
    },
    kept: [0, 1],
    naive: naive.POSITIONS_FROM_A_SEQUENCE,
    broken: [1],
  },
  {
    that: 'a transaction that rolls back leaves no hole',
    look: async (log) => {
      const app = await log.connect();
      await log.call(app, aStream());
      await app.query('BEGIN');
      await log.call(app, aStream());
      await app.query('ROLLBACK');
      await log.call(app, aStream());
      return log.ordinals();
    },
    kept: [0, 1],
    naive: naive.POSITIONS_FROM_A_SEQUENCE,
    broken: [0, 2],
  },
  {
    that: 'REPEATABLE READ, whose snapshot is older than the lock, is refused',
    look: async (log) => {
      const [app, other] = [await log.connect(), await log.connect()];
      await app.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await app.query('SELECT FROM log.event');
      await log.call(other, aStream());
      return codeOf(log.call(app, aStream()));
    },
    kept: '25000',
    naive: naive.ANY_ISOLATION,
    broken: '23505',
  },
  {
    that: 'SERIALIZABLE too',
    look: async (log) => {
      const app = await log.connect();
      await app.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      return codeOf(log.call(app, aStream()));
    },
    kept: '25000',
    naive: naive.ANY_ISOLATION,
    broken: 'done',
  },
  {
    that: 'a commit is durable, whatever the session asked, and the session keeps what it asked',
    look: async (log) => {
      const app = await log.connect();
      const show = async () =>
        (await app.query<{ is: string }>(`SELECT current_setting('synchronous_commit') AS is`)).rows[0]!.is;
      await app.query('SET synchronous_commit = off');
      await app.query('BEGIN');
      await log.call(app, aStream());
      const atCommit = await show();
      await app.query('COMMIT');
      return [atCommit, await show()];
    },
    kept: ['on', 'off'],
    naive: naive.DURABLE_AS_THE_SESSION_SAYS,
    broken: ['off', 'off'],
  },
  {
    that: 'who waits for the lock gives up before the client does, and nothing is written',
    look: async (log) => {
      const app = await log.connect();
      await app.query(`SET statement_timeout = '6s'`);
      await log.holdLock();
      return codeOf(log.call(app, aStream())).finally(log.releaseLock);
    },
    kept: '55P03',
    naive: naive.WAITS_FOR_EVER,
    broken: '57014',
  },
  {
    that: 'the lock is of the log alone: whoever locks a number of his own holds nobody back',
    look: async (log) => {
      const app = await log.connect();
      await app.query('SELECT pg_advisory_lock(1), pg_advisory_lock(1179208786), pg_advisory_lock(1, 1)');
      return codeOf(log.call(log.admin, aStream())).finally(() => app.query('SELECT pg_advisory_unlock_all()'));
    },
    kept: 'done',
    naive: naive.LOCK_THAT_OTHERS_MAY_USE,
    broken: '55P03',
  },
  {
    that: 'a plan made while the log was empty stays on the index when it has grown',
    look: async (log) => {
      await log.admin.query('VACUUM ANALYZE log.event');
      const scans = () => log.count(`SELECT seq_scan AS n FROM pg_stat_user_tables WHERE relid = 'log.event'::regclass`);
      const before = await scans();
      const store = new PostgresEventStore({ connectionString: log.database.appUrl });
      for (let i = 0; i < 10; i++)
        await Promise.all(Array.from({ length: 200 }, () => store.append(aStream(), NO_STREAM, someEvents(3))));
      await store.readAll(undefined, 10, { types: ['None'] });
      // A backend hands in its counts when it ends.
      await store.close();
      await log.gone(`application_name LIKE 'fil-rouge%'`);
      return (await scans()) - before > 100;
    },
    kept: false,
    naive: naive.ANY_PLAN,
    broken: true,
  },
  {
    that: 'a stale member does not fail the good ones of its group: they are written, and it alone is not',
    look: (log) => appendTogether(log, [...members(1, 1, 7), ...members(2, 2)]),
    kept: { calls: 1, written: 2 },
    naive: naive.ONE_STALE_FAILS_ALL,
    broken: { calls: 4, written: 2 },
  },
  {
    that: 'four stale callers cost thirty-two good ones beside them no call more, and no commit',
    look: async (log) => ({
      ...(await appendTogether(log, [...members(16), ...members(4, 1, 7), ...members(16)])),
      commits: await log.transactions(),
    }),
    kept: { calls: 1, written: 32, commits: 1 },
    naive: naive.ONE_STALE_FAILS_ALL,
    broken: { calls: 37, written: 32, commits: 32 },
  },
  {
    that: 'four callers who lose a race cost them one call more: the whole group runs again, not each member by itself',
    look: (log) => race(log, members(32), members(4)),
    kept: { calls: 2, written: 32 },
    naive: naive.LOST_RACE_WITHOUT_A_NAME,
    broken: { calls: 37, written: 32 },
  },
  {
    that: 'all the events of an append are written, or none, also when it loses a race',
    look: async (log) => [await race(log, members(2, 2), members(1, 2)), await log.ordinals()],
    kept: [{ calls: 2, written: 2 }, [0, 1, 2, 3, 4]],
    naive: naive.WHAT_IS_FREE_IS_WRITTEN,
    broken: [{ calls: 1, written: 3 }, [0, 1, 2, 3, 4, 6]],
  },
  {
    that: 'the stored bytes are those that came',
    look: async (log) => {
      const stream = aStream();
      await log.store.append(stream, NO_STREAM, [anEvent({ data: '{"b":1,  "a":2,"a":3.0}' })]);
      return (await log.store.readStream(stream))[0]!.data;
    },
    kept: '{"b":1,  "a":2,"a":3.0}',
    naive: naive.JSONB,
    broken: '{"a": 3.0, "b": 1}',
  },
  {
    that: 'one id may come in two streams, as in the other store',
    look: async (log) => {
      const event = anEvent();
      await log.store.append(aStream(), NO_STREAM, [event]);
      return codeOf(log.store.append(aStream(), NO_STREAM, [event]));
    },
    kept: 'done',
    naive: naive.UNIQUE_EVENT_IDS,
    broken: '23505',
  },
  {
    that: 'the application writes through the function alone',
    look: async (log) => {
      const app = await log.connect();
      await log.call(app, aStream());
      return codeOf(app.query(`INSERT INTO log.event VALUES (7, 's', 0, gen_random_uuid(), 'T', 1, '{}', '{}')`));
    },
    kept: '42501',
    naive: naive.RIGHTS_OF_THE_CALLER,
    broken: 'done',
  },
  {
    that: 'nothing that the application defines runs with the rights of the function',
    look: async (log) => {
      const app = await log.connect();
      await log.call(app, aStream());
      await app.query('CREATE SCHEMA IF NOT EXISTS trap');
      await app.query(
        `CREATE OR REPLACE FUNCTION trap.pg_advisory_xact_lock(int, int) RETURNS void LANGUAGE sql AS 'DELETE FROM log.event'`,
      );
      await app.query('SET search_path = trap, pg_catalog');
      await log.call(app, aStream());
      return log.ordinals();
    },
    kept: [0, 1],
    naive: naive.SEARCH_PATH_OF_THE_CALLER,
    broken: [0],
  },
];

describe('the log in PostgreSQL keeps, and a naive one does not, that', () => {
  let log: LogUnderTest;
  beforeEach(async () => {
    log = await LogUnderTest.create();
  });
  afterEach(() => log.close());

  it.each(CLAUSES)('$that', async (clause) => {
    expect(await clause.look(log)).toEqual(clause.kept);
    await log.admin.query('TRUNCATE log.event');
    await naive.makeNaive(log.admin, clause.naive);
    expect(await clause.look(log)).toEqual(clause.broken);
  });
});
