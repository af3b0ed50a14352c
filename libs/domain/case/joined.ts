import { type DomainEvent } from './event.js';

/** A case that is joined and not parted: the mark that says so, and what stands of what it brought. */
interface Brought {
  readonly mark: string;
  readonly live: ReadonlySet<string>;
  /** The case with which it came, when it had been joined to that one before. */
  readonly within?: string;
}
/** What stands of a stream, when cases were joined to it and parted from it. */
export interface Joined {
  /** Of the events in the stream those that are of the case now: its own, and those that came with cases which are still joined. */
  readonly live: ReadonlySet<string>;
  /** The case with which an event came that is not of this one. */
  readonly cameWith: ReadonlyMap<string, string>;
  /** By the case that is joined. */
  readonly joined: ReadonlyMap<string, Brought>;
}

/** The events that a join or a parting names. */
export const takenIn = (data: DomainEvent['data']): string[] =>
  ((data['events'] ?? []) as readonly { readonly id: string }[]).map(({ id }) => id);
const caseIn = (data: DomainEvent['data']): string => String(data['caseId']);

/**
 * Works out what stands. The marks of joining and parting that came with a case say what was of that case by then, and nothing of this one:
 * the two may have been joined before, the other way round.
 */
export function joinedTo(events: readonly DomainEvent[]): Joined {
  if (!events.some(({ type }) => type === 'CaseAbsorbed'))
    return { live: new Set(events.map(({ id }) => id)), cameWith: new Map(), joined: new Map() };
  const own = new Set<string>();
  const joined = new Map<string, Brought>();
  const cameWith = new Map<string, string>();
  for (const { id, type, data } of events) {
    if (cameWith.has(id)) continue;
    own.add(id);
    if (type === 'CaseAbsorbed') {
      const taken = new Set(takenIn(data).filter((e) => !own.has(e)));
      const there = events.filter((e) => taken.has(e.id));
      const nested = joinedTo(there);
      for (const [caseId, brought] of nested.joined)
        if (!joined.has(caseId)) joined.set(caseId, { ...brought, within: caseIn(data) });
      // Where somebody wrote at the same instant it came in two parts.
      const first = joined.get(caseIn(data))?.live ?? [];
      joined.set(caseIn(data), { mark: id, live: new Set([...first, ...standing(there, nested)]) });
      for (const e of taken) cameWith.set(e, caseIn(data));
    } else if (type === 'CaseAbsorptionUndone') {
      // What those who leave told here is told in their own case from now on, and may come back with it.
      const gone = new Set([...(joined.get(caseIn(data))?.live ?? []), ...takenIn(data)]);
      joined.delete(caseIn(data));
      for (const e of gone) own.delete(e);
      for (const [caseId, brought] of joined)
        if (brought.within === caseIn(data)) joined.delete(caseId);
        else joined.set(caseId, { ...brought, live: new Set([...brought.live].filter((e) => !gone.has(e))) });
    }
  }
  return { live: new Set([...own, ...[...joined.values()].flatMap(({ live }) => [...live])]), cameWith, joined };
}

/** What stands of a case that goes into another one: what it had parted from, or ended in for a while, is no matter of the other one. */
export function standing(
  events: readonly DomainEvent[],
  { live, cameWith, joined }: Joined = joinedTo(events),
): ReadonlySet<string> {
  const marks = new Set([...joined.values()].map(({ mark }) => mark));
  const isMark = (type: string): boolean => type.startsWith('CaseAbsor') || type.startsWith('CaseMerge');
  return new Set(
    events.flatMap(({ id, type }) => (live.has(id) && (!isMark(type) || cameWith.has(id) || marks.has(id)) ? [id] : [])),
  );
}
