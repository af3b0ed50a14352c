/**
 * The number of a person at the RNIPP (NIR), or the one that waits for its certification (NIA): the same 13 characters and key.
 * Décret n° 82-103, article 4, and the list of places that service-public.fr publishes (F33078): sex, year, month, place, order.
 * 91 to 96 are départements of today and the Maghreb of before its independence; 99 is a country; 97 and 98 take a third digit.
 */
const PARTS =
  /^(?<sex>[123478])(?<year>\d\d)(?<month>0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?<place>(?:0[1-9]|[1-8]\d|9[0-69]|2[AB])(?!000)\d{3}|9[78][1-9](?!00)\d\d)(?!000)\d{3}$/;
const SHAPE = /^\d{5}(?:\d\d|2[AB])\d{6}(?:\d\d)?$/;

/** A number as people and programs write it, without spaces of any kind, dots, dashes or apostrophes, in capitals. */
export const bareNumber = (written: string): string =>
  written.replace(/[\s\u200b\u2060.\p{Pd}\u2212'\u2018\u2019\u02bc]/gu, '').toUpperCase();

export type NirFault = 'shape' | 'parts' | 'key';

/** What is wrong with a number of 13 characters, or 15 with its key, in capitals and without spaces; undefined for a possible one. */
export function nirFault(value: string): NirFault | undefined {
  if (!SHAPE.test(value)) return 'shape';
  if (!PARTS.test(value.slice(0, 13))) return 'parts';
  return value.length === 13 || Number(value.slice(13)) === keyOf(value.slice(0, 13)) ? undefined : 'key';
}
/** With its key, as it is written in an act. */
export const isNir = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 15 && nirFault(value) === undefined;

/** A number of thirteen characters with its key. */
export const withKey = (thirteen: string): string => thirteen + String(keyOf(thirteen)).padStart(2, '0');

/** As an act takes it, whoever wrote it: bare, and with its key where that was left out. What is no such number stays one. */
export const nirAsWritten = (written: string): string => {
  const bare = bareNumber(written);
  return bare.length === 13 && nirFault(bare) === undefined ? withKey(bare) : bare;
};

/** Corsica counts as 19 and 18. */
const keyOf = (thirteen: string): number => 97 - (Number(thirteen.replace('2A', '19').replace('2B', '18')) % 97);

/** What a number says of the person: only what it is sure of. */
export function toldByNir(nir: string): { readonly sex: 'F' | 'M'; readonly year: string; readonly month?: string } | undefined {
  const { sex, year, month } = PARTS.exec(nir.slice(0, 13))?.groups ?? {};
  if (sex === undefined || year === undefined || month === undefined) return undefined;
  // 3 and 4 are of people registered from abroad, 7 and 8 of those who wait; from 20 on a month is unknown or was given for want of numbers.
  return { sex: '137'.includes(sex) ? 'M' : 'F', year, ...(Number(month) <= 12 && { month }) };
}
