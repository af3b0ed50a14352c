import pg from 'pg';
import { type Config } from './config.js';
import { DataFolderInUse, openDataFolder } from './data-folder.js';
import { type EmbeddedAccess, runningEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { type Logger } from './logger.js';
import { APP_ROLE, DATABASE, ensureAppMember, MIGRATOR_ROLE } from './roles.js';

export const OLDEST_VERSION = 14;

/** The database can't be used as configured; the message says what to do. */
export class DatabaseError extends Error {}

export interface Database {
  /** For every pool of the application: it acts as `fil_rouge_app`. */
  readonly app: pg.PoolConfig;
  /** URL of the role that owns the schema; only `migrate` uses it. */
  readonly migration: string;
  /** Stops the embedded server and gives the data folder back; does nothing otherwise. Close the pools first. */
  stop(): Promise<void>;
}

const DATE = 1082;
/** Dates stay `YYYY-MM-DD`: as a JavaScript Date they would gain an hour and a zone, and lose a day. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === DATE ? (value: string) => value : (pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown),
};
export const poolSettings: pg.PoolConfig = {
  application_name: 'fil-rouge',
  connectionTimeoutMillis: 10_000,
  // A transaction forgotten open would hold back every reader's cleaning for ever.
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  types,
};

const embedded = ({ host, port, passwords }: EmbeddedAccess): Pick<Database, 'app' | 'migration'> => ({
  app: { ...poolSettings, host, port, user: APP_ROLE, password: passwords.app, database: DATABASE },
  migration: `postgresql://${MIGRATOR_ROLE}:${passwords.migrator}@${host}:${port}/${DATABASE}`,
});

const openEmbedded = async (config: Config, logger: Logger, join: boolean): Promise<Database> => {
  try {
    const folder = openDataFolder(config.dataFolder);
    try {
      const server = await startEmbeddedPostgres(folder.path, logger);
      return { ...embedded(server), stop: () => server.stop().finally(() => folder.release()) };
    } catch (error) {
      folder.release();
      throw error;
    }
  } catch (error) {
    const running = join && error instanceof DataFolderInUse ? runningEmbeddedPostgres(config.dataFolder) : undefined;
    if (!running) throw error;
    return { ...embedded(running), stop: async () => undefined };
  }
};

const CONNECTION_FAULTS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine has this name',
  EAI_AGAIN: 'no machine has this name, or the name server does not answer',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'the connection was cut',
  '28P01': 'the password is wrong',
  '28000': 'this role may not connect from here',
  '3D000': 'this database does not exist',
  '53300': 'too many connections',
};
/** @throws DatabaseError that names the setting, and no password */
export const connect = async (setting: string, url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url, application_name: 'fil-rouge', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const { host, pathname } = new URL(url);
    throw new DatabaseError(`${setting}: can't connect to ${host}${pathname}: ${CONNECTION_FAULTS[code] ?? (message || code)}.`, {
      cause: error,
    });
  }
  const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`);
  const major = Math.floor(rows[0]!.version / 10_000);
  if (major >= OLDEST_VERSION) return client;
  await client.end();
  throw new DatabaseError(`${setting}: this server is PostgreSQL ${major}; Fil rouge needs ${OLDEST_VERSION} or later.`);
};

/** Without a role of its own the application connects as the owner and lays the owner's rights down at once. */
const asAppRole = (url: string): string => {
  const target = new URL(url);
  const options = target.searchParams.get('options');
  target.searchParams.set('options', `${options ? `${options} ` : ''}-c role=${APP_ROLE}`);
  return target.toString();
};

const userOf = async (client: pg.Client): Promise<string> =>
  (await client.query<{ user: string }>('select session_user::text as user')).rows[0]!.user;

const openExternal = async (database: Config['database'] & { kind: 'external' }, logger: Logger): Promise<Database> => {
  const { url, migrationUrl, ownerIsApart } = database;
  const owner = await connect(ownerIsApart ? 'DATABASE_MIGRATION_URL' : 'DATABASE_URL', migrationUrl);
  try {
    let member = await userOf(owner);
    if (ownerIsApart) {
      const app = await connect('DATABASE_URL', url);
      member = await userOf(app);
      const { rows } = await app.query<{ super: boolean }>(`select rolsuper as super from pg_roles where rolname = session_user`);
      await app.end();
      if (rows[0]?.super || member === (await userOf(owner)))
        logger.warn(
          'DATABASE_URL connects as a superuser or as the owner: nothing then keeps the application from changing the log',
        );
    }
    await ensureAppMember(owner, member, ownerIsApart ? 'USAGE' : 'SET').catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
      throw new DatabaseError(
        `The role that migrates may not set up the application's role (${error.message}). As a superuser, once:\n` +
          `  create role ${APP_ROLE} nologin;  -- unless it exists\n  grant ${APP_ROLE} to ${pg.escapeIdentifier(member)};`,
      );
    });
  } finally {
    await owner.end();
  }
  return {
    app: { ...poolSettings, connectionString: ownerIsApart ? url : asAppRole(url) },
    migration: migrationUrl,
    stop: async () => undefined,
  };
};

/**
 * The database that the configuration names: the embedded one, started here, or an existing one, checked here. Migrate next.
 * @param options.join use the embedded server of an instance that already runs on the data folder, rather than refuse
 * @throws DataFolderInUse, DataFolderError, EmbeddedPostgresError, DatabaseError: all with a message for the operator
 */
export const openDatabase = (config: Config, logger: Logger, options: { join?: boolean } = {}): Promise<Database> =>
  config.database.kind === 'embedded'
    ? openEmbedded(config, logger, options.join === true)
    : openExternal(config.database, logger);

/** A pool that survives the loss of its connections; without a listener Node would end the process. */
export const createPool = (settings: pg.PoolConfig, logger: Logger): pg.Pool => {
  const pool = new pg.Pool(settings);
  // While somebody holds a connection the pool does not listen to it. Lost then, it fails its holder's next query, which tells it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // end() resolves before its connections are closed, and the server may cut the last ones itself.
  return pool.on('error', (error) => pool.ending || logger.warn('a database connection was lost', error));
};
