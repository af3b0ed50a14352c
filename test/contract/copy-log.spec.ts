import { Client } from 'pg';
import { type Copied, copyLog, type CopyParts, type LogLoader, AppendingLoader } from '../../libs/event-store/copy-log.js';
import { LogDigest } from '../../libs/event-store/digest.js';
import { EventStoreDbEventStore } from '../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { MovedStore, recordMoves } from '../../libs/event-store/moved.js';
import { NO_STREAM, Resync, type EventStore, type NewEvent, type StoredEvent } from '../../libs/event-store/port.js';
import { assertNotBeingCopied, LogNotLoadable, PostgresLogLoader } from '../../libs/event-store/postgres/log-loader.js';
import { PostgresLogSource } from '../../libs/event-store/postgres/log-source.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { createDatabase } from '../support/database.js';
import { EventStoreDbDouble, faults } from '../support/eventstoredb-double/double.js';
import { aStream, anEvent, ids, someEvents } from './event-store.contract.js';

/** What no two stores may write differently. */
const AWKWARD = [
  anEvent({ type: 'A\tB\\N.V1', data: '{"b":1,\t"a":\r\n"\\\\. \\n \\u00e9 é 🧵"}', metadata: ' [1.0, "\\\\N"] ' }),
  anEvent({ schemaVersion: 7, data: 'null', metadata: '{"a":1,"a":2}' }),
  anEvent({ id: anEvent().id.toUpperCase() }),
];

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A store to copy from, and to copy to. */
interface End {
  readonly store: EventStore;
  /** As the command opens it, and gives the log to the application when the copy is good. */
  copying(source: EventStore): Promise<LogLoader & { finish(): Promise<void>; close(): Promise<void> }>;
}
async function postgres() {
  const database = await createDatabase();
  opened.push(() => database.drop());
  const owner = new Client(database.adminUrl);
  await owner.connect();
  opened.push(() => owner.end());
  const store = new PostgresEventStore({ connectionString: database.appUrl, pollMs: 10 });
  opened.push(() => store.close());
  const record: CopyParts['record'] = (incarnation, moves) => recordMoves(owner, incarnation, moves);
  const copying = (source: EventStore) => PostgresLogLoader.open({ connectionString: database.adminUrl }, source);
  return { database, owner, store, record, copying };
}
type Postgres = Awaited<ReturnType<typeof postgres>>;
type Load = LogLoader['load'];
const nothing = async () => undefined;
/** Stands in for EventStoreDB: no real server. */
async function eventStoreDb() {
  const double = await EventStoreDbDouble.start();
  opened.push(async () => double.stop());
  const store = new EventStoreDbEventStore({ connectionString: double.connectionString, patienceMs: 1000, retryMs: 250 });
  opened.push(() => store.close());
  const copying = async () => Object.assign(new AppendingLoader(store), { finish: nothing, close: nothing });
  return { double, store, copying };
}

const all = async (store: EventStore): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let page = await store.readAll(undefined, 100); ; page = await store.readAll(page.next, 100)) {
    events.push(...page.events);
    if (page.atHead) return events;
  }
};
const digestOf = (events: readonly StoredEvent[]) => {
  const digest = new LogDigest();
  digest.add(events);
  return digest.result();
};
const anywhere = (events: readonly StoredEvent[]) => events.map((event) => ({ ...event, position: expect.any(String) }));
const write = async (store: EventStore, streams: readonly string[], rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round++)
    for (const stream of streams) {
      const at = (await store.readStream(stream)).length - 1;
      await store.append(stream, at, someEvents(1 + ((round + at + 1) % 3)));
    }
};
/** Readers of before, each from where it was, see all that follows, once. */
const expectReadersGoOn = async (before: readonly StoredEvent[], now: EventStore, whole: readonly StoredEvent[]) => {
  for (const [i, { position }] of before.entries()) {
    const page = await now.readAll(position, whole.length);
    expect(ids(page.events)).toEqual(ids(whole.slice(i + 1)));
  }
};

describe.each<[string, () => Promise<End>]>([
  ['PostgreSQL', postgres],
  ['EventStoreDB (in-process double, not a real server)', eventStoreDb],
])('copying a log from PostgreSQL to %s', (_, open) => {
  let from: Postgres;
  let to: End;
  let events: StoredEvent[];
  beforeEach(async () => {
    [from, to] = [await postgres(), await open()];
    await from.store.append('awk\tward\\-é', NO_STREAM, AWKWARD);
    await write(from.store, [aStream(), aStream('person'), aStream()], 4);
    events = await all(from.store);
  });
  const copy = async (over: Partial<CopyParts> = {}, through = (load: Load): Load => load): Promise<Copied> => {
    const loader = await to.copying(from.store);
    const load = through((page) => loader.load(page));
    const startIncarnation = (above: bigint) => loader.startIncarnation(above);
    try {
      const parts = { from: from.store, to: to.store, loader: { load, startIncarnation }, record: from.record };
      const copied = await copyLog({ ...parts, ...over });
      await loader.finish();
      return copied;
    } finally {
      await loader.close();
    }
  };
  /** Killed once it has written that many. */
  const cutAfter = async (count: number) => {
    const through =
      (load: Load): Load =>
      async (page: readonly StoredEvent[]) => {
        await load(page.slice(0, count));
        throw new Error('killed');
      };
    await expect(copy({}, through)).rejects.toThrow('killed');
  };
  const seeing = () => new MovedStore(to.store, from.owner);

  it('keeps everything but the positions, which are all later', async () => {
    const told: Record<string, number[]> = {};
    const copied = await copy({ progress: (step, done, total) => (told[step] ??= []).push(done / total) });
    expect(copied).toEqual({ ...digestOf(events), before: 0, head: await to.store.head() });
    const made = await all(to.store);
    expect(made).toEqual(anywhere(events));
    expect(made[0]!.position > events.at(-1)!.position).toBe(true);
    expect([told.copy!.at(-1), told.verify!.at(-1)]).toEqual([1, 1]);
  });

  it('lets readers of before go on, and writers too', async () => {
    await copy();
    await write(to.store, [events[0]!.stream, aStream()], 2);
    await expectReadersGoOn(events, seeing(), await all(to.store));
  });

  it('of nothing, is nothing', async () => {
    [from, to] = [await postgres(), await open()];
    expect(await copy()).toEqual({ ...digestOf([]), before: 0, head: undefined });
  });

  it.each([0, 5])('cut behind %i events, goes on', async (count) => {
    await cutAfter(count);
    expect(await copy()).toEqual({ ...digestOf(events), before: count, head: await to.store.head() });
    await expectReadersGoOn(events, seeing(), await all(to.store));
  });

  it('cut while it was verified, goes on; until then no position has moved', async () => {
    const record: CopyParts['record'] = async (incarnation, moves) =>
      from.record(
        incarnation,
        (async function* () {
          yield* moves;
          throw new Error('killed');
        })(),
      );
    await expect(copy({ record })).rejects.toThrow('killed');
    await expect(seeing().readAll(events[3]!.position, 10)).rejects.toBeInstanceOf(Resync);
    expect(await copy()).toMatchObject({ ...digestOf(events), before: events.length });
    await expectReadersGoOn(events, seeing(), events);
  });

  it('takes up what was written to the source since it was cut', async () => {
    await cutAfter(7);
    await write(from.store, [events[0]!.stream, aStream()], 2);
    events = await all(from.store);
    expect(await copy()).toMatchObject({ ...digestOf(events), before: 7 });
  });

  it('refuses a source that somebody writes to', async () => {
    const through =
      (load: Load): Load =>
      async (page: readonly StoredEvent[]) => {
        await load(page);
        await from.store.append(aStream(), NO_STREAM, [anEvent()]);
      };
    await expect(copy({}, through)).rejects.toThrow('quelqu’un écrit dans la source');
  });

  it('tells a copy that lost its end', async () => {
    const through =
      (load: Load): Load =>
      (page: readonly StoredEvent[]) =>
        load(page.slice(0, -2));
    const { stream, revision } = events.at(-2)!;
    await expect(copy({}, through)).rejects.toThrow(
      `événement n° ${events.length - 1} (${stream}, révision ${revision}) : manque dans la cible`,
    );
  });

  it.each<[string, Partial<NewEvent>]>([
    ['schemaVersion', { schemaVersion: 2 }],
    ['data', { data: '{ "partner":"spst"}' }],
  ])('names the first event whose %s differs, and never takes it for a beginning', async (field, change) => {
    const through =
      (load: Load): Load =>
      (page: readonly StoredEvent[]) =>
        load(page.map((event, i) => (i >= 4 ? { ...event, ...change } : event)));
    const { stream, revision } = events[4]!;
    const difference = `événement n° 5 (${stream}, révision ${revision}) : dans la cible, ${field} diffère`;
    await expect(copy({}, through)).rejects.toThrow(difference);
    await expect(copy()).rejects.toThrow(difference);
  });

  it('refuses a target that has more', async () => {
    await copy();
    await to.store.append('more', NO_STREAM, [anEvent()]);
    const loader = { load: nothing, startIncarnation: nothing };
    const again = copyLog({ from: from.store, to: to.store, loader, record: from.record });
    await expect(again).rejects.toThrow(
      `événement n° ${events.length + 1} (more, révision 0) : dans la cible, et pas dans la source`,
    );
  });
});

describe('a store that has appends only', () => {
  const large = (bytes: number) => anEvent({ data: JSON.stringify('x'.repeat(bytes)) });
  const copied = async (...events: readonly NewEvent[]) => {
    const [from, { double, store, copying }] = [await postgres(), await eventStoreDb()];
    await from.store.append(aStream(), NO_STREAM, events);
    await store.head();
    const before = double.counts.append;
    const loader = await copying();
    await copyLog({ from: from.store, to: store, loader, record: from.record });
    return double.counts.append - before;
  };

  it('gets consecutive events of a stream together, as many as it takes at once', async () => {
    expect(await copied(...someEvents(40))).toBe(1);
    expect(await copied(...Array.from({ length: 12 }, () => large(250_000)))).toBe(3);
  });

  it('that does not take an event says so', () =>
    expect(copied(anEvent(), large(1_100_000))).rejects.toThrow(
      /la cible refuse un événement : append to case-.* EventStoreDB takes/,
    ));

  it('that goes away leaves a copy to go on with', async () => {
    const [from, { double, store, copying }] = [await postgres(), await eventStoreDb()];
    await from.store.append(aStream(), NO_STREAM, someEvents(3));
    await store.head();
    // As often as the adapter tries in its second: at once, then after 250 ms and 500 ms.
    double.next('append', ...Array.from({ length: 3 }, () => faults.unavailable));
    const copy = async () => copyLog({ from: from.store, to: store, loader: await copying(), record: from.record });
    await expect(copy()).rejects.toThrow('relancer la même commande');
    expect(await copy()).toMatchObject({ count: 3 });
  });
});

describe('a log in PostgreSQL that is moved away', () => {
  let here: Postgres;
  let there: End;
  let events: StoredEvent[];
  const closing = () => PostgresLogSource.open({ connectionString: here.database.adminUrl });
  const append = () => here.store.append(aStream(), NO_STREAM, [anEvent()]);
  beforeEach(async () => {
    [here, there] = [await postgres(), await eventStoreDb()];
    await write(here.store, [aStream(), aStream()], 3);
    events = await all(here.store);
  });
  /** @returns the events that were there already */
  const copy = async (from: EventStore, to: End) => {
    const loader = await to.copying(from);
    const { before, head } = await copyLog({ from, to: to.store, loader, record: here.record });
    await loader.finish();
    await loader.close();
    return { before, head };
  };
  const moveAway = async () => {
    const source = await closing();
    const { head } = await copy(here.store, there);
    await source.movedTo(head);
    await source.close();
  };

  it('takes nothing while it is copied, nor once it is elsewhere, which an instance that starts is told', async () => {
    const source = await closing();
    await assertNotBeingCopied(here.owner);
    await expect(here.owner.query(`SET lock_timeout = '50ms'; SELECT pg_advisory_xact_lock(1179208786, 1)`)).rejects.toMatchObject({ code: '55P03' }); // prettier-ignore
    await expect(closing()).rejects.toThrow('une autre copie');
    await source.close();
    await append();
    await moveAway();
    await expect(append()).rejects.toMatchObject({ code: '42501' });
    await expect(assertNotBeingCopied(here.owner)).rejects.toThrow('EVENTSTORE_URL');
    await expect(closing()).rejects.toBeInstanceOf(LogNotLoadable);
  });

  it('comes back by the same way, with what was written elsewhere, and moves again', async () => {
    await moveAway();
    await write(there.store, [events[0]!.stream, aStream()], 2);
    const elsewhere = await all(there.store);
    await expectReadersGoOn(events, new MovedStore(there.store, here.owner), elsewhere);

    expect(await copy(there.store, here)).toMatchObject({ before: events.length });
    expect(await all(here.store)).toEqual(anywhere(elsewhere));
    await append();
    const whole = await all(here.store);
    const now = new MovedStore(here.store, here.owner);
    await expectReadersGoOn(events, now, whole);
    await expectReadersGoOn(elsewhere, now, whole);

    await moveAway();
    const again = await all(there.store);
    expect(again).toEqual(anywhere(whole));
    for (const before of [events, elsewhere, whole])
      await expectReadersGoOn(before, new MovedStore(there.store, here.owner), again);
  });

  it('comes back from a third store, to which the second was moved', async () => {
    await moveAway();
    const third = await eventStoreDb();
    await copy(there.store, third);
    await write(third.store, [aStream()], 1);
    expect(await copy(third.store, here)).toMatchObject({ before: events.length });
    await append();
    await expectReadersGoOn(events, new MovedStore(here.store, here.owner), await all(here.store));
  });
});
