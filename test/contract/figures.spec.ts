import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { CursorSealer } from '../../libs/access/sealed-cursor.js';
import { eventRegistry } from '../../libs/application/event-registry.js';
import { type Organisation } from '../../libs/domain/case/act.js';
import { actOfType } from '../../libs/domain/case/acts.js';
import { type DomainEvent } from '../../libs/domain/case/event.js';
import { type Instant, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { Codec } from '../../libs/event-store/codec.js';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { GetMeasureOutcomes, GetSilences, NotFound, type ReadModelParts } from '../../libs/read-models/queries.js';
import { GetMeasureOutcomesHandler } from '../../libs/read-models/queries/measure-outcomes.js';
import { type OutcomesOptions } from '../../libs/read-models/queries/messages.js';
import { GetSilencesHandler } from '../../libs/read-models/queries/silences.js';
import { rebuild } from '../../libs/read-models/rebuild.js';
import { viewsDataSource } from '../../libs/read-models/tables.js';
import { Vault } from '../../libs/vault/vault.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { BOOK, directory } from '../support/story.js';

type By = readonly [organisation: string, role: Role];
const CPAM: By = ['cpam-39', 'CPAM'];
const CPAM_21: By = ['cpam-21', 'CPAM'];
const MC: By = ['drsm', 'MC'];
const SPST: By = ['ast-39', 'CPDP'];
const CARSAT: By = ['carsat-bfc', 'AS'];
const CEP: By = ['cep-39', 'CEP'];
const org = (id: string, territory: string, roles: Role[], region?: string): Organisation => ({ id, name: id, territory, roles, ...(region && { region }) }); // prettier-ignore
const ORGANISATIONS = [
  org('ast-21', '21', ['CPDP'], 'BFC'),
  org('ast-39', '39', ['CPDP'], 'BFC'),
  org('ast-75', '75', ['CPDP'], 'IDF'),
  org('carsat-bfc', 'BFC', ['AS', 'CSAM']),
  org('carsat-paca', 'PACA', ['AS']),
  org('cep-39', '39', ['CEP'], 'BFC'),
  org('cpam-21', '21', ['CPAM'], 'BFC'),
  org('cpam-39', '39', ['CPAM'], 'BFC'),
  org('cpam-39-bis', '39', ['CPAM']),
  org('social-39', '39', ['AS'], 'BFC'),
];
type Told = readonly [type: string, on: string, by: By, data: Record<string, unknown>];

let database: TestDatabase;
let pool: Pool;
let store: PostgresEventStore;
let vault: Vault;
let codec: Codec;
let views: DataSource;
let parts: ReadModelParts;
beforeEach(async () => {
  database = await createDatabase();
  const connection = { connectionString: database.appUrl };
  pool = new Pool(connection).on('error', () => undefined);
  store = new PostgresEventStore(connection);
  vault = new Vault(pool, { master: { 1: randomBytes(32) }, index: { 1: randomBytes(32) } });
  codec = new Codec(eventRegistry, vault);
  views = await viewsDataSource(connection).initialize();
  parts = {
    views,
    cursors: new CursorSealer(Buffer.alloc(32, 7)),
    clock: { now: () => '2023-06-15T09:00:00.000Z' as Instant, today: () => '2023-06-15' as LocalDate },
    directory: { ...directory, all: () => ORGANISATIONS, find: (id) => ORGANISATIONS.find((o) => o.id === id) },
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
  await views.destroy();
  await store.close();
  await pool.end();
  await database.drop();
});

const opened = (on = '2023-01-02', caisse: By = CPAM): Told => ['CaseOpened', on, caisse, { caisse: caisse[0] }];
async function newCase(...facts: readonly Told[]): Promise<void> {
  const personId = randomUUID();
  await vault.ensureKey(personId);
  const events = facts.map(
    ([type, on, [organisation, role], data]): DomainEvent => ({
      id: randomUUID(), type, schemaVersion: actOfType(type)?.version ?? 1, data, personId, actor: { organisation, role, person: null }, recordedBy: null, evidence: null,
      occurredOn: on as LocalDate, recordedAt: '2023-03-01T08:00:00.000Z' as Instant, commandId: randomUUID(), causationId: null, correlationId: randomUUID(),
      source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
    }),
  ); // prettier-ignore
  await store.append(`case-${randomUUID()}`, NO_STREAM, await codec.encode(events));
}
const built = () => rebuild({ log: { store, codec, rulebook: BOOK }, database: { connectionString: database.appUrl } });
const caller = ([organisation, role]: By) => ({ organisation, role, person: 'somebody', expiresAt: '2999-01-01T00:00:00.000Z' as Instant }); // prettier-ignore

interface Silence {
  readonly organisation: string;
  readonly kind: string;
  readonly silent: boolean;
  readonly others?: object;
  readonly routes?: readonly { organisation: string; median: number | null }[];
}
const silences = async (by: By, months?: number): Promise<readonly Silence[]> =>
  ((await new GetSilencesHandler(parts).execute(new GetSilences(caller(by), { ...(months && { months }) }))).body as { items: Silence[] }).items; // prettier-ignore
const of = (items: readonly Silence[], [organisation]: By, kind: string) => items.find((i) => i.organisation === organisation && i.kind === kind); // prettier-ignore
/** A case in which somebody refers to a partner, who answers or not. */
const asks = (from: By, [to, toRole]: By, on: string, answered?: string, accord?: { withdrawnOn: string }): Promise<void> => {
  const [referralId, consentId] = [randomUUID(), randomUUID()];
  return newCase(
    opened(on),
    ['ConsentGranted', on, CPAM, { consentId, zones: ['identity'], recipient: to, purpose: 'referral', proof: 'form', from: on }],
    ['CaseReferred', on, CPAM, { referralId: randomUUID(), target: from[0], targetRole: from[1], motive: 'pdp' }],
    ['ConsentGranted', on, CPAM, { consentId: randomUUID(), zones: ['identity'], recipient: from[0], purpose: 'referral', proof: 'form', from: on }],
    ['CaseReferred', on, from, { referralId, target: to, targetRole: toRole, motive: 'pdp' }],
    ...(answered ? [['ReferralAccepted', answered, [to, toRole], { referralId }] as Told] : []),
    ...(accord ? [['ConsentWithdrawn', accord.withdrawnOn, CPAM, { consentId }] as Told] : []),
  ); // prettier-ignore
};

describe('silences', () => {
  it('count what one’s own organisation asked, both with and without what was never answered', async () => {
    await asks(CPAM, CARSAT, '2023-03-01', '2023-03-03');
    await asks(CPAM, CARSAT, '2023-03-03', '2023-03-08');
    await asks(CPAM, CARSAT, '2023-04-01');
    await asks(CPAM, CARSAT, '2023-06-10');
    // Before the period, of another sender, taken back with the accord.
    await asks(CPAM, CARSAT, '2022-01-10');
    await asks(CPAM_21, CARSAT, '2023-03-01');
    await asks(CPAM, CEP, '2023-03-01', undefined, { withdrawnOn: '2023-03-11' });
    await built();
    const items = await silences(CPAM);
    expect(of(items, CARSAT, 'referral-answer')).toEqual({
      organisation: 'carsat-bfc', name: 'carsat-bfc', role: 'AS', kind: 'referral-answer', label: expect.anything() as unknown, count: 4, answered: 2, lastAnswer: '2023-03-08', waiting: 2,
      oldest: { since: '2023-04-01', days: 75 }, median: { answered: 2, all: 5 }, ninetieth: { answered: 5, all: 75 }, silent: true,
      // The other Service social of the region; none of elsewhere.
      routes: [{ organisation: 'social-39', name: 'social-39', role: 'AS', median: null }],
    }); // prettier-ignore
    const taken = of(items, CEP, 'referral-answer');
    expect(taken).toMatchObject({ count: 1, answered: 0, waiting: 0, median: { answered: null, all: 10 }, silent: false });
    expect(taken).not.toHaveProperty('routes');
    expect(of(await silences(CPAM, 2), CARSAT, 'referral-answer')).toMatchObject({ count: 1, waiting: 1, silent: false });
    expect(of(await silences(CPAM, 24), CARSAT, 'referral-answer')).toMatchObject({ count: 5 });
  });

  it('propose the quickest of the partners that are not silent themselves, and others where none is alike', async () => {
    await asks(CPAM, CARSAT, '2023-04-01');
    await asks(CPAM, CEP, '2023-04-01');
    await asks(CPAM, ['social-39', 'AS'], '2023-04-01', '2023-04-04');
    await newCase(
      opened(),
      ['SickLeaveRecorded', '2023-04-01', CPAM, { leaveId: 'l', start: '2023-01-01' }],
      ['ConsentGranted', '2023-04-01', CPAM, { consentId: 'c', zones: ['identity', 'leave'], recipient: 'ast-39', purpose: 'transmission', proof: 'form', from: '2023-04-01' }],
      ['SickLeaveTransmittedToSpst', '2023-04-01', CPAM, { transmissionId: randomUUID(), spst: 'ast-39', leaveId: 'l', consentId: 'c' }],
    ); // prettier-ignore
    await built();
    const items = await silences(CPAM);
    const routes = (by: By, kind: string) => of(items, by, kind)?.routes?.map((r) => [r.organisation, r.median]);
    expect(routes(CARSAT, 'referral-answer')).toEqual([['social-39', 3]]);
    // No other CEP there; the silent Service social, which could stand in, is left out.
    expect(routes(CEP, 'referral-answer')).toEqual([['social-39', 3]]);
    // An SPST is the employer's: not the other one of the region.
    expect(routes(SPST, 'transmission-receipt')).toEqual([['social-39', 3]]);
  });

  it('tell of what others asked only what rests on many requests of several, and none of this month', async () => {
    const many = (from: By, n: number, on = '2023-03-01') => Promise.all(Array.from({ length: n }, () => asks(from, CARSAT, on, '2023-03-06'))); // prettier-ignore
    const others = async () => {
      await built();
      return of(await silences(CPAM), CARSAT, 'referral-answer')?.others;
    };
    await asks(CPAM, CARSAT, '2023-03-01', '2023-03-02');
    await many(CPAM_21, 5);
    expect(await others()).toBeUndefined();
    await asks(SPST, CARSAT, '2023-06-02');
    expect(await others()).toBeUndefined();
    await asks(SPST, CARSAT, '2023-05-01');
    expect(await others()).toEqual({ median: 5, ninetieth: 30 });
  });

  it('tell nothing of a case in which one takes no part, nor of what one sees with an accord only', async () => {
    const referralId = randomUUID();
    const lost: Told[] = [
      opened(),
      ['ConsentGranted', '2023-03-01', CPAM, { consentId: 'c', zones: ['identity'], recipient: 'cep-39', purpose: 'referral', proof: 'form', from: '2023-03-01' }],
      ['CaseReferred', '2023-03-01', CPAM, { referralId: randomUUID(), target: 'cep-39', targetRole: 'CEP', motive: 'pdp' }],
      ['ConsentGranted', '2023-03-01', CPAM, { consentId: 'd', zones: ['identity'], recipient: 'carsat-bfc', purpose: 'referral', proof: 'form', from: '2023-03-01' }],
      ['CaseReferred', '2023-03-02', CEP, { referralId, target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }],
      ['MeasureRequested', '2023-03-02', CEP, { measureId: 'm', type: 'formation', decider: 'cpam-39', asked: [{ role: 'MC', organisation: 'drsm' }] }],
      ['ReferralAccepted', '2023-03-09', CARSAT, { referralId }],
    ]; // prettier-ignore
    await newCase(...lost);
    await built();
    expect((await silences(CEP)).map(({ kind }) => kind)).toEqual(['referral-answer', 'referral-receipt']);
    await newCase(...lost.slice(0, 6), ['ConsentWithdrawn', '2023-03-05', CPAM, { consentId: 'c' }], lost[6]!);
    await built();
    for (const item of await silences(CEP)) expect(item).toMatchObject({ count: 1, answered: 1, waiting: 0 });
    await expect(silences(['paris', 'EMPLOYER'])).rejects.toBeInstanceOf(NotFound);
    expect(await silences(MC)).toEqual([]);
  });
});

describe('outcomes of measures', () => {
  /** A measure that ended, of a case that was closed and called. */
  const went = (n: number, [situation, later]: readonly string[], { type = 'pmsmp', caisse = CPAM, started = '2022-03-01', called = '2022-11-02' } = {}) =>
    Promise.all(Array.from({ length: n }, () => newCase(
      opened('2022-01-03', caisse),
      ['SupportOpened', '2022-01-04', CARSAT, { origin: 'cpam' }],
      ['MeasureStarted', started, CARSAT, { measureId: 'm', type }],
      ...(situation ? [['SupportClosed', '2022-05-02', CARSAT, { motive: 'goal-reached', situation }], ['SixMonthFollowUpDue', '2022-05-02', CARSAT, { dueOn: '2022-11-02' }]] as Told[] : []),
      ...(later ? [['SixMonthFollowUpCompleted', called, CARSAT, { situation: later }] as Told] : []),
    ))); // prettier-ignore
  const outcomes = async (options: OutcomesOptions = {}, by: By = CARSAT) =>
    ((await new GetMeasureOutcomesHandler(parts).execute(new GetMeasureOutcomes(caller(by), options))).body as { items: object[] }).items; // prettier-ignore

  it('are told by type and year, small cells with others, and each adds up to those that began', async () => {
    await went(6, ['same-job', 'same-job']);
    await went(3, ['same-job', 'job-seeking']);
    await went(2, ['training', 'unreachable']);
    await went(7, ['training', '']);
    await went(5, ['', ''], { started: '2023-04-03' });
    await built();
    expect(await outcomes()).toMatchObject([
      { type: 'pmsmp', year: 2023, started: 5, stage: { cells: { running: 5 }, few: 0 } },
      {
        type: 'pmsmp',
        year: 2022,
        started: 18,
        closing: { cells: { 'same-job': 9, training: 9 }, few: 0 },
        // Three who look for work and two unreachable: five that are one of several.
        sixMonths: { cells: { awaited: 7, 'same-job': 6 }, few: 5 },
      },
    ]);
    expect(await outcomes({ type: 'crpe' })).toEqual([]);
  });

  it('can’t be had of a place by taking others away from a larger one', async () => {
    await went(5, ['same-job', 'same-job']);
    await went(6, ['training', 'training'], { caisse: CPAM_21 });
    await went(4, ['training', 'training'], { caisse: CPAM_21, type: 'crpe' });
    await went(9, ['same-job', 'same-job'], { type: 'crpe' });
    await built();
    expect(await outcomes({ type: 'crpe' })).toEqual(await outcomes({ type: 'crpe', territory: '39' }));
    expect(await outcomes({ type: 'crpe', territory: 'BFC' })).toMatchObject([
      { started: 9, closing: { cells: { 'same-job': 9 } } },
    ]);
    expect(await outcomes({ type: 'crpe', territory: '21' })).toEqual([]);
    expect(await outcomes({ type: 'pmsmp', territory: 'BFC' })).toMatchObject([{ started: 11 }]);
    // Of two funds of one place, a region takes one only: the other one's few are not the difference.
    await went(2, ['training', 'training'], { caisse: ['cpam-39-bis', 'CPAM'] });
    await built();
    expect(await outcomes({ type: 'pmsmp', territory: '39' })).toMatchObject([{ started: 5 }]);
  });

  it('wait for the end of the month, and are for those who choose or decide', async () => {
    await went(5, ['same-job', 'same-job'], { called: '2023-06-02' });
    await built();
    expect(await outcomes()).toMatchObject([{ sixMonths: { cells: { awaited: 5 } } }]);
    await expect(outcomes({}, CEP)).rejects.toBeInstanceOf(NotFound);
  });
});
