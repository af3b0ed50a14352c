import { parse } from 'csv-parse/sync';
import { type Text, t } from '../../domain/kernel/text.js';
import { plainCell, withoutBareFormulas } from './formulas.js';

/** Columns of the file, by the name that heads them. `docs/import.md` describes them. */
export const COLUMNS = [
  'nir', 'ins', 'oid', 'nom', 'nom_usage', 'prenoms', 'date_naissance', 'sexe', 'telephone', 'debut_arret', 'fin_prevue', 'risque', 'rang',
  'code_spst', 'statut', 'siret_employeur', 'date_accord', 'preuve_accord', 'date_transmission', 'caisse',
] as const; // prettier-ignore
export type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['nom', 'prenoms', 'date_naissance', 'debut_arret', 'risque', 'date_accord', 'preuve_accord'];

/** What a line says, blanks left out. */
export type Cells = Readonly<Partial<Record<Column, string>>>;
/** What a line says as far as it can be read, and what is wrong with the rest. */
export interface Reading {
  /** Absent when there is no telling one cell from another. */
  readonly cells?: Cells;
  readonly faults: readonly Reason[];
}
/** Why a line, or a header, can't be taken. */
export interface Reason {
  /** Stable. */
  readonly code: string;
  readonly column?: string;
  readonly article?: string;
  readonly message: Text;
}
/** The file can't be read at all; nothing was taken. */
export class InvalidHeader extends Error {
  constructor(readonly reasons: readonly Reason[]) {
    super(reasons.map((r) => r.message.fr).join(' '));
  }
}

const DELIMITERS = [';', ',', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
export interface Header {
  readonly delimiter: Delimiter;
  /** Undefined: a column without a heading, as spreadsheets pad lines with. There is none at the end. */
  readonly columns: readonly (Column | undefined)[];
  /** Cells of the heading, those of padding at its end too. */
  readonly width: number;
}

/** Case, accents and spaces don't count: `Date de l'accord` is another column, `Date_Accord` is not. */
export const nameOf = (cell: string): string => cell.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase().replace(/[\s-]+/g, '_'); // prettier-ignore

export const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);
export const twice = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i);

/** What spreadsheets write above the heading, to tell each other of the delimiter. */
export const delimiterOf = (text: string): Delimiter | undefined =>
  DELIMITERS.find((it) => text.toLowerCase().replace(/^"|"$/g, '') === `sep=${it}`);

/** @throws InvalidHeader with every fault */
export function headerOf(text: string, told?: Delimiter): Header {
  const count = (delimiter: Delimiter): number => text.split(delimiter).length;
  const delimiter = told ?? DELIMITERS.reduce((most, it) => (count(it) > count(most) ? it : most));
  const cells = cellsOf(text, delimiter);
  if (!cells) throw new InvalidHeader([fault('header.quotes', QUOTES)]);
  const all = cells.map(nameOf);
  const padded = all.slice(0, all.findLastIndex((name) => name !== '') + 1);
  const names = padded.filter((name) => name !== '');
  const reasons: Reason[] = [
    ...names
      .filter((name) => !isColumn(name))
      .map((name) => fault('header.unknownColumn', t(`Colonne inconnue : « ${name} ».`, `Unknown column: "${name}".`), name)),
    ...twice(names).map((name) =>
      fault('header.twice', t(`Colonne en double : « ${name} ».`, `Column given twice: "${name}".`), name),
    ),
    ...REQUIRED.filter((name) => !names.includes(name)).map((name) =>
      fault('header.missingColumn', t(`Il manque la colonne « ${name} ».`, `The column "${name}" is missing.`), name),
    ),
  ];
  if (!names.includes('nir') && !names.includes('ins'))
    reasons.push(fault('header.missingColumn', t('Il faut une colonne « nir » ou « ins ».', 'A column "nir" or "ins" is needed.'), 'nir')); // prettier-ignore
  if (reasons.length > 0) throw new InvalidHeader(reasons);
  return { delimiter, columns: padded.map((name) => (isColumn(name) ? name : undefined)), width: all.length };
}

/** A line of a CSV file. Spreadsheets write some without anything in their cells, below the last one: they say nothing, and are no fault. */
export function cellsByColumn(text: string, { delimiter, columns, width }: Header): Reading {
  const cells = cellsOf(text, delimiter);
  if (!cells) return { faults: [fault('line.quotes', QUOTES)] };
  if (cells.every((cell) => cell === '')) return { cells: {}, faults: [] };
  const beyond = cells.findLastIndex((cell) => cell !== '') + 1;
  if (cells.length < columns.length || beyond > width)
    return {
      faults: [
        fault(
          'line.cells',
          t(`${cells.length} cellules au lieu de ${columns.length}.`, `${cells.length} cells instead of ${columns.length}.`),
        ),
      ],
    };
  return {
    cells: filled(columns.flatMap((name, i) => (name === undefined ? [] : [[name, cells[i]!] as const]))),
    faults: cells.flatMap((cell, i) => (columns[i] === undefined && cell !== '' ? [noHeading(i + 1)] : [])),
  };
}

const QUOTES = t(
  'Un guillemet n’est pas fermé, ou pas à sa place. Une cellule ne contient pas de retour à la ligne.',
  'A quote is not closed, or misplaced. A cell holds no line break.',
);
const noHeading = (place: number): Reason =>
  fault(
    'cell.noHeading',
    t(`La ${place}e colonne n’a pas de titre, et cette ligne y porte quelque chose.`, `Column ${place} has no heading, and this line has something in it.`),
  ); // prettier-ignore

/** Cells with something in them, as they were typed. */
export const filled = (cells: readonly (readonly [Column, string])[]): Cells =>
  Object.fromEntries(cells.map(([name, text]) => [name, plainCell(text.trim())]).filter(([, text]) => text !== ''));

/** The cells of one line, without the spaces around them. Undefined when the quotes are not well formed. */
function cellsOf(line: string, delimiter: Delimiter): string[] | undefined {
  for (const text of [line, withoutBareFormulas(line, delimiter)])
    try {
      const options = { delimiter, record_delimiter: '\n', relax_column_count: true, ltrim: true, rtrim: true };
      return ((parse(text, options) as string[][])[0] ?? []).map((cell) => cell.trim());
    } catch {
      // Not well formed, or not yet.
    }
  return undefined;
}

export const fault = (code: string, message: Text, column?: string): Reason => ({ code, ...(column !== undefined && { column }), message }); // prettier-ignore
