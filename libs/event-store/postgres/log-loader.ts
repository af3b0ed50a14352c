import { finished } from 'node:stream/promises';
import { Client, DatabaseError, type ClientConfig, type Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type LogLoader } from '../copy-log.js';
import { type EventStore, type Position, type StoredEvent } from '../port.js';

/** The log can't be loaded, or not be used yet; the message is for the operator. */
export class LogNotLoadable extends Error {}

/** Two numbers, hence a space of their own; the same as in `log.append`. */
export const LOG_LOCK = [1179208786, 1] as const;
const LOCK_NOT_AVAILABLE = '55P03';
const COPY = 'COPY log.event (position, stream, revision, event_id, type, schema_version, data, metadata) FROM STDIN';

/**
 * Loads the events of another store into an empty log, by COPY. Nobody else writes meanwhile: the log's lock is held, and the
 * right to append is taken away until `finish`, also from applications that were running when a copy was killed.
 */
export class PostgresLogLoader implements LogLoader {
  private constructor(
    private readonly client: Client,
    private loaded: number,
    private last: Position | undefined,
  ) {}

  /**
   * @param owner the role that owns the schema: the application's has no right to any of this
   * @param source what is copied; a log that holds events of it from an earlier, interrupted copy is gone on with
   * @throws LogNotLoadable when the log has events of its own, or those of another source, or somebody is writing to it
   */
  static async open(owner: ClientConfig, source: Pick<EventStore, 'readStream'>): Promise<PostgresLogLoader> {
    const client = new Client({ application_name: 'fil-rouge copy', ...owner });
    // A connection that breaks fails its query, which is where it is handled.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await takeLogLock(client);
      await mark(client);
      return new PostgresLogLoader(client, ...(await whereItStands(client, source)));
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /** Events that the log holds. */
  get count(): number {
    return this.loaded;
  }

  /** Position, in the source, of the last event that the log holds: go on behind it. */
  get after(): Position | undefined {
    return this.last;
  }

  /** The next events of the source, in its order; all or none of them. */
  async load(events: readonly StoredEvent[]): Promise<void> {
    const after = events.at(-1)?.position;
    if (after === undefined) return;
    await this.client.query('BEGIN');
    try {
      const copy = this.client.query(copyFrom(COPY));
      copy.end(events.map((event, i) => line(this.loaded + i, event)).join(''));
      await finished(copy);
      await this.client.query('UPDATE log.copy SET source_position = $1', [after]);
      await this.client.query('COMMIT');
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    this.loaded += events.length;
    this.last = after;
  }

  /** @param above an incarnation, of the source, that the log's is then greater than */
  async startIncarnation(above: bigint): Promise<void> {
    await this.client.query('SELECT log.start_incarnation($1)', [above]);
  }

  /** Gives the log to the application. */
  async finish(): Promise<void> {
    // Its plans are made for a table that was empty.
    await this.client.query('ANALYZE log.event');
    await this.client.query('BEGIN');
    await this.client.query('DELETE FROM log.copy');
    await this.client.query('GRANT EXECUTE ON FUNCTION log.append TO fil_rouge_app');
    await this.client.query('COMMIT');
  }

  /** Before `finish`, it leaves a log that only another loader takes. */
  async close(): Promise<void> {
    await this.client.end();
  }
}

/** @throws LogNotLoadable when the log is the unfinished copy of another, or was moved to another store */
export async function assertNotBeingCopied(database: Pick<Pool, 'query'>): Promise<void> {
  const { rowCount } = await database.query('SELECT FROM log.copy');
  if (rowCount !== 0)
    throw new LogNotLoadable(
      'le journal de cette base n’est pas entier. S’il a été déplacé vers EventStoreDB, donner EVENTSTORE_URL ; si une copie vers cette base a été interrompue, relancer la même commande copy-log jusqu’à sa fin, ou partir d’une base vide',
    );
}

/** @throws LogNotLoadable when the database has events of its own, and the log is said to be in another store */
export async function assertNoLogOfItsOwn(database: Pick<Pool, 'query'>): Promise<void> {
  const { rows } = await database.query<{ own: boolean }>(
    'SELECT EXISTS (SELECT FROM log.event) AND NOT EXISTS (SELECT FROM log.copy) AS own',
  );
  if (rows[0]!.own)
    throw new LogNotLoadable(
      'EVENTSTORE_URL est donné, et cette base a un journal qui n’a pas été déplacé : le déplacer d’abord (copy-log), ou démarrer sans EVENTSTORE_URL',
    );
}

/**
 * Held until the connection ends.
 * @throws LogNotLoadable when somebody keeps it
 */
export async function takeLogLock(client: Client): Promise<void> {
  try {
    await client.query(`SET lock_timeout = '2s'`);
    await client.query('SELECT pg_advisory_lock($1, $2)', [...LOG_LOCK]);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new LogNotLoadable(
      'une autre copie de cette base ou vers elle est en cours, ou une application y écrit : l’arrêter d’abord',
    );
  }
}

async function mark(client: Client): Promise<void> {
  await client.query(
    'INSERT INTO log.copy (source_position) SELECT NULL WHERE NOT EXISTS (SELECT FROM log.event) ON CONFLICT DO NOTHING',
  );
  const { rowCount } = await client.query('SELECT FROM log.copy');
  if (rowCount === 0) throw new LogNotLoadable('le journal de cette base contient déjà des événements : il faut une base vide');
  await client.query('REVOKE EXECUTE ON FUNCTION log.append FROM fil_rouge_app');
}

/** What is there must be the beginning of the source: its last event is then in the source too. What copies compares the rest. */
async function whereItStands(client: Client, source: Pick<EventStore, 'readStream'>): Promise<[number, Position | undefined]> {
  const { rows } = await client.query<{ position: string; stream: string; revision: number; id: string }>(
    'SELECT position, stream, revision, event_id AS id FROM log.event ORDER BY position DESC LIMIT 1',
  );
  const last = rows[0];
  if (last === undefined) return [0, undefined];
  const [original] = await source.readStream(last.stream, last.revision);
  if (original?.id !== last.id)
    throw new LogNotLoadable(
      `cette base contient la copie inachevée d’un autre journal : ${last.stream}, révision ${last.revision}, n’est pas dans la source`,
    );
  return [Number(last.position) + 1, original.position];
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escape = (text: string) => text.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found]!);

/** Of COPY's text format. */
const line = (position: number, { stream, revision, id, type, schemaVersion, data, metadata }: StoredEvent) =>
  `${[position, escape(stream), revision, id, escape(type), schemaVersion, escape(data), escape(metadata)].join('\t')}\n`;
