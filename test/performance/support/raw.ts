import { Client, type QueryConfig } from 'pg';
import { type NewEvent } from '../../../libs/event-store/port.js';
import { type Place } from './server.js';

/** As many as gave the most commits a second; the server takes a hundred. */
const CONNECTIONS = 32;

/**
 * What `pg` alone does with the same rows: a table with the columns and the two keys of ours, an identity for the position. It promises
 * less: its positions have holes, a reader can step over a slow commit, and a conflict is an error for the caller to understand.
 */
export class RawTable {
  /** When each connection is free again; beyond their number callers wait, as in a pool. */
  private readonly turns: Promise<unknown>[];

  private constructor(private readonly clients: readonly Client[]) {
    this.turns = clients.map(() => Promise.resolve());
  }

  static async create(place: Place): Promise<RawTable> {
    const clients = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const client = new Client(place.owner);
        await client.connect();
        return client;
      }),
    );
    await clients[0]!.query(`CREATE TABLE event (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text COLLATE "C" NOT NULL, revision integer NOT NULL, event_id uuid NOT NULL,
      type text NOT NULL, schema_version integer NOT NULL, data json NOT NULL, metadata json NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (stream, revision))`);
    return new RawTable(clients);
  }

  /** One INSERT of one row, one commit. */
  insert(stream: string, revision: number, [e]: readonly NewEvent[], caller: number): Promise<unknown> {
    return this.query(caller, {
      name: 'insert',
      text: 'INSERT INTO event (stream, revision, event_id, type, schema_version, data, metadata) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      values: [stream, revision + 1, e!.id, e!.type, e!.schemaVersion, e!.data, e!.metadata],
    });
  }

  /** One INSERT of many rows, one commit. */
  insertAll(stream: string, revision: number, events: readonly NewEvent[], caller: number): Promise<unknown> {
    return this.query(caller, {
      name: 'unnest',
      text: `INSERT INTO event (stream, revision, event_id, type, schema_version, data, metadata)
        SELECT $1, e.* FROM unnest($2::int[], $3::uuid[], $4::text[], $5::int[], $6::json[], $7::json[]) e`,
      values: [
        stream,
        events.map((_, i) => revision + 1 + i),
        events.map((e) => e.id),
        events.map((e) => e.type),
        events.map((e) => e.schemaVersion),
        events.map((e) => e.data),
        events.map((e) => e.metadata),
      ],
    });
  }

  private query(caller: number, query: QueryConfig): Promise<unknown> {
    const one = caller % CONNECTIONS;
    return (this.turns[one] = this.turns[one]!.then(() => this.clients[one]!.query(query)));
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }
}

const COLUMNS = 'position, stream, revision, event_id, type, schema_version';
/** The whole log in keyset pages of 1000 by `pg` alone, with both JSON columns as objects, as `pg` gives them. @returns events */
export async function readRaw(client: Client): Promise<number> {
  let read = 0;
  for (let after = '-1'; ;) {
    const { rows } = await client.query<{ position: string }>({
      name: 'page',
      text: `SELECT ${COLUMNS}, data, metadata FROM log.event WHERE position > $1 ORDER BY position LIMIT 1000`,
      values: [after],
    });
    read += rows.length;
    if (rows.length < 1000) return read;
    after = rows.at(-1)!.position;
  }
}
/** One stream. @returns events */
export async function readRawStream(client: Client, stream: string): Promise<number> {
  const { rows } = await client.query({
    name: 'stream',
    text: `SELECT ${COLUMNS}, data::text, metadata::text FROM log.event WHERE stream = $1 ORDER BY revision`,
    values: [stream],
  });
  return rows.length;
}
