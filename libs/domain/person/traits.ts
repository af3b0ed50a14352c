import { type LocalDate } from '../kernel/local-date.js';
import { toldByNir } from './nir.js';

/** Who a person is said to be. Any of it may be missing: not told, not visible or erased. */
export interface Traits {
  /** At birth. */
  readonly familyName?: string;
  /** *Nom d'usage*: the name borne in daily life. */
  readonly usedName?: string;
  readonly givenNames?: string;
  readonly birthDate?: LocalDate;
  readonly sex?: string;
}

/** Letters that are one letter to Unicode, and two, or another one, to whoever types them without them. */
const OPENED: Readonly<Record<string, string>> = {
  Æ: 'AE', Œ: 'OE', ẞ: 'SS', Ø: 'O', Ł: 'L', Đ: 'D', Ð: 'D', Þ: 'TH', Ħ: 'H', Ŧ: 'T', Ŋ: 'N', Ə: 'E', ĸ: 'K', Ɖ: 'D', Ƒ: 'F', Ɓ: 'B', Ɗ: 'D', Ƙ: 'K', Ɨ: 'I', Ʉ: 'U', Ɔ: 'O', Ɛ: 'E', Ǥ: 'G', Ƶ: 'Z',
}; // prettier-ignore

/**
 * A name as identitovigilance compares it (RNIV 1): capitals without accents or ligatures; apostrophes, hyphens and any punctuation
 * are a space, several spaces are one, and what nobody sees is nothing. Letters of another script stay as they are.
 */
export const fold = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9 ]/g, (letter) => OPENED[letter] ?? letter)
    .replace(/(?:[^\p{L}\p{N}]|\p{Lm})+/gu, ' ')
    .trim();

/** It has a letter that people see, and none that was lost on its way here. */
export const isReadableName = (name: string): boolean => /\p{L}/u.test(fold(name)) && !name.includes('\ufffd');

const wordsOf = (name: string | undefined): string[] =>
  fold(name ?? '')
    .split(' ')
    .filter(Boolean);
/** Without its spaces: `LE GALL`, `LEGALL`; `JEAN PIERRE`, `JEANPIERRE`. */
const joined = (name: string | undefined): string => wordsOf(name).join('');
const surnames = ({ familyName, usedName }: Traits): string[] => [joined(familyName), joined(usedName)].filter(Boolean);

const beginnings = (name: string | undefined): string[] => wordsOf(name).map((_, i, words) => words.slice(0, i + 1).join(''));

/** Equal, or one is the beginning of the other, word by word: `Marie` and `Marie Claude Annick`. */
function sameGiven(a: string | undefined, b: string | undefined): boolean {
  const [one, other] = [joined(a), joined(b)];
  return one !== '' && other !== '' && (beginnings(a).includes(other) || beginnings(b).includes(one));
}
/** The family name of one is the given name of the other, and the other way round. */
const exchanged = (a: Traits, b: Traits): boolean =>
  [b.familyName, b.usedName].some((name) => sameGiven(a.givenNames, name)) &&
  [a.familyName, a.usedName].some((name) => sameGiven(b.givenNames, name));

/** Whether two sets of names may be one person's names, written by two people. */
export const sameName = (a: Traits, b: Traits): boolean =>
  (surnames(a).some((name) => surnames(b).includes(name)) && sameGiven(a.givenNames, b.givenNames)) || exchanged(a, b);

/**
 * What two people who may be one have in common, one key at least: the same date of birth, and a beginning of a surname with a beginning
 * of the given names, in either order (`sameName`), or the same number. Whoever finds two by a key still has to compare them.
 */
export function likenessKeys({ nir, ...traits }: Traits & { readonly nir?: string }): string[] {
  const { familyName, usedName, givenNames, birthDate } = traits;
  const surnames = [familyName, usedName].flatMap(beginnings);
  const names = birthDate === undefined ? [] : beginnings(givenNames).flatMap((given) => surnames.map((name) => `${birthDate} ${[name, given].sort().join('+')}`)); // prettier-ignore
  return [...new Set([...names, ...(nir === undefined ? [] : [`nir ${nir.slice(0, 13)}`])])];
}
/** Two that a human should look at: the same number, or the same date of birth and names that may be one person's. */
export const alike = (a: Traits & { readonly nir?: string }, b: Traits & { readonly nir?: string }): boolean =>
  (a.nir !== undefined && a.nir.slice(0, 13) === b.nir?.slice(0, 13)) ||
  (a.birthDate !== undefined && a.birthDate === b.birthDate && sameName(a, b));

/**
 * The text in which a person is looked for, and by which a list is sorted: the names as they are folded, and without their spaces, so
 * that `DANGELO` finds D'ANGELO. Empty without a name.
 */
export function searchable({ familyName = '', usedName = '', givenNames = '' }: Traits): string {
  const sorted = fold(`${familyName} ${givenNames}`);
  const more = [
    fold(usedName),
    ...[familyName, usedName, givenNames].flatMap((name) => (wordsOf(name).length > 1 ? [joined(name)] : [])),
  ];
  return [sorted, ...more].filter(Boolean).join('\t');
}
/** The words that are looked for, in any order, each somewhere in `searchable`. */
export const searchedWords = (asked: string): string[] => wordsOf(asked);

/** Words that many names begin with, and which so make nobody a relative of anybody. */
const PARTICLES: ReadonlySet<string> = new Set('DE DU DA DO DI LA LE EL AL VAN VON DEN DER DES DOS DAS BEN BIN IBN ABD ABU ET SAN MAC OULD AIT'.split(' ')); // prettier-ignore
/** Each word of a name that says something, and the name as a whole. Of another script nothing is said: it is spelt in many ways here. */
const tokens = (name: string | undefined): string[] =>
  [...wordsOf(name).filter((word) => !PARTICLES.has(word)), joined(name)].filter((word) => /^[A-Z0-9]+$/.test(word));
const akin = (a: string, b: string): boolean => a === b || slips(a, b) <= (Math.min(a.length, b.length) >= 8 ? 2 : Math.min(a.length, b.length) >= 5 ? 1 : 0); // prettier-ignore

/** No name of one has anything in common with any name of the other, a slip of the finger set aside. Without names nothing is said. */
export function unrelatedNames(a: Traits, b: Traits): boolean {
  const [one, other] = [a, b].map((t) => [t.familyName, t.usedName, t.givenNames].flatMap(tokens)) as [string[], string[]];
  const whole = [a, b].every((t) => (tokens(t.familyName).length > 0 || tokens(t.usedName).length > 0) && tokens(t.givenNames).length > 0); // prettier-ignore
  return whole && !one.some((x) => other.some((y) => akin(x, y)));
}

/** How many letters were left out, added, changed or exchanged with the next one. */
function slips(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}

export type Contradiction = 'birthDate' | 'sex' | 'names';

/** In what two sets of traits can't be one person's. What one of them doesn't say contradicts nothing. */
export const contradictions = (told: Traits, held: Traits): Contradiction[] => [
  ...(told.birthDate && held.birthDate && !sameBirth(told.birthDate, held.birthDate) ? (['birthDate'] as const) : []),
  ...(told.sex && held.sex && told.sex !== held.sex ? (['sex'] as const) : []),
  ...(unrelatedNames(told, held) ? (['names'] as const) : []),
];

/**
 * A date of birth of which only the year is known is written 31 December (instruction générale de l'état civil of 2 November 2004), and
 * formerly 1 January; where the day alone is not known, the first of the month (RNIV 1). An exchanged day and month, or one digit that
 * differs, are two dates.
 */
const sameBirth = (a: LocalDate, b: LocalDate): boolean =>
  a === b ||
  (a.slice(0, 4) === b.slice(0, 4) && (yearOnly(a) || yearOnly(b))) ||
  (a.slice(0, 7) === b.slice(0, 7) && (a.endsWith('-01') || b.endsWith('-01')));
const yearOnly = (date: LocalDate): boolean => date.endsWith('-12-31') || date.endsWith('-01-01');

/** In what a NIR or an NIA says something else than the traits that came with it. An impossible number says nothing. */
export function nirContradictions(
  nir: string,
  { birthDate, sex }: Pick<Traits, 'birthDate' | 'sex'>,
): Exclude<Contradiction, 'names'>[] {
  const said = toldByNir(nir);
  if (!said) return [];
  const otherYear = birthDate !== undefined && birthDate.slice(2, 4) !== said.year;
  const otherMonth = birthDate !== undefined && said.month !== undefined && !yearOnly(birthDate) && birthDate.slice(5, 7) !== said.month; // prettier-ignore
  return [
    ...(otherYear || otherMonth ? (['birthDate'] as const) : []),
    ...(sex !== undefined && sex !== said.sex ? (['sex'] as const) : []),
  ];
}
