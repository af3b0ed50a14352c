import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { Client } from 'pg';
import { rebuild } from '../../libs/read-models/rebuild.js';
import { viewsDataSource } from '../../libs/read-models/tables.js';
import { KEYRING, type Log, openLog } from '../performance/support/log.js';
import { seed } from '../performance/support/seed.js';
import { type Place } from '../performance/support/server.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let place: Place;
let log: Log;
let admin: Client;
beforeAll(async () => {
  database = await createDatabase();
  const { adminUrl: url, appUrl } = database;
  place = { name: '', url, owner: { connectionString: url }, app: { connectionString: appUrl }, drop: () => database.drop() };
  admin = new Client(url);
  await admin.connect();
  await seed(place, 1500);
  log = openLog(place);
});
afterAll(async () => {
  await log.close();
  await admin.end();
  await database.drop();
});

async function everything(): Promise<Record<string, string[]>> {
  const views = await viewsDataSource(place.app).initialize();
  const tables: Record<string, string[]> = {};
  for (const { tableName: table } of views.entityMetadatas) {
    const { rows } = await admin.query<{ row: string }>(`SELECT to_json(t)::text AS row FROM views.${table} t`);
    tables[table] = rows.map(({ row }) => row).sort();
  }
  await views.destroy();
  return tables;
}
/** By the compiled program: a thread can't run what Jest compiles. */
async function rebuiltInThreads({ brokenOff = false } = {}): Promise<object> {
  const child = spawn(process.execPath, [join(__dirname, '../support/rebuild-in-threads.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const base64 = (keys: Readonly<Record<number, Buffer>>) =>
    Object.fromEntries(Object.entries(keys).map(([version, key]) => [version, key.toString('base64')]));
  const keyring = { master: base64(KEYRING.master), index: base64(KEYRING.index), ids: KEYRING.ids.toString('base64') };
  child.stdin.end(JSON.stringify({ app: place.app, keyring, brokenOff }));
  return JSON.parse(await text(child.stdout)) as object;
}

describe('the views of a long log, made by several threads', () => {
  it('are the same, to the byte, as those made by one', async () => {
    await rebuild({ log, database: place.app });
    const byOne = await everything();
    await admin.query('DROP SCHEMA views CASCADE');
    const cases = byOne['case_file']!.length;
    expect(cases).toBeGreaterThan(50);
    expect(await rebuiltInThreads()).toEqual({ done: cases, total: cases, threads: 2 });
    expect(await everything()).toEqual(byOne);
  });

  it('stay as they are when it is broken off', async () => {
    const before = await everything();
    expect(await rebuiltInThreads({ brokenOff: true })).toMatchObject({
      error: expect.stringMatching(/abort/i) as string,
      threads: 2,
    });
    expect(await everything()).toEqual(before);
  });

  it('stay as they are, and say why, when a thread comes upon an event of a newer version', async () => {
    const before = await everything();
    const event = { id: randomUUID(), type: 'Teleported', schemaVersion: 1, data: '{}', metadata: '{"personId":null}' };
    await log.store.append(`case-${randomUUID()}`, -1, [event]);
    expect(await rebuiltInThreads()).toMatchObject({ error: expect.stringMatching(/^UnknownEvent: Teleported/) as string });
    expect(await everything()).toEqual(before);
  });
});
