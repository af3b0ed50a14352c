import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type LocalDate, localDate } from '../../domain/kernel/local-date.js';
import { type Role } from '../../domain/kernel/roles.js';
import { MEASURES } from '../../domain/measures/index.js';
import { type MeasureType } from '../../domain/measures/types.js';
import { NotFound } from '../errors.js';
import { MeasureOutcomeRow } from '../figures/measure-outcome.js';
import { type Distribution, sumOf, withoutSmallCells } from '../figures/small-cells.js';
import { ReadModelParts } from '../parts.js';
import { answering, asOf } from './cases.js';
import { type Answer, GetMeasureOutcomes } from './messages.js';

/** Those who choose, decide or advise on measures. */
const READERS: readonly Role[] = ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST', 'CPAM', 'MC'];

/** Each of them has every measure that began exactly once, so that all add up to the same number. */
const DISTRIBUTIONS = ['stage', 'result', 'closing', 'sixMonths'] as const;
type Told = Readonly<Record<(typeof DISTRIBUTIONS)[number], Distribution>>;
interface Found extends Readonly<Record<(typeof DISTRIBUTIONS)[number], string>> {
  readonly type: MeasureType;
  readonly year: number;
  readonly caisse: string | null;
  readonly count: number;
}

/**
 * What came of measures, by type and by the year in which they began (docs/figures.md). One territory, type and year is told or not, with
 * its small cells hidden; anything wider is the sum of what is told so.
 */
@QueryHandler(GetMeasureOutcomes)
export class GetMeasureOutcomesHandler implements IQueryHandler<GetMeasureOutcomes, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ caller, options: { type, territory, after } }: GetMeasureOutcomes): Promise<Answer> {
    const { parts } = this;
    if (!READERS.includes(caller.role)) throw new NotFound();
    await parts.rulebook.catchUp();
    return answering(parts, after, async (db) => {
      const until = firstOfMonth(parts.clock.today());
      const found = await db.rows<Found>(statement(db.table(MeasureOutcomeRow)), [until, type ?? null]);
      const wider = new Map<string, { type: MeasureType; year: number; units: Told[] }>();
      for (const [{ type: of, year }, unit] of unitsOf(found, (caisse) => this.placesOf(caisse), territory)) {
        const key = `${of} ${year}`;
        const item = wider.get(key) ?? { type: of, year, units: [] };
        item.units.push(unit);
        wider.set(key, item);
      }
      const items = [...wider.values()].map(({ type: of, year, units }) => {
        const told = Object.fromEntries(DISTRIBUTIONS.map((name) => [name, sumOf(units.map((unit) => unit[name]))])) as Told;
        const { cells, few } = told.stage;
        return { type: of, label: MEASURES[of].label, year, started: Object.values(cells).reduce((sum, n) => sum + n, few), ...told };
      }); // prettier-ignore
      items.sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : b.year - a.year));
      return { body: { until, items, asOf: asOf(parts) } };
    });
  }

  private placesOf(caisse: string): readonly string[] {
    const { territory, region } = this.parts.directory.find(caisse) ?? {};
    return [territory, region].filter((place) => place !== undefined);
  }
}

/** What is told of each territory, type and year. */
function* unitsOf(
  found: readonly Found[],
  placesOf: (caisse: string) => readonly string[],
  territory: string | undefined,
): Iterable<[Found, Told]> {
  const units = new Map<string, Found[]>();
  for (const row of found) {
    const places = row.caisse === null ? [] : placesOf(row.caisse);
    if (territory !== undefined && !places.includes(territory)) continue;
    // Any filter takes or leaves the whole of it, or one answer could be taken away from another one.
    const key = `${row.type} ${row.year} ${places.join()}`;
    units.set(key, [...(units.get(key) ?? []), row]);
  }
  for (const rows of units.values()) {
    const told = DISTRIBUTIONS.map((name) => [name, withoutSmallCells(counted(rows, name))] as const);
    // All of them are of the same measures: too few for one is too few for each.
    if (told.every(([, distribution]) => distribution)) yield [rows[0]!, Object.fromEntries(told) as unknown as Told];
  }
}
function counted(rows: readonly Found[], name: (typeof DISTRIBUTIONS)[number]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row[name], (counts.get(row[name]) ?? 0) + row.count);
  return counts;
}

/** What happened by the end of last month: figures that moved from one day to the next would tell of one person. */
const firstOfMonth = (today: LocalDate): LocalDate => localDate(`${today.slice(0, 7)}-01`);

const statement = (table: string): string => `
SELECT type, extract(year FROM started_on)::int AS year, caisse,
       CASE WHEN reviewed_on < $1 THEN 'closed' WHEN ended_on < $1 THEN 'ended' ELSE 'running' END AS stage,
       CASE WHEN reviewed_on < $1 THEN coalesce(result, 'untold') ELSE 'awaited' END AS result,
       CASE WHEN closure_on < $1 THEN coalesce(situation, 'untold') ELSE 'awaited' END AS closing,
       CASE WHEN call_on < $1 THEN coalesce(six_month_situation, 'untold') ELSE 'awaited' END AS "sixMonths",
       count(*)::int AS count
FROM ${table} WHERE started_on < $1 AND ($2::text IS NULL OR type = $2)
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7`;
