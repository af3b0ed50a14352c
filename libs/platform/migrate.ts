import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { DatabaseError } from './database.js';
import { migrations as all } from './migrations/index.js';
import { type Logger } from './logger.js';
import { APP_ROLE, ensureRole } from './roles.js';

/** In the schema public. */
export const MIGRATIONS_TABLE = 'fil_rouge_migrations';
/** Two-number advisory locks are a space of their own; "FR" and 1 for migrations. */
const LOCK = [0x4652, 1] as const;
const LOCK_PATIENCE_MS = 120_000;

const acquireLock = async (client: pg.Client): Promise<void> => {
  // Asking again rather than waiting inside a statement, which would hold a snapshot and could deadlock with what a migration waits for.
  for (const end = Date.now() + LOCK_PATIENCE_MS; ; await sleep(200)) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [...LOCK]);
    if (rows[0]!.locked) return;
    if (Date.now() > end)
      throw new DatabaseError('another instance has been migrating the database for two minutes; look at its logs');
  }
};

const refuseNewer = async (client: pg.Client, known: readonly string[]): Promise<void> => {
  const { rows: found } = await client.query<{ table: string | null }>('select to_regclass($1) as table', [
    `public.${MIGRATIONS_TABLE}`,
  ]);
  if (!found[0]!.table) return;
  const { rows } = await client.query<{ name: string }>(`select name from public.${MIGRATIONS_TABLE} order by id`);
  const unknown = rows.map(({ name }) => name).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new DatabaseError(
      `The database was migrated by a newer release of Fil rouge (${unknown.join(', ')}). Start that release, or restore a backup from before the upgrade.`,
    );
};

export type Migrations = readonly (new () => MigrationInterface)[];
export const nameOf = (Migration: Migrations[number]): string => new Migration().name ?? Migration.name;

/**
 * Works on the schema while no other instance does.
 * @param url of the role that owns the database
 * @throws DatabaseError when rights are lacking
 */
export const onSchema = async <T>(
  url: string,
  migrations: Migrations,
  work: (source: DataSource, client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = new pg.Client({ connectionString: url, application_name: 'fil-rouge migrations' });
  client.on('error', () => undefined);
  await client.connect();
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'public',
    migrations: [...migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    logging: false,
  });
  try {
    await acquireLock(client);
    await ensureRole(client, APP_ROLE);
    return await work(await source.initialize(), client);
  } catch (error) {
    if (
      !(error instanceof pg.DatabaseError || (error instanceof Error && 'driverError' in error)) ||
      (error as { code?: string }).code !== '42501'
    )
      throw error;
    throw new DatabaseError(
      `The role that migrates lacks a right (${error.message}). It has to own the database: alter database … owner to ….`,
      { cause: error },
    );
  } finally {
    if (source.isInitialized) await source.destroy();
    await client.end();
  }
};

/**
 * Brings the schema up to date, once however many instances start together, each migration in a transaction of its own.
 * @param url of the role that owns the database
 * @returns names of the migrations that ran
 * @throws DatabaseError when the database is of a newer release, or rights are lacking
 */
export const migrate = (url: string, logger: Logger, migrations: Migrations = all): Promise<string[]> =>
  onSchema(url, migrations, async (source, client) => {
    await refuseNewer(client, migrations.map(nameOf));
    const ran = (await source.runMigrations()).map(({ name }) => name);
    // CREATE: the application builds its read models in schemas of its own, and drops them when it rebuilds.
    await client.query(`
      do $$ begin execute format('grant connect, create, temporary on database %I to ${APP_ROLE}', current_database()); end $$`);
    for (const name of ran) logger.log(`migrated the database: ${name}`);
    return ran;
  });
