import { type CaseView, type Leave } from '../case/view.js';
import { latest, type LocalDate } from '../kernel/local-date.js';

export interface CurrentLeave {
  readonly id: string;
  readonly start: LocalDate;
  /** Its last day, told or expected. */
  readonly until?: LocalDate;
  readonly leave: Leave;
}
/** The last leave begun, as long as nobody has told that it ended. */
export function currentLeave(v: CaseView): CurrentLeave | undefined {
  const leave = v.leaves
    .filter((l) => l.start !== undefined)
    .reduce<Leave | undefined>((last, l) => (last?.start !== undefined && l.start! <= last.start ? last : l), undefined);
  if (leave?.start === undefined || leave.endedOn !== undefined) return undefined;
  const until = latest(leave.expectedEnd);
  return { id: leave.id, start: leave.start, leave, ...(until && { until }) };
}
/** A pre-return visit asked for or held since that day. */
export const visitSince = (v: CaseView, start: LocalDate): boolean =>
  v.visits.some((visit) => visit.kind === 'pre-return' && (visit.heldOn ?? visit.requestedOn ?? start) >= start);
