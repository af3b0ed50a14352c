import { Pool } from 'pg';
import { GroupAppender } from '../../libs/event-store/postgres/group-appender.js';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { aStream, someEvents } from './event-store.contract.js';

let database: TestDatabase;
beforeAll(async () => (database = await createDatabase()));
afterAll(() => database.drop());

const MOST = 256;

it.each([
  ['where commits last, in one call', 32, false, 1],
  ['where they do not, in two, one behind the other', 32, true, 2],
  ['in one, when they are too few for two', 8, true, 1],
  ['in two, when they are too many for one', 300, false, 2],
])('appends that come together go %s', async (_, callers, busy, expected) => {
  const pool = new Pool({ connectionString: database.appUrl, pipeline: true });
  const sent: jest.SpyInstance[] = [];
  pool.on('connect', (client) => sent.push(jest.spyOn(client, 'query')));
  const appender = new GroupAppender(pool, MOST, () => busy);
  const append = () => appender.append({ stream: aStream(), expectedRevision: NO_STREAM, events: someEvents(1), bytes: 0 });
  const positions = (await Promise.all(Array.from({ length: callers }, append))).map(({ position }) => position!);
  await pool.end();
  // One connection, so that nobody waits for a lock that is this process's own.
  expect(sent.map(({ mock }) => mock.calls.length)).toEqual([expected]);
  expect([...positions].sort()).toEqual(positions);
  expect(new Set(positions).size).toBe(callers);
});
