import { PersonIdentified } from '../../domain/case/events/person-identified.js';
import { dayAsTyped, isScientific, phoneAsTyped } from './as-typed.js';

const day = (value: string): string => {
  const read = dayAsTyped(value);
  return typeof read === 'string' ? read : read.code;
};

describe('a day', () => {
  it.each([
    '2023-03-14', '14/03/2023', '14-03-2023', '14.03.2023', '14/3/2023', '2023/03/14',
    '14/03/2023 00:00', '14/03/2023 00:00:00', '14/03/2023 17:45', '14/03/2023 9:05', '2023-03-14T00:00:00', '2023-03-14 00:00:00.000',
    '2023-03-14 00:00:00,000', '2023-03-14T23:59:59', '14/03/2023\u00a000:00', '2023-03-14T00:00:00Z', '2023-03-14T00:00:00+01:00', '2023-03-14T08:00:00+0100',
  ])('written %s is read', (value) => expect(day(value)).toBe('2023-03-14')); // prettier-ignore

  it.each([
    ['1/3/2023', '2023-03-01'], ['29/02/2024', '2024-02-29'],
    ['14/03/23', 'cell.dateYear'], ['1.3.23', 'cell.dateYear'], ['14/03/23 00:00', 'cell.dateYear'],
    ['45000', 'cell.dateNumber'], ['45000,5', 'cell.dateNumber'], ['0', 'cell.date'], ['44927.0', 'cell.dateNumber'],
    ['00/01/1900', 'cell.date'], ['01/01/1900', 'cell.dateZero'], ['1900-01-01 00:00:00', 'cell.dateZero'], ['01/01/1904', 'cell.dateZero'], ['02/01/1904', 'cell.dateZero'],
    ['2023-03-13T23:00:00.000Z', 'cell.dateZone'], ['2023-03-14T00:00:00+11:00', 'cell.dateZone'], ['2023-03-14T99:00:00Z', 'cell.date'],
    ['29/02/2023', 'cell.date'], ['03/14/2023', 'cell.date'], ['14/03-2023', 'cell.date'], ['14 mars 2023', 'cell.date'], ['hier', 'cell.date'],
    ['2023-03-14x', 'cell.date'], ['12023-03-14', 'cell.date'], ['20230314', 'cell.date'],
  ])('written %s is %s', (value, expected) => expect(day(value)).toBe(expected)); // prettier-ignore
});

describe('a telephone', () => {
  const form = PersonIdentified.fields.phone.pattern;
  it.each([
    ['06 12 34 56 78', '06 12 34 56 78'], ['06.12.34.56.78', '06.12.34.56.78'], ['0612345678', '0612345678'], ['+33 6 12 34 56 78', '+33 6 12 34 56 78'],
    ['06\u00a012\u00a034\u00a056\u00a078', '06 12 34 56 78'], ['06\u202f12\u202f34\u202f56\u202f78', '06 12 34 56 78'], ['06\u200912\u200a34\u200656 78', '06 12 34 56 78'],
    ['06-12-34-56-78', '06 12 34 56 78'], ['06/12/34/56/78', '06 12 34 56 78'], ['06 – 12 – 34 – 56 – 78', '06 12 34 56 78'],
    ['+33 (0)6 12 34 56 78', '+33 6 12 34 56 78'], ['+33(0)612345678', '+33 612345678'], ['0033 (0)6.12.34.56.78', '0033 6.12.34.56.78'], ['(0612) 34 56 78', '0612 34 56 78'],
    ['612345678', '0612345678'], ['33612345678', '+33612345678'], ['+352 621 123 456', '+352 621 123 456'],
  ])('written %s is %s', (value, expected) => {
    expect(phoneAsTyped(value, form)).toBe(expected);
    expect(expected).toMatch(form);
  }); // prettier-ignore
  it.each(['abc', '06 12', '0612345678 / 0384000000', '06 12 34 56 78 poste 4'])('written %s is none', (value) =>
    expect(phoneAsTyped(value, form)).not.toMatch(form),
  );
});

it.each([['2,79054E+14', true], ['2.79E+14', true], ['3E14', true], ['2 79 05 39 123 456', false], ['2E05', true], ['1850539123456', false], ['2790 2A', false]])(
  '%s was shortened by a spreadsheet: %s',
  (value, expected) => expect(isScientific(value)).toBe(expected),
); // prettier-ignore
