import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { createWorker, type Worker } from '../../apps/worker/src/worker.js';
import { type RunnerHealth } from '../../libs/read-models/runner.js';
import { type Caller } from '../../libs/access/authentication/caller.js';
import { CursorSealer, InvalidCursor } from '../../libs/access/sealed-cursor.js';
import { eventRegistry } from '../../libs/application/event-registry.js';
import { Followed } from '../../libs/application/followed.js';
import { actOfType } from '../../libs/domain/case/acts.js';
import { type DomainEvent } from '../../libs/domain/case/event.js';
import { type Instant, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { Codec } from '../../libs/event-store/codec.js';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { Projector } from '../../libs/read-models/projector.js';
import { GetCaseEvents, GetCaseFile, GetOptions, GetWorklist, InvalidQuery, ListWorklists, NotFound, NotYet, type ReadModelParts, ViewsRebuilding } from '../../libs/read-models/queries.js'; // prettier-ignore
import { GetCaseEventsHandler, GetCaseFileHandler } from '../../libs/read-models/queries/case-file.js';
import { type WorklistOptions } from '../../libs/read-models/queries/messages.js';
import { GetOptionsHandler } from '../../libs/read-models/queries/options.js';
import { GetWorklistHandler, ListWorklistsHandler } from '../../libs/read-models/queries/worklists.js';
import { rebuild } from '../../libs/read-models/rebuild.js';
import { REBUILD_LOCK } from '../../libs/read-models/projector.js';
import { SERVED_SINCE } from '../../libs/read-models/served.js';
import { WORKLISTS } from '../../libs/read-models/partners/index.js';
import { rebuildProgress } from '../../libs/read-models/rebuild-journal.js';
import { waitFor } from '../../libs/read-models/snapshot.js';
import { VERSION, viewsDataSource } from '../../libs/read-models/tables.js';
import { Vault } from '../../libs/vault/vault.js';
import { type Delay, rulebook } from '../../libs/domain/rules/delays.js';
import { frenchCalendar } from '../../libs/platform/calendar.js';
import { BOOK } from '../support/story.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

type By = readonly [organisation: string, role: Role];
const CPAM: By = ['cpam-39', 'CPAM'];
const SPST: By = ['ast-39', 'CPDP'];
const CARSAT: By = ['carsat-bfc', 'AS'];
const CEP: By = ['cep-bfc', 'CEP'];
const STRANGER: By = ['carsat-paca', 'AS'];
type Told = readonly [type: string, on: string, by: By, data: Record<string, unknown>];
type Body = Record<string, unknown>;

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let store: PostgresEventStore;
let vault: Vault;
let codec: Codec;
let views: DataSource;
let parts: ReadModelParts;
let today: LocalDate;
let workers: Worker[];
const connection = () => ({ connectionString: database.appUrl });

beforeEach(async () => {
  database = await createDatabase();
  admin = new Client(database.adminUrl);
  await admin.connect();
  await admin.query(`GRANT CREATE ON DATABASE ${new URL(database.adminUrl).pathname.slice(1)} TO fil_rouge_app`);
  // The server cuts what is left when the database is dropped.
  pool = new Pool(connection()).on('error', () => undefined);
  store = new PostgresEventStore({ ...connection(), pollMs: 10 });
  vault = new Vault(pool, { master: { 1: randomBytes(32) }, index: { 1: randomBytes(32) } });
  codec = new Codec(eventRegistry, vault);
  views = await viewsDataSource(connection()).initialize();
  workers = [];
  today = '2023-03-15' as LocalDate;
  parts = {
    views,
    cursors: new CursorSealer(Buffer.alloc(32, 7)),
    clock: { now: () => '2023-03-15T09:00:00.000Z' as Instant, today: () => today },
    directory: new Followed(store, codec),
    head: () => store.head(),
    present: async (position) => position,
    keptApart: async () => false,
    histories: async () => new Map(),
    meeting: async () => [],
    refusedCopies: async () => [],
    rulebook: BOOK,
  };
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await views.destroy();
  await store.close();
  await pool.end();
  await admin.end();
  await database.drop();
});

const worker = async (): Promise<Worker> => {
  const started = await createWorker({ log: { store, codec, rulebook: BOOK }, database: connection(), say: () => undefined });
  workers.push(started);
  return started;
};
const caller = ([organisation, role]: By): Caller => ({
  organisation,
  role,
  person: 'somebody',
  expiresAt: '2999-01-01T00:00:00.000Z' as Instant,
});

/** Appends facts to a case; one append each, as commands do. */
async function tell(caseId: string, personId: string, facts: readonly Told[]): Promise<string> {
  await vault.ensureKey(personId);
  const stream = `case-${caseId}`;
  let revision = (await store.readStream(stream)).at(-1)?.revision ?? NO_STREAM;
  let position = '';
  for (const [type, on, [organisation, role], data] of facts) {
    const event: DomainEvent = {
      id: randomUUID(), type, schemaVersion: actOfType(type)?.version ?? 1, data, personId, actor: { organisation, role, person: null }, recordedBy: null, evidence: null,
      occurredOn: on as LocalDate, recordedAt: '2023-03-01T08:00:00.000Z' as Instant, commandId: randomUUID(), causationId: null, correlationId: randomUUID(),
      source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
    }; // prettier-ignore
    ({ revision, position } = await store.append(stream, revision, await codec.encode([event])));
  }
  return position;
}
const opening = (familyName = 'MARTIN'): Told[] => [
  ['CaseOpened', '2023-03-01', CPAM, { caisse: 'cpam-39' }],
  ['PersonIdentified', '2023-03-01', CPAM, { familyName, givenNames: 'Claire', birthDate: '1979-05-21' }],
  [
    'SickLeaveRecorded',
    '2023-03-01',
    CPAM,
    { leaveId: randomUUID(), start: '2023-01-09', expectedEnd: '2023-06-30', risk: 'maladie' },
  ],
];
const accord = ([recipient]: By, zones: readonly string[], more: Body = {}): Told => [
  'ConsentGranted', '2023-03-02', CPAM, { consentId: randomUUID(), zones, recipient, purpose: 'referral', proof: 'form', from: '2023-03-02', ...more },
]; // prettier-ignore
const referral = ([target, targetRole]: By, referralId: string = randomUUID(), on = '2023-03-03'): Told => [
  'CaseReferred', on, CPAM, { referralId, target, targetRole, motive: 'pdp' },
]; // prettier-ignore
const newCase = async (facts: readonly Told[]): Promise<string> => {
  const caseId = randomUUID();
  await tell(caseId, randomUUID(), facts);
  return caseId;
};

/** While another process swaps the tables a worker may be waiting for them: what counts is where it settles. */
async function settles(worker: Worker, health: Partial<RunnerHealth>): Promise<void> {
  for (let i = 0; i < 400 && (await worker.health()).state !== health.state; i++) await pause(25);
  expect(await worker.health()).toMatchObject(health);
}

const caughtUp = async (): Promise<void> => waitFor(views, (await store.head())!, 15_000);
const file = (caseId: string, by: By, after?: string) =>
  new GetCaseFileHandler(parts).execute(new GetCaseFile(caseId, caller(by), { ...(after && { after }) }));
const worklist = (view: string, by: By, options: WorklistOptions = {}) =>
  new GetWorklistHandler(parts).execute(new GetWorklist(view, caller(by), options));
const items = async (view: string, by: By, options: WorklistOptions = {}) =>
  ((await worklist(view, by, options)).body as { items: Body[] }).items;

/** Every row of every table, as text; json columns included. */
async function everything(): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const { tableName: table } of views.entityMetadatas) {
    if (table === 'checkpoint') continue;
    const { rows } = await admin.query<{ row: string }>(`SELECT to_json(t)::text AS row FROM views.${table} t`);
    tables[table] = rows.map(({ row }) => row).sort();
  }
  return tables;
}

describe('the views', () => {
  it('are the same live and rebuilt, when every table is dropped while writes go on', async () => {
    await worker();
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, i) => newCase([...opening(`NOM${i}`), accord(SPST, ['leave']), referral(CARSAT)])),
    );
    await caughtUp();
    const writing = Promise.all(
      ids.map(async (id, i) => {
        const referralId = randomUUID();
        for (const told of [referral(SPST, referralId), ['ReceiptAcknowledged', '2023-03-04', SPST, { handshakeId: referralId }], ['TriageConcluded', '2023-03-05', SPST, { handshakeId: referralId, outcome: i % 2 ? 'accompanied' : 'no-need' }], ['MeasureStarted', '2023-03-06', CARSAT, { measureId: randomUUID(), type: 'pmsmp' }]] as Told[]) {
          await tell(id, randomUUID(), [told]);
          await pause(10);
        }
      }),
    ); // prettier-ignore
    await admin.query('DROP SCHEMA views CASCADE');
    await writing;
    await caughtUp();
    const live = await everything();
    expect(live['case_file']).toHaveLength(12);
    expect(live['spst_cellule']!.length).toBeGreaterThan(0);
    expect(live['measure_outcome']).toHaveLength(12);
    // Of each case: two referrals, each with its receipt and its answer.
    expect(live['request']).toHaveLength(48);
    expect(live['request']!.filter((row) => /"answered_on":"2023-03-0[45]"/.test(row))).toHaveLength(24);
    expect(await rebuild({ log: { store, codec, rulebook: BOOK }, database: connection() })).toBe(true);
    expect(await everything()).toEqual(live);
  });

  it('are made anew beside the live ones, which serve meanwhile and take in what is written', async () => {
    await worker();
    const referralId = randomUUID();
    const caseId = await newCase([...opening(), referral(CARSAT, referralId)]);
    for (let i = 0; i < 300; i++) await newCase([['CaseOpened', '2023-03-01', CPAM, { caisse: 'cpam-39' }]]);
    await caughtUp();
    const served: unknown[] = [];
    let written: Promise<string> | undefined;
    const steps: [number, number][] = [];
    const asking = new AbortController();
    const reading = (async () => {
      while (!asking.signal.aborted) served.push((await items('social-worker', CARSAT)).length);
    })();
    await rebuild({
      log: { store, codec, rulebook: BOOK },
      database: connection(),
      progress: (done, total) => {
        steps.push([done, total]);
        written ??= tell(caseId, randomUUID(), [['ReceiptAcknowledged', '2023-03-04', CARSAT, { handshakeId: referralId }]]);
      },
    });
    await written;
    await caughtUp();
    asking.abort();
    await reading;
    expect(steps[0]).toEqual([0, 301]);
    expect(steps.at(-1)).toEqual([301, 301]);
    // Never empty, never an error: the swap is before an answer or after it.
    expect(new Set(served).size).toBe(1);
    expect(served[0]).toBeGreaterThan(1);
    expect((await file(caseId, CARSAT)).body).toMatchObject({ handshakes: [{ id: referralId, receivedOn: '2023-03-04' }] });
  });

  it('are made anew when one table is missing or of an older version, and left alone when of a newer one', async () => {
    const started = await worker();
    await newCase([...opening(), referral(CARSAT)]);
    await caughtUp();
    const sound = await everything();
    await admin.query('DROP TABLE views.cpam');
    for (let i = 0; i < 200 && (await started.health()).state === 'following'; i++) await pause(10);
    await caughtUp();
    for (let i = 0; i < 200 && (await started.health()).state !== 'following'; i++) await pause(10);
    expect(await everything()).toEqual(sound);
    await admin.query(`UPDATE views.checkpoint SET version = version - 1`);
    await expect(items('cpam', CPAM)).rejects.toBeInstanceOf(ViewsRebuilding);
    await settles(started, { state: 'rebuilding' });
    await settles(started, { state: 'following' });
    expect(await everything()).toEqual(sound);
    await admin.query(`UPDATE views.checkpoint SET version = version + 1`);
    await settles(started, { state: 'stopped' });
    expect(await everything()).toEqual(sound);
  });

  it('are left alone when of a newer version that has no more use for one of the tables', async () => {
    const started = await worker();
    await newCase(opening());
    await caughtUp();
    await admin.query('BEGIN; UPDATE views.checkpoint SET version = version + 1; DROP TABLE views.cpam; COMMIT');
    await settles(started, { state: 'stopped' });
  });

  it('are made anew when a delay changes, for what begins under the new one only', async () => {
    const changes: Delay[] = [];
    const book = rulebook(frenchCalendar, { delays: changes, placesOf: () => [], catchUp: async () => undefined });
    const started = await createWorker({ log: { store, codec, rulebook: book }, database: connection(), say: () => undefined });
    workers.push(started);
    await newCase([...opening(), referral(CARSAT, randomUUID(), '2023-03-03'), referral(CARSAT, randomUUID(), '2023-03-06')]);
    await caughtUp();
    const dues = async (): Promise<string[]> =>
      (await admin.query<{ due: string }>(`SELECT due::text FROM views.social_worker WHERE rule = 'referral-to-answer' AND role = 'AS' ORDER BY due`)).rows.map((r) => r.due); // prettier-ignore
    expect(await dues()).toEqual(['2023-03-10', '2023-03-13']);
    changes.push({ name: 'referral.answer', count: 10, unit: 'jourOuvre', dayOneCounts: false, lastDayOffMoves: false, from: '2023-03-05' as LocalDate, source: 'convention' }); // prettier-ignore
    for (let i = 0; i < 400 && (await dues().catch(() => []))[1] !== '2023-03-20'; i++) await pause(25);
    expect(await dues()).toEqual(['2023-03-10', '2023-03-20']);
  });

  it('are made from where it was when it was broken off, and not anew', async () => {
    for (let i = 0; i < 60; i++) await newCase([...opening(`NOM${i}`), referral(CARSAT)]);
    const log = { store, codec, rulebook: BOOK };
    await rebuild({ log, database: connection() });
    const sound = await everything();
    const steps: number[] = [];
    const stopping = new AbortController();
    // Held in parts of a few cases.
    const progress = (done: number): void => void (steps.push(done), done >= 30 && stopping.abort());
    await expect(rebuild({ log, database: connection(), most: 40, progress, signal: stopping.signal })).rejects.toThrow();
    expect(await rebuildProgress({ query: async (sql, values) => (await admin.query(sql, values)).rows })).toMatchObject({
      total: expect.any(Number),
    });
    const more: number[] = [];
    expect(await rebuild({ log, database: connection(), most: 40, progress: (done) => void more.push(done) })).toBe(true);
    expect(more[0]).toBeGreaterThan(0);
    expect(more.at(-1)).toBe(60);
    expect(await everything()).toEqual(sound);
    expect((await admin.query(`SELECT to_regclass('views.rebuild_state') AS left`)).rows).toEqual([{ left: null }]);
    // Under other rules, or by another version, nothing of it is used.
    const again = new AbortController();
    await expect(rebuild({ log, database: connection(), most: 40, progress: (done) => done >= 30 && again.abort(), signal: again.signal })).rejects.toThrow(); // prettier-ignore
    await admin.query('UPDATE views_next.rebuild_state SET rules = rules + 1');
    const anew: number[] = [];
    await rebuild({ log, database: connection(), most: 40, progress: (done) => void anew.push(done) });
    expect(anew[0]).toBe(0);
    expect(await everything()).toEqual(sound);
  });

  it('get their indexes though each takes longer than anybody waits for a connection', async () => {
    await newCase(opening());
    const log = { store, codec, rulebook: BOOK };
    let waiting: Promise<unknown> | undefined;
    const progress = (): void => {
      waiting ??= (async () => {
        await admin.query('BEGIN');
        for (const { tableName } of views.entityMetadatas)
          await admin.query(`LOCK TABLE views_next.${tableName} IN ROW EXCLUSIVE MODE`);
        await pause(1_000);
        await admin.query('COMMIT');
      })();
    };
    await rebuild({ log, database: { ...connection(), connectionTimeoutMillis: 300 }, progress });
    await waiting;
    const { rows: found } = await admin.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_indexes WHERE schemaname = 'views'`,
    );
    expect(found[0]!.n).toBeGreaterThan(20);
  });

  it('follow the log and serve while they are made anew, for as long as that takes; then the new ones do', async () => {
    const changes: Delay[] = [];
    const book = rulebook(frenchCalendar, { delays: changes, placesOf: () => [], catchUp: async () => undefined });
    const said: [string, boolean | undefined][] = [];
    const started = await createWorker({
      log: { store, codec, rulebook: book },
      database: connection(),
      say: (...line) => void said.push(line as never),
    });
    workers.push(started);
    const first = await newCase([...opening(), referral(CARSAT, randomUUID(), '2023-03-06')]);
    await caughtUp();
    // Somebody else is at it, and does not come to an end.
    await admin.query('SELECT pg_advisory_lock($1, $2)', REBUILD_LOCK);
    changes.push({ name: 'referral.answer', count: 10, unit: 'jourOuvre', dayOneCounts: false, lastDayOffMoves: false, from: '2023-03-05' as LocalDate, source: 'convention' }); // prettier-ignore
    await settles(started, { state: 'retrying' });
    expect(said.at(-1)).toEqual([expect.stringContaining('another process is making the views'), true]);
    expect(await started.health()).toMatchObject({ serving: true });
    // An act is in the next answer without asking, and so is what ends a right.
    const second = await newCase([...opening('AUTRE'), referral(CARSAT, randomUUID(), '2023-03-06')]);
    const referred = async () =>
      (await items('social-worker', CARSAT)).filter((i) => i['kind'] === 'referrals').map((i) => i['caseId']);
    expect((await referred()).sort()).toEqual([first, second].sort());
    await admin.query('SELECT pg_advisory_unlock($1, $2)', REBUILD_LOCK);
    await settles(started, { state: 'following' });
    const { rows: dues } = await admin.query(
      `SELECT DISTINCT due::text FROM views.social_worker WHERE rule = 'referral-to-answer'`,
    );
    expect(dues).toEqual([{ due: '2023-03-20' }]);
  });

  it('of an older version serve what no narrower right bars; each other list says that it is being made, and how far', async () => {
    const started = await worker();
    const caseId = await newCase([...opening(), referral(CARSAT)]);
    await caughtUp();
    await admin.query('SELECT pg_advisory_lock($1, $2)', REBUILD_LOCK);
    const social = WORKLISTS.find(({ name }) => name === 'social-worker')!.entity;
    SERVED_SINCE.set(social, VERSION - 1);
    try {
      await admin.query(`UPDATE views.checkpoint SET version = version - 1`);
      await admin.query('DROP SCHEMA IF EXISTS views_next CASCADE; CREATE SCHEMA views_next AUTHORIZATION fil_rouge_app');
      await admin.query('CREATE TABLE views_next.rebuild_state AS SELECT 3 AS done, 12 AS total');
      await admin.query('ALTER TABLE views_next.rebuild_state OWNER TO fil_rouge_app');
      await settles(started, { state: 'retrying' });
      const before = await items('social-worker', CARSAT);
      const other = await newCase([...opening('AUTRE'), referral(CARSAT)]);
      const listed = (await items('social-worker', CARSAT)).map((i) => i['caseId']);
      expect([before.length > 0, listed.includes(other)]).toEqual([true, true]);
      expect((await file(caseId, CARSAT)).body).toMatchObject({ caseId });
      await expect(items('cpam', CPAM)).rejects.toMatchObject({ progress: { done: 3, total: 12 } });
      // A table of other columns is neither written nor read.
      await admin.query('ALTER TABLE views.cpam ADD COLUMN more text');
      await newCase([...opening('TIERS'), referral(CARSAT)]);
      expect(await items('social-worker', CARSAT)).not.toHaveLength(listed.length);
      await expect(items('cpam', CPAM)).rejects.toBeInstanceOf(ViewsRebuilding);
      expect(await started.health()).toMatchObject({ serving: true, rebuild: { done: 3, total: 12 } });
    } finally {
      SERVED_SINCE.delete(social);
      await admin.query('SELECT pg_advisory_unlock($1, $2)', REBUILD_LOCK);
    }
    await settles(started, { state: 'following' });
    expect((await items('cpam', CPAM)).length).toBeGreaterThan(0);
  });

  it('lets one process rebuild at a time', async () => {
    await newCase(opening());
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => rebuild({ log: { store, codec, rulebook: BOOK }, database: connection() })),
    );
    expect(outcomes).toContain(true);
    expect((await everything())['case_file']).toHaveLength(1);
  });

  it('are kept by two workers at once as by one', async () => {
    await Promise.all([worker(), worker()]);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => newCase([...opening(`NOM${i}`), referral(CARSAT)])));
    await caughtUp();
    const shared = await everything();
    expect(shared['case_file']).toHaveLength(ids.length);
    // One line to answer and one case held, for each of two roles.
    const held = shared['social_worker']!.filter((row) => /"rule":"(referral-to-answer)?"/.test(row));
    expect(held).toHaveLength(ids.length * 4);
    await rebuild({ log: { store, codec, rulebook: BOOK }, database: connection() });
    expect(await everything()).toEqual(shared);
    for (const each of workers) await settles(each, { state: 'following', parked: 0 });
  });

  it('are written in bulk by a rebuild, not case by case, when all cases are sound', async () => {
    await newCase([...opening(), referral(CARSAT)]);
    const rolledBack = async (): Promise<number> => {
      // A connection that has ended has handed in what it counted.
      const { rows } = await admin.query<{ n: string }>(
        'SELECT pg_stat_clear_snapshot(), pg_stat_get_db_xact_rollback(oid) AS n FROM pg_database WHERE datname = current_database()',
      );
      return Number(rows[0]!.n);
    };
    const before = await rolledBack();
    await rebuild({ log: { store, codec, rulebook: BOOK }, database: connection() });
    await pause(200);
    expect((await rolledBack()) - before).toBe(0);
  });

  it('hold up one case only when an event can’t be worked out, and take it up again at the next rebuild', async () => {
    const started = await worker();
    const good = await newCase([...opening(), referral(CARSAT)]);
    const bad = await newCase([...opening(), referral(CARSAT), referral(CARSAT, randomUUID(), 'the third of March')]);
    const nul = await newCase([...opening(), referral(CARSAT, 'NUL\0')]);
    await caughtUp();
    await settles(started, { state: 'following', parked: 2 });
    const { rows } = await admin.query('SELECT case_id, revision FROM views.parked_case');
    expect(new Set(rows.map((r: { case_id: string }) => r.case_id))).toEqual(new Set([bad, nul]));
    expect(((await file(good, CARSAT)).body as Body)['caseId']).toBe(good);
    expect(((await file(bad, CARSAT)).body as { handshakes: unknown[] }).handshakes).toHaveLength(1);
    const live = await everything();
    await rebuild({ log: { store, codec, rulebook: BOOK }, database: connection() });
    expect(await everything()).toEqual(live);
  });

  it('stop at an event of a newer version, and say so; they never skip it', async () => {
    const started = await worker();
    const caseId = await newCase([...opening(), referral(CARSAT)]);
    await caughtUp();
    const before = await everything();
    await store.append(`case-${caseId}`, 3, [
      {
        id: randomUUID(),
        type: 'InventedLater',
        schemaVersion: 1,
        data: '{}',
        metadata: JSON.stringify({ personId: null, corrects: null }),
      },
    ]);
    for (let i = 0; i < 100 && (await started.health()).state !== 'stopped'; i++) await pause(20);
    expect(await started.health()).toMatchObject({
      state: 'stopped',
      parked: 0,
      error: expect.stringContaining('InventedLater'),
    });
    expect(await everything()).toEqual(before);
  });

  it('forget a person whose key is destroyed', async () => {
    await worker();
    const [caseId, personId] = [randomUUID(), randomUUID()];
    await tell(caseId, personId, [...opening('INOUBLIABLE'), referral(CARSAT)]);
    await caughtUp();
    expect(JSON.stringify(await everything()).toLowerCase()).toContain('inoubliable');
    await vault.destroy([personId]);
    await new Projector({ store, codec, rulebook: BOOK }, views).refresh([caseId]);
    expect(JSON.stringify(await everything()).toLowerCase()).not.toContain('inoubliable');
    expect((await items('social-worker', CARSAT))[0]).not.toHaveProperty('person');
  });
});

describe('what a partner is told', () => {
  it('is nothing at all, to whoever takes no part', async () => {
    await worker();
    const caseId = await newCase([...opening(), referral(CARSAT)]);
    await caughtUp();
    const answer = async (id: string) => {
      try {
        return await file(id, STRANGER);
      } catch (error) {
        return [(error as Error).constructor, (error as Error).message];
      }
    };
    expect(await answer(caseId)).toEqual(await answer(randomUUID()));
    expect(await answer(caseId)).toEqual([NotFound, '']);
    const { body } = await worklist('social-worker', STRANGER);
    expect(body).toMatchObject({ items: [], overdue: 0, kinds: { referrals: { total: 0 } } });
  });

  it('follows the accord by the day on which it is asked, with no event in between', async () => {
    await worker();
    const caseId = await newCase([
      ...opening(),
      ['LeadAssigned', '2023-03-02', CARSAT, {}],
      accord(CEP, ['identity'], { to: '2023-03-20' }),
      referral(CEP),
    ]);
    await caughtUp();
    const [line] = await items('partner', CEP);
    expect(line).toMatchObject({ caseId, kind: 'referrals', overdue: true, person: { familyName: 'MARTIN' } });
    expect(((await file(caseId, CEP)).body as { person: Body }).person['familyName']).toBe('MARTIN');
    expect((await file(caseId, CEP)).body).toMatchObject({ leaves: [] });
    today = '2023-03-21' as LocalDate;
    expect((await worklist('partner', CEP)).body).toMatchObject({ items: [], overdue: 0, kinds: { referrals: { total: 0 } } });
    await expect(file(caseId, CEP)).rejects.toBeInstanceOf(NotFound);
  });

  it('is the same, to the byte, after a rebuild', async () => {
    await worker();
    const caseId = await newCase([
      ...opening(),
      accord(SPST, ['leave']),
      referral(SPST),
      referral(CARSAT),
      [
        'MeasureRequested',
        '2023-03-10',
        CARSAT,
        { measureId: randomUUID(), type: 'essaiEncadre', decider: 'cpam-39', asked: [{ role: 'MC', organisation: 'cpam-39' }] },
      ],
    ]);
    await caughtUp();
    const all = async () =>
      JSON.stringify([
        ...(await Promise.all([CPAM, SPST, CARSAT, ['cpam-39', 'MC'] as By].map((by) => file(caseId, by)))),
        await new GetCaseEventsHandler(parts).execute(new GetCaseEvents(caseId, caller(SPST))),
        await new GetOptionsHandler(parts).execute(new GetOptions(caseId, caller(SPST))),
        await new ListWorklistsHandler(parts).execute(new ListWorklists(caller(CARSAT))),
        await worklist('spst-cellule', SPST),
        await worklist('social-worker', CARSAT, { sort: 'person' }),
        await worklist('cpam', CPAM, { sort: 'since' }),
        await worklist('service-medical', ['cpam-39', 'MC']),
      ]);
    const live = await all();
    expect(live).toContain('opinion-to-give');
    await rebuild({ log: { store, codec, rulebook: BOOK }, database: connection() });
    expect(await all()).toBe(live);
  });

  it('says what is possible, and of a hidden reason only that there is one', async () => {
    await worker();
    const caseId = await newCase([...opening(), accord(CEP, []), ['LeadAssigned', '2023-03-02', CARSAT, {}], referral(CEP)]);
    await caughtUp();
    interface Option {
      command?: string;
      type?: string;
      possible?: boolean;
      lacks?: { code: string }[];
      plan?: { lacks: { code: string }[]; notVisible: string[] };
    }
    const options = async (by: By) =>
      (await new GetOptionsHandler(parts).execute(new GetOptions(caseId, caller(by)))).body as {
        acts: Option[];
        measures: Option[];
      };
    const { acts } = await options(CEP);
    expect(acts.find((a) => a.command === 'accept-referral')).toMatchObject({ possible: true, lacks: [] });
    expect(acts.find((a) => a.command === 'assign-lead')).toMatchObject({ possible: false, lacks: [{ code: 'lead.active' }] });
    const trial = async (by: By) => (await options(by)).measures.find((m) => m.type === 'essaiEncadre')!.plan!;
    expect((await trial(CARSAT)).lacks).toContainEqual(expect.objectContaining({ code: 'essaiEncadre.notApproved' }));
    // Of the status of the person, which an activity tells too, in the zone of the job.
    expect((await trial(CARSAT)).notVisible).toEqual(['D.622-10-1 CSS', 'D.323-6 CSS']);
    expect(await trial(CEP)).toMatchObject({ lacks: [], notVisible: expect.arrayContaining(['D.323-6-6 CSS']) as unknown });
  });
});

describe('a list', () => {
  it('gives every line once, page after page, whatever ties there are', async () => {
    await worker();
    const ids = await Promise.all(
      Array.from({ length: 23 }, (_, i) => newCase([...opening(i % 3 ? 'PETIT' : 'GRAND'), referral(CARSAT), referral(CARSAT)])),
    );
    await caughtUp();
    for (const sort of ['due', 'since', 'person']) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { body, next } = await worklist('social-worker', CARSAT, {
          sort,
          kind: 'referrals',
          limit: 7,
          ...(cursor && { cursor }),
        });
        for (const item of (body as { items: Body[] }).items) seen.push(`${String(item['caseId'])} ${String(item['subject'])}`);
        cursor = next;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(ids.length * 2);
      expect(new Set(seen).size).toBe(ids.length * 2);
    }
    const { body } = await worklist('social-worker', CARSAT, { limit: 1 });
    expect(body).toMatchObject({
      kinds: { referrals: { total: 46, overdue: 46 }, caseload: { total: 23, overdue: 0 } },
      overdue: 46,
    });
  });

  it('is searched by name without accents or capitals, and filtered', async () => {
    await worker();
    const wanted = await newCase([...opening('LEFÈVRE'), referral(CARSAT, randomUUID(), '2023-03-14')]);
    await newCase([...opening('MOREL'), referral(CARSAT)]);
    await caughtUp();
    expect((await items('social-worker', CARSAT, { search: 'lefevre cl', kind: 'referrals' })).map((i) => i['caseId'])).toEqual([
      wanted,
    ]);
    expect((await items('social-worker', CARSAT, { overdue: true })).map((i) => i['caseId'])).not.toContain(wanted);
  });

  it('names every fault of a request, and opens no cursor of another list', async () => {
    await worker();
    await Promise.all([1, 2].map(() => newCase([...opening(), referral(CARSAT)])));
    await caughtUp();
    await expect(worklist('social-worker', CARSAT, { sort: 'x', kind: 'y', limit: 201, search: 'a' })).rejects.toMatchObject({
      constructor: InvalidQuery,
      faults: ['sort', 'kind', 'limit', 'search'].map((parameter) => expect.objectContaining({ parameter })),
    });
    const { next } = await worklist('social-worker', CARSAT, { limit: 1 });
    await expect(worklist('social-worker', ['carsat-bfc', 'CSAM'], { limit: 1, cursor: next! })).rejects.toBeInstanceOf(
      InvalidCursor,
    );
    await expect(worklist('social-worker', CARSAT, { sort: 'since', cursor: next! })).rejects.toBeInstanceOf(InvalidCursor);
    await expect(worklist('cpam', CARSAT)).rejects.toBeInstanceOf(NotFound);
  });

  it('waits for what the caller wrote, and no longer than it should', async () => {
    await expect(worklist('social-worker', CARSAT)).rejects.toBeInstanceOf(ViewsRebuilding);
    await worker();
    const caseId = randomUUID();
    const position = await tell(caseId, randomUUID(), [...opening(), referral(CARSAT)]);
    const after = parts.cursors.seal('position', position);
    expect(((await file(caseId, CARSAT, after)).body as Body)['caseId']).toBe(caseId);
    expect((await items('social-worker', CARSAT, { after })).map((i) => i['kind'])).toEqual(['referrals', 'alerts', 'caseload']);
    const never = parts.cursors.seal('position', position.replace(/\d{19}$/, '9'.repeat(19)));
    await expect(items('social-worker', CARSAT, { after: never })).rejects.toBeInstanceOf(NotYet);
  });
});
