import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type PoolConfig } from 'pg';
import { openDataFolder } from '../../../libs/platform/data-folder.js';
import { type EmbeddedAccess, startEmbeddedPostgres } from '../../../libs/platform/embedded-postgres.js';
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
  /** Its version, and what it promises of a commit. */
  readonly description: string;
  /** Without anything in it. */
  emptyDatabase(): Promise<Place>;
  /** With the schema of the product. */
  migratedDatabase(): Promise<Place>;
  /** To `place` nobody may be connected meanwhile. */
  copyOf(place: Place): Promise<Place>;
  stop(): Promise<void>;
}

/** The default is a hundred, and of four sides each has its 32. */
const CONNECTIONS = 200;

/** The embedded PostgreSQL as the product starts it, fsync on, all settings but that one at their defaults. Its folder is fresh, and goes with it. */
export async function startServer(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'fil-rouge-bench-'));
  chmodSync(directory, 0o755);
  const logger = new Logger('error');
  const folder = openDataFolder(directory);
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const before = await startEmbeddedPostgres(folder.path, logger);
  const setting = await connected(superuserOf(before));
  await setting.query(`ALTER SYSTEM SET max_connections = ${CONNECTIONS}`);
  await setting.end();
  await before.stop();
  const postgres = await startEmbeddedPostgres(folder.path, logger);
  process.once('exit', remove);
  const { host, port, passwords } = postgres;
  const superuser = superuserOf(postgres);
  const admin = await connected(superuser);
  const { rows } = await admin.query<{ description: string }>(
    `SELECT format('PostgreSQL %s as embedded, fsync %s, synchronous_commit %s', current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')) AS description`,
  );
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
    description: rows[0]!.description,
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
      process.off('exit', remove);
      remove();
    },
  };
}

const superuserOf = ({ host, port, passwords }: EmbeddedAccess) => ({ host, port, user: 'postgres', password: passwords.superuser, database: 'postgres' }); // prettier-ignore

async function connected(config: PoolConfig): Promise<Client> {
  const client = new Client(config);
  await client.connect();
  return client;
}
