import { type DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { rows } from './projector.js';
import { CaseFile } from './partners/case-file.js';
import { Checkpoint, ParkedCase, schemaOf, tableOf, VERSION } from './tables.js';

/**
 * Rows of this version, and of later ones, are served while those of the present one are made. What is shown of a line is worked out from the
 * case file when it is read, with the rights of now; how many there are, and in which order, rests on the rows. A release that narrows who may see
 * what therefore raises it: for all lists, or in `SERVED_SINCE` for those alone that it concerns.
 */
export const OLDEST_SERVED = 7;
export const SERVED_SINCE = new Map<EntityTarget<ObjectLiteral>, number>();

/** Case files are judged when they are read, event by event. */
const JUDGED_WHEN_READ: readonly EntityTarget<ObjectLiteral>[] = [CaseFile, Checkpoint, ParkedCase];

type Queries = { query(sql: string, values?: unknown[]): Promise<unknown> };
/** The tables, by name, that are such as this version writes and reads them. */
export type Fitting = ReadonlySet<string>;

/** Of tables that another version made, perhaps; of the right version all are. */
export async function fittingTables(views: DataSource, db: Queries = views): Promise<Fitting> {
  const found = await rows<{ table: string; columns: string[] }>(
    db,
    `SELECT table_schema || '.' || table_name AS table, array_agg(column_name)::text[] AS columns
     FROM information_schema.columns WHERE table_schema = $1 GROUP BY 1`,
    [schemaOf(views)],
  );
  const columns = new Map(found.map((one) => [one.table, one.columns]));
  return new Set(
    views.entityMetadatas.flatMap(({ tablePath, columns: known }) => {
      const names = known.map(({ databaseName }) => databaseName).sort();
      const live = columns.get(tablePath)?.sort() ?? [];
      return names.length === live.length && names.every((name, i) => name === live[i]) ? [tablePath] : [];
    }),
  );
}
/** Without these nothing can be followed. */
export const isFollowable = (views: DataSource, fitting: Fitting): boolean =>
  JUDGED_WHEN_READ.every((entity) => fitting.has(tableOf(views, entity)));

/** Whether the rows of a table that another version may have made are to be shown. */
export function isServed(
  views: DataSource,
  entity: EntityTarget<ObjectLiteral>,
  version: number,
  fitting: Fitting | undefined,
): boolean {
  if (version === VERSION) return true;
  if (version > VERSION || !fitting?.has(tableOf(views, entity))) return false;
  return JUDGED_WHEN_READ.includes(entity) || version >= (SERVED_SINCE.get(entity) ?? OLDEST_SERVED);
}
