import { AsyncLocalStorage } from 'node:async_hooks';
import { dateOf, type Instant, type LocalDate } from '../domain/kernel/local-date.js';

export interface Clock {
  now(): Instant;
  /** The date of now in `zone` (IANA), Europe/Paris unless told. */
  today(zone?: string): LocalDate;
}

const overridden = new AsyncLocalStorage<Instant>();

/** The machine's clock, except inside `atInstant`. */
export const systemClock: Clock = {
  now: () => overridden.getStore() ?? (new Date().toISOString() as Instant),
  today: (zone) => dateOf(systemClock.now(), zone),
};

/** Runs `fn`, and all that it awaits, as if it were `instant`. For demonstration only: scenarios are played at their own dates. */
export const atInstant = <T>(instant: Instant, fn: () => T): T => overridden.run(instant, fn);
