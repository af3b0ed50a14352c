import { type EntityTarget, type ObjectLiteral, type QueryRunner } from 'typeorm';
import { FIGURES } from './figures/index.js';
import { CaseFile } from './partners/case-file.js';
import { WORKLISTS } from './partners/index.js';
import { parked, type Projection } from './project.js';
import { ParkedCase, tableOf } from './tables.js';

/**
 * Replaces all that the tables hold of these cases, inside the caller's transaction: two statements a table however many cases.
 * @param into names of the tables; all of them unless told
 * When the database refuses a value, the cases are halved until the bad one is alone; that one is parked.
 */
export async function replaceCases(db: QueryRunner, cases: readonly Projection[], into?: ReadonlySet<string>): Promise<void> {
  if (cases.length === 0) return;
  await db.query('SAVEPOINT cases');
  try {
    await replaceAll(db, cases, into);
    await db.query('RELEASE SAVEPOINT cases');
  } catch (error) {
    if (!isBadValue(error)) throw error;
    await db.query('ROLLBACK TO SAVEPOINT cases');
    const half = Math.ceil(cases.length / 2);
    if (half < cases.length) {
      await replaceCases(db, cases.slice(0, half), into);
      await replaceCases(db, cases.slice(half), into);
      return;
    }
    const { caseId, file } = cases[0]!;
    await replaceAll(db, [{ caseId, lines: new Map(), parked: parked(caseId, file ?? { revision: 0 }, error) }], into);
  }
}

async function replaceAll(db: QueryRunner, cases: readonly Projection[], into: ReadonlySet<string> | undefined): Promise<void> {
  const ids = cases.map(({ caseId }) => caseId);
  const replace = (entity: EntityTarget<ObjectLiteral>, found: readonly object[]): unknown =>
    into?.has(tableOf(db.connection, entity)) === false ? undefined : replaceIn(db, entity, ids, found);
  const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);
  await replace(CaseFile, present(cases.map(({ file }) => file)));
  await replace(ParkedCase, present(cases.map((c) => c.parked)));
  for (const view of WORKLISTS) await replace(view.entity, cases.flatMap((c) => c.lines.get(view) ?? [])); // prettier-ignore
  for (const figure of FIGURES) await replace(figure.entity, cases.flatMap((c) => c.figures?.get(figure) ?? [])); // prettier-ignore
}

async function replaceIn(
  db: QueryRunner,
  entity: EntityTarget<ObjectLiteral>,
  caseIds: readonly string[],
  rows: readonly object[],
) {
  const table = tableOf(db.connection, entity);
  await db.query(`DELETE FROM ${table} WHERE case_id = ANY($1::text[])`, [caseIds]);
  if (rows.length === 0) return;
  const { columns } = db.connection.getMetadata(entity);
  const records = rows.map((row) =>
    Object.fromEntries(columns.map((c) => [c.databaseName, (row as Record<string, unknown>)[c.propertyName]])),
  );
  await db.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
    JSON.stringify(records),
  ]);
}

/** SQLSTATE class 22: a value that PostgreSQL can't hold, such as a NUL in a name. */
export const isBadValue = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22');
