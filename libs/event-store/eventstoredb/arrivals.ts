/** As much of a Readable as is used; the client declares its own by the types of an older Node. */
interface Source {
  on(event: string, listener: (...args: unknown[]) => void): Source;
  removeAllListeners(event: string): Source;
  read(): unknown;
  resume(): Source;
}

/**
 * What a stream of the client has brought, batch by batch. The client's streams tell of an error by the event alone: an iterator that
 * was not listening at that moment would take a stream that broke for one that ended.
 */
export class Arrivals<T> {
  private failure: unknown;
  private ended = false;
  private interrupted = false;
  private changed: () => void = () => undefined;

  constructor(private readonly source: Source) {
    source
      .on('readable', () => this.changed())
      .on('end', () => {
        this.ended = true;
        this.changed();
      })
      .on('error', (error) => {
        this.failure ??= error;
        this.changed();
      });
  }

  /** Empty after `ms` of silence, or once interrupted; undefined at the end. */
  async next(ms: number): Promise<readonly T[] | undefined> {
    for (const limit = performance.now() + ms; ;) {
      const batch = this.drain();
      if (this.failure !== undefined) throw this.failure;
      if (batch.length > 0) return batch;
      if (this.ended) return undefined;
      const left = limit - performance.now();
      if (left <= 0 || this.interrupted) return [];
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Whoever waits need not. */
  interrupt(): void {
    this.interrupted = true;
    this.changed();
  }

  /** The rest is thrown away: the client keeps a stream that was left before its end, and waits for it when it is closed. */
  leave(): void {
    this.source.removeAllListeners('readable').resume();
  }

  private drain(): T[] {
    const batch: T[] = [];
    for (let item = this.source.read(); item !== null; item = this.source.read()) batch.push(item as T);
    return batch;
  }
}
