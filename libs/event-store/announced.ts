import { type EventStore } from './port.js';

/** Tells those in this process that follow the log that something was written, so that they need not look for it. */
export class Announcements {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Goes up with each append. */
  get count(): number {
    return this.#count;
  }
  tell(): void {
    this.#count++;
    for (const wake of this.#waiting) wake();
  }
  /** Until the next one after `count`, and no longer than so many milliseconds. */
  async after(count: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#count !== count || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}

export function announced<S extends EventStore>(store: S, announcements: Announcements): S {
  const append = store.append.bind(store);
  store.append = async (...asked) => {
    const done = await append(...asked);
    announcements.tell();
    return done;
  };
  return store;
}
