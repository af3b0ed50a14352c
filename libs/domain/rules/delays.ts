import { addDays, addMonths, type LocalDate, localDate, within } from '../kernel/local-date.js';

/**
 * Delays that are convention or practice, not law (marked D or S in our notes): configuration with a date. A change is a new row with
 * its own `from`; old rows stay, since a fact is judged by the delay of its day. Days are calendar days; the day of the starting
 * event is day 0; a last day that is off does not move.
 */
export interface Delay {
  readonly name: string;
  readonly days?: number;
  readonly months?: number;
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly source: string;
}
const always = localDate('2000-01-01');
export const DELAYS = [
  { name: 'transmission.acknowledge', days: 7, from: always, source: 'convention (D)' },
  { name: 'referral.answer', days: 7, from: always, source: 'convention (D)' },
  { name: 'referral.appointment', days: 14, from: always, source: 'Carsat BFC, bilan PDP 2023 (S)' },
  { name: 'measure.decision', days: 30, from: always, source: 'convention (D)' },
  { name: 'measure.review', days: 15, from: always, source: 'convention (D)' },
  { name: 'support.followUp', months: 6, from: always, source: 'Carsat BFC, bilan PDP 2023 (S)' },
  { name: 'return.visit', days: 8, from: always, source: 'R.4624-31 CT' },
  { name: 'fact.recording', days: 7, from: always, source: 'convention (D)' },
] as const satisfies readonly Delay[];
export type DelayName = (typeof DELAYS)[number]['name'];

const inForce = (name: DelayName, on: LocalDate): Delay | undefined =>
  (DELAYS as readonly Delay[]).find((d) => d.name === name && within(on, d.from, d.to));

/** Last day of the delay that starts on `start`. */
export const dueBy = (name: DelayName, start: LocalDate): LocalDate => {
  const delay = inForce(name, start);
  if (!delay) throw new RangeError(`no delay in force: ${name} on ${start}`);
  return delay.months === undefined ? addDays(start, delay.days ?? 0) : addMonths(start, delay.months);
};
export const sourceOf = (name: DelayName): string => DELAYS.find((d) => d.name === name)?.source ?? '';
