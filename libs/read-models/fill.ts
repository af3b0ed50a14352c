import { finished } from 'node:stream/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { type PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { ordinalOf, type Position } from '../event-store/port.js';
import { FIGURES } from './figures/index.js';
import { CaseFile } from './partners/case-file.js';
import { WORKLISTS } from './partners/index.js';
import { type WorklistView } from './partners/worklist.js';
import { caseOf, project, type Projection } from './project.js';
import { inTransaction, rows } from './projector.js';
import { casesUpTo, DIGITS, type Histories, type Log } from './read-cases.js';
import { ParkedCase, schemaOf, tableOf } from './tables.js';
import { isBadValue, replaceCases } from './write.js';

/** Cases written in one transaction. */
const BATCH = 200;
/** Cases worked out before whatever else goes on in this process gets its turn. */
const AT_ONCE = 10;

/** Events held at once, by all threads together. */
const MOST_HELD = 150_000;
/** A store whose ordinals are bytes has about so many for an event. */
const BYTES_OF_AN_EVENT = 1000;

/** Cases done, of about how many. */
export type Progress = (done: number, total: number) => void;
/** What one thread fills; can be sent there. */
export interface Share {
  /** Of the tables. */
  readonly schema: string;
  readonly head: Position;
  /** Ids of cases begin with one of these. */
  readonly part: readonly string[];
  /** Events to hold at once. */
  readonly most: number;
  /** Names of lists; see `Filling`. */
  readonly views: readonly string[] | undefined;
}
/** Threads beside this one, each with its own log, tables and memory. */
export interface Helpers {
  readonly count: number;
  /** Events of a log that they are worth it for. */
  readonly from: number;
  fill(share: Share, progress: Progress, signal: AbortSignal): Promise<void>;
}

export interface Filling {
  readonly log: Log;
  /** The lists to fill; all of them unless told, and then the case files and the figures too. */
  readonly views?: readonly WorklistView[];
  /** For a long log; without them it is filled here. */
  readonly helpers?: Helpers | undefined;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Fills empty tables, which nobody else uses yet, with all cases up to `head`. By COPY, and without indexes until all is there: they are
 * most of what rows cost.
 */
export async function fill(tables: DataSource, head: Position, filling: Filling): Promise<void> {
  const { helpers, log } = filling;
  const indexes = await dropIndexes(tables);
  if (helpers && helpers.count > 1 && eventsUpTo(head, log) >= helpers.from) await fillTogether(tables, head, helpers, filling);
  else await fillPart(tables, { head, part: [''], most: MOST_HELD }, filling);
  await makeIndexes(tables, indexes);
}

const eventsUpTo = (head: Position, { store }: Log): number =>
  Number(ordinalOf(head)) / (store.traits.densePositions ? 1 : BYTES_OF_AN_EVENT);

/** Each helper has a part of the cases. When one fails the others stop. */
async function fillTogether(tables: DataSource, head: Position, helpers: Helpers, filling: Filling): Promise<void> {
  const { views, progress, signal } = filling;
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const share = {
    schema: schemaOf(tables),
    head,
    most: Math.ceil(MOST_HELD / helpers.count),
    views: views?.map(({ name }) => name),
  };
  const done = Array.from({ length: helpers.count }, () => 0);
  const work = done.map(async (_none, n) => {
    const part = DIGITS.filter((_digit, d) => d % helpers.count === n);
    const tell: Progress = (some, total) => {
      done[n] = some;
      progress?.(
        done.reduce((sum, of) => sum + of),
        total,
      );
    };
    await helpers.fill({ ...share, part }, tell, stop).catch((error: unknown) => {
      failure.abort();
      throw error;
    });
  });
  const ends = await Promise.allSettled(work);
  const failed = ends.find(
    (end) => end.status === 'rejected' && !(end.reason instanceof Error && end.reason.name === 'AbortError'),
  );
  signal?.throwIfAborted();
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

/** The part of the cases whose ids begin with one of `part`, on one connection. The tables have no indexes meanwhile. */
export async function fillPart(
  tables: DataSource,
  { head, part, most }: Pick<Share, 'head' | 'part' | 'most'>,
  { log, views, progress, signal }: Omit<Filling, 'helpers'>,
): Promise<void> {
  const db = tables.createQueryRunner();
  const client = (await db.connect()) as PoolClient;
  let written = Promise.resolve();
  try {
    const targets = targetsOf(tables, views);
    let done = 0;
    for await (const { cases, share } of casesUpTo(head, log.store, most, part)) {
      const total = Math.round((done + cases.size) / share);
      progress?.(done, total);
      for (const batch of batchesOf(cases)) {
        signal?.throwIfAborted();
        const texts = await workedOut(log, batch, views, targets);
        // The server writes one batch while the next is worked out here.
        await written;
        written = copyAll(client, targets, texts).catch(async (error: unknown) => {
          if (!isBadValue(error)) throw error;
          const cases: Projection[] = [];
          for await (const projection of projected(log, batch, views)) cases.push(projection);
          await inTransaction(tables, (db) => replaceCases(db, cases));
        });
        written.catch(() => undefined);
        progress?.((done += batch.size), total);
      }
    }
    await written;
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

async function* projected({ codec, rulebook }: Log, cases: Histories, views: Filling['views']): AsyncGenerator<Projection> {
  for await (const history of codec.decodeEach(cases.values())) yield project(caseOf(history[0]!), history, rulebook, views);
}

/** A table, and what it takes of a case. */
interface Target {
  readonly columns: readonly { readonly propertyName: string; readonly isArray: boolean }[];
  readonly copy: string;
  rowsOf(of: Projection): readonly object[];
}
function targetsOf(tables: DataSource, views: Filling['views']): Target[] {
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

/** For each table the lines of some cases. They are made bytes case by case: kept as objects, they are most of what there is to collect. */
async function workedOut(log: Log, cases: Histories, views: Filling['views'], targets: readonly Target[]): Promise<Buffer[]> {
  const texts = targets.map(() => [] as Buffer[]);
  let done = 0;
  for await (const projection of projected(log, cases, views)) {
    targets.forEach(({ rowsOf, columns }, i) => {
      const text = rowsOf(projection).map((row) => lineOf(row, columns)).join(''); // prettier-ignore
      if (text !== '') texts[i]!.push(Buffer.from(text));
    });
    if (++done % AT_ONCE === 0) await breathe();
  }
  return texts.map((text) => Buffer.concat(text));
}

/** All or nothing. */
async function copyAll(client: PoolClient, targets: readonly Target[], texts: readonly Buffer[]): Promise<void> {
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

const lineOf = (row: object, columns: Target['columns']): string =>
  `${columns.map(({ propertyName, isArray }) => field((row as Record<string, unknown>)[propertyName], isArray)).join('\t')}\n`;

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

interface Dropped {
  readonly drop: string;
  /** Makes it again. */
  readonly make: string;
  readonly constraint: boolean;
}
async function dropIndexes(tables: DataSource): Promise<Dropped[]> {
  const dropped = await rows<Dropped>(tables, INDEXES, [tables.entityMetadatas.map(({ tablePath }) => tablePath)]);
  for (const { drop } of dropped) await tables.query(drop);
  return dropped;
}
/** Side by side, each on its own connection. The constraints afterwards: one of them keeps everybody else from its table. */
async function makeIndexes(tables: DataSource, dropped: readonly Dropped[]): Promise<void> {
  for (const constraints of [false, true])
    await Promise.all(dropped.filter((one) => one.constraint === constraints).map(({ make }) => tables.query(make)));
}
const INDEXES = `
SELECT coalesce('ALTER TABLE ' || t || ' DROP CONSTRAINT ' || name, 'DROP INDEX ' || i.indexrelid::regclass) AS drop,
       coalesce('ALTER TABLE ' || t || ' ADD CONSTRAINT ' || name || ' ' || pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) AS make, c.oid IS NOT NULL AS "constraint"
FROM unnest($1::regclass[]) t JOIN pg_index i ON i.indrelid = t LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid, quote_ident(c.conname) name`;
