import { type Viewer } from '../../domain/confidentiality/redact.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { t } from '../../domain/kernel/text.js';
import { searchedWords } from '../../domain/person/traits.js';
import { InvalidQuery, type QueryFault } from '../errors.js';
import { type Sort, type WorklistView } from '../partners/worklist.js';
import { type WorklistOptions } from './messages.js';

export const MOST_ROWS = 200;
const USUAL_ROWS = 50;

/** Where a page ends: the sort key and what breaks ties. */
export type Place = readonly [key: string, caseId: string, kind: string, subject: string, rule: string];

export interface PageRequest {
  readonly sort: Sort;
  readonly limit: number;
  readonly kinds: readonly string[];
  readonly overdue: boolean;
  /** The words that are all in the name, in any order. */
  readonly search?: readonly string[];
}
const SORT_COLUMNS: Readonly<Record<Sort, { column: string; type: string }>> = {
  due: { column: 'due', type: 'date' },
  since: { column: 'since', type: 'date' },
  person: { column: 'person_name', type: 'text' },
};

/** @throws InvalidQuery that names every fault */
export function pageRequest(view: WorklistView, o: WorklistOptions): PageRequest {
  const faults: QueryFault[] = [];
  const oneOf = (parameter: string, value: string, known: readonly string[]): void => {
    if (!known.includes(value))
      faults.push({
        parameter,
        code: 'unknown',
        detail: t(`Valeurs possibles : ${known.join(', ')}.`, `One of ${known.join(', ')}.`),
      });
  };
  const { sort = 'due', limit = USUAL_ROWS, kind, search } = o;
  oneOf('sort', sort, view.sorts);
  if (kind !== undefined) oneOf('kind', kind, Object.keys(view.kinds));
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS)
    faults.push({ parameter: 'limit', code: 'outOfRange', detail: t(`De 1 à ${MOST_ROWS}.`, `From 1 to ${MOST_ROWS}.`) });
  const words = search === undefined ? undefined : searchedWords(search);
  if (words !== undefined && words.join('').length < 2)
    faults.push({ parameter: 'search', code: 'tooShort', detail: t('Deux caractères au moins.', 'At least two characters.') });
  if (faults.length > 0) throw new InvalidQuery(faults);
  return {
    sort: sort as Sort,
    limit,
    overdue: o.overdue === true,
    kinds: kind === undefined ? Object.keys(view.kinds).filter((k) => !view.kinds[k]!.apart) : [kind],
    ...(words && { search: words }),
  };
}

/** A cursor goes on in the list for which it was made, in no other. */
export const cursorKind = (
  view: WorklistView,
  { organisation, role }: Viewer,
  { sort, kinds, overdue, search }: PageRequest,
): string => JSON.stringify(['worklist', view.name, organisation, role, sort, kinds, overdue, search]);

interface Statement {
  readonly sql: string;
  readonly values: unknown[];
}
/** Lines of this caller on this day, as conditions. */
const scope = (table: string, { organisation, role }: Viewer, today: LocalDate): Statement => ({
  sql: `FROM ${table} WHERE organisation = $1 AND role = $2 AND valid_from <= $3 AND $3 < valid_to`,
  values: [organisation, role, today],
});

export function pageStatement(
  table: string,
  viewer: Viewer,
  today: LocalDate,
  page: PageRequest,
  after: Place | undefined,
): Statement {
  const { sql, values } = scope(table, viewer, today);
  const { column, type } = SORT_COLUMNS[page.sort];
  const value = (v: unknown): string => `$${values.push(v)}`;
  const conditions = [
    `kind = ANY (${value(page.kinds)}::text[])`,
    ...(page.overdue ? ['overdue_from <= $3'] : []),
    ...(page.search ?? []).map((word) => `position(${value(word)} IN person_name) > 0`),
    ...(after ? [`(${column}, case_id, kind, subject, rule) > (${value(after[0])}::${type}, ${value(after[1])}, ${value(after[2])}, ${value(after[3])}, ${value(after[4])})`] : []),
  ]; // prettier-ignore
  const where = conditions.map((c) => ` AND ${c}`).join('');
  return {
    sql: `SELECT ${column}::text AS key, case_id AS "caseId", kind, subject, rule ${sql}${where}
          ORDER BY ${column}, case_id, kind, subject, rule LIMIT ${page.limit + 1}`,
    values,
  };
}

export function countStatement(table: string, viewer: Viewer, today: LocalDate): Statement {
  const { sql, values } = scope(table, viewer, today);
  return {
    sql: `SELECT kind, count(*)::int AS total, (count(*) FILTER (WHERE overdue_from <= $3))::int AS overdue ${sql} GROUP BY kind`,
    values,
  };
}
