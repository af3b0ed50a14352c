import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { Announcements } from '../event-store/announced.js';
import { UnknownEvent } from '../event-store/codec.js';
import { type Position, Resync } from '../event-store/port.js';
import { CHECKPOINT, OtherRules, OtherVersion, Projector, rows, ViewsMissing } from './projector.js';
import { type Log } from './read-cases.js';
import { type RebuildProgress, rebuildProgress } from './rebuild-journal.js';
import { fittingTables, isFollowable } from './served.js';
import { waitFor } from './snapshot.js';
import { Checkpoint, isMissing, ParkedCase, tableOf, VERSION } from './tables.js';

export const IDLE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * `following`: up to date, or on its way. `rebuilding`: the tables are missing, of an older version or of other rules; those that are there are
 * followed and served meanwhile, as far as they fit. `retrying`: something failed, see
 * `error`. `stopped`: an event or the tables are of a newer version of this program, which only an upgrade can take further.
 */
export type RunnerState = 'starting' | 'following' | 'rebuilding' | 'retrying' | 'stopped';
export interface RunnerHealth {
  readonly state: RunnerState;
  readonly position: Position | null;
  /** Cases held up by an event that can't be worked out. */
  readonly parked: number;
  readonly error?: string;
  /** Of the tables that are being made. */
  readonly rebuild?: RebuildProgress;
  /** Whether anything is there to be shown meanwhile. */
  readonly serving: boolean;
}
export interface RunnerParts {
  readonly log: Log;
  readonly views: DataSource;
  /** Makes the tables when they are not there; false when another process is at it. */
  readonly rebuild: (signal: AbortSignal) => Promise<boolean>;
  /** Of what is written in this process; others' is looked for now and then. */
  readonly announcements?: Announcements | undefined;
  /** Lines for the operator; `isTrouble`: somebody is to look at it. */
  readonly say: (line: string, isTrouble?: boolean) => void;
}

/** Follows the log into the tables. Start as many as you like: they take turns. */
export class ReadModelRunner {
  readonly #projector: Projector;
  #state: RunnerState = 'starting';
  #error: string | undefined;
  /** The rebuild that goes on beside the live tables. */
  #beside: Promise<void> | undefined;
  /** How the last one failed, and when the next one may begin. */
  #failed: { readonly error: unknown; readonly times: number; readonly next: number } | undefined;

  constructor(private readonly parts: RunnerParts) {
    this.#projector = new Projector(parts.log, parts.views);
  }

  /** Runs until `signal` aborts, or until an upgrade is needed. */
  async start(signal: AbortSignal): Promise<void> {
    await this.follow(signal);
    await this.#beside;
  }
  private async follow(signal: AbortSignal): Promise<void> {
    const { announcements = new Announcements() } = this.parts;
    for (let failures = 0; !signal.aborted;) {
      const { count } = announcements;
      try {
        const rest = await this.step(signal);
        if (needsUpgrade(this.#failed?.error)) return this.become('stopped', this.#failed!.error);
        if (!this.#beside && !this.#failed) this.become('following');
        failures = 0;
        if (rest) await announcements.after(count, IDLE_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        const failure = await this.recover(error, signal);
        if (failure === undefined || signal.aborted) continue;
        if (needsUpgrade(failure)) return this.become('stopped', failure);
        this.become('retrying', failure);
        await resting(Math.min(IDLE_MS * 2 ** failures++, LONGEST_PAUSE_MS), signal);
      }
    }
  }

  async health(): Promise<RunnerHealth> {
    const { views } = this.parts;
    const [found] = await rows<{ position: Position | null; parked: number }>(
      views,
      `SELECT position, (SELECT count(*)::int FROM ${tableOf(views, ParkedCase)}) AS parked FROM ${tableOf(views, Checkpoint)} WHERE name = $1`,
      [CHECKPOINT],
    ).catch(() => []);
    const error = this.#error;
    const rebuild = await rebuildProgress(views).catch(() => undefined);
    return {
      state: this.#state,
      position: found?.position ?? null,
      parked: found?.parked ?? 0,
      serving: found !== undefined,
      ...(error !== undefined && { error }),
      ...(rebuild && { rebuild }),
    };
  }

  /** @throws NotYet after `timeoutMs` */
  waitFor(position: Position, timeoutMs: number): Promise<void> {
    return waitFor(this.parts.views, position, timeoutMs);
  }

  /** Looks without a lock first: idle copies must not write. True when there is nothing to do just now. */
  private async step(signal: AbortSignal): Promise<boolean> {
    const { views, log } = this.parts;
    const names = views.entityMetadatas.map(({ tablePath }) => tablePath);
    await log.rulebook.catchUp();
    const head = await log.store.head();
    const [checkpoint] = await rows<{ version: number; rules: number; position: Position | null; whole: boolean }>(
      views,
      `SELECT version, rules, position, (SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest($2::text[]) name) AS whole
       FROM ${tableOf(views, Checkpoint)} WHERE name = $1`,
      [CHECKPOINT, names],
    );
    const outdated = outdatedBy(checkpoint, log.rulebook.revision);
    const beside = outdated && checkpoint && !needsUpgrade(outdated) ? await fittingTables(views) : undefined;
    if (outdated && !(beside && isFollowable(views, beside))) throw outdated;
    if (outdated) this.rebuildBeside(outdated, signal);
    else this.#failed = undefined;
    if (head === undefined || (checkpoint!.position !== null && checkpoint!.position >= head)) return true;
    return (await this.#projector.advance(beside)) !== 'moved';
  }

  /** The live tables go on being followed, under the rules of now, and served. */
  private rebuildBeside(why: Error, signal: AbortSignal): void {
    if (this.#beside || (this.#failed && Date.now() < this.#failed.next)) return;
    this.become('rebuilding', why);
    const times = (this.#failed?.times ?? 0) + 1;
    const fail = (error: unknown): void => {
      if (signal.aborted) return;
      this.#failed = { error, times, next: Date.now() + Math.min(IDLE_MS * 2 ** times, LONGEST_PAUSE_MS) };
      this.become('retrying', error);
    };
    this.#beside = this.parts
      .rebuild(signal)
      .then((done) => (done ? (this.#failed = undefined) : fail(new Error('another process is making the views'))))
      .catch(fail)
      .then(() => (this.#beside = undefined));
  }

  /** Makes the tables anew when that is what is wrong; otherwise, or when that fails, says what is. */
  private async recover(error: unknown, signal: AbortSignal): Promise<unknown> {
    const outdated = error instanceof OtherVersion && !needsUpgrade(error);
    if (!(
      outdated ||
      isMissing(error) ||
      error instanceof ViewsMissing ||
      error instanceof OtherRules ||
      error instanceof Resync
    ))
      return error;
    this.become('rebuilding', error);
    try {
      return (await this.parts.rebuild(signal)) ? undefined : new Error('another process is making the views');
    } catch (failure) {
      return failure;
    }
  }

  private become(state: RunnerState, error?: unknown): void {
    const why = isMissing(error) ? 'they are not there yet' : error instanceof Error ? error.message : undefined;
    if (state !== this.#state || why !== this.#error)
      this.parts.say(`views: ${state}${why === undefined ? '' : ` (${why})`}`, state === 'retrying' || state === 'stopped');
    this.#state = state;
    this.#error = why;
  }
}

/** Why the tables are to be made anew; first that they are of another release, which may have other tables. */
function outdatedBy(
  checkpoint: { readonly version: number; readonly rules: number; readonly whole: boolean } | undefined,
  rules: number,
): Error | undefined {
  if (checkpoint && checkpoint.version !== VERSION) return new OtherVersion(checkpoint.version);
  if (!checkpoint?.whole) return new ViewsMissing('tables of the views are missing');
  return checkpoint.rules === rules ? undefined : new OtherRules('the rules or the delays have changed');
}

/** An event of a newer version is never skipped, and tables of a newer version are never made old again. */
const needsUpgrade = (error: unknown): boolean =>
  error instanceof UnknownEvent || (error instanceof OtherVersion && error.found > VERSION);

const resting = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  pause(milliseconds, undefined, { signal }).catch(() => undefined);
