import { parse } from 'csv-parse/sync';
import { type Text, t } from '../../domain/kernel/text.js';

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

export interface Header {
  readonly delimiter: ';' | ',';
  readonly columns: readonly Column[];
}

/** Case, accents and spaces don't count: `Date de l'accord` is another column, `Date_Accord` is not. */
export const nameOf = (cell: string): string => cell.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase().replace(/[\s-]+/g, '_'); // prettier-ignore

export const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);
export const twice = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i);

/** @throws InvalidHeader with every fault */
export function headerOf(text: string): Header {
  const delimiter = text.split(';').length >= text.split(',').length ? ';' : ',';
  const names = (cellsOf(text, delimiter) ?? []).map(nameOf);
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
  return { delimiter, columns: names as Column[] };
}

/** A line of a CSV file. */
export function cellsByColumn(text: string, { delimiter, columns }: Header): Reading {
  const cells = cellsOf(text, delimiter);
  if (!cells)
    return {
      faults: [
        fault('line.quotes', t('Un guillemet n’est pas fermé, ou pas à sa place.', 'A quote is not closed, or misplaced.')),
      ],
    };
  if (cells.length !== columns.length)
    return {
      faults: [
        fault(
          'line.cells',
          t(`${cells.length} cellules au lieu de ${columns.length}.`, `${cells.length} cells instead of ${columns.length}.`),
        ),
      ],
    };
  return { cells: filled(columns.map((name, i) => [name, cells[i]!])), faults: [] };
}

export const filled = (cells: readonly (readonly [Column, string])[]): Cells =>
  Object.fromEntries(cells.flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])));

/** Undefined when the quotes are not well formed. */
function cellsOf(text: string, delimiter: string): string[] | undefined {
  try {
    return (parse(text, { delimiter, relax_column_count: true }) as string[][])[0] ?? [];
  } catch {
    return undefined;
  }
}

export const fault = (code: string, message: Text, column?: string): Reason => ({ code, ...(column !== undefined && { column }), message }); // prettier-ignore
