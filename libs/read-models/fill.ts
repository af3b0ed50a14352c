import { setImmediate as breathe } from 'node:timers/promises';
import { type PoolClient } from 'pg';
import { type DataSource } from 'typeorm';
import { ordinalOf, type Position } from '../event-store/port.js';
import { copyAll, dropIndexes, lineOf, makeIndexes, type Target, targetsOf } from './bulk.js';
import { type WorklistView } from './partners/worklist.js';
import { caseOf, project, type Projection } from './project.js';
import { inTransaction } from './projector.js';
import { casesUpTo, DIGITS, type Histories, type Log, shareOf } from './read-cases.js';
import { PARTS } from './rebuild-journal.js';
import { schemaOf } from './tables.js';
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
  /** Each part that is done is written down, for a rebuild that goes on after this one. */
  readonly marks: boolean;
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
  /** Events held at once, by all threads together. */
  readonly most?: number;
}

/**
 * Fills empty tables, which nobody else uses yet, with all cases up to `head`. By COPY, and without indexes until all is there: they are
 * most of what rows cost.
 */
export async function fill(tables: DataSource, head: Position, filling: Filling): Promise<void> {
  const indexes = await dropIndexes(tables);
  await fillRows(tables, { head, part: [''], marks: false }, filling);
  await makeIndexes(tables, indexes);
}

/** The cases whose ids begin with one of `part`, into tables without indexes. */
export async function fillRows(tables: DataSource, of: Pick<Share, 'head' | 'part' | 'marks'>, filling: Filling): Promise<void> {
  const { helpers, log, most = MOST_HELD } = filling;
  if (of.part.length === 0) return;
  if (helpers && helpers.count > 1 && eventsUpTo(of.head, log) >= helpers.from) await fillTogether(tables, of, helpers, filling);
  else await fillPart(tables, { ...of, most }, filling);
}

const eventsUpTo = (head: Position, { store }: Log): number =>
  Number(ordinalOf(head)) / (store.traits.densePositions ? 1 : BYTES_OF_AN_EVENT);

/** Each helper has a part of the cases. When one fails the others stop. */
async function fillTogether(
  tables: DataSource,
  { head, part: all, marks }: Pick<Share, 'head' | 'part' | 'marks'>,
  helpers: Helpers,
  filling: Filling,
): Promise<void> {
  const { views, progress, signal, most = MOST_HELD } = filling;
  const parts = all.flatMap((prefix) => (prefix === '' ? DIGITS : [prefix]));
  const ended = new AbortController();
  const stop = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const share = {
    schema: schemaOf(tables),
    head,
    most: Math.ceil(most / helpers.count),
    marks,
    views: views?.map(({ name }) => name),
  };
  const told = new Map<number, readonly [done: number, total: number]>();
  const sum = (of: 0 | 1): number => [...told.values()].reduce((all, one) => all + one[of], 0);
  const work = Array.from({ length: helpers.count }, async (_none, n) => {
    const part = parts.filter((_prefix, d) => d % helpers.count === n);
    if (part.length === 0) return;
    const tell: Progress = (done, total) => {
      told.set(n, [done, total]);
      // Those that have told nothing yet have as many as the others.
      progress?.(sum(0), Math.round((sum(1) / told.size) * helpers.count));
    };
    await helpers.fill({ ...share, part }, tell, stop).catch((error: unknown) => {
      ended.abort();
      throw error;
    });
  });
  const failures = (await Promise.allSettled(work)).flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  // That of the one that failed, rather than of those that were stopped for it.
  const failure = failures.find(({ name }) => name !== 'AbortError') ?? failures[0];
  if (failure) throw failure;
}

/** The part of the cases whose ids begin with one of `part`, on one connection. The tables have no indexes meanwhile. */
export async function fillPart(
  tables: DataSource,
  { head, part: whole, most, marks }: Pick<Share, 'head' | 'part' | 'most' | 'marks'>,
  { log, views, progress, signal }: Omit<Filling, 'helpers'>,
): Promise<void> {
  const db = tables.createQueryRunner();
  const client = (await db.connect()) as PoolClient;
  let written = Promise.resolve();
  try {
    const targets = targetsOf(tables, views);
    let done = 0;
    for await (const { cases, part, share } of casesUpTo(head, log.store, most, whole)) {
      const total = Math.round(((done + cases.size) / share) * shareOf(whole));
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
      await written;
      if (marks) await client.query(`INSERT INTO ${schemaOf(tables)}.${PARTS} SELECT unnest($1::text[])`, [part]);
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
