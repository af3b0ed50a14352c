import { type Pool } from 'pg';
import { type Clock } from '../application/parts.js';

/** Milliseconds by which the clocks may differ. */
const TOLERANCE = 5 * 60_000;

/**
 * A wrong clock would tell people that they missed what they did not. It must agree with the database's, and go on as the processor's
 * does. A jump is believed again only by a new process: somebody then looked at it.
 */
export class ClockGuard {
  #last: { readonly wall: number; readonly steady: number } | undefined;
  #jumped: string | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** What is wrong with the clock, if anything. */
  async fault(): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const wall = Date.parse(this.clock.now());
    const steady = performance.now();
    const { now } = rows[0]!;
    if (this.#last) {
      const jump = wall - this.#last.wall - (steady - this.#last.steady);
      if (Math.abs(jump) > TOLERANCE)
        this.#jumped = `the clock jumped by ${seconds(jump)} s: check it, then restart this process`;
    }
    this.#last = { wall, steady };
    const apart = wall - now.getTime();
    if (Math.abs(apart) > TOLERANCE) return `the clock and the database's are ${seconds(apart)} s apart`;
    return this.#jumped;
  }
}
const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000);
