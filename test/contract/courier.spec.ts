import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { loadCase } from '../../libs/application/case-stream.js';
import { eventRegistry } from '../../libs/application/event-registry.js';
import { Followed } from '../../libs/application/followed.js';
import { Ids } from '../../libs/application/ids.js';
import { type Parts } from '../../libs/application/parts.js';
import { Turns } from '../../libs/application/turns.js';
import { actOfType } from '../../libs/domain/case/acts.js';
import { type DomainEvent, type RecordedEvent } from '../../libs/domain/case/event.js';
import { type Instant, type LocalDate, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { Codec } from '../../libs/event-store/codec.js';
import { type EventStore, NO_STREAM } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { Courier, refusedCopies } from '../../libs/processes/courier.js';
import { Vault } from '../../libs/vault/vault.js';
import { FormerIds } from '../support/former-ids.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { BOOK } from '../support/story.js';

const DAY = '2023-10-17';
const CASES = 60;
let database: TestDatabase;
let pool: Pool;
let store: PostgresEventStore;
let vault: Vault;
let codec: Codec;
beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.appUrl, max: 12 }).on('error', () => undefined);
  store = new PostgresEventStore({ connectionString: database.appUrl });
  vault = new Vault(pool, { master: { 1: Buffer.alloc(32, 1) }, index: { 1: Buffer.alloc(32, 2) } });
  codec = new Codec(eventRegistry, vault);
});
afterEach(async () => {
  await store.close();
  await pool.end();
  await database.drop();
});

/** Another worker, with a store of its own. */
function courier(over: EventStore = store, on: Pool = pool, ids = new Ids(Buffer.alloc(32, 3))): Courier {
  const followed = new Followed(over, codec);
  const clock = { now: () => `${DAY}T15:00:00.000Z` as Instant, today: () => localDate(DAY) };
  return new Courier({ store: over, codec, ids, turns: new Turns(), rulebook: BOOK, followed, clock } as unknown as Parts, on);
}
/** The store, with something else in place of one of its verbs. */
const withOther = <V extends 'append' | 'readStream'>(verb: V, other: EventStore[V]): EventStore =>
  new Proxy(store, {
    get: (real, name) => (name === verb ? other : (Reflect.get(real, name) as { bind?: (to: unknown) => unknown }).bind?.(real)),
  });
/** Something happens from so many appends on, once they are written and before anybody hears of it. */
function after(appends: number, happens: () => void): EventStore {
  let left = appends;
  return withOther('append', async (...given) => {
    const result = await store.append(...given);
    if (--left <= 0) happens();
    return result;
  });
}
const dying = (appends: number): EventStore =>
  after(appends, () => {
    throw new Error('power cut');
  });
/** Far away: each stream takes so long to read. */
const slow = (milliseconds: number): EventStore =>
  withOther('readStream', async (...given) => {
    await pause(milliseconds);
    return store.readStream(...given);
  });

type By = readonly [organisation: string, role: Role];
const CPAM: By = ['cpam-39', 'CPAM'];
const CARSAT: By = ['carsat-bfc', 'AS'];
const EXPLOITANT: By = ['exploitant', 'OPERATOR'];
const event = (type: string, [organisation, role]: By, data: Record<string, unknown>, personId: string | null): DomainEvent => ({
  id: randomUUID(), type, schemaVersion: actOfType(type)?.version ?? 1, data, personId, actor: { organisation, role, person: null }, recordedBy: null, evidence: null, occurredOn: DAY as LocalDate,
  recordedAt: `${DAY}T08:00:00.000Z` as Instant, commandId: randomUUID(), causationId: null, correlationId: randomUUID(), source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
}); // prettier-ignore
async function tell(stream: string, ...events: readonly DomainEvent[]): Promise<void> {
  const revision = (await store.readStream(stream)).at(-1)?.revision ?? NO_STREAM;
  await store.append(stream, revision, await codec.encode(events));
}
async function organisations(): Promise<void> {
  for (const [id, roles] of [['cpam-39', ['CPAM']], ['carsat-bfc', ['AS']]] as const)
    await tell(`organisation-${id}`, event('OrganisationRegistered', EXPLOITANT, { id, name: id, roles, territory: '39' }, null));
} // prettier-ignore
interface Item {
  readonly caseId: string;
  readonly measureId: string;
  readonly personId: string;
}
async function requested(): Promise<Item> {
  const item = { caseId: randomUUID(), measureId: randomUUID(), personId: randomUUID() };
  await vault.ensureKey(item.personId);
  const opened = event('CaseOpened', CPAM, { caisse: 'cpam-39' }, item.personId);
  const asked = event('MeasureRequested', CARSAT, { measureId: item.measureId, type: 'formation' }, item.personId);
  await tell(`case-${item.caseId}`, opened, asked);
  return item;
}
const of = (meeting: string, { caseId, measureId }: Item) => ({ meetingId: meeting.slice('meeting-'.length), caseId, measureId });
/** A meeting of the ILCO with all of them on its agenda. */
async function planned(items: readonly Item[]): Promise<string> {
  const [forumId, meetingId] = [randomUUID(), randomUUID()];
  await tell(`forum-${forumId}`, event('ForumRegistered', CPAM, { forumId, name: 'ILCO', type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: 'cpam-39', chairRole: 'CPAM', seats: [] }, null)); // prettier-ignore
  const meeting = `meeting-${meetingId}`;
  await tell(meeting, event('MeetingScheduled', CPAM, { meetingId, forumId, date: DAY }, null));
  await tell(meeting, ...items.map((item) => event('AgendaItemAdded', CPAM, of(meeting, item), item.personId)));
  return meeting;
}
/** The same, held: it gave its avis on all of them. */
async function met(items: readonly Item[]): Promise<string> {
  const meeting = await planned(items);
  const meetingId = meeting.slice('meeting-'.length);
  await tell(meeting, event('MeetingHeld', CPAM, { meetingId, attendees: [{ organisation: 'cpam-39', role: 'CPAM' }] }, null));
  await tell(
    meeting,
    ...items.map((item) => event('AvisGiven', CPAM, { ...of(meeting, item), opinion: 'favourable' }, item.personId)),
  );
  return meeting;
}
const told = async ({ caseId }: Pick<Item, 'caseId'>): Promise<RecordedEvent[]> =>
  (await loadCase({ store, codec }, caseId)).filter(({ source }) => source === 'meeting');
const types = async (item: Pick<Item, 'caseId'>) => (await told(item)).map(({ type }) => type);

describe('what a meeting says of cases', () => {
  it('is told to each once, whatever dies half way and however many carry it', async () => {
    await organisations();
    const items = await Promise.all(Array.from({ length: CASES }, requested));
    await met(items);
    for (const appends of [1, 7, 40]) await expect(courier(dying(appends)).follow()).rejects.toThrow('power cut');
    await Promise.all([courier(), courier(), courier()].map((one) => one.follow()));
    await courier().follow();
    for (const item of items) expect(await types(item)).toEqual(['IlcoReviewScheduled', 'IlcoReviewHeld']);

    // Nobody remembers how far it had come: all of it again, and nothing new.
    await pool.query('UPDATE process.checkpoint SET position = NULL');
    await courier().follow();
    for (const item of items) expect(await types(item)).toHaveLength(2);
    const [held] = (await told(items[0]!)).slice(-1);
    expect(held).toMatchObject({ occurredOn: DAY, recordedAt: `${DAY}T08:00:00.000Z`, actor: { organisation: 'cpam-39' }, data: { opinion: 'favourable' } }); // prettier-ignore
  }, 60_000);

  it('is not told again by copies under another key, for what was carried before ids had one', async () => {
    await organisations();
    const items = await Promise.all(Array.from({ length: 9 }, requested));
    await met(items);
    await expect(courier(dying(5), pool, new FormerIds()).follow()).rejects.toThrow('power cut');
    await courier().follow();
    await pool.query('UPDATE process.checkpoint SET position = NULL');
    await courier().follow();
    const copies = await Promise.all(items.map(told));
    expect(copies.map((copy) => copy.length)).toEqual(items.map(() => 2));
    // What was left to be carried is under the new key.
    expect(new Set(copies.flat().map(({ id }) => id[14]))).toEqual(new Set(['5', '8']));
  });

  it('is told to the end, however far the log and however short the server’s patience with a transaction', async () => {
    await organisations();
    const items = await Promise.all(Array.from({ length: 12 }, requested));
    await met(items);
    const strict = new Pool({ connectionString: database.appUrl, idle_in_transaction_session_timeout: 1_000 });
    strict.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
    const far = courier(slow(30), strict);
    // As its own loop does; on a busy machine one event may take longer than the server waits.
    for (let tries = 0; tries < 20; tries++) await far.follow().catch(() => undefined);
    await strict.end();
    const { rows } = await pool.query<{ position: string }>('SELECT position FROM process.checkpoint');
    expect(rows[0]?.position).toBe(await store.head());
  }, 60_000);

  it('is put down between two cases when the worker stops, and writes nothing when there is nothing to tell', async () => {
    await organisations();
    const items = await Promise.all(Array.from({ length: 5 }, requested));
    const meeting = await planned(items);
    await courier().follow();
    await tell(meeting, event('MeetingMoved', CPAM, { meetingId: meeting.slice('meeting-'.length), date: '2023-10-18' }, null));
    const stopping = new AbortController();
    await courier(after(2, () => stopping.abort())).start(stopping.signal);
    const twice = async () => (await Promise.all(items.map(types))).filter((t) => t.length === 2).length;
    expect(await twice()).toBe(2);
    await courier().follow();
    expect(await twice()).toBe(5);

    const lastWriter = async () => (await pool.query('SELECT xmin, xmax FROM process.checkpoint')).rows;
    const before = await lastWriter();
    await courier().follow();
    expect(await lastWriter()).toEqual(before);
  });

  it('follows a case that was joined to another one', async () => {
    await organisations();
    const [gone, kept] = [await requested(), await requested()];
    await tell(`case-${gone.caseId}`, event('CaseMerged', CPAM, { into: kept.caseId }, gone.personId));
    await met([gone]);
    await courier().follow();
    expect(await types(gone)).toEqual([]);
    expect(await types(kept)).toEqual(['IlcoReviewScheduled', 'IlcoReviewHeld']);
  });

  it('is kept as a dead letter when it can’t be told, and holds nothing else up', async () => {
    await organisations();
    const [erased, other] = [await requested(), await requested()];
    const meeting = await met([erased, other]);
    const owner = new Pool({ connectionString: database.adminUrl });
    await owner.query('DELETE FROM vault.person_key WHERE person_id = $1', [erased.personId]);
    await owner.end();
    vault = new Vault(pool, { master: { 1: Buffer.alloc(32, 1) }, index: { 1: Buffer.alloc(32, 2) } });
    codec = new Codec(eventRegistry, vault);
    await courier().follow();
    expect(await types(other)).toEqual(['IlcoReviewScheduled', 'IlcoReviewHeld']);
    expect(await refusedCopies(pool, meeting)).toEqual([
      { caseId: erased.caseId, reasons: ['person.erased'] },
      { caseId: erased.caseId, reasons: ['person.erased'] },
    ]);
    expect(await courier().health()).toMatchObject({ deadLetters: 2 });
  });
});
