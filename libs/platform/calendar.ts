import Holidays from 'date-holidays';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Calendar } from '../domain/rules/calendar.js';

const REGIONS = new Set(Object.keys(new Holidays().getStates('FR') ?? {}));
/** Overseas, whose three-digit codes the library calls by their two letters. */
const OVERSEAS: Readonly<Record<string, string>> = {
  971: 'GP',
  972: 'MQ',
  973: 'GF',
  974: 'RE',
  976: 'YT',
  977: 'BL',
  978: 'MF',
};

const known = new Map<string, ReadonlySet<string>>();
/** Public holidays of one year; the library works them out anew each time, so they are kept. */
function holidays(year: string, region: string | undefined): ReadonlySet<string> {
  const key = `${year} ${region}`;
  const found = known.get(key);
  if (found) return found;
  const days = (region === undefined ? new Holidays('FR') : new Holidays('FR', region))
    .getHolidays(Number(year))
    .flatMap(({ type, date }) => (type === 'public' ? [date.slice(0, 10)] : []));
  const made = new Set(days);
  known.set(key, made);
  return made;
}

/** Public holidays of France, of Alsace-Moselle and overseas (date-holidays). */
export const frenchCalendar: Calendar = {
  isHoliday(day: LocalDate, place) {
    const region = place === undefined ? undefined : (OVERSEAS[place] ?? place);
    return holidays(day.slice(0, 4), region !== undefined && REGIONS.has(region) ? region : undefined).has(day);
  },
};
