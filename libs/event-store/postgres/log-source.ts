import { Client, type ClientConfig } from 'pg';
import { type Position } from '../port.js';
import { assertNotBeingCopied, takeLogLock } from './log-loader.js';

/** A log that is copied away. Nobody appends meanwhile, nor ever again once it is elsewhere, until it is copied back. */
export class PostgresLogSource {
  private constructor(private readonly client: Client) {}

  /**
   * @param owner the role that owns the schema
   * @throws LogNotLoadable when the whole log is elsewhere, or somebody keeps writing to it
   */
  static async open(owner: ClientConfig): Promise<PostgresLogSource> {
    const client = new Client({ application_name: 'fil-rouge copy', keepAlive: true, ...owner });
    // A connection that breaks fails its query, which is where it is handled.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await takeLogLock(client);
      await assertNotBeingCopied(client);
      return new PostgresLogSource(client);
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /**
   * From here on this log is the beginning of a copy, of the one it was moved to. By the connection that holds the lock: nobody has
   * appended since it was taken.
   * @param to of the last event, in the other store
   */
  async movedTo(to: Position | undefined): Promise<void> {
    await this.client.query('BEGIN');
    await this.client.query('INSERT INTO log.copy (source_position) VALUES ($1)', [to]);
    await this.client.query('REVOKE EXECUTE ON FUNCTION log.append FROM fil_rouge_app');
    await this.client.query('COMMIT');
  }

  /** Gives the lock back. */
  async close(): Promise<void> {
    await this.client.end();
  }
}
