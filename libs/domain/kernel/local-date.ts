/** A civil date, `YYYY-MM-DD`, without time or zone. The facts of the field are dated to the day. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };
/** An instant in UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`. When something was recorded; never when it happened. */
export type Instant = string & { readonly __brand: 'Instant' };

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY = 86_400_000;

const fromUtc = (time: number): LocalDate => new Date(time).toISOString().slice(0, 10) as LocalDate;

/** Works it out once: the same few days come up again and again, by the thousand in each case. */
const remembered = <K, V>(workOut: (of: K) => V): ((of: K) => V) => {
  const known = new Map<K, V>();
  return (of) => {
    const found = known.get(of);
    if (found !== undefined) return found;
    const made = workOut(of);
    known.set(of, made);
    return made;
  };
};
/** Days since 1970. */
const dayOf = remembered((date: LocalDate): number => {
  const match = SHAPE.exec(date);
  if (!match) throw new RangeError(`not a date: ${date}`);
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / DAY;
});
const fromDay = remembered((day: number): LocalDate => fromUtc(day * DAY));

/** True for a date that exists on the calendar, between 1900 and 2199. */
export const isLocalDate = (value: unknown): value is LocalDate => {
  if (typeof value !== 'string' || !SHAPE.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && fromUtc(time) === value && value >= '1900-01-01' && value < '2200-01-01';
};
/** The date, or a RangeError. */
export const localDate = (value: string): LocalDate => {
  if (!isLocalDate(value)) throw new RangeError(`not a date: ${value}`);
  return value;
};
// Making one costs a hundred times what using it does.
const formatIn = remembered(
  (zone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }),
);
/** The date on which an instant falls, in Europe/Paris unless another IANA zone is given. */
export const dateOf = (at: Instant, zone = 'Europe/Paris'): LocalDate => formatIn(zone).format(new Date(at)) as LocalDate;

/** As people here write it: 14/03/2023. */
export const inFrench = (date: LocalDate): string => date.split('-').reverse().join('/');

/** `date` moved by whole calendar days (may be negative). */
export const addDays = (date: LocalDate, days: number): LocalDate => fromDay(dayOf(date) + days);
/** Same day of a later month; the last day of that month where the day does not exist (31 January + 1 month = 28 or 29 February). */
export const addMonths = (date: LocalDate, months: number): LocalDate => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const first = Date.UTC(year, month - 1 + months, 1);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return fromUtc(first + (Math.min(day, last) - 1) * DAY);
};
/** Whole days from `from` to `to`; 0 on the same day, negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => dayOf(to) - dayOf(from);
/** True when `date` lies within [from, to], both included; a missing bound is open. */
export const within = (date: LocalDate, from: LocalDate | undefined, to: LocalDate | undefined): boolean =>
  (from === undefined || date >= from) && (to === undefined || date <= to);
export const earliest = (...dates: (LocalDate | undefined)[]): LocalDate | undefined =>
  dates.reduce((first, d) => (d !== undefined && !(first !== undefined && first <= d) ? d : first), undefined);
export const latest = (...dates: (LocalDate | undefined)[]): LocalDate | undefined =>
  dates.reduce((last, d) => (d !== undefined && !(last !== undefined && last >= d) ? d : last), undefined);
/** The later of two instants. */
export const latestInstant = (a: Instant, b: Instant | undefined): Instant => (b !== undefined && b > a ? b : a);
