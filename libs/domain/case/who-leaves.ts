import { type LocalDate } from '../kernel/local-date.js';
import { actOfType } from './acts.js';
import { deriveCase, takenIn } from './derive.js';
import { type DomainEvent } from './event.js';
import { takesPart } from './taking-part.js';
import { type CaseView } from './view.js';

/** Organisations in alphabetical order, and the ids of the events that go on in the case that is parted. */
export interface Leaving {
  readonly leaving: readonly { readonly organisation: string }[];
  readonly theirs: ReadonlySet<string>;
}

/**
 * Who leaves with a case that is parted (ADR 0011), and what they have told here: whoever was no part of this one before the two were
 * joined, and is none by anything that those told who stay.
 * @param history of the case that lets go of the other one
 */
export function whoLeaves(caseId: string, history: readonly DomainEvent[], other: CaseView, today: LocalDate): Leaving {
  const viewOf = (events: readonly DomainEvent[], on: LocalDate): CaseView => deriveCase(caseId, events, actOfType, on);
  const joined = history.findLastIndex(({ type, data }) => type === 'CaseAbsorbed' && data['caseId'] === other.caseId);
  const taken = new Set(takenIn(history[joined]?.data ?? {}));
  // What came with other cases is not theirs.
  const joins = history.filter(({ type }) => type === 'CaseAbsorbed' || type === 'CaseAbsorptionUndone');
  const came = new Set(joins.flatMap(({ id, data }) => [id, ...takenIn(data)]));
  const since = history.slice(joined + 1).filter(({ id }) => !came.has(id));
  const joinedOn = history[joined]?.occurredOn ?? today;
  const before = viewOf(history.slice(0, joined), joinedOn);
  const here = new Set(liveIn(before, joinedOn));
  const others = [...other.participations, ...viewOf(history, today).participations];
  let leaving = [...new Set(others.map(({ organisation }) => organisation))].filter((o) => !here.has(o));
  const theirs = (): ReadonlySet<string> =>
    new Set(since.flatMap((e) => (leaving.includes((e.recordedBy ?? e.actor).organisation ?? '') ? [e.id] : [])));
  const invitedBefore = new Set(invitedIn(before));
  for (;;) {
    const gone = theirs();
    const kept = history.filter((e, i) => i !== joined && !taken.has(e.id) && !gone.has(e.id));
    const left = viewOf(kept, today);
    // Asked by those who stay, though it be by an accord that goes: what they told is told here.
    const staying = new Set([...liveIn(left, today), ...invitedIn(left).filter((o) => !invitedBefore.has(o))]);
    if (!leaving.some((organisation) => staying.has(organisation))) break;
    leaving = leaving.filter((organisation) => !staying.has(organisation));
  }
  return { leaving: leaving.sort().map((organisation) => ({ organisation })), theirs: theirs() };
}

const liveIn = (view: CaseView, on: LocalDate): string[] =>
  view.participations.flatMap(({ organisation }) => (takesPart(view, organisation, on) ? [organisation] : []));

const invitedIn = (view: CaseView): string[] => [
  ...view.handshakes.flatMap(({ to }) => to.organisation ?? []),
  ...[...view.handovers, ...view.transfers].map(({ to }) => to),
  ...view.measures.flatMap(({ asked, decider, host }) => [...asked.map((a) => a.organisation), decider ?? [], host ?? []].flat()),
];
