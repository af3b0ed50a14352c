import { randomUUID } from 'node:crypto';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { casesUpTo } from '../../libs/read-models/read-cases.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let store: PostgresEventStore;
beforeAll(async () => {
  database = await createDatabase();
  store = new PostgresEventStore({ connectionString: database.appUrl });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const tell = (stream: string, revision: number) =>
  store.append(stream, revision, [{ id: randomUUID(), type: 'Told', schemaVersion: 1, data: '{}', metadata: '{}' }]);

describe('reading all cases for a rebuild', () => {
  const ids = Array.from({ length: 60 }, () => randomUUID());
  beforeAll(async () => {
    for (let revision = NO_STREAM; revision < 2; revision++) await Promise.all(ids.map((id) => tell(`case-${id}`, revision)));
    await tell(`person-${ids[0]!}`, NO_STREAM);
  });

  it.each([1000, 50, 4])('gives each case once and whole, holding %i events at most', async (most) => {
    const head = (await store.head())!;
    await tell(`case-${ids[0]!}`, (await store.readStream(`case-${ids[0]!}`)).at(-1)!.revision);
    const found: string[] = [];
    const shares: number[] = [];
    for await (const { cases, share } of casesUpTo(head, store, most)) {
      expect(cases.size === 1 || [...cases.values()].flat().length <= most).toBe(true);
      shares.push(share);
      for (const [id, events] of cases) {
        found.push(id);
        const all = await store.readStream(`case-${id}`);
        expect(events).toEqual(all.filter(({ position }) => position <= head));
      }
    }
    expect(found.sort()).toEqual([...ids].sort());
    expect(shares.length > 1).toBe(most < 1000);
    expect(shares.at(-1)).toBe(1);
  });
});
