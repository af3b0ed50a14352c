import { setTimeout as pause } from 'node:timers/promises';
import { Client, type QueryResult } from 'pg';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { LOG_LOCK } from '../../libs/event-store/postgres/log-loader.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { createDatabase, type TestDatabase } from './database.js';

/** Looks until it is so; a test that waits in vain must fail, not hang. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(5)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('waited in vain');
}

/** A log in a database of its own, and what a test may do to it that the application may not. */
export class LogUnderTest {
  private readonly clients: Client[] = [];
  private constructor(
    readonly database: TestDatabase,
    /** Superuser. */
    readonly admin: Client,
    readonly store: PostgresEventStore,
  ) {}

  static async create(server?: string): Promise<LogUnderTest> {
    const database = await createDatabase(server);
    const admin = await connected(database.adminUrl);
    return new LogUnderTest(database, admin, new PostgresEventStore({ connectionString: database.appUrl, pollMs: 10 }));
  }

  async close(): Promise<void> {
    await this.store.close();
    await Promise.all([this.admin, ...this.clients].map((client) => client.end()));
    await this.database.drop();
  }

  /** A further connection, with the rights of the application by default. */
  async connect(url = this.database.appUrl): Promise<Client> {
    const client = await connected(url);
    this.clients.push(client);
    return client;
  }

  /** One call of `log.append`, of one event by default. */
  call(client: Client, stream: string, expected = NO_STREAM, events = 1): Promise<QueryResult> {
    return client.query(
      `SELECT * FROM log.append(ARRAY[$1], ARRAY[$2::int], array_fill(1, ARRAY[$3::int]), ARRAY(SELECT gen_random_uuid() FROM generate_series(1, $3)),
         array_fill('T'::text, ARRAY[$3]), array_fill(1, ARRAY[$3]), array_fill('1'::json, ARRAY[$3]), array_fill('2'::json, ARRAY[$3]))`,
      [stream, expected, events],
    );
  }

  holdLock = (): Promise<QueryResult> => this.admin.query('SELECT pg_advisory_lock($1, $2)', [...LOG_LOCK]);
  releaseLock = (): Promise<QueryResult> => this.admin.query('SELECT pg_advisory_unlock($1, $2)', [...LOG_LOCK]);

  /** Backends that wait for `event` (as pg_stat_activity names it), once there is one. */
  waiting(event: string): Promise<number[]> {
    return until(async () => {
      const pids = await this.backends(`wait_event = '${event}'`);
      return pids.length > 0 ? pids : undefined;
    });
  }
  /** Waits until there is none such. */
  gone(condition: string): Promise<true> {
    return until(async () => ((await this.backends(condition)).length === 0 ? true : undefined));
  }
  async backends(condition: string): Promise<number[]> {
    const { rows } = await this.admin.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
    );
    return rows.map(({ pid }) => pid);
  }

  async ordinals(): Promise<number[]> {
    const { rows } = await this.admin.query<{ position: string }>('SELECT position FROM log.event ORDER BY position');
    return rows.map(({ position }) => Number(position));
  }
  /** Transactions that wrote what is in the log. */
  transactions = (): Promise<number> => this.count('SELECT count(DISTINCT xmin::text) AS n FROM log.event');

  async count(sql: string): Promise<number> {
    const { rows } = await this.admin.query<{ n: string }>(sql);
    return Number(rows[0]!.n);
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
