import { randomUUID } from 'node:crypto';
import { NO_STREAM, WrongExpectedRevision } from '../port.js';
import { type Server } from './server.js';
import { toStored } from './stored-event.js';

/** Holds nothing of a case, and is no part of the log that readers see. */
export const LOG_STREAM = 'fil-rouge-log';
const TYPE = 'IncarnationStarted';
/** Milliseconds for which one that was read holds; a server that is restored is away for longer. */
const HOLDS_MS = 1000;

interface Started {
  readonly incarnation: bigint;
  readonly revision: number;
}

/** Which life of the log this is: another one begins with a restore, or when the log comes from another store. */
export class Incarnation {
  private known: { readonly incarnation: Promise<bigint>; readonly since: number } | undefined;

  constructor(private readonly server: Server) {}

  /** The first one who asks starts the first one. */
  current(): Promise<bigint> {
    if (this.known === undefined || performance.now() - this.known.since > HOLDS_MS) {
      const read = this.read();
      this.known = { incarnation: read, since: performance.now() };
      read.catch(() => (this.known = undefined));
    }
    return this.known.incarnation;
  }

  /** Microseconds since 1970, as in PostgreSQL, so that two restores of one backup differ; never below an earlier one. */
  async start(above: bigint): Promise<bigint> {
    const last = await this.last();
    const now = BigInt(Date.now()) * 1000n;
    const incarnation = [now, above + 1n, (last?.incarnation ?? 0n) + 1n].reduce((a, b) => (a > b ? a : b));
    const data = JSON.stringify({ incarnation: incarnation.toString() });
    const event = { id: randomUUID(), type: TYPE, schemaVersion: 1, data, metadata: '{}' };
    await this.server.append(LOG_STREAM, last?.revision ?? NO_STREAM, [event]);
    this.known = undefined;
    return incarnation;
  }

  private async read(): Promise<bigint> {
    const last = await this.last();
    if (last !== undefined) return last.incarnation;
    return this.start(0n).catch((error: unknown) => {
      // Somebody else was first.
      if (error instanceof WrongExpectedRevision) return this.read();
      throw error;
    });
  }

  private async last(): Promise<Started | undefined> {
    const event = await this.server.lastOf(LOG_STREAM);
    if (event === undefined) return undefined;
    const { data, revision } = toStored(event, 0n);
    return { incarnation: BigInt((JSON.parse(data) as { incarnation: string }).incarnation), revision };
  }
}
