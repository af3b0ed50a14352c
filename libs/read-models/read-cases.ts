import { type RecordedEvent } from '../domain/case/event.js';
import { type Rulebook } from '../domain/rules/delays.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type Position, type StoredEvent } from '../event-store/port.js';
import { caseOf, project, type Projection, streamOf } from './project.js';

/** The log and how to read it. */
export interface Log {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly rulebook: Rulebook;
}
/** Streams read at once; the store has few connections, and commands need them too. */
const AT_ONCE = 4;

/**
 * Each case worked out from its whole stream, as the log holds it now.
 * @throws UnknownEvent when one of them has an event of a newer version of this program
 */
export async function projectCases({ store, codec, rulebook }: Log, caseIds: readonly string[]): Promise<Projection[]> {
  const stored: StoredEvent[] = [];
  const waiting = [...caseIds];
  const reader = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) stored.push(...(await store.readStream(streamOf(id))));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  const histories = new Map<string, RecordedEvent[]>(caseIds.map((id) => [id, []]));
  for (const event of await codec.decode(stored)) histories.get(caseOf(event))!.push(event);
  return [...histories].map(([caseId, history]) => project(caseId, history, rulebook));
}

/** Whole cases, by id. */
export type Histories = Map<string, StoredEvent[]>;

/** Ids of cases begin with these, at random: each digit more cuts a log into sixteen even parts. */
export const DIGITS = [...'0123456789abcdef'];
const PAGE = 10_000;

/**
 * Every case of the log up to `head`, whole. The log is read from its first event to its last, which is many times faster than stream by
 * stream. One that is too large to be held is read once for each part of the cases that is not.
 * @param most events held at once, unless one case has more
 * @param whole cases whose ids begin with one of these
 * @yields the cases of a part, the beginnings of their ids, and the share of all cases that the parts amount to so far
 */
export async function* casesUpTo(
  head: Position,
  store: EventStore,
  most: number,
  whole: readonly string[] = [''],
): AsyncGenerator<{ readonly cases: Histories; readonly part: readonly string[]; readonly share: number }> {
  const parts = [whole];
  let share = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const cases: Histories = new Map();
    let held = 0;
    for (let after: Position | undefined, done = false; !done;) {
      const page = await store.readAll(after, PAGE, { streamPrefixes: part.map(streamOf) });
      for (const event of page.events) {
        if (event.position > head) break;
        held++;
        const id = caseOf(event);
        const history = cases.get(id);
        if (history) history.push(event);
        else cases.set(id, [event]);
      }
      while (held > most && cases.size > 1) {
        const [now, later] = halved(part);
        held -= leaveOut(cases, later);
        parts.push(later);
        part = now;
      }
      after = page.next;
      done = page.atHead || after === undefined || after >= head;
    }
    share += shareOf(part);
    yield { cases, part, share };
  }
}

/** Of all cases. */
export const shareOf = (part: readonly string[]): number =>
  part.reduce((sum, prefix) => sum + DIGITS.length ** -prefix.length, 0);

function halved(part: readonly string[]): [string[], string[]] {
  const prefixes = part.length > 1 ? part : DIGITS.map((digit) => part[0]! + digit);
  return [prefixes.slice(0, prefixes.length / 2), prefixes.slice(prefixes.length / 2)];
}
/** @returns events left out */
function leaveOut(cases: Histories, prefixes: readonly string[]): number {
  let left = 0;
  for (const [id, history] of cases) {
    if (!DIGITS.includes(id[0]!)) throw new RangeError(`${id} is not the id of a case`);
    if (!prefixes.some((prefix) => id.startsWith(prefix))) continue;
    cases.delete(id);
    left += history.length;
  }
  return left;
}
