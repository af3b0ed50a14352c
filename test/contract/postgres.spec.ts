import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Client } from 'pg';
import { NO_STREAM, OutcomeUnknown, Resync, type Page } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { LogUnderTest } from '../support/log-under-test.js';
import { makeNaive, NO_WAIT_FOR_THE_STANDBY, SLOW_COMMITS } from '../support/naive-append.js';
import { OwnServer } from '../support/own-server.js';
import { aStream, anEvent, eventStoreContract, ids, someEvents } from './event-store.contract.js';

let server: OwnServer;
let contracted: LogUnderTest;
eventStoreContract(
  'PostgreSQL',
  async () => {
    server = await OwnServer.start();
    contracted = await LogUnderTest.create(server.url);
    const elsewhere = await LogUnderTest.create(server.url);
    const other = new PostgresEventStore({ connectionString: contracted.database.appUrl, pollMs: 10 });
    const { position: foreign } = await elsewhere.store.append(aStream(), NO_STREAM, [anEvent()]);
    await elsewhere.close();
    return {
      store: contracted.store,
      other,
      foreign,
      close: async () => {
        await other.close();
        await contracted.close();
        await server.stop();
      },
    };
  },
  {
    restart: () => server.restart(),
    delayCommits: async () => makeNaive(await contracted.connect(contracted.database.adminUrl), SLOW_COMMITS),
  },
);

describe('the log in PostgreSQL', () => {
  let log: LogUnderTest;
  let store: PostgresEventStore;
  let admin: Client;
  let appUrl: string;
  beforeEach(async () => {
    log = await LogUnderTest.create();
    ({
      store,
      admin,
      database: { appUrl },
    } = log);
  });
  afterEach(() => log.close());

  describe('rights', () => {
    it.each([
      `INSERT INTO log.event VALUES (0, 's', 0, gen_random_uuid(), 'T', 1, '{}', '{}')`,
      `UPDATE log.event SET data = '{}'`,
      'DELETE FROM log.event',
      'TRUNCATE log.event',
      'SELECT log.start_incarnation()',
      'DELETE FROM log.incarnation',
    ])('the application may not %s', async (sql) => {
      await expect((await log.connect()).query(sql)).rejects.toMatchObject({ code: '42501' });
    });

    it('nobody else may append', async () => {
      await admin.query(`SET ROLE pg_read_all_data`);
      await expect(log.call(admin, aStream())).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('takes no lock for a group in which all are stale', async () => {
    await log.holdLock();
    expect((await log.call(await log.connect(), 'case-1', 4)).rows).toMatchObject([{ heads: [NO_STREAM], first: null }]);
  });

  describe('groups', () => {
    it('carry the appends that arrive together in one transaction', async () => {
      await Promise.all(Array.from({ length: 100 }, () => store.append(aStream(), NO_STREAM, someEvents(3))));
      expect(await log.ordinals()).toEqual(Array.from({ length: 300 }, (_, i) => i));
      expect(await log.transactions()).toBe(1);
      const page = await store.readAll(undefined, 300);
      expect(page.events.map(({ revision }) => revision)).toEqual(Array.from({ length: 300 }, (_, i) => i % 3));
    });

    it('hold no more than they may', async () => {
      const small = new PostgresEventStore({ connectionString: appUrl, maxGroup: 10 });
      await Promise.all(Array.from({ length: 100 }, () => small.append(aStream(), NO_STREAM, [anEvent()])));
      await small.close();
      expect(await log.transactions()).toBe(10);
    });

    it('are taken apart when the server refuses one member', async () => {
      const deep = '['.repeat(200_000) + ']'.repeat(200_000); // JSON for V8; beyond the stack of PostgreSQL's parser
      const outcomes = await Promise.allSettled(
        [anEvent(), anEvent({ data: deep }), anEvent()].map((event) => store.append(aStream(), NO_STREAM, [event])),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await log.ordinals()).toEqual([0, 1]);
    });

    it('hold one append of a stream at most: of two in one call, the first would make the second stale', async () => {
      const stream = aStream();
      const [first, second] = [anEvent(), anEvent()];
      await Promise.all([store.append(stream, NO_STREAM, [first]), store.append(stream, 0, [second])]);
      expect(ids(await store.readStream(stream))).toEqual(ids([first, second]));
      const { rows } = await admin.query(
        `SELECT heads FROM log.append('{a,a}', '{-1,0}', '{1,2}', ARRAY[gen_random_uuid(), gen_random_uuid()], '{T,T}', '{1,1}', ARRAY['1', '1']::json[], ARRAY['1', '1']::json[])`,
      );
      expect(rows).toEqual([{ heads: [-1, -1] }]);
    });

    it('tell each member by itself: written, a repeat, or stale', async () => {
      const [repeated, partly, elsewhere, fresh] = Array.from({ length: 4 }, () => aStream());
      const events = someEvents(3);
      const answers = new Map<string, unknown>();
      for (const stream of [repeated!, partly!, elsewhere!]) answers.set(stream, await store.append(stream, NO_STREAM, events));
      const before = await log.transactions();
      const outcomes = await Promise.allSettled([
        store.append(fresh!, NO_STREAM, events),
        store.append(partly!, NO_STREAM, [...events.slice(0, 2), anEvent()]),
        store.append(repeated!, NO_STREAM, events),
        store.append(elsewhere!, 0, events.slice(0, 2)),
      ]);
      expect(outcomes).toMatchObject([
        { value: { revision: 2 } },
        { reason: { expected: NO_STREAM, current: 2 } },
        { value: answers.get(repeated!) },
        { reason: { expected: 0, current: 2 } },
      ]);
      expect(await log.transactions()).toBe(before + 1);
      expect(await log.ordinals()).toEqual(Array.from({ length: 12 }, (_, i) => i));
    });
  });

  describe('an outcome that is unknown', () => {
    it('is settled by sending the same again, after a connection lost before the commit', async () => {
      await log.holdLock();
      const events = someEvents(3);
      const append = store.append('case-1', NO_STREAM, events);
      for (const pid of await log.waiting('advisory')) await admin.query('SELECT pg_terminate_backend($1)', [pid]);
      await log.releaseLock();
      expect(await append).toMatchObject({ revision: 2 });
      expect(ids(await store.readStream('case-1'))).toEqual(ids(events));
    });

    it('is settled so after an answer lost behind the commit', async () => {
      const cable = await cutAfter('log.append', appUrl);
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

    describe('is what a standby that did not confirm leaves', () => {
      // For the whole server, and for half a second: everything else of the tests commits without waiting.
      const standby = async (name: string) => {
        await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
        await admin.query('SELECT pg_reload_conf()');
      };
      beforeEach(() => standby('absent'));
      afterEach(() => standby(''));
      /** Then the commit stands here and perhaps nowhere else, and the server warns. */
      const cancelTheWait = async () => {
        const [pid] = await log.waiting('SyncRep');
        const { rows } = await admin.query<{ start: string }>(
          'SELECT query_start::text AS start, pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1',
          [pid],
        );
        await log.gone(`wait_event = 'SyncRep' AND query_start = '${rows[0]!.start}'`);
      };

      it('until it has: what is found there on a further try is waited for again', async () => {
        const events = someEvents(2);
        let settled = false;
        const append = store
          .append('case-1', NO_STREAM, events)
          .catch((error: unknown) => error)
          .finally(() => (settled = true));
        for (let cancelled = 0; cancelled < 2; cancelled++) {
          await cancelTheWait();
          expect(ids(await store.readStream('case-1'))).toEqual(ids(events));
        }
        await log.waiting('SyncRep');
        expect(settled).toBe(false);
        await standby('');
        expect(await append).toMatchObject({ revision: 1 });
      });

      it('and a naive version says that it is written: one that does not wait again, one that does not heed the warning', async () => {
        const unheeded = log.call(await log.connect(), 'case-1');
        await cancelTheWait();
        expect((await unheeded).rows).toMatchObject([{ first: '0' }]);
        await makeNaive(admin, NO_WAIT_FOR_THE_STANDBY);
        const unconfirmed = store.append('case-2', NO_STREAM, [anEvent()]);
        await cancelTheWait();
        expect(await unconfirmed).toMatchObject({ revision: 0 });
      });
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
    const cable = await cutAfter('log.event', appUrl);
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
    const closed = new PostgresEventStore({ connectionString: appUrl });
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
