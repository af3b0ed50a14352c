import { partnerView, visibleEvents } from '../access/visible.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { takesPart } from '../domain/case/taking-part.js';
import { type CaseView } from '../domain/case/view.js';
import { MATRICES } from '../domain/confidentiality/matrix.js';
import { maySee, type Viewer } from '../domain/confidentiality/redact.js';
import { ZONE_CODES } from '../domain/kernel/fields.js';
import { addDays, type LocalDate } from '../domain/kernel/local-date.js';
import { NO_DATE } from './partners/worklist.js';

/** A case as one partner sees it from one day until another. */
export interface Period {
  readonly from: LocalDate;
  /** First day on which it is no longer so, or `infinity`. */
  readonly to: string;
  /** In full, on those days. */
  readonly whole: CaseView;
  readonly seen: CaseView;
}

/** The days on which what somebody may see of the case can change without any event: accords, parts and the law begin and end. */
const turningDays = (full: CaseView): LocalDate[] => {
  const after = (last: LocalDate | undefined): LocalDate | undefined => last && addDays(last, 1);
  const days = [
    ...full.participations.flatMap((p) => [p.from, p.to]),
    ...full.consents.flatMap((c) => [c.from, after(c.to), c.withdrawnOn]),
    ...full.objections.map((o) => o.on),
    ...MATRICES.flatMap((m) => [m.from, after(m.to)]),
  ];
  return [...new Set(days.filter((day) => day !== undefined))].sort();
};

/**
 * What a viewer sees of a case, for every day. A line of a list is computed from one of these, so neither the lists nor their counts can
 * tell of what is hidden, and nothing has to be written on the day on which an accord ends.
 * @param known what was worked out for this organisation already: roles that may see the same share it
 */
export function periodsOf(
  full: CaseView,
  history: readonly RecordedEvent[],
  viewer: Viewer,
  known = new Map<string, CaseView>(),
): Period[] {
  const days = turningDays(full);
  return days.flatMap((from, i) => {
    const lapsed = full.consents.filter((c) => c.to !== undefined && c.to < from).map((c) => c.id);
    const whole = lapsed.length > 0 ? deriveCase(full.caseId, history, actOfType, from) : full;
    if (!takesPart(whole, viewer.organisation, from)) return [];
    const access = ZONE_CODES.map((zone) =>
      [false, true].map((party) => Number(maySee(viewer, zone, whole, party, from))),
    ).join();
    const key = `${access}|${lapsed.join()}`;
    const seen = known.get(key) ?? partnerView(full.caseId, visibleEvents(history, whole, viewer, from), from);
    known.set(key, seen);
    return [{ from, to: days[i + 1] ?? NO_DATE, whole, seen }];
  });
}
