import { EventStoreDBClient, NotLeaderError, type Credentials } from '@eventstore/db-client';
import { ConnectionString } from './connection-string.js';
import { codeOf, isRefusal, TimeLimit } from './failure.js';

interface Held {
  readonly client: EventStoreDBClient;
  users: number;
}
/** The client, for one call or one subscription. */
export interface Lease {
  readonly client: EventStoreDBClient;
  /** Tells what went wrong: unless it is a refusal, the next lease is of a new client. */
  failed(error: unknown): void;
  release(): void;
}

/** Milliseconds without an answer to its ping after which the client gives a connection up. */
const KEEP_ALIVE_MS = 10_000;

/**
 * One client of the server, replaced by a new one, with a new connection, when it fails or hangs. The calls under way on the old one
 * end by themselves; its connection is closed behind the last of them.
 */
export class Connection {
  readonly credentials: Credentials;
  private readonly string: ConnectionString;
  private held: Held;
  private made = 0;

  constructor(connectionString: string) {
    this.string = new ConnectionString(connectionString);
    this.credentials = this.string.credentials;
    this.held = this.open();
  }

  lease(): Lease {
    const held = this.held;
    held.users++;
    return {
      client: held.client,
      failed: (error) => this.replace(held, error),
      release: () => {
        if (--held.users === 0 && held !== this.held) closeChannel(held.client);
      },
    };
  }

  /** Runs one call, or the reading of one stream to its end. */
  async use<T>(work: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    const lease = this.lease();
    try {
      return await work(lease.client);
    } catch (error) {
      lease.failed(error);
      throw error;
    } finally {
      lease.release();
    }
  }

  /** Once nothing is under way any more. */
  close(): Promise<void> {
    return this.held.client.dispose();
  }

  private replace(held: Held, error: unknown): void {
    // A failure without a code found no node: this client looks for one again at its next call.
    if (held !== this.held || isRefusal(error) || !(error instanceof TimeLimit || codeOf(error) !== undefined)) return;
    this.held = this.open(error instanceof NotLeaderError ? `${error.leader.address}:${error.leader.port}` : undefined);
  }

  private open(host?: string): Held {
    const options = {
      nodePreference: 'leader',
      // Told otherwise, the client answers a conflict with a success.
      throwOnAppendFailure: 'true',
      // Seconds, whatever else is said of it.
      gossipTimeout: 2,
      // Channels with the same options share their connections, one that is stuck included: hence a number of its own for each.
      keepAliveTimeout: KEEP_ALIVE_MS + (this.made++ % KEEP_ALIVE_MS),
    };
    const client = EventStoreDBClient.connectionString(this.string.with(options, host));
    // Left to itself it closes the channel under calls that are about to begin: their promises would then stay open for ever, and
    // rejections that nobody can catch would end the process. Here a failed client is replaced as a whole.
    client['handleError'] = () => Promise.resolve();
    return { client, users: 0 };
  }
}

/** The client has no verb for it; a channel left open stays in gRPC's registry for the life of the process. */
function closeChannel(client: EventStoreDBClient): void {
  client['getChannel']().then(
    // Not at once: a call that we gave up may have waited for the channel too, and throws where nobody can catch it when it is closed.
    (channel) => setImmediate(() => channel.close()),
    () => undefined,
  );
}
