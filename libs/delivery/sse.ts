import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ServerResponse } from 'node:http';
import { metrics } from '@opentelemetry/api';
import { type Caller } from '../access/authentication/caller.js';
import { type CursorSealer } from '../access/sealed-cursor.js';
import { actOfType } from '../domain/case/acts.js';
import { takesPart } from '../domain/case/taking-part.js';
import { afterPart } from '../domain/confidentiality/own.js';
import { redact } from '../domain/confidentiality/redact.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type Position, Resync, type StoredEvent } from '../event-store/port.js';
import { CaseMemory, STREAM_PREFIX } from './case-memory.js';
import { eventFrame, HEARTBEAT, positionFrame, resyncFrame, retryFrame } from './frames.js';
import { LogTail } from './log-tail.js';
import { QuietStretches } from './quiet.js';

const CASES = { streamPrefixes: [STREAM_PREFIX] };
const PAGE = 200;
/** The longest that a timer of Node's can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const CURSOR = 'stream';
type Place = Position | null;

export interface CaseStreamParts {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly cursors: CursorSealer;
  readonly clock: { today(): LocalDate };
}
/** All in milliseconds. */
export interface CaseStreamOptions {
  /** Between two signs of life. */
  readonly heartbeat?: number;
  /** Without reading anything, before a client is cut. */
  readonly patience?: number;
  /** That a client is asked to wait before it connects again. */
  readonly retry?: number;
}
/** Where a stream begins: the id of the frame that says so, and the place that it names. */
interface Start {
  readonly id: string;
  readonly after: Position | undefined;
}
/** What a client asks for. */
export interface StreamRequest {
  /** The header `Last-Event-ID`, else the parameter `lastEventId`: the stream resumes strictly after it. */
  readonly lastEventId?: string | undefined;
  /** Without a last event: `start` for all that the caller has seen happen, else what happens from now on. */
  readonly from?: 'start' | undefined;
}

/**
 * `GET /v1/stream`: the cases in which the caller takes part, as server-sent events, straight from the log. An event is delivered
 * when the caller's organisation took part once it was recorded, and takes part now, with the fields of the zones that it may see
 * now; its own facts are, whether or not. What it may not see is passed over, and leaves no trace: no frame, and no place in the log that
 * is told (ADR 0018).
 */
export class CaseStreams {
  readonly #tail: LogTail;
  readonly #memory: CaseMemory;
  readonly #quiet = new QuietStretches();
  readonly #open = new Set<AbortController>();
  #closed = false;
  readonly #connections = metrics.getMeter('fil-rouge').createUpDownCounter('fil_rouge.stream.connections', { description: 'Streams that are open.' }); // prettier-ignore
  readonly #heartbeat: number;
  readonly #patience: number;
  readonly #retry: number;

  constructor(
    private readonly parts: CaseStreamParts,
    { heartbeat = 15_000, patience = 30_000, retry = 3_000 }: CaseStreamOptions = {},
  ) {
    this.#tail = new LogTail(parts.store, CASES);
    this.#memory = new CaseMemory(parts.store, parts.codec);
    [this.#heartbeat, this.#patience, this.#retry] = [heartbeat, patience, retry];
  }

  /**
   * Answers until the client goes, its token ends, or `close`.
   * @throws InvalidCursor before the answer begins
   */
  async serve(request: StreamRequest, caller: Caller, response: ServerResponse): Promise<void> {
    const start = await this.#start(request);
    const end = new AbortController();
    if (this.#closed || response.closed) end.abort();
    this.#open.add(end);
    this.#connections.add(1);
    response.once('close', () => end.abort());
    const expiry = setTimeout(() => end.abort(), Math.min(Date.parse(caller.expiresAt) - Date.now(), MAX_TIMER_MS));
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      // Its connection ends with it: kept alive, a client that comes back at once would keep a server that stops from stopping.
      Connection: 'close',
      // nginx would keep the frames back.
      'X-Accel-Buffering': 'no',
    });
    const connection = new Connection(response, this.#patience, end.signal);
    await connection.write(retryFrame(this.#retry));
    try {
      await this.#follow(start, caller, connection, end.signal);
    } catch (error) {
      if (!(error instanceof Resync)) throw error;
      await connection.write(resyncFrame(this.#fromNowOn(await this.parts.store.head())));
    } finally {
      clearTimeout(expiry);
      this.#open.delete(end);
      this.#connections.add(-1);
      // What a client that does not read has not read yet would keep the connection open.
      if (response.writableNeedDrain) response.destroy();
      else response.end();
    }
  }

  /** Ends all streams; their clients come back to another process, or to the next one. */
  close(): void {
    this.#closed = true;
    for (const end of this.#open) end.abort();
    this.#tail.close();
  }

  async #start({ lastEventId, from }: StreamRequest): Promise<Start> {
    if (lastEventId) {
      const place = this.parts.cursors.open(CURSOR, lastEventId) as Place | readonly [Place, string];
      // As it came: sealed anew, it would be the same text for the same place.
      return { id: lastEventId, after: (typeof place === 'object' && place ? place[0] : place) ?? undefined };
    }
    if (from === 'start') return { id: this.#seal(undefined), after: undefined };
    const head = await this.parts.store.head();
    return { id: this.#fromNowOn(head), after: head };
  }
  /** The place of an event that the client gets, or the beginning of all. */
  #seal(position: Position | undefined): string {
    return this.parts.cursors.seal(CURSOR, position ?? null);
  }
  /** The end of the log, whosever event is there: another text each time, so that it does not tell whether there was a new one. */
  #fromNowOn(head: Position | undefined): string {
    return this.parts.cursors.seal(CURSOR, [head ?? null, randomUUID()]);
  }

  async #follow({ id, after }: Start, caller: Caller, connection: Connection, signal: AbortSignal): Promise<void> {
    // The last that the client got.
    let told: { readonly id: string; readonly position: Position | undefined } = { id, position: after };
    let at = this.#quiet.past(caller, after);
    // Where it starts, at once: whoever loses the connection before the first event must not miss what came in between.
    await connection.write(positionFrame(told.id));
    const heart = setInterval(() => connection.offer(HEARTBEAT), this.#heartbeat);
    try {
      let level = false;
      // By itself until it reaches the head, then from what all subscribers share.
      for (let alone = true; !signal.aborted;) {
        const page = alone ? await this.parts.store.readAll(at, PAGE, CASES) : await this.#tail.after(at, signal);
        if (page === undefined) {
          alone = true;
          continue;
        }
        for await (const { id: place, position, frame } of this.#visible(page.events, caller)) {
          if (signal.aborted) return;
          told = { id: place, position };
          await connection.write(frame);
        }
        at = page.next;
        this.#quiet.remember(caller, told.position, at);
        if (!alone || !page.atHead) continue;
        alone = false;
        // Once: how often it has to catch up is for others' events to say.
        if (!level) await connection.write(positionFrame(told.id));
        level = true;
      }
    } finally {
      clearInterval(heart);
    }
  }

  async *#visible(
    events: readonly StoredEvent[],
    caller: Caller,
  ): AsyncIterable<{ id: string; position: Position; frame: string }> {
    const last = new Map(events.map((e) => [caseOf(e), e.revision]));
    await Promise.all([...last].map(([caseId, revision]) => this.#memory.at(caseId, revision)));
    for (const { position, revision, ...event } of events) {
      const caseId = caseOf(event);
      const found = await this.#memory.at(caseId, revision);
      const today = this.parts.clock.today();
      const live = found.tookPart(revision, caller.organisation) && takesPart(found.view, caller.organisation, today);
      const told = found.eventAt(revision);
      const seen = live
        ? redact(told, caller, found.view, today, actOfType)
        : afterPart(told, caller, found.view, today, actOfType);
      const id = this.#seal(position);
      if (seen) yield { id, position, frame: eventFrame(id, caseId, seen) };
    }
  }
}

const caseOf = ({ stream }: Pick<StoredEvent, 'stream'>): string => stream.slice(STREAM_PREFIX.length);

/** Writes no faster than the client reads. */
class Connection {
  constructor(
    private readonly response: ServerResponse,
    private readonly patience: number,
    private readonly signal: AbortSignal,
  ) {}

  async write(text: string): Promise<void> {
    if (this.signal.aborted || this.response.write(text)) return;
    // One that reads nothing is cut, and resumes where it was when it comes back.
    const cut = setTimeout(() => this.response.destroy(), this.patience);
    await once(this.response, 'drain', { signal: this.signal }).catch(() => undefined);
    clearTimeout(cut);
  }
  /** Something that can be left out when the client is behind. */
  offer(text: string): void {
    if (!this.signal.aborted && !this.response.writableNeedDrain) this.response.write(text);
  }
}
