import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { migrations } from '../../libs/platform/migrations/index.js';
import { createDatabase, runMigrations } from '../support/database.js';
import { aStream, anEvent, ids, someEvents } from './event-store.contract.js';

const FOLDER = join(__dirname, '../../libs/platform/migrations');

/**
 * Somebody's database has run them: what one does may never change. A new one gets its line; a line that would change means that a
 * migration was edited, and is to be a new one instead.
 */
const RELEASED: Readonly<Record<string, string>> = {
  '0001-log.ts': 'c2863f49ef177b7b',
  '0002-app.ts': '6c4e7b516d160599',
  '0003-vault.ts': 'd80ababbf39c7e14',
  '0004-log.ts': '40237bced8116711',
  '0005-moved.ts': 'f9b9eed3de85d789',
  '0006-watch.ts': '35356a8e9fceab69',
  '0007-processes.ts': '6bb70377304d8578',
  '0008-append.ts': '3cdf97e4da8943e8',
  '0009-home.ts': 'dea5debc3b2e2a24',
  '0010-consent-code.ts': '91357d306e964fcb',
  '0011-ids.ts': 'a6ff31e51f12c8ac',
  '0012-about.ts': '9091436f1dc99e06',
  '0013-messages-to-one.ts': '4c7d838182359f6f',
  '0014-idempotency.ts': 'be5893f8ab1477b5',
};

it('no migration has changed since somebody may have run it', () => {
  const files = readdirSync(FOLDER).filter((file) => /^\d{4}-/.test(file));
  const sums = files.map((file) => [
    file,
    createHash('sha256')
      .update(readFileSync(join(FOLDER, file)))
      .digest('hex')
      .slice(0, 16),
  ]);
  expect(Object.fromEntries(sums)).toEqual(RELEASED);
});

it.each(migrations.map((_, i) => i + 1).filter((n) => n >= 4))(
  'a log that was written after the first %d migrations goes on after all',
  async (n) => {
    const database = await createDatabase(undefined, migrations.slice(0, n));
    const admin = new Client(database.adminUrl);
    await admin.connect();
    await admin.query(
      `SELECT heads FROM log.append('{old}', '{-1}', '{1}', ARRAY[gen_random_uuid()], '{T}', '{1}', ARRAY['{}']::json[], ARRAY['{}']::json[])`,
    );
    await admin.end();
    await runMigrations(database.adminUrl);
    const store = new PostgresEventStore({ connectionString: database.appUrl });
    try {
      const [stream, events] = [aStream(), someEvents(3)];
      const written = await store.append(stream, -1, events);
      expect(await store.append(stream, -1, events)).toEqual(written);
      await expect(store.append('old', -1, [anEvent()])).rejects.toMatchObject({ current: 0 });
      const { events: all } = await store.readAll(undefined, 10);
      expect([all.map((e) => e.stream), ids(all.slice(1))]).toEqual([['old', stream, stream, stream], ids(events)]);
    } finally {
      await store.close();
      await database.drop();
    }
  },
);
