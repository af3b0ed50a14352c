import { type EventStore, type Filter, type Page, type Position, type StoredEvent } from '../event-store/port.js';

/** A stretch of the log: what it holds after `from`, up to and including `next`. Positions sort as text; '' is before all. */
interface Stretch {
  readonly from: Position | '';
  readonly next: Position | '';
  readonly events: readonly StoredEvent[];
}
const KEPT = 64;

/**
 * The end of the log, polled once for all subscribers of this process. It remembers the last few pages; whoever is further behind
 * reads by itself until it gets here.
 */
export class LogTail {
  readonly #recent: Stretch[] = [];
  readonly #waiting = new Set<{ readonly wake: () => void; readonly fail: (error: unknown) => void }>();
  readonly #stop = new AbortController();
  #running = false;

  constructor(
    private readonly store: EventStore,
    private readonly filter: Filter,
  ) {}

  /**
   * What comes after a position, as soon as there is something; undefined when the position is too far behind, or `signal` aborted.
   * @throws Resync when the log was restored; any other failure to follow it
   */
  async after(position: Position | undefined, signal: AbortSignal): Promise<Page | undefined> {
    const at = position ?? '';
    while (!signal.aborted && !this.#stop.signal.aborted) {
      const stretch = this.#recent.find(({ next }) => next > at);
      if (stretch)
        return stretch.from > at
          ? undefined
          : {
              events: stretch.events.filter((e) => e.position > at),
              next: stretch.next || undefined,
              atHead: stretch === this.#recent.at(-1),
            };
      await this.#next(signal);
    }
    return undefined;
  }

  close(): void {
    this.#stop.abort();
    for (const { wake } of this.#waiting) wake();
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => () => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', waiter.wake);
        end();
      };
      const waiter = { wake: settle(resolve), fail: (error: unknown) => settle(() => reject(error))() };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', waiter.wake, { once: true });
      if (!this.#running) void this.#follow();
    });
  }

  async #follow(): Promise<void> {
    this.#running = true;
    this.#recent.length = 0;
    try {
      let from = await this.store.head();
      // What lies before is not here: it sends back to read by itself whoever is not this far yet.
      this.#push({ from: from ?? '', next: from ?? '', events: [] });
      for await (const { events, next } of this.store.subscribe(from, this.filter, this.#stop.signal)) {
        this.#push({ from: from ?? '', next: next ?? '', events });
        from = next;
      }
    } catch (error) {
      for (const { fail } of this.#waiting) fail(error);
    } finally {
      this.#running = false;
      for (const { wake } of this.#waiting) wake();
    }
  }

  #push(stretch: Stretch): void {
    this.#recent.push(stretch);
    if (this.#recent.length > KEPT) this.#recent.shift();
    for (const { wake } of this.#waiting) wake();
  }
}
