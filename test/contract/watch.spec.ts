import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { loadCase } from '../../libs/application/case-stream.js';
import { eventRegistry } from '../../libs/application/event-registry.js';
import { Followed } from '../../libs/application/followed.js';
import { Ids } from '../../libs/application/ids.js';
import { actOfType } from '../../libs/domain/case/acts.js';
import { type DomainEvent, type RecordedEvent } from '../../libs/domain/case/event.js';
import { addDays, dateOf, type Instant, type LocalDate, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { type Rulebook } from '../../libs/domain/rules/delays.js';
import { Codec } from '../../libs/event-store/codec.js';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { Vault } from '../../libs/vault/vault.js';
import { ClockGuard } from '../../libs/watch/clock-guard.js';
import { Watch, type WatchParts } from '../../libs/watch/watch.js';
import { FormerIds } from '../support/former-ids.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { BOOK } from '../support/story.js';

let database: TestDatabase;
let pool: Pool;
let store: PostgresEventStore;
let codec: Codec;
let vault: Vault;
let today: LocalDate;
const parts = (book = BOOK): WatchParts => ({
  store,
  ids: new Ids(Buffer.alloc(32, 3)),
  codec,
  rulebook: book,
  followed: new Followed(store, codec),
  clock: { now: () => `${today}T09:00:00.000Z` as Instant, today: () => today },
});
const watch = (): Watch => new Watch(parts(), pool);
/** A look of the watch on a day. @returns how many events it wrote */
const lookOn = async (day: string, by = watch()): Promise<number> => {
  today = localDate(day);
  await by.follow();
  return by.look();
};

beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.appUrl, max: 12 });
  store = new PostgresEventStore({ connectionString: database.appUrl, pollMs: 10 });
  vault = new Vault(pool, { master: { 1: Buffer.alloc(32, 1) }, index: { 1: Buffer.alloc(32, 2) } });
  codec = new Codec(eventRegistry, vault);
  today = localDate('2023-03-15');
});
afterEach(async () => {
  await store.close();
  await pool.end();
  await database.drop();
});

type By = readonly [organisation: string, role: Role];
const CPAM: By = ['cpam-39', 'CPAM'];
const SPST: By = ['ast-39', 'CPDP'];
const CARSAT: By = ['carsat-bfc', 'AS'];
type Told = readonly [type: string, on: string, by: By, data: Record<string, unknown>];
const fact = ([type, on, [organisation, role], data]: Told, recordedAt: string, personId: string): DomainEvent => ({
  id: randomUUID(), type, schemaVersion: actOfType(type)?.version ?? 1, data, personId, actor: { organisation, role, person: null }, recordedBy: null, evidence: null,
  occurredOn: localDate(on), recordedAt: `${recordedAt}T08:00:00.000Z` as Instant, commandId: randomUUID(), causationId: null,
  correlationId: randomUUID(), source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
}); // prettier-ignore
const persons = new Map<string, string>();
async function tell(caseId: string, facts: readonly Told[], recordedOn?: string): Promise<void> {
  const personId = persons.get(caseId) ?? randomUUID();
  persons.set(caseId, personId);
  await vault.ensureKey(personId);
  const revision = (await store.readStream(`case-${caseId}`)).at(-1)?.revision ?? NO_STREAM;
  await store.append(`case-${caseId}`, revision, await codec.encode(facts.map((f) => fact(f, recordedOn ?? f[1], personId))));
}
const opening = (on: string): Told[] => [
  ['CaseOpened', on, CPAM, { caisse: 'cpam-39' }],
  ['ConsentGranted', on, CPAM, { consentId: randomUUID(), zones: ['identity', 'leave'], recipient: 'ast-39', purpose: 'transmission', proof: 'form', from: on }],
  ['SickLeaveTransmittedToSpst', on, CPAM, { transmissionId: randomUUID(), spst: 'ast-39' }],
]; // prettier-ignore
const referral = (on: string, referralId = randomUUID()): Told => ['CaseReferred', on, CPAM, { referralId, target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }]; // prettier-ignore
/** A case in which a transmission has waited since a day. */
async function waiting(on = '2023-03-14', recordedOn?: string): Promise<string> {
  const caseId = randomUUID();
  await tell(caseId, opening(on), recordedOn);
  return caseId;
}
const missed = async (caseId: string): Promise<RecordedEvent[]> =>
  (await loadCase({ store, codec }, caseId)).filter((e) => e.type.endsWith('DutyMissed'));
const told = async (caseId: string) =>
  (await missed(caseId)).map(({ occurredOn, data: { rule, owner, dueOn, step } }) => ({ occurredOn, rule, owner, dueOn, step }));

describe('the watch', () => {
  it('tells a missed duty once, the day after its last day, then its organisation, then the coordinator', async () => {
    const caseId = await waiting();
    expect(await lookOn('2023-03-21')).toBe(0);
    expect(await lookOn('2023-03-22')).toBe(1);
    const first = { occurredOn: '2023-03-22', rule: 'transmission-to-triage', owner: 'ast-39', dueOn: '2023-03-21', step: 1 };
    expect(await told(caseId)).toEqual([first]);
    expect(await lookOn('2023-03-22')).toBe(0);
    expect(await lookOn('2023-03-28')).toBe(0);
    expect(await lookOn('2023-03-29')).toBe(1);
    expect(await lookOn('2023-04-05')).toBe(1);
    expect((await told(caseId)).map(({ step, occurredOn }) => [step, occurredOn])).toEqual([
      [1, '2023-03-22'],
      [2, '2023-03-29'],
      [3, '2023-04-05'],
    ]);
    // The coordinator's own silence is told too, once to it and once to its organisation.
    for (const day of ['2023-04-13', '2023-04-20', '2023-06-01']) await lookOn(day);
    const own = (await told(caseId)).filter(({ rule }) => rule === 'escalation-to-handle');
    expect(own.map(({ owner, step }) => [owner, step])).toEqual([
      ['cpam-39', 1],
      ['cpam-39', 2],
    ]);
    expect((await told(caseId)).filter(({ rule }) => rule === 'transmission-to-triage')).toHaveLength(3);
  });

  it('is silent about a duty that was done, even late, even dated in the past, and starts anew with the clock', async () => {
    const done = await waiting();
    await lookOn('2023-03-22');
    const transmission = (await loadCase({ store, codec }, done)).find((e) => e.type === 'SickLeaveTransmittedToSpst')!;
    const handshakeId = transmission.data['transmissionId'];
    await tell(done, [['ReceiptAcknowledged', '2023-03-15', SPST, { handshakeId }]], '2023-03-24');
    // Its receipt started the clock of the triage.
    expect(await lookOn('2023-03-29')).toBe(0);
    expect(await lookOn('2023-03-30')).toBe(1);
    expect(await told(done)).toMatchObject([{ dueOn: '2023-03-21' }, { dueOn: '2023-03-29', step: 1 }]);
    await tell(done, [['TriageConcluded', '2023-03-31', SPST, { handshakeId, outcome: 'no-need' }]]);
    expect(await lookOn('2024-01-01')).toBe(0);
  });

  it('tells it once, however many look and whatever dies half way', async () => {
    const cases = await Promise.all(Array.from({ length: 150 }, () => waiting()));
    today = localDate('2023-03-22');
    const watches = [watch(), watch(), watch()];
    await watches[0]!.follow();
    const dying = new AbortController();
    const broken = new Watch({ ...parts(), store: failing(store, 40) }, pool);
    const [, ...others] = await Promise.allSettled([broken.look(dying.signal), ...watches.map((w) => w.look())]);
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await watch().look();
    for (const caseId of cases) expect(await told(caseId)).toHaveLength(1);
  });

  it('does not tell again what it told before ids had a key', async () => {
    const caseId = await waiting();
    expect(await lookOn('2023-03-22', new Watch({ ...parts(), ids: new FormerIds() }, pool))).toBe(1);
    await pool.query('UPDATE watch.checkpoint SET position = NULL');
    expect(await lookOn('2023-03-22')).toBe(0);
    expect(await lookOn('2023-03-29')).toBe(1);
    expect((await missed(caseId)).map(({ id }) => id[14])).toEqual(['5', '8']);
  });

  it('after an absence tells the same duties missed, at the same level, with the days on which it would have, each once', async () => {
    const facts = (caseId: string) =>
      tell(caseId, [...opening('2023-03-01'), ['LeadAssigned', '2023-03-02', CARSAT, {}], referral('2023-03-03')], '2023-03-03');
    const [watched, away] = [randomUUID(), randomUUID()];
    await facts(watched);
    for (let day = localDate('2023-03-03'); day <= '2023-06-30'; day = addDays(day, 1)) await lookOn(day);
    await facts(away);
    await lookOn('2023-06-30');
    const level = async (caseId: string) => {
      const highest = new Map<string, unknown>();
      for (const { rule, owner, dueOn, step, occurredOn } of await told(caseId))
        highest.set(JSON.stringify([rule, owner, dueOn]), [step, occurredOn]);
      return Object.fromEntries([...highest].sort());
    };
    expect(await level(away)).toEqual(await level(watched));
    expect(Object.keys(await level(away)).length).toBeGreaterThan(3);
    // Reminders are collapsed: one for each duty, however long it lasted.
    expect(await told(away)).toHaveLength(Object.keys(await level(away)).length);
    expect((await told(watched)).length).toBeGreaterThan((await told(away)).length);
  });

  it('raises no alarm for what was due before the case was known here', async () => {
    const caseId = await waiting('2021-01-04', '2023-03-14');
    expect(await lookOn('2023-03-21')).toBe(0);
    expect(await lookOn('2023-03-22')).toBe(1);
    expect(await told(caseId)).toMatchObject([{ dueOn: '2023-03-21', step: 1 }]);
  });

  it('looks again on the day after an accord ran out, which makes it somebody else’s', async () => {
    const caseId = randomUUID();
    const [accord, transmission] = opening('2023-03-01').slice(1);
    const lasting: Told = [accord![0], accord![1], accord![2], { ...accord![3], to: '2023-03-05' }];
    await tell(caseId, [opening('2023-03-01')[0]!, lasting, transmission!]);
    await lookOn('2023-03-02');
    const next = async () =>
      (await pool.query<{ on: string }>('SELECT next_on::text AS on FROM watch.clock WHERE case_id = $1', [caseId])).rows[0]!.on;
    expect(await next()).toBe('2023-03-06');
    await lookOn('2023-03-06');
    expect(await told(caseId)).toEqual([]);
    await lookOn('2023-04-30');
    expect((await told(caseId)).map(({ rule, owner }) => [rule, owner])).toContainEqual(['case-to-place', 'cpam-39']);
  });

  it('looks anew at every case once a release has changed the rules', async () => {
    const caseId = await waiting();
    expect(await lookOn('2023-03-15')).toBe(0);
    const sooner: Rulebook = {
      ...BOOK,
      revision: BOOK.revision + 1,
      for: (caisse) => ({ ...BOOK.for(caisse), dueBy: (name, start) => (name === 'transmission.acknowledge' ? start : BOOK.for(caisse).dueBy(name, start)) }),
    }; // prettier-ignore
    expect(await lookOn('2023-03-15', new Watch(parts(sooner), pool))).toBe(1);
    expect(await told(caseId)).toMatchObject([{ dueOn: '2023-03-14', step: 1 }]);
  });

  it('finds what is due by an index, whatever is open', async () => {
    await pool.query(`INSERT INTO watch.clock SELECT 'c' || n, date '2030-01-01' + n % 400, 0 FROM generate_series(1, 20000) n`);
    const admin = new Pool({ connectionString: database.adminUrl });
    await admin.query('ANALYZE watch.clock');
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT case_id FROM watch.clock WHERE next_on <= '2023-03-22' ORDER BY next_on, case_id LIMIT 200 FOR UPDATE SKIP LOCKED`,
    );
    await admin.end();
    expect(rows.map((r) => r['QUERY PLAN']).join('\n')).toContain('clock_next_on');
  });
});

/** A store whose appends fail after some: a worker that dies. */
const failing = (real: PostgresEventStore, after: number): PostgresEventStore => {
  let left = after;
  return Object.create(real, {
    append: { value: (...args: Parameters<PostgresEventStore['append']>) => (left-- > 0 ? real.append(...args) : Promise.reject(new Error('died'))) }, // prettier-ignore
  }) as PostgresEventStore;
};

describe('the clock of the watch', () => {
  const at = (offset: () => number) => ({ now: () => new Date(Date.now() + offset()).toISOString() as Instant });
  it('is trusted while it agrees with the database’s', async () => {
    const guard = new ClockGuard(
      pool,
      at(() => 30_000),
    );
    expect(await guard.fault()).toBeUndefined();
    expect(await guard.fault()).toBeUndefined();
  });
  it('is not when they disagree, and is again once they agree', async () => {
    let offset = -86_400_000;
    const guard = new ClockGuard(
      pool,
      at(() => offset),
    );
    expect(await guard.fault()).toContain('86400 s apart');
    offset = 0;
    expect(await guard.fault()).toContain('jumped by 86400 s');
    expect(
      await new ClockGuard(
        pool,
        at(() => 0),
      ).fault(),
    ).toBeUndefined();
  });
  it('halts the watch, which says so and tells nothing', async () => {
    const caseId = await waiting(addDays(dateOf(new Date().toISOString() as Instant), -30));
    const said: string[] = [];
    today = localDate('2100-01-01');
    const halted = new Watch(parts(), pool, { every: 10, say: (line) => said.push(line) });
    const stop = new AbortController();
    const running = halted.start(stop.signal);
    for (let i = 0; i < 400 && halted.health().state !== 'halted'; i++) await new Promise((r) => setTimeout(r, 10));
    expect(halted.health()).toMatchObject({ state: 'halted', error: expect.stringContaining('apart') });
    stop.abort();
    await running;
    expect(said[0]).toContain('halted');
    expect(await told(caseId)).toEqual([]);
  });
});
