import { Client, Pool } from 'pg';
import { MovedStore, presentPosition, recordMoves, type Move } from '../../libs/event-store/moved.js';
import { fromPosition, toPosition } from '../../libs/event-store/position.js';
import { NO_STREAM, Resync, type Page, type Position, type StoredEvent } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { createDatabase } from '../support/database.js';
import { aStream, anEvent, eventStoreContract, ids, someEvents } from './event-store.contract.js';

/** Incarnations of before, in an order that is not that of their rows. */
const [FIRST, SECOND] = [17n, 23n];

async function open() {
  const database = await createDatabase();
  const owner = new Client(database.adminUrl);
  await owner.connect();
  const pool = new Pool({ connectionString: database.appUrl });
  const store = new PostgresEventStore({ connectionString: database.appUrl, pollMs: 10 });
  const record = (incarnation: bigint, ...moves: Move[]) => recordMoves(owner, incarnation, pages(moves));
  return {
    database,
    owner,
    pool,
    store,
    moved: new MovedStore(store, pool),
    record,
    close: async () => {
      await store.close();
      await pool.end();
      await owner.end();
      await database.drop();
    },
  };
}
async function* pages(moves: readonly Move[], failure?: Error): AsyncGenerator<Move[]> {
  for (let i = 0; i < moves.length; i += 2) yield moves.slice(i, i + 2);
  if (failure) throw failure;
}

eventStoreContract('A store whose log was elsewhere before', async () => {
  const [here, another] = [await open(), await open()];
  const { position } = await here.store.append('first', NO_STREAM, [anEvent()]);
  await here.record(FIRST, { from: toPosition(FIRST, 0n), to: position });
  const { position: foreign } = await another.store.append(aStream(), NO_STREAM, [anEvent()]);
  const other = new PostgresEventStore({ connectionString: here.database.appUrl, pollMs: 10 });
  return {
    store: here.moved,
    other: new MovedStore(other, here.pool),
    foreign,
    close: async () => {
      await other.close();
      await Promise.all([here.close(), another.close()]);
    },
  };
});

describe('positions of before a move', () => {
  let at: Awaited<ReturnType<typeof open>>;
  let events: readonly StoredEvent[];
  /** As another store would have given them: 10, 20, 30 … */
  const old = (i: number) => toPosition(FIRST, BigInt(i) * 10n);
  beforeEach(async () => {
    at = await open();
    await at.store.append(aStream(), NO_STREAM, someEvents(6));
    events = (await at.store.readAll(undefined, 10)).events;
    await at.record(FIRST, ...events.map(({ position }, i) => ({ from: old(i + 1), to: position })));
  });
  afterEach(() => at.close());
  const idsAfter = async (position: Position) => ids((await at.moved.readAll(position, 10)).events);
  const followed = async (position: Position, count: number) => {
    const stop = new AbortController();
    const seen: StoredEvent[] = [];
    for await (const page of at.moved.subscribe(position, {}, stop.signal)) {
      seen.push(...page.events);
      if (seen.length >= count) stop.abort();
    }
    return ids(seen);
  };

  it('give what comes after them, neither more nor less, and lead to positions of now', async () => {
    for (let i = 1; i <= 6; i++) {
      expect(await idsAfter(old(i))).toEqual(ids(events.slice(i)));
      if (i < 6) expect(await followed(old(i), 6 - i)).toEqual(ids(events.slice(i)));
    }
    const head = await at.store.head();
    expect(await at.moved.readAll(old(3), 10)).toMatchObject({ next: head, atHead: true });
    expect(await at.moved.readAll(old(6), 10)).toEqual({ events: [], next: head, atHead: true });
  });

  it('between two events are that of the first; before all events they are the beginning', async () => {
    const between = toPosition(FIRST, 25n);
    expect(await presentPosition(at.pool, between)).toBe(events[1]!.position);
    expect(await idsAfter(between)).toEqual(ids(events.slice(2)));
    const before = toPosition(FIRST, 3n);
    expect(await presentPosition(at.pool, before)).toBeUndefined();
    expect(await idsAfter(before)).toEqual(ids(events));
    expect(await followed(before, 6)).toEqual(ids(events));
  });

  it('lead on through several moves', async () => {
    // The first store's log went to a second one, which had only five events then, and from there to here.
    const second = (i: number) => toPosition(SECOND, BigInt(i) * 1000n);
    await at.record(FIRST, ...events.slice(0, 5).map((_, i) => ({ from: old(i + 1), to: second(i + 1) })));
    await at.record(SECOND, ...events.map(({ position }, i) => ({ from: second(i + 1), to: position })));
    for (let i = 1; i <= 5; i++) expect(await idsAfter(old(i))).toEqual(ids(events.slice(i)));
    for (let i = 1; i <= 6; i++) expect(await idsAfter(second(i))).toEqual(ids(events.slice(i)));
  });

  it('that no move knows are refused as before, and so are those of before a restore', async () => {
    for (const position of [toPosition(SECOND, 0n), toPosition(FIRST - 1n, 10n), 'nothing']) {
      await expect(at.moved.readAll(position, 10)).rejects.toBeInstanceOf(Resync);
      await expect(followed(position, 1)).rejects.toBeInstanceOf(Resync);
    }
    await at.owner.query('SELECT log.start_incarnation()');
    await expect(at.moved.readAll(old(2), 10)).rejects.toBeInstanceOf(Resync);
    await expect(at.moved.readAll(events[2]!.position, 10)).rejects.toBeInstanceOf(Resync);
  });

  it('are those of now once a page has come: a reader that is refused later is not sent back', async () => {
    const stop = new AbortController();
    const given: Page[] = [];
    const reading = (async () => {
      for await (const page of at.moved.subscribe(old(2), {}, stop.signal)) {
        given.push(page);
        await at.owner.query('SELECT log.start_incarnation()');
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(Resync);
    expect(ids(given.flatMap((page) => page.events))).toEqual(ids(events.slice(2)));
  });

  it('are recorded all together or not at all, and anew when a copy is made again', async () => {
    const failed = recordMoves(at.owner, FIRST, pages([{ from: old(1), to: events[5]!.position }], new Error('killed')));
    await expect(failed).rejects.toThrow('killed');
    expect(await presentPosition(at.pool, old(1))).toBe(events[0]!.position);
    await at.record(FIRST, { from: old(2), to: events[0]!.position });
    expect(await presentPosition(at.pool, old(1))).toBeUndefined();
    expect(await presentPosition(at.pool, old(6))).toBe(events[0]!.position);
  });

  it('never lead back', async () => {
    const { incarnation } = fromPosition(events[0]!.position);
    const back = at.record(incarnation, { from: events[0]!.position, to: old(1) });
    await expect(back).rejects.toMatchObject({ code: '23514' });
  });
});
