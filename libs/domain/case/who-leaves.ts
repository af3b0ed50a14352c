import { dateOf, type LocalDate } from '../kernel/local-date.js';
import { actOfType } from './acts.js';
import { deriveCase } from './derive.js';
import { type DomainEvent } from './event.js';
import { joinedTo } from './joined.js';
import { takesPart } from './taking-part.js';
import { type CaseView } from './view.js';

/** Organisations in alphabetical order, and the ids of the events that go on in the case that is parted. */
export interface Leaving {
  readonly leaving: readonly { readonly organisation: string }[];
  readonly theirs: ReadonlySet<string>;
}
/** A withdrawal stops at once, whoever tells it, and nothing reopens by itself (ADR 0020). Other cases are parted by themselves. */
const STAYS: readonly string[] = ['ConsentWithdrawn', 'CaseAbsorbed', 'CaseAbsorptionUndone'];

/**
 * Who leaves with a case that is parted (ADR 0011), and what they have told here: whoever took part here by nothing but that case, or by
 * what those told whom it brought. Cases that were joined and parted before count for nothing.
 * @param history of the case that lets go of the other one
 * @param other the case that is parted
 */
export function whoLeaves(caseId: string, history: readonly DomainEvent[], other: CaseView, today: LocalDate): Leaving {
  const { live, cameWith, joined } = joinedTo(history);
  const brought = joined.get(other.caseId);
  const first = history.findIndex(({ type }) => type === 'CaseAbsorbed');
  const theirs = new Set<string>();
  const takingPart = (events: readonly DomainEvent[], on: LocalDate): ReadonlySet<string> => {
    const view = deriveCase(caseId, events, actOfType, on);
    return new Set(view.participations.flatMap(({ organisation: o }) => (takesPart(view, o, on) ? [o] : [])));
  };
  /** As the case would be without the other one, and without what was told by its leave. */
  const without = (events: readonly DomainEvent[]): DomainEvent[] =>
    events.filter(({ id }) => live.has(id) && id !== brought?.mark && !brought?.live.has(id) && !theirs.has(id));
  history.forEach((event, i) => {
    const teller = (event.recordedBy ?? event.actor).organisation;
    if (i <= first || teller === null || cameWith.has(event.id) || !live.has(event.id) || STAYS.includes(event.type)) return;
    const [before, on] = [history.slice(0, i), dateOf(event.recordedAt)];
    if (takingPart(before, on).has(teller) && !takingPart(without(before), on).has(teller)) theirs.add(event.id);
  });
  const staying = takingPart(without(history), today);
  const gone = [...other.participations.map(({ organisation }) => organisation), ...takingPart(history, today)];
  const leaving = [...new Set(gone)].filter((organisation) => !staying.has(organisation)).sort();
  return { leaving: leaving.map((organisation) => ({ organisation })), theirs };
}
