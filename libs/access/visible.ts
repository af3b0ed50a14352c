import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { type DomainEvent, type RecordedEvent } from '../domain/case/event.js';
import { joinedTo } from '../domain/case/joined.js';
import { takesPart } from '../domain/case/taking-part.js';
import { type Accountable, type CaseView } from '../domain/case/view.js';
import { afterPart } from '../domain/confidentiality/own.js';
import { isOwn, maySee, redact, type Viewer } from '../domain/confidentiality/redact.js';
import { type Zone } from '../domain/kernel/fields.js';
import { dateOf, type LocalDate } from '../domain/kernel/local-date.js';
import { type CursorSealer } from './sealed-cursor.js';

/**
 * What a viewer sees of a case's history on a day, whether or not it takes part.
 * @param view the case in full: access rests on facts that the viewer may not see
 */
export const visibleEvents = (
  history: readonly RecordedEvent[],
  view: CaseView,
  viewer: Viewer,
  on: LocalDate,
): RecordedEvent[] => {
  const { live } = joinedTo(history);
  return history.flatMap((event) => (live.has(event.id) ? (redact(event, viewer, view, on, actOfType) ?? []) : []));
};

/** A case as a partner reads it. */
export interface Reading {
  readonly visible: readonly RecordedEvent[];
  readonly seen: CaseView;
  /** It takes part. Otherwise its part is over, and it goes on reading its own facts, and what a legal duty of its own rests on (ADR 0020). */
  readonly live: boolean;
}
/** What a viewer reads of a case on a day; undefined where there is nothing, and to it the case does not exist. */
export function readingOf(
  caseId: string,
  history: readonly RecordedEvent[],
  view: CaseView,
  viewer: Viewer,
  on: LocalDate,
): Reading | undefined {
  const live = takesPart(view, viewer.organisation, on);
  const visible = partnerEvents(history, view, viewer, on);
  if (visible.length === 0) return undefined;
  return { live, visible, seen: live ? partnerView(caseId, visible, on) : viewAfterPart(caseId, visible, viewer, on) };
}
/** The events of which {@link readingOf} is made. */
export const partnerEvents = (
  history: readonly RecordedEvent[],
  view: CaseView,
  viewer: Viewer,
  on: LocalDate,
): readonly RecordedEvent[] =>
  takesPart(view, viewer.organisation, on) ? visibleEvents(history, view, viewer, on) : leftTo(history, view, viewer, on);

function leftTo(history: readonly RecordedEvent[], view: CaseView, viewer: Viewer, on: LocalDate): RecordedEvent[] {
  const { live } = joinedTo(history);
  return history.flatMap((event) => (live.has(event.id) ? (afterPart(event, viewer, view, on, actOfType) ?? []) : []));
}

/** The case that visible events amount to: all that a partner is ever told comes from here. */
export const partnerView = (caseId: string, visible: readonly RecordedEvent[], on?: LocalDate): CaseView =>
  deriveCase(caseId, visible, actOfType, on);

/** What is left to read amounts to. Whose move it is, who leads, what is irregular: that can't be said any more. */
function viewAfterPart(caseId: string, left: readonly RecordedEvent[], viewer: Viewer, on: LocalDate): CaseView {
  const { lead: _lead, accountable: _accountable, ...view } = partnerView(caseId, left, on);
  const first = left.find((event) => isOwn(event, viewer)) ?? left[0]!;
  return {
    ...view,
    participations: [{ organisation: viewer.organisation, basis: 'own', from: dateOf(first.recordedAt) }],
    leads: [],
    irregularities: [],
  };
}

/** Which zones a viewer may see on a day, as a matter of principle: not as a party to one fact. */
export const seesZone =
  (view: CaseView, viewer: Viewer, on: LocalDate) =>
  (zone: Zone): boolean =>
    maySee(viewer, zone, view, false, on);

/** Whose move it is, as a partner is told. What is its own move it is always told, whatever it may not see (decision 14). */
export const whoseMoveOf = (full: CaseView, seen: CaseView, organisation: string): Accountable | undefined =>
  full.accountable?.organisation === organisation ? full.accountable : seen.accountable;

/**
 * The tag of a case as one partner sees it (RFC 9110, 8.8.3), quotes included. Hidden events don't count in it, so it never tells of them
 * (decision 5); nor does anything but events, so what was read yesterday may be acted upon today.
 */
export const visibleEtag = (
  sealer: CursorSealer,
  caseId: string,
  viewer: Viewer,
  visible: readonly Pick<DomainEvent, 'id'>[],
): string => `"${sealer.mark([caseId, viewer.organisation, viewer.role, String(visible.length), visible.at(-1)?.id ?? ''])}"`;

/**
 * The tag of an answer about a case: that of the case, then what else its body rests on. That is a great deal: the day where the partner
 * is, the delays in force, the matrix, the names in the directory, this version of the rules, a person's key. So it is taken from the body
 * itself: whatever makes it another one makes another tag, and what does not show in it does not show in its tag (ADR 0018).
 */
export const restsOn = (sealer: CursorSealer, ofTheCase: string, body: unknown): string =>
  `"${ofTheCase.slice(1, -1)}.${sealer.mark(['body', body])}"`;

/**
 * Whether one of the tags is of the case in that state, whatever else their answers rest on: what `If-Match` asks, which may be a list (RFC
 * 9110, 13.1.1). The comparison is strong: a weak tag is none of a state.
 */
export const sameState = (ifMatch: string, tag: string): boolean =>
  (ifMatch.match(/(W\/)?"[^"]*"/g) ?? [ifMatch]).some((one) => stateIn(one) === stateIn(tag));
const stateIn = (tag: string): string | undefined => /^"([^".]+)(\.[^"]*)?"$/.exec(tag)?.[1] ?? tag;
