import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../libs/platform/migrations/index.js';

export interface TestDatabase {
  /** Superuser: what the application may not do, a test sometimes must. */
  readonly adminUrl: string;
  /** A login that has the rights of the application, no more. */
  readonly appUrl: string;
  drop(): Promise<void>;
}

/**
 * A fresh database with every migration run.
 * @param server URL of its superuser; by default of the server that global-setup started
 * @param ran the migrations of an installation of before
 */
export async function createDatabase(server = process.env.TEST_DATABASE_URL, ran = migrations): Promise<TestDatabase> {
  if (server === undefined) throw new Error('TEST_DATABASE_URL is missing: run through the jest projects contract or e2e');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = (user?: string) => {
    const made = new URL(server);
    made.pathname = `/${name}`;
    if (user !== undefined) [made.username, made.password] = [user, user];
    return made.href;
  };
  await query(server, `CREATE DATABASE ${name}`);
  await runMigrations(url(), ran);
  await query(server, `GRANT CREATE ON DATABASE ${name} TO fil_rouge_app`);
  await query(server, `CREATE ROLE ${name} LOGIN PASSWORD '${name}' IN ROLE fil_rouge_app`);
  return {
    adminUrl: url(),
    appUrl: url(name),
    drop: async () => {
      // A pool says that it has ended before its connections are closed: without FORCE the server waits five
      // seconds for them, where cutting them would be an error that nobody in the test awaits.
      await query(server, `DROP DATABASE ${name}`).catch(() => query(server, `DROP DATABASE ${name} WITH (FORCE)`));
      await query(server, `DROP ROLE ${name}`);
    },
  };
}

/** Those that it lacks. */
export async function runMigrations(url: string, all = migrations): Promise<void> {
  const source = await new DataSource({ type: 'postgres', url, migrations: all }).initialize();
  await source.runMigrations();
  await source.destroy();
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
