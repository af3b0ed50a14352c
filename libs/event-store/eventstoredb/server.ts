import {
  BACKWARDS,
  END,
  MaxAppendSizeExceededError,
  NO_STREAM as ABSENT,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamResolvedEvent,
  type Filter as ServerFilter,
  type RecordedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { NO_STREAM, WrongExpectedRevision, type NewEvent } from '../port.js';
import { BEFORE_FIRST } from '../position.js';
import { Arrivals } from './arrivals.js';
import { Connection } from './connection.js';
import { TimeLimit } from './failure.js';
import { toRecorded } from './stored-event.js';

/** Says whether it wants more. */
type Take = (event: RecordedEvent) => boolean;

/** A subscription of the server, as it comes. */
export interface Following {
  /** Without an event: a position up to which the filter left all out. */
  readonly arrivals: Arrivals<AllStreamResolvedEvent>;
  failed(error: unknown): void;
  close(): void;
}

/**
 * The few calls of the client that we make. The leader answers all of them, since a follower may not know yet what was written; and
 * each is held to our own time limit, since the client keeps none.
 */
export class Server {
  private readonly connection: Connection;

  constructor(
    connectionString: string,
    private readonly timeoutMs: number,
  ) {
    this.connection = new Connection(connectionString);
  }

  /**
   * @returns the position of the last event, in bytes of the server's log
   * @throws WrongExpectedRevision
   * @throws RangeError when the server takes less than it does by default
   */
  async append(stream: string, expectedRevision: number, events: readonly NewEvent[]): Promise<bigint> {
    const options = {
      ...this.options(),
      expectedRevision: expectedRevision === NO_STREAM ? ABSENT : BigInt(expectedRevision),
      deadline: this.timeoutMs,
    } as const;
    try {
      const { position, nextExpectedRevision } = await this.connection.use((client) =>
        within(this.timeoutMs, client.appendToStream(stream, events.map(toRecorded), options)),
      );
      // Of a repeat whose first time is not replicated yet, the server can't say where it is.
      if (position === undefined || nextExpectedRevision !== BigInt(expectedRevision + events.length))
        throw new Error(`${stream}: the server answers revision ${nextExpectedRevision}, position ${position?.commit}`);
      return position.commit;
    } catch (error) {
      if (error instanceof MaxAppendSizeExceededError) throw new RangeError(`append to ${stream}: ${error.message}`);
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      const { actualVersion } = error;
      throw new WrongExpectedRevision(stream, expectedRevision, actualVersion === ABSENT ? NO_STREAM : Number(actualVersion));
    }
  }

  async readStream(stream: string, fromRevision: number, maxCount?: number): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    await this.connection
      .use((client) => {
        const read = client.readStream(stream, { ...this.options(), fromRevision: BigInt(fromRevision), maxCount });
        return this.drain(read, (event) => events.push(event) > 0);
      })
      .catch(onlyIfFound);
    return events;
  }

  async lastOf(stream: string): Promise<RecordedEvent | undefined> {
    let last: RecordedEvent | undefined;
    await this.connection
      .use((client) => {
        const read = client.readStream(stream, { ...this.options(), direction: BACKWARDS, fromRevision: END, maxCount: 1 });
        return this.drain(read, (event) => ((last = event), false));
      })
      .catch(onlyIfFound);
    return last;
  }

  /**
   * The log from a position on, that one included.
   * @returns whether it went to the end
   */
  forwards(from: bigint, take: Take): Promise<boolean> {
    return this.connection.use((client) => this.drain(client.readAll({ ...this.options(), fromPosition: at(from) }), take));
  }

  backwards(take: Take): Promise<boolean> {
    return this.connection.use((client) =>
      this.drain(client.readAll({ ...this.options(), direction: BACKWARDS, fromPosition: END }), take),
    );
  }

  /** Behind a position. */
  follow(after: bigint, filter: ServerFilter): Following {
    const lease = this.connection.lease();
    const subscription = lease.client.subscribeToAll({
      ...this.options(),
      fromPosition: at(after),
      filter: {
        ...filter,
        // Among the events, in its turn: told aside it would overtake those that wait to be taken.
        checkpointReached: (to, { commit }) => void to.push({ commitPosition: commit }),
      },
    });
    const arrivals = new Arrivals<AllStreamResolvedEvent>(subscription);
    return {
      arrivals,
      failed: lease.failed,
      close: () => {
        arrivals.leave();
        subscription.unsubscribe().catch(() => undefined);
        lease.release();
      },
    };
  }

  /** Once nothing is under way any more. */
  close(): Promise<void> {
    return within(this.timeoutMs, this.connection.close()).catch(() => undefined);
  }

  private options() {
    return { credentials: this.connection.credentials, requiresLeader: true };
  }

  private async drain(read: StreamingRead<{ readonly event?: RecordedEvent }>, take: Take): Promise<boolean> {
    const arrivals = new Arrivals<{ readonly event?: RecordedEvent }>(read);
    try {
      for (;;) {
        const batch = await arrivals.next(this.timeoutMs);
        if (batch === undefined) return true;
        if (batch.length === 0) throw new TimeLimit(this.timeoutMs);
        for (const { event } of batch) if (event !== undefined && !take(event)) return false;
      }
    } finally {
      arrivals.leave();
      read.cancel().catch(() => undefined);
    }
  }
}

const at = (position: bigint) => (position === BEFORE_FIRST ? START : { commit: position, prepare: position });

function onlyIfFound(error: unknown): void {
  if (!(error instanceof StreamNotFoundError)) throw error;
}

async function within<T>(ms: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimit(ms)), ms);
  });
  return Promise.race([call, limit]).finally(() => clearTimeout(timer));
}
