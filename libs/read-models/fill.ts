import { finished } from 'node:stream/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { type PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type RecordedEvent } from '../domain/case/event.js';
import { type Position } from '../event-store/port.js';
import { FIGURES } from './figures/index.js';
import { CaseFile } from './partners/case-file.js';
import { WORKLISTS } from './partners/index.js';
import { type WorklistView } from './partners/worklist.js';
import { caseOf, project, type Projection } from './project.js';
import { inTransaction } from './projector.js';
import { casesUpTo, type Histories, type Log } from './read-cases.js';
import { ParkedCase, tableOf } from './tables.js';
import { isBadValue, replaceCases } from './write.js';

/** Cases written in one transaction. */
const BATCH = 200;
/** Cases worked out before whatever else goes on in this process gets its turn. */
const AT_ONCE = 10;

export interface Filling {
  readonly log: Log;
  /** The lists to fill; all of them unless told, and then the case files and the figures too. */
  readonly views?: readonly WorklistView[];
  /** Cases done, of about how many. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fills empty tables, which nobody else uses yet, with all cases up to `head`. By COPY, and without indexes until all is there: they are
 * most of what rows cost.
 */
export async function fill(tables: DataSource, head: Position, { log, views, progress, signal }: Filling): Promise<void> {
  const db = tables.createQueryRunner();
  const client = (await db.connect()) as PoolClient;
  let written = Promise.resolve();
  try {
    const indexes = await dropIndexes(client, tables);
    let done = 0;
    for await (const { cases, share } of casesUpTo(head, log.store)) {
      const total = Math.round((done + cases.size) / share);
      progress?.(done, total);
      for (const batch of batchesOf(cases)) {
        signal?.throwIfAborted();
        const projections = await projected(log, batch, views);
        // The server writes one batch while the next is worked out here.
        await written;
        written = write(client, tables, projections, views);
        written.catch(() => undefined);
        progress?.((done += batch.size), total);
      }
    }
    await written;
    for (const index of indexes) await client.query(index);
  } finally {
    await written.catch(() => undefined);
    await db.release();
  }
}

function* batchesOf(cases: Histories): Iterable<Histories> {
  let batch: Histories = new Map();
  for (const [id, history] of cases) {
    batch.set(id, history);
    // What is done need not be held any longer.
    cases.delete(id);
    if (batch.size < BATCH) continue;
    yield batch;
    batch = new Map();
  }
  if (batch.size > 0) yield batch;
}

async function projected({ codec, rulebook }: Log, cases: Histories, views: Filling['views']): Promise<Projection[]> {
  const histories = new Map([...cases.keys()].map((id) => [id, [] as RecordedEvent[]]));
  for (const event of await codec.decode([...cases.values()].flat())) histories.get(caseOf(event))!.push(event);
  const projections: Projection[] = [];
  for (const [caseId, history] of histories) {
    projections.push(project(caseId, history, rulebook, views));
    if (projections.length % AT_ONCE === 0) await breathe();
  }
  return projections;
}

async function write(
  client: PoolClient,
  tables: DataSource,
  cases: readonly Projection[],
  views: Filling['views'],
): Promise<void> {
  const into = (entity: EntityTarget<ObjectLiteral>, rows: (of: Projection) => object | readonly object[] | undefined) =>
    copy(client, tables, entity, cases.flatMap((c) => rows(c) ?? [])); // prettier-ignore
  await client.query('BEGIN');
  try {
    if (!views) await into(CaseFile, ({ file }) => file);
    await into(ParkedCase, (c) => c.parked);
    if (!views) for (const figure of FIGURES) await into(figure.entity, ({ figures }) => figures?.get(figure));
    for (const view of views ?? WORKLISTS) await into(view.entity, ({ lines }) => lines.get(view));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    if (!isBadValue(error)) throw error;
    await inTransaction(tables, (db) => replaceCases(db, cases));
  }
}

async function copy(
  client: PoolClient,
  tables: DataSource,
  entity: EntityTarget<ObjectLiteral>,
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  const { columns } = tables.getMetadata(entity);
  const names = columns.map(({ databaseName }) => databaseName).join();
  const stream = client.query(copyFrom(`COPY ${tableOf(tables, entity)} (${names}) FROM STDIN`));
  const lineOf = (row: object) => columns.map(({ propertyName, isArray }) => field((row as Record<string, unknown>)[propertyName], isArray)).join('\t'); // prettier-ignore
  stream.end(rows.map((row) => `${lineOf(row)}\n`).join(''));
  await finished(stream);
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
/** Of COPY's text format. */
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

/** @returns statements that make them again */
async function dropIndexes(client: PoolClient, tables: DataSource): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(INDEXES, [
    tables.entityMetadatas.map(({ tablePath }) => tablePath),
  ]);
  for (const { drop } of rows) await client.query(drop);
  return rows.map(({ make }) => make);
}
const INDEXES = `
SELECT coalesce('ALTER TABLE ' || t || ' DROP CONSTRAINT ' || name, 'DROP INDEX ' || i.indexrelid::regclass) AS drop,
       coalesce('ALTER TABLE ' || t || ' ADD CONSTRAINT ' || name || ' ' || pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) AS make
FROM unnest($1::regclass[]) t JOIN pg_index i ON i.indrelid = t LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid, quote_ident(c.conname) name`;
