import { Client, Pool } from 'pg';
import { NO_STREAM, type StoredEvent } from '../../libs/event-store/port.js';
import { assertNotBeingCopied, LogNotLoadable, PostgresLogLoader } from '../../libs/event-store/postgres/log-loader.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { aStream, anEvent, someEvents } from './event-store.contract.js';

describe('copying a log into PostgreSQL', () => {
  let [from, to]: TestDatabase[] = [];
  let [source, target]: PostgresEventStore[] = [];
  let admin: Client;
  let events: readonly StoredEvent[];
  const open = (from = source) => PostgresLogLoader.open({ connectionString: to.adminUrl }, from);
  const all = async (store: PostgresEventStore) => (await store.readAll(undefined, 1000)).events;
  const withoutPosition = (events: readonly StoredEvent[]) => events.map((event) => ({ ...event, position: '' }));

  beforeEach(async () => {
    [from, to] = [await createDatabase(), await createDatabase()];
    [source, target] = [from, to].map(({ appUrl }) => new PostgresEventStore({ connectionString: appUrl }));
    admin = new Client(to.adminUrl);
    admin.on('error', () => undefined);
    await admin.connect();
    const awkward = anEvent({
      type: 'A\tB\\N.V1',
      data: '{"b":1,\t"a":\r\n"\\\\. \\n \\u00e9 é 🧵"}',
      metadata: ' [1.0, "\\\\N"] ',
    });
    const stream = `\\.\n${aStream()}`;
    await source.append(stream, NO_STREAM, [awkward, ...someEvents(9)]);
    await source.append(aStream(), NO_STREAM, someEvents(10));
    await source.append(stream, 9, someEvents(10));
    events = await all(source);
  });
  afterEach(async () => {
    await admin.end();
    await Promise.all([source.close(), target.close()]);
    await Promise.all([from.drop(), to.drop()]);
  });

  it('keeps order, ids, revisions and bytes; then the application goes on, in a new incarnation', async () => {
    const loader = await open();
    expect([loader.count, loader.after]).toEqual([0, undefined]);
    for (let i = 0; i < events.length; i += 7) await loader.load(events.slice(i, i + 7));
    expect([loader.count, loader.after]).toEqual([30, events[29]!.position]);
    await loader.startIncarnation(8_000_000_000_000_000_000n);
    await loader.finish();
    await loader.close();
    const copied = await all(target);
    expect(withoutPosition(copied)).toEqual(withoutPosition(events));
    expect(copied.map(({ position }) => position)).toEqual(
      events.map((_, i) => `8000000000000000001-${String(i).padStart(19, '0')}`),
    );
    await target.append(events[29]!.stream, 19, [anEvent()]);
    expect(await all(target)).toHaveLength(31);
  });

  it('goes on, after it was killed, from where it was', async () => {
    const killed = await open();
    await killed.load(events.slice(0, 13));
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fil-rouge copy' AND datname = current_database()`); // prettier-ignore
    await expect(killed.load(events.slice(13))).rejects.toThrow();
    await killed.close();
    const loader = await open();
    expect([loader.count, loader.after]).toEqual([13, events[12]!.position]);
    await loader.load((await source.readAll(loader.after, 1000)).events);
    await loader.finish();
    await loader.close();
    expect(withoutPosition(await all(target))).toEqual(withoutPosition(events));
  });

  it('writes nothing of a page that can not be written whole, and goes on', async () => {
    const loader = await open();
    await loader.load(events.slice(0, 5));
    await expect(loader.load([events[5]!, events[4]!])).rejects.toMatchObject({ constraint: 'event_stream_revision' });
    expect(loader.count).toBe(5);
    await loader.load(events.slice(5));
    await loader.finish();
    await loader.close();
    expect(withoutPosition(await all(target))).toEqual(withoutPosition(events));
  });

  it('refuses a log that has events of its own', async () => {
    await target.append(aStream(), NO_STREAM, [anEvent()]);
    await expect(open()).rejects.toThrow('contient déjà des événements');
    await target.append(aStream(), NO_STREAM, [anEvent()]);
  });

  it('refuses to go on with another source, and with a log that somebody wrote to', async () => {
    const loader = await open();
    await loader.load(events);
    await loader.close();
    const another = await createDatabase();
    const stranger = new PostgresEventStore({ connectionString: another.appUrl });
    await stranger.append(events[29]!.stream, NO_STREAM, someEvents(20));
    await expect(open(stranger)).rejects.toThrow('n’est pas dans la source');
    await stranger.close();
    await another.drop();
    await source.append(aStream(), NO_STREAM, [anEvent()]);
    await (await open()).close();
    await admin.query(`INSERT INTO log.event VALUES (30, 'mine', 0, gen_random_uuid(), 'T', 1, '{}', '{}')`);
    await expect(open()).rejects.toThrow('mine, révision 0');
  });

  it('lets nobody append meanwhile, nor after it was killed, and an application that starts is told', async () => {
    const pool = new Pool({ connectionString: to.appUrl });
    await assertNotBeingCopied(pool);
    const loader = await open();
    await loader.load(events.slice(0, 10));
    for (const killed of [false, true]) {
      if (killed) await loader.close();
      await expect(target.append(aStream(), NO_STREAM, [anEvent()])).rejects.toMatchObject({ code: '42501' });
      await expect(assertNotBeingCopied(pool)).rejects.toBeInstanceOf(LogNotLoadable);
    }
    const again = await open();
    await again.load(events.slice(10));
    await again.finish();
    await again.close();
    await assertNotBeingCopied(pool);
    await pool.end();
  });

  it('is alone, and not for the application', async () => {
    const loader = await open();
    await expect(open()).rejects.toThrow('une autre copie');
    await loader.close();
    await expect(PostgresLogLoader.open({ connectionString: to.appUrl }, source)).rejects.toMatchObject({ code: '42501' });
  });
});
