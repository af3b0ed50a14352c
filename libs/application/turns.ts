import { Busy } from './messages.js';

/** Milliseconds after which whoever still waits is told to come again. */
export const PATIENCE_MS = 10_000;

/**
 * Acts on one stream wait their turn in the process: those that raced for it would all but one lose, read it again and be decided again,
 * at the cost of everybody else.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(private readonly patienceMs = PATIENCE_MS) {}

  /** @throws Busy when its turn does not come in time; the work is then never begun */
  async take<T>(stream: string, work: () => Promise<T>): Promise<T> {
    let given: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => (given = setTimeout(() => reject(new Busy()), this.patienceMs)));
    let isLate = false;
    late.catch(() => (isLate = true));
    const turn = (this.#last.get(stream) ?? Promise.resolve()).then(() => {
      clearTimeout(given);
      if (isLate) throw new Busy();
      return work();
    });
    const over = turn.catch(() => undefined);
    this.#last.set(stream, over);
    void over.then(() => this.#last.get(stream) === over && this.#last.delete(stream));
    return Promise.race([turn, late]);
  }
}
