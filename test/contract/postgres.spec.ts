import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { NO_STREAM, OutcomeUnknown, Resync, type Page, type StoredEvent } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { aStream, anEvent, eventStoreContract, ids, someEvents } from './event-store.contract.js';

eventStoreContract('PostgreSQL', async () => {
  const [database, another] = [await createDatabase(), await createDatabase()];
  const open = ({ appUrl }: TestDatabase) => new PostgresEventStore({ connectionString: appUrl, pollMs: 10 });
  const [store, other, elsewhere] = [open(database), open(database), open(another)];
  const { position: foreign } = await elsewhere.append(aStream(), NO_STREAM, [anEvent()]);
  return {
    store,
    other,
    foreign,
    close: async () => {
      await Promise.all([store, other, elsewhere].map((each) => each.close()));
      await Promise.all([database.drop(), another.drop()]);
    },
  };
});

describe('the log in PostgreSQL', () => {
  let database: TestDatabase;
  let admin: Client;
  let store: PostgresEventStore;
  const connection = async (url: string) => {
    const client = new Client(url);
    await client.connect();
    return client;
  };
  beforeEach(async () => {
    database = await createDatabase();
    admin = await connection(database.adminUrl);
    store = new PostgresEventStore({ connectionString: database.appUrl, pollMs: 10 });
  });
  afterEach(async () => {
    await store.close();
    await admin.end();
    await database.drop();
  });
  const LOCK = [1179208786, 1];
  const holdLock = () => admin.query('SELECT pg_advisory_lock($1, $2)', LOCK);
  const releaseLock = () => admin.query('SELECT pg_advisory_unlock($1, $2)', LOCK);
  /** Looks until it is so; a test that waits in vain must fail, not hang. */
  async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (const end = Date.now() + 10_000; Date.now() < end; await pause(5)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error('waited in vain');
  }
  /** Backends that append and wait for `event` (as pg_stat_activity names it), once there is one. */
  const waiting = (event: string) =>
    until(async () => {
      const pids = await backends(`application_name = 'fil-rouge append' AND wait_event = '${event}'`);
      return pids.length > 0 ? pids : undefined;
    });
  /** Waits until there is none such. */
  const gone = (condition: string) => until(async () => ((await backends(condition)).length === 0 ? true : undefined));
  const backends = async (condition: string) =>
    (
      await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
      )
    ).rows.map(({ pid }) => pid);
  const ordinals = async () =>
    (await admin.query<{ position: string }>('SELECT position FROM log.event ORDER BY position')).rows.map(
      ({ position }) => +position,
    );
  const direct = (client: Client, stream: string, expected = NO_STREAM) =>
    client.query(
      `SELECT * FROM log.append(ARRAY[$1], ARRAY[$2::int], '{1}', ARRAY[gen_random_uuid()], '{T}', '{1}', '{1}', '{2}')`,
      [stream, expected],
    );

  describe('rights', () => {
    it.each([
      `INSERT INTO log.event VALUES (0, 's', 0, gen_random_uuid(), 'T', 1, '{}', '{}')`,
      `UPDATE log.event SET data = '{}'`,
      'DELETE FROM log.event',
      'TRUNCATE log.event',
      'SELECT log.start_incarnation()',
      'DELETE FROM log.incarnation',
    ])('the application may not %s', async (sql) => {
      const app = await connection(database.appUrl);
      await expect(app.query(sql)).rejects.toMatchObject({ code: '42501' });
      await app.end();
    });

    it('nobody else may append', async () => {
      await admin.query(`SET ROLE pg_read_all_data`);
      await expect(direct(admin, aStream())).rejects.toMatchObject({ code: '42501' });
    });
  });

  describe('log.append', () => {
    let app: Client;
    beforeEach(async () => {
      app = await connection(database.appUrl);
    });
    afterEach(() => app.end());

    it.each(['REPEATABLE READ', 'SERIALIZABLE'])('refuses %s', async (level) => {
      await app.query(`BEGIN ISOLATION LEVEL ${level}`);
      await expect(direct(app, aStream())).rejects.toMatchObject({ code: '25000' });
    });

    it('makes the commit durable, whatever the session asked', async () => {
      await app.query('SET synchronous_commit = off');
      await app.query('BEGIN');
      await direct(app, aStream());
      expect((await app.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
      await app.query('COMMIT');
      expect((await app.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }]);
    });

    it('gives up waiting for the lock', async () => {
      await holdLock();
      await expect(direct(app, aStream())).rejects.toMatchObject({ code: '55P03' });
    });

    it('takes no lock for a group in which all are stale', async () => {
      await holdLock();
      expect((await direct(app, 'case-1', 4)).rows).toMatchObject([{ heads: [NO_STREAM], first: null }]);
    });

    it('leaves no hole behind a transaction that rolls back', async () => {
      await direct(app, aStream());
      await app.query('BEGIN');
      await direct(app, aStream());
      await app.query('ROLLBACK');
      await direct(app, aStream());
      expect(await ordinals()).toEqual([0, 1]);
    });

    it('stays on the index as the log grows, its plan being generic', async () => {
      await admin.query(
        `INSERT INTO log.event SELECT n, 'old-' || n / 10, n % 10, gen_random_uuid(), 'T', 1, '{}', '{}' FROM generate_series(0, 49999) n`,
      );
      const scans = async () =>
        +(await admin.query<{ n: string }>(`SELECT seq_scan AS n FROM pg_stat_user_tables WHERE relname = 'event'`)).rows[0]!.n;
      const before = await scans();
      for (let i = 0; i < 20; i++)
        await Promise.all(Array.from({ length: 20 }, (_, n) => store.append(`old-${n * 9}`, 9 + i, [anEvent()])));
      await store.readAll(undefined, 10, { types: ['None'] });
      // A backend hands in its counts when it ends.
      await store.close();
      await gone(`application_name LIKE 'fil-rouge%'`);
      expect(await scans()).toBe(before);
      store = new PostgresEventStore({ connectionString: database.appUrl });
    });
  });

  describe('groups', () => {
    const transactions = async () =>
      +(await admin.query<{ n: string }>('SELECT count(DISTINCT xmin::text) AS n FROM log.event')).rows[0]!.n;

    it('carry the appends that arrive together in one transaction', async () => {
      await Promise.all(Array.from({ length: 100 }, () => store.append(aStream(), NO_STREAM, someEvents(3))));
      expect(await ordinals()).toEqual(Array.from({ length: 300 }, (_, i) => i));
      expect(await transactions()).toBe(1);
      const page = await store.readAll(undefined, 300);
      expect(page.events.map(({ revision }) => revision)).toEqual(Array.from({ length: 300 }, (_, i) => i % 3));
    });

    it('hold no more than they may', async () => {
      const small = new PostgresEventStore({ connectionString: database.appUrl, maxGroup: 10 });
      await Promise.all(Array.from({ length: 100 }, () => small.append(aStream(), NO_STREAM, [anEvent()])));
      await small.close();
      expect(await transactions()).toBe(10);
    });

    it('run once more when another process was faster, and fail its loser alone', async () => {
      const raced = aStream();
      await holdLock();
      const good = Array.from({ length: 10 }, () => store.append(aStream(), NO_STREAM, [anEvent()]));
      const loser = store.append(raced, NO_STREAM, [anEvent()]).catch((error: unknown) => error);
      await waiting('advisory');
      // Under the same lock, as its holder: the group has checked already, and waits.
      await direct(admin, raced);
      await releaseLock();
      expect(await Promise.all(good)).toHaveLength(10);
      expect(await loser).toMatchObject({ name: 'Error', expected: NO_STREAM, current: 0 });
      expect(await ordinals()).toEqual(Array.from({ length: 11 }, (_, i) => i));
      expect(await transactions()).toBe(2);
    });

    it('are taken apart when the server refuses one member', async () => {
      const deep = '['.repeat(200_000) + ']'.repeat(200_000); // JSON for V8; beyond the stack of PostgreSQL's parser
      const outcomes = await Promise.allSettled(
        [anEvent(), anEvent({ data: deep }), anEvent()].map((event) => store.append(aStream(), NO_STREAM, [event])),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await ordinals()).toEqual([0, 1]);
    });

    it('from several processes leave no hole and show none to a reader', async () => {
      const processes = Array.from({ length: 4 }, () => new PostgresEventStore({ connectionString: database.appUrl }));
      const stop = new AbortController();
      const seen: StoredEvent[] = [];
      const total = 4 * 32 * 20;
      const tail = (async () => {
        for await (const page of store.subscribe(undefined, {}, stop.signal)) {
          seen.push(...page.events);
          if (seen.length >= total) stop.abort();
        }
      })();
      await Promise.all(
        processes.flatMap((each) =>
          Array.from({ length: 32 }, async () => {
            const stream = aStream();
            for (let i = 0; i < 20; i++) await each.append(stream, i - 1, [anEvent()]);
          }),
        ),
      );
      await tail;
      await Promise.all(processes.map((each) => each.close()));
      expect(seen.map(({ position }) => +position.split('-')[1]!)).toEqual(Array.from({ length: total }, (_, i) => i));
      expect(await transactions()).toBeLessThan(total / 4);
    });
  });

  describe('an outcome that is unknown', () => {
    it('is settled by sending the same again, after a connection lost before the commit', async () => {
      await holdLock();
      const events = someEvents(3);
      const append = store.append('case-1', NO_STREAM, events);
      for (const pid of await waiting('advisory')) await admin.query('SELECT pg_terminate_backend($1)', [pid]);
      await releaseLock();
      expect(await append).toMatchObject({ revision: 2 });
      expect(ids(await store.readStream('case-1'))).toEqual(ids(events));
    });

    it('is settled so after an answer lost behind the commit', async () => {
      const cable = await cutAfter('log.append', database.appUrl);
      const behind = new PostgresEventStore({ connectionString: cable.url });
      const events = someEvents(3);
      expect(await behind.append('case-1', NO_STREAM, events)).toMatchObject({ revision: 2 });
      expect(cable.cuts()).toBe(1);
      expect(ids(await store.readStream('case-1'))).toEqual(ids(events));
      await behind.close();
      cable.close();
    });

    it('is told to the caller when the server does not come back', async () => {
      const nobody = new PostgresEventStore({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing' });
      await expect(nobody.append('case-1', NO_STREAM, [anEvent()])).rejects.toBeInstanceOf(OutcomeUnknown);
      await nobody.close();
    });

    it('is what a standby that did not confirm leaves, until it has', async () => {
      // For the whole server, and for half a second: everything else of the tests commits without waiting.
      const standby = async (name: string) => {
        await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
        await admin.query('SELECT pg_reload_conf()');
      };
      await standby('absent');
      const events = someEvents(2);
      let settled = false;
      const append = store
        .append('case-1', NO_STREAM, events)
        .catch((error: unknown) => error)
        .finally(() => (settled = true));
      try {
        // Cancelled, the commit stands here and the server warns; found there on the second try, it waits again.
        for (let cancelled = 0; cancelled < 2; cancelled++) {
          const [pid] = await waiting('SyncRep');
          const { rows } = await admin.query<{ start: string }>(
            'SELECT query_start::text AS start, pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1',
            [pid],
          );
          await gone(`wait_event = 'SyncRep' AND query_start = '${rows[0]!.start}'`);
          expect(ids(await store.readStream('case-1'))).toEqual(ids(events));
        }
        await waiting('SyncRep');
        expect(settled).toBe(false);
      } finally {
        await standby('');
      }
      expect(await append).toMatchObject({ revision: 1 });
    });
  });

  describe('incarnations', () => {
    it('of a later restore refuse the positions of before, also to a client that stayed', async () => {
      const { position } = await store.append(aStream(), NO_STREAM, [anEvent()]);
      await admin.query('SELECT log.start_incarnation()');
      await expect(store.readAll(position, 10)).rejects.toBeInstanceOf(Resync);
      const { events, next } = await store.readAll(undefined, 10);
      expect(next! > position).toBe(true);
      expect(await store.readAll(next, 10)).toEqual({ events: [], next, atHead: true });
      expect(events[0]!.position).toBe(await store.head());
    });

    it('never go back, even if the clock does', async () => {
      await admin.query('INSERT INTO log.incarnation (id) VALUES (9000000000000000000)');
      const { rows } = await admin.query('SELECT log.start_incarnation() AS id');
      expect(rows).toEqual([{ id: '9000000000000000001' }]);
    });

    it('whose log lost its end refuse the positions beyond it', async () => {
      await store.append(aStream(), NO_STREAM, someEvents(2));
      const end = await store.head();
      await admin.query('DELETE FROM log.event WHERE position = 1');
      await expect(store.readAll(end, 10)).rejects.toBeInstanceOf(Resync);
    });
  });

  it('reads an empty log', async () => {
    expect(await store.head()).toBeUndefined();
    expect(await store.readAll(undefined, 10)).toEqual({ events: [], next: undefined, atHead: true });
  });

  it('advances over a long stretch that the filter leaves out, page by page', async () => {
    await admin.query(
      `INSERT INTO log.event SELECT n, 'case-' || n, 0, gen_random_uuid(), CASE n WHEN 24000 THEN 'Rare' ELSE 'T' END, 1, '{}', '{}' FROM generate_series(0, 24999) n`,
    );
    const pages: Page[] = [];
    for (let page: Page | undefined; !page?.atHead; pages.push(page))
      page = await store.readAll(page?.next, 10, { types: ['Rare'] });
    expect(pages.map(({ events, next }) => [events.length, +next!.split('-')[1]!])).toEqual([[0, 9999], [0, 19999], [1, 24999]]); // prettier-ignore
  });

  it('keeps a subscription going when a read loses its connection', async () => {
    const cable = await cutAfter('log.event', database.appUrl);
    const behind = new PostgresEventStore({ connectionString: cable.url, pollMs: 10 });
    const events = someEvents(2);
    await store.append('case-1', NO_STREAM, events);
    const stop = new AbortController();
    for await (const page of behind.subscribe(undefined, {}, stop.signal)) {
      expect(ids(page.events)).toEqual(ids(events));
      stop.abort();
    }
    expect(cable.cuts()).toBe(1);
    await behind.close();
    cable.close();
  });

  it('once closed takes nothing more, and has ended its subscriptions and finished its appends', async () => {
    const closed = new PostgresEventStore({ connectionString: database.appUrl });
    const subscription = (async () => {
      for await (const page of closed.subscribe(undefined, {}, new AbortController().signal)) expect(page.atHead).toBe(true);
    })();
    const append = closed.append('case-1', NO_STREAM, [anEvent()]);
    await closed.close();
    expect(await append).toMatchObject({ revision: 0 });
    await subscription;
    await expect(closed.append('case-1', 0, [anEvent()])).rejects.toThrow('closed');
  });
});

/** A cable to the server that breaks once: when the server answers the first request that names `word`. */
async function cutAfter(word: string, target: string) {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(+new URL(target).port, new URL(target).hostname);
    let armed = false;
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.on('data', (bytes) => {
      armed ||= cuts === 0 && bytes.includes(word);
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!armed) return void near.write(bytes);
      cuts++;
      armed = false;
      near.destroy();
      far.end();
    });
    near.on('close', () => far.end());
    far.on('close', () => near.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cuts: () => cuts,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
