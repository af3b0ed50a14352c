import { addDays, addMonths, daysBetween, type LocalDate, localDate } from '../kernel/local-date.js';

/** Which days are public holidays. They differ in Alsace-Moselle and overseas. */
export interface Calendar {
  /** @param place code of a département or region; none for the holidays of the whole country */
  isHoliday(day: LocalDate, place: string | undefined): boolean;
}

/**
 * `day`: every day counts. `jourOuvrable`: all but Sundays and public holidays. `jourOuvre`: Monday to Friday, but public holidays.
 * `month`: to the same day of a later month, or its last. `attempt`: no days but tries, of which so many are asked.
 * `draw`: no days but a share, one in so many.
 */
export const UNITS = ['day', 'jourOuvrable', 'jourOuvre', 'month', 'attempt', 'draw'] as const;
export type Unit = (typeof UNITS)[number];

/** How a delay is counted. */
export interface Count {
  readonly count: number;
  readonly unit: Unit;
  /** The day of the starting event is day one; otherwise the delay begins the day after. */
  readonly dayOneCounts: boolean;
  /** A last day that is a Saturday, a Sunday or a public holiday moves to the next working day. */
  readonly lastDayOffMoves: boolean;
}

const MONDAY = localDate('2000-01-03');
const SATURDAY = 5;
const SUNDAY = 6;
const weekday = (day: LocalDate): number => ((daysBetween(MONDAY, day) % 7) + 7) % 7;

/** Last day of a delay that starts on `start`. */
export function lastDay(
  { count, unit, dayOneCounts, lastDayOffMoves }: Count,
  start: LocalDate,
  calendar: Calendar,
  place?: string,
): LocalDate {
  const off = (day: LocalDate): boolean => weekday(day) >= SATURDAY || calendar.isHoliday(day, place);
  const counts = (day: LocalDate): boolean =>
    unit === 'jourOuvre' ? !off(day) : weekday(day) !== SUNDAY && !calendar.isHoliday(day, place);
  const eve = dayOneCounts ? addDays(start, -1) : start;
  let last = unit === 'month' ? addMonths(eve, count) : unit === 'day' ? addDays(eve, count) : eve;
  if (unit === 'jourOuvrable' || unit === 'jourOuvre')
    for (let left = count; left > 0; left -= counts(last) ? 1 : 0) last = addDays(last, 1);
  while (lastDayOffMoves && off(last)) last = addDays(last, 1);
  return last;
}
