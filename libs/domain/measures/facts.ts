import { type CaseView, type EmploymentStatus, type Leave, leaveAt, type Measure, type Period } from '../case/view.js';
import { addDays, addMonths, daysBetween, earliest, latest, type LocalDate, localDate, within } from '../kernel/local-date.js';

/** What the rules read off a case: when a measure begins, which days it takes, who the person is on a day. */

/** What a rule is asked about. */
export interface MeasureCheck {
  /** The measure as it is, or as it would be with the act under consideration. */
  readonly measure: Measure;
  readonly view: CaseView;
  /** The person's earlier cases. */
  readonly earlier: readonly CaseView[];
  /** The day of the fact: the law of that day applies. */
  readonly on: LocalDate;
}
export interface Span {
  readonly from: LocalDate;
  readonly to: LocalDate;
}
const A_SUNDAY = localDate('2000-01-02');

/** The bounds of a period: its own, else those of its slots. */
export const boundsOf = (p: Period): Partial<Span> => {
  const days = p.slots.map((s) => s.date);
  const from = p.from ?? earliest(...days);
  const to = p.to ?? latest(...days);
  return { ...(from && { from }), ...(to && { to }) };
};
/** First day of a measure: that it had, else that it was to have; `on` when nobody has said. */
export const beginOf = (m: Measure, on: LocalDate): LocalDate =>
  m.startedOn ?? m.plannedStart ?? (m.periods[0] && boundsOf(m.periods[0]).from) ?? m.decisions.at(-1)?.from ?? on;
/** The day after which nothing more was done of it. */
const stoppedOn = (m: Measure): LocalDate | undefined => earliest(m.interruptedOn, m.closed?.endedOn);

/** The measure without the periods and agreements that came later: a renewal does not make the first start irregular. */
export const knownOn = (m: Measure, on: LocalDate): Measure => {
  const known = (p: { on: LocalDate; from?: LocalDate }): boolean => p.on <= on || (p.from !== undefined && p.from <= on);
  return { ...m, periods: m.periods.filter(known), agreements: m.agreements.filter(known) };
};
/**
 * Other measures of the type, in this case and the earlier ones, as far as they were done or may yet be: a refusal takes them out. An
 * identifier names a measure of one case: under that of an earlier case's it is another one all the same.
 */
export const othersOfType = ({ measure, view, earlier, on }: MeasureCheck): Measure[] =>
  [...view.measures.filter((m) => m.id !== measure.id), ...earlier.flatMap((v) => v.measures)]
    .filter((m) => m.type === measure.type)
    .filter((m) => m.startedOn !== undefined || m.presences.length > 0 || m.decisions.at(-1)?.kind !== 'refused')
    .map((m) => knownOn(m, on));

const eachDay = ({ from, to }: Partial<Span>): LocalDate[] =>
  from === undefined || to === undefined ? [from ?? to].filter((d) => d !== undefined) : Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, i) => addDays(from, i)); // prettier-ignore
/** The days of some periods up to an interruption: their slots; where nobody has given them, every day between the bounds. */
export const daysOf = (m: Measure, periods: readonly Period[] = m.periods): LocalDate[] => {
  const days = periods.flatMap((p) => (p.slots.length ? p.slots.map((s) => s.date) : eachDay(boundsOf(p))));
  return days.filter((d) => within(d, undefined, stoppedOn(m)));
};
/** The same without the Sundays of periods that have no slots: jours ouvrables, public holidays not deducted. */
export const presenceDays = (m: Measure, periods: readonly Period[] = m.periods): LocalDate[] =>
  periods.flatMap((p) => daysOf(m, [p]).filter((d) => p.slots.length > 0 || daysBetween(A_SUNDAY, d) % 7 !== 0));

/** From when to when, for each period whose bounds are known, up to an interruption. */
export const spansOf = (m: Measure, of: readonly Partial<Span>[] = m.periods.map(boundsOf)): Span[] =>
  of.flatMap(({ from, to }) => {
    const last = earliest(to, stoppedOn(m));
    return from !== undefined && to !== undefined && last !== undefined && from <= last ? [{ from, to: last }] : [];
  });
/** Calendar days that the spans cover; a day covered twice counts once. */
export const totalDays = (spans: readonly Span[]): number => {
  let days = 0;
  let reach: LocalDate | undefined;
  for (const s of [...spans].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const from = reach !== undefined && s.from <= reach ? addDays(reach, 1) : s.from;
    if (s.to < from) continue;
    days += daysBetween(from, s.to) + 1;
    reach = s.to;
  }
  return days;
};
/** Last day of some months that begin on `from`, date to date: from 10 March, 9 April; from 31 January, 28 February. */
export const lastDayOfMonths = (from: LocalDate, months: number): LocalDate => {
  const end = addMonths(from, months);
  return end.slice(8) === from.slice(8) ? addDays(end, -1) : end;
};

export const onLeave = (view: CaseView, on: LocalDate): boolean => leaveAt(view, on) !== undefined;
export const beginsOnLeave = ({ measure, view, on }: MeasureCheck): boolean => onLeave(view, beginOf(measure, on));
/** The leave of that day, else the last one before it. */
export const lastLeave = (view: CaseView, on: LocalDate): Leave | undefined =>
  leaveAt(view, on) ??
  view.leaves
    .filter((l) => l.start !== undefined && l.start <= on)
    .sort((a, b) => ((a.start ?? '') < (b.start ?? '') ? -1 : 1))
    .at(-1);
/** AT/MP, and known to be. */
export const isOccupational = (leave: Leave | undefined): boolean => leave?.risk === 'AT' || leave?.risk === 'MP';

/** Statuses of a day: that of the leave, else those of all current activities, else the last one known. */
export const statusesOn = (view: CaseView, on: LocalDate): EmploymentStatus[] => {
  const known = (s: EmploymentStatus | undefined): s is EmploymentStatus => s !== undefined;
  const ofLeave = [leaveAt(view, on)?.status].filter(known);
  if (ofLeave.length) return ofLeave;
  const current = view.activities.filter((a) => within(on, a.from, a.to)).map((a) => a.status).filter(known); // prettier-ignore
  if (current.length) return current;
  return [lastLeave(view, on)?.status ?? view.leaves.at(-1)?.status ?? view.activities.at(-1)?.status].filter(known);
};
const EMPLOYED: readonly EmploymentStatus[] = ['salarie', 'interim', 'apprenti', 'agentPublic'];
/** Has an employer on the day the measure begins, as far as the case knows. */
export const isEmployed = ({ measure, view, on }: MeasureCheck): boolean => {
  const day = beginOf(measure, on);
  const turns = view.milestones.filter((m) => m.on <= day && (m.kind === 'employment-ended' || m.kind === 'new-job-started'));
  return turns.at(-1)?.kind !== 'employment-ended' && statusesOn(view, day).some((s) => EMPLOYED.includes(s));
};
