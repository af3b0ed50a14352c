import { finished } from 'node:stream/promises';
import { type PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { FIGURES } from './figures/index.js';
import { CaseFile } from './partners/case-file.js';
import { WORKLISTS } from './partners/index.js';
import { type WorklistView } from './partners/worklist.js';
import { type Projection } from './project.js';
import { rows } from './projector.js';
import { ParkedCase, tableOf } from './tables.js';

/** A table, and what it takes of a case. */
export interface Target {
  readonly columns: readonly { readonly propertyName: string; readonly isArray: boolean }[];
  readonly copy: string;
  rowsOf(of: Projection): readonly object[];
}
/** @param views the lists; all of them unless told, and then the case files and the figures too */
export function targetsOf(tables: DataSource, views: readonly WorklistView[] | undefined): Target[] {
  const into = (entity: EntityTarget<ObjectLiteral>, rowsOf: Target['rowsOf']): Target => {
    const { columns } = tables.getMetadata(entity);
    const names = columns.map(({ databaseName }) => databaseName).join();
    return { columns, copy: `COPY ${tableOf(tables, entity)} (${names}) FROM STDIN`, rowsOf };
  };
  return [
    into(ParkedCase, ({ parked }) => (parked ? [parked] : [])),
    ...(views ?? WORKLISTS).map((view) => into(view.entity, ({ lines }) => lines.get(view) ?? [])),
    ...(views ? [] : FIGURES.map((figure) => into(figure.entity, ({ figures }) => figures?.get(figure) ?? []))),
    ...(views ? [] : [into(CaseFile, ({ file }) => (file ? [file] : []))]),
  ];
}

/** All or nothing: into each table its text. */
export async function copyAll(client: PoolClient, targets: readonly Target[], texts: readonly Buffer[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const [i, text] of texts.entries())
      if (text.length > 0) await finished(client.query(copyFrom(targets[i]!.copy)).end(text));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** One row in COPY's text format. */
export const lineOf = (row: object, columns: Target['columns']): string =>
  `${columns.map(({ propertyName, isArray }) => field((row as Record<string, unknown>)[propertyName], isArray)).join('\t')}\n`;

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
function field(value: unknown, isArray: boolean): string {
  if (value === null) return '\\N';
  const text = isArray
    ? arrayText(value as readonly string[])
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  return text.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found]!);
}
const arrayText = (values: readonly string[]): string => `{${values.map((v) => `"${v.replace(/["\\]/g, '\\$&')}"`).join()}}`;

export interface Dropped {
  readonly drop: string;
  /** Makes it again. */
  readonly make: string;
  readonly constraint: boolean;
}
export async function dropIndexes(tables: DataSource): Promise<Dropped[]> {
  const dropped = await rows<Dropped>(tables, INDEXES, [tables.entityMetadatas.map(({ tablePath }) => tablePath)]);
  for (const { drop } of dropped) await tables.query(drop);
  return dropped;
}
/** More would wait for a connection of the pool, which gives up after the seconds that it gives a database that is away. */
export const INDEXES_AT_ONCE = 3;
/** Side by side, each on its own connection. The constraints afterwards: one of them keeps everybody else from its table. */
export async function makeIndexes(tables: DataSource, dropped: readonly Dropped[]): Promise<void> {
  for (const constraints of [false, true]) {
    const waiting = dropped.filter((one) => one.constraint === constraints);
    const maker = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await tables.query(next.make);
    };
    await Promise.all(Array.from({ length: INDEXES_AT_ONCE }, maker));
  }
}
const INDEXES = `
SELECT coalesce('ALTER TABLE ' || t || ' DROP CONSTRAINT IF EXISTS ' || name, 'DROP INDEX IF EXISTS ' || i.indexrelid::regclass) AS drop,
       coalesce('ALTER TABLE ' || t || ' ADD CONSTRAINT ' || name || ' ' || pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) AS make, c.oid IS NOT NULL AS "constraint"
FROM unnest($1::regclass[]) t JOIN pg_index i ON i.indrelid = t LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid, quote_ident(c.conname) name`;
