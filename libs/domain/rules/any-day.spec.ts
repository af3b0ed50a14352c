import fc from 'fast-check';
import { frenchCalendar } from '../../platform/calendar.js';
import { addDays, addMonths, type LocalDate, localDate } from '../kernel/local-date.js';
import { DELAY_NAMES, rulebook } from './delays.js';

const FIRST = localDate('1900-01-01');
/** Any day that an act can name, and a year around: rules look back and ahead of it. */
const anyDay = fc.oneof(
  fc.integer({ min: -400, max: 110_000 }).map((n) => addDays(FIRST, n)),
  fc.constantFrom('1900-01-01', '1999-12-31', '2000-02-29', '2199-12-31').map((day) => day as LocalDate),
);

it('a delay holds for any day that a life can hold, in every place', () => {
  const book = rulebook(frenchCalendar, { delays: [], placesOf: (caisse) => [caisse], catchUp: async () => undefined });
  fc.assert(
    fc.property(anyDay, fc.constantFrom(...DELAY_NAMES), fc.constantFrom('39', '67', '974', 'BFC'), (day, name, place) => {
      expect(book.for(place).dueBy(name, day) >= day).toBe(true);
    }),
  );
});
it('holidays are known of every year', () => {
  for (const year of [1899, 1900, 1950, 2199, 2200, 2503])
    expect([year, frenchCalendar.isHoliday(`${year}-12-25` as LocalDate, '39')]).toEqual([year, true]);
});
it('months and days can be counted at either end', () => {
  expect(addMonths(localDate('2199-12-31'), 2)).toBe('2200-02-28');
  expect(addDays(FIRST, -1)).toBe('1899-12-31');
});
