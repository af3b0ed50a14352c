import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type PoolConfig } from 'pg';
import { openDataFolder } from '../../../libs/platform/data-folder.js';
import { startEmbeddedPostgres } from '../../../libs/platform/embedded-postgres.js';
import { Logger } from '../../../libs/platform/logger.js';
import { migrate } from '../../../libs/platform/migrate.js';
import { APP_ROLE } from '../../../libs/platform/roles.js';

/** One database of the server. */
export interface Place {
  readonly name: string;
  /** As superuser. */
  readonly owner: PoolConfig;
  /** As the application. */
  readonly app: PoolConfig;
  /** As superuser. */
  readonly url: string;
  drop(): Promise<void>;
}
/** One PostgreSQL for the whole run: all sides of all comparisons are measured on it. */
export interface Server {
  /** Without anything in it. */
  emptyDatabase(): Promise<Place>;
  /** With the schema of the product. */
  migratedDatabase(): Promise<Place>;
  /** To `place` nobody may be connected meanwhile. */
  copyOf(place: Place): Promise<Place>;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL as the product starts it: default settings, fsync on. Its folder is fresh, and goes with it. */
export async function startServer(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'fil-rouge-bench-'));
  chmodSync(directory, 0o755);
  const logger = new Logger('error');
  const folder = openDataFolder(directory);
  const postgres = await startEmbeddedPostgres(folder.path, logger);
  const { host, port, passwords } = postgres;
  const superuser = { host, port, user: 'postgres', password: passwords.superuser };
  const admin = new Client({ ...superuser, database: 'postgres' });
  await admin.connect();
  const create = async (options = ''): Promise<Place> => {
    const name = `bench_${randomUUID().replaceAll('-', '')}`;
    await admin.query(`CREATE DATABASE ${name} ${options}`);
    return {
      name,
      owner: { ...superuser, database: name },
      app: { host, port, user: APP_ROLE, password: passwords.app, database: name },
      url: `postgresql://postgres:${passwords.superuser}@${host}:${port}/${name}`,
      drop: async () => {
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      },
    };
  };
  return {
    emptyDatabase: () => create(),
    migratedDatabase: async () => {
      const place = await create();
      await migrate(place.url, logger);
      return place;
    },
    copyOf: ({ name }) => create(`TEMPLATE ${name}`),
    stop: async () => {
      await admin.end();
      await postgres.stop();
      folder.release();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
