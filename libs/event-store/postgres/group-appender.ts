import { setTimeout as pause } from 'node:timers/promises';
import { metrics } from '@opentelemetry/api';
import { type Pool, type PoolClient } from 'pg';
import { OutcomeUnknown, type NewEvent, type Position } from '../port.js';
import { int4Array, jsonArray, textArray, uuidArray } from './binary-array.js';
import { isBadValue, isLostRace, isRefusal } from './failure.js';
import { toPosition } from '../position.js';

/** One append of a group. */
export interface Member {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly NewEvent[];
  readonly bytes: number;
}
/** Of one member. Without a position it was stale, and no repeat, and `revision` is where its stream stands. */
export interface Outcome {
  readonly revision: number;
  readonly position: Position | undefined;
}
interface Waiting {
  readonly member: Member;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** Of `log.append`: see the comment on it. */
interface Answer {
  readonly incarnation: string;
  readonly first: string | null;
  readonly heads: readonly number[];
  readonly repeats: readonly (string | null)[] | null;
}

const MAX_GROUP_BYTES = 8 * 1024 * 1024;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 50;
const APPEND =
  'SELECT * FROM log.append($1::text[], $2::int[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::json[], $8::json[])';

/** Groups under way at most: the server has the next one in hand when it is done with one, while this process makes the one after. */
const DEPTH = 2;
/** Appends under way from which two calls pay for the second commit, where commits are quick. */
const WORTH_TWO = 24;

/** A connection, and how many calls are on it, one behind the other. */
interface Line {
  readonly client: Promise<PoolClient>;
  calls: number;
  sound: boolean;
}

/**
 * Sends the appends that wait, together, in one call of `log.append`: the commit and the lock are then paid once for all.
 * At most one append per stream is under way; the others of that stream keep their turn.
 */
export class GroupAppender {
  private waiting: Waiting[] = [];
  private readonly underWay = new Set<string>();
  private groups = 0;
  private line: Line | undefined;
  private readonly sizes = metrics.getMeter('fil-rouge').createHistogram('fil_rouge.append.group', {
    description: 'Appends that went to the database together.',
    advice: { explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128, 256] },
  });
  private pumpIsDue = false;

  constructor(
    /** Of connections that take a query while another one is under way. */
    private readonly pool: Pool,
    private readonly maxGroup: number,
    /** Whether commits are so quick that this process has no less to do than the server. */
    private readonly isBusy: () => boolean = busyLately(),
  ) {}

  append(member: Member): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ member, resolve, reject });
      this.pumpSoon();
    });
  }

  /** Not at once: what arrives in the same turn of the event loop goes in the same group. */
  private pumpSoon(): void {
    if (this.pumpIsDue) return;
    this.pumpIsDue = true;
    setImmediate(() => this.pump());
  }

  private pump(): void {
    this.pumpIsDue = false;
    // Where commits last, one for all is best. Where they do not, this process and the server had better work at once.
    const depth = this.waiting.length + this.underWay.size >= WORTH_TWO && this.isBusy() ? DEPTH : 1;
    while (this.groups < depth || (this.groups < DEPTH && this.waiting.length >= this.maxGroup)) {
      const group = this.take(Math.min(this.maxGroup, Math.ceil(this.waiting.length / Math.max(1, depth - this.groups))));
      if (group.length === 0) return;
      this.sizes.record(group.length);
      this.groups++;
      void this.run(group).finally(() => {
        for (const { member } of group) this.underWay.delete(member.stream);
        this.groups--;
        this.pumpSoon();
      });
    }
  }

  private take(most: number): Waiting[] {
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    let bytes = 0;
    let full = false;
    for (const one of this.waiting) {
      const { stream } = one.member;
      const free = !this.underWay.has(stream);
      full ||= free && group.length > 0 && (group.length === most || bytes + one.member.bytes > MAX_GROUP_BYTES);
      if (full || !free) rest.push(one);
      else {
        group.push(one);
        bytes += one.member.bytes;
        this.underWay.add(stream);
      }
    }
    this.waiting = rest;
    return group;
  }

  private async run(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.settle(group.map(({ member }) => member));
      group.forEach(({ resolve }, i) => resolve(outcomes[i]!));
    } catch (error) {
      // A group that is refused is taken apart, so that one member can't fail the others.
      if (group.length > 1 && isRefusal(error)) for (const one of group) await this.run([one]);
      else for (const { member, reject } of group) reject(isBadValue(error) ? badValue(member, error as Error) : error);
    }
  }

  /**
   * A group that lost a race runs again: the check now finds the loser, and the others pass. So does one whose outcome is
   * unknown: the ids and the revisions are the same, hence nothing can be written twice.
   */
  private async settle(members: readonly Member[]): Promise<Outcome[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.call(members);
      } catch (error) {
        if (isRefusal(error) && !(isLostRace(error) && attempt < ATTEMPTS)) throw error;
        if (attempt >= ATTEMPTS) throw new OutcomeUnknown(`append: ${(error as Error).message}`, { cause: error });
        if (!isLostRace(error)) await pause(FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  private async call(members: readonly Member[]): Promise<Outcome[]> {
    const line = (this.line ??= { client: this.pool.connect(), calls: 0, sound: true });
    line.calls++;
    let client: PoolClient | undefined;
    let warning: string | undefined;
    // The function warns of nothing. A warning is the server's: it gave up waiting for the standby, and committed here only.
    // Told by its code, for the words come in the server's language. It may be of the call before: then this one asks again for nothing.
    const listen = (notice: { code?: string | undefined; message?: string | undefined }) => {
      if (notice.code !== '00000') warning = notice.message ?? 'warning';
    };
    try {
      client = await line.client;
      client.on('notice', listen);
      const { rows } = await client.query<Answer>({ name: 'log.append', text: APPEND, values: columns(members) });
      if (warning !== undefined) throw new OutcomeUnknown(warning);
      return outcomes(members, rows[0]!);
    } catch (error) {
      if (!isRefusal(error) && !(error instanceof OutcomeUnknown)) line.sound = false;
      throw error;
    } finally {
      client?.off('notice', listen);
      if (--line.calls === 0 || !line.sound) if (this.line === line) this.line = undefined;
      if (line.calls === 0) client?.release(!line.sound);
    }
  }
}

const badValue = ({ stream }: Member, cause: Error): RangeError =>
  new RangeError(`append to ${stream}: ${cause.message}`, { cause });

function columns(members: readonly Member[]): Buffer[] {
  const events = members.flatMap((member) => member.events);
  return [
    textArray(members.map((m) => m.stream)),
    int4Array(members.map((m) => m.expectedRevision)),
    int4Array(members.flatMap((m, i) => m.events.map(() => i + 1))),
    uuidArray(events.map((e) => e.id)),
    textArray(events.map((e) => e.type)),
    int4Array(events.map((e) => e.schemaVersion)),
    jsonArray(events.map((e) => e.data)),
    jsonArray(events.map((e) => e.metadata)),
  ];
}

function outcomes(members: readonly Member[], { incarnation, first, heads, repeats }: Answer): Outcome[] {
  let next = BigInt(first ?? 0);
  return members.map(({ expectedRevision, events }, i) => {
    const revision = expectedRevision + events.length;
    const repeat = repeats?.[i] ?? undefined;
    if (repeat !== undefined) return { revision, position: toPosition(incarnation, repeat) };
    if (heads[i] !== expectedRevision) return { revision: heads[i]!, position: undefined };
    next += BigInt(events.length);
    return { revision, position: toPosition(incarnation, next - 1n) };
  });
}

/** Milliseconds looked back at. */
const LATELY = 50;
/**
 * With one group at a time, two of half its size pay when a commit takes less time than this process needs for the group: it is busy for a
 * third of the time then. A little less, since what it does in the kernel for others is not in there.
 */
const BUSY = 0.3;
function busyLately(): () => boolean {
  let since = performance.eventLoopUtilization();
  let busy = false;
  return () => {
    const { active, idle, utilization } = performance.eventLoopUtilization(since);
    if (active + idle < LATELY) return busy;
    since = performance.eventLoopUtilization();
    return (busy = utilization > BUSY);
  };
}
