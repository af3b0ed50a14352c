/** Told once that the process is stopping: whatever is long ends at its next resting place. */
export class Stopping {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal = this.#controller.signal;

  stop(): void {
    this.#controller.abort();
  }
  /** Nest's first hook, before the server waits for its connections to end. */
  onModuleDestroy(): void {
    this.stop();
  }
}
