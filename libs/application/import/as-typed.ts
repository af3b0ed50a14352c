import { dateOf, type Instant, isLocalDate, type LocalDate } from '../../domain/kernel/local-date.js';
import { type Text, t } from '../../domain/kernel/text.js';

/** `2,79054E+14`: a spreadsheet kept the first digits of a long number, and lost the others. */
export const isScientific = (value: string): boolean => /^[+-]?\d(?:[.,]\d+)?E\+?\d{1,3}$/i.test(value.replace(/\s/g, ''));
export const SCIENTIFIC = t(
  'Un tableur a abrégé ce nombre (2,79E+14) : ses derniers chiffres sont perdus. Mettre la colonne en Texte, et reprendre le nombre à sa source.',
  'A spreadsheet shortened this number (2,79E+14): its last digits are lost. Make the column Text, and take the number from its source.',
);

/**
 * A telephone as the act takes it. Spaces of any kind, dashes, slashes, dots and `(0)` are forgiven; the zero or the plus that a spreadsheet
 * took from a French number is given back. What has the form already stays as it is.
 */
export function phoneAsTyped(value: string, form: RegExp): string {
  const spaced = value.replace(/(?<=^(?:\+|00)\d{1,3}\s*)\(0\)/u, ' ').replace(/[\s\u200b\u2060\p{Pd}\u2212/()]+/gu, ' ').trim(); // prettier-ignore
  const phone = form.test(value) ? value : spaced;
  const digits = phone.replace(/[ .]/g, '');
  if (/^[1-9]\d{8}$/.test(digits)) return `0${phone}`;
  return /^33[1-9]\d{8}$/.test(digits) ? `+${phone}` : phone;
}

const DAY_FIRST = /^(?<day>\d{1,2})(?<separator>[/.-])(?<month>\d{1,2})\k<separator>(?<year>\d{4})$/;
const YEAR_FIRST = /^(?<year>\d{4})(?<separator>[/.-])(?<month>\d{1,2})\k<separator>(?<day>\d{1,2})$/;
const TIME = /[T\s]\s*(?<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(?<zone>Z|[+-]\d{2}:?\d{2})?$/i;
const SHORT_YEAR = /^\d{1,2}([/.-])\d{1,2}\1\d{2}$/;
/** Spreadsheets count days from 1900, or 1904. */
const SERIAL = /^\d{4,5}(?:[.,]\d+)?$/;
/** Zero in a cell of days is 1900 or 1904. */
const FIRST_DAY = '1905-01-01';

export interface DayFault {
  /** Stable. */
  readonly code: string;
  readonly message: Text;
}
const DATE: DayFault = { code: 'cell.date', message: t('Pas une date : 2023-03-14 ou 14/03/2023.', 'Not a date: 2023-03-14 or 14/03/2023.') }; // prettier-ignore
const YEAR: DayFault = { code: 'cell.dateYear', message: t('L’année a quatre chiffres : 14/03/2023.', 'A year has four digits: 14/03/2023.') }; // prettier-ignore
const NUMBER: DayFault = {
  code: 'cell.dateNumber',
  message: t(
    'Un tableur a écrit cette date en nombre de jours. Mettre la colonne en Date : 14/03/2023.',
    'A spreadsheet wrote this date as a number of days. Make the column Date: 14/03/2023.',
  ),
};
const ZERO: DayFault = {
  code: 'cell.dateZero',
  message: t(
    'Une date d’avant 1905 : un tableur met 1900 ou 1904 dans une cellule vide.',
    'A date before 1905: a spreadsheet puts 1900 or 1904 into an empty cell.',
  ),
};
const ZONE: DayFault = {
  code: 'cell.dateZone',
  message: t(
    'Cet instant n’est pas du même jour ici : écrire la date seule, 2023-03-14.',
    'This instant is of another day here: write the date alone, 2023-03-14.',
  ),
};

/** A day as people and spreadsheets write it, with a time or not. A time with its zone is taken where the day is the same in Paris. */
export function dayAsTyped(value: string): LocalDate | DayFault {
  const written = TIME.exec(value);
  const bare = written ? value.slice(0, written.index).trim() : value;
  if (SHORT_YEAR.test(bare)) return YEAR;
  if (SERIAL.test(bare)) return NUMBER;
  const { year, month, day } = (DAY_FIRST.exec(bare) ?? YEAR_FIRST.exec(bare))?.groups ?? {};
  const date = [year, month?.padStart(2, '0'), day?.padStart(2, '0')].join('-');
  if (!isLocalDate(date)) return DATE;
  if (date < FIRST_DAY) return ZERO;
  const { time, zone } = written?.groups ?? {};
  if (zone === undefined) return date;
  const at = new Date(
    `${date}T${time!.padStart(5, '0').replace(',', '.')}${zone.toUpperCase().replace(/(\d\d)(\d\d)$/, '$1:$2')}`,
  );
  if (Number.isNaN(at.getTime())) return DATE;
  return dateOf(at.toISOString() as Instant) === date ? date : ZONE;
}
