import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { eventRegistry } from '../../libs/application/event-registry.js';
import { Followed } from '../../libs/application/followed.js';
import { type Instant, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { Codec } from '../../libs/event-store/codec.js';
import { NO_STREAM, type Page } from '../../libs/event-store/port.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { Vault } from '../../libs/vault/vault.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let pool: Pool;
let store: HeldStore;
let codec: Codec;
beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.appUrl });
  store = new HeldStore({ connectionString: database.appUrl });
  codec = new Codec(eventRegistry, new Vault(pool, { master: { 1: Buffer.alloc(32, 1) }, index: { 1: Buffer.alloc(32, 2) } }));
});
afterEach(async () => {
  await store.close();
  await pool.end();
  await database.drop();
});

/** What it has read is on its way for as long as a test wants. */
class HeldStore extends PostgresEventStore {
  looks = 0;
  answers: () => Promise<void> = () => Promise.resolve();
  override async readAll(...given: Parameters<PostgresEventStore['readAll']>): Promise<Page> {
    const page = await super.readAll(...given);
    this.looks++;
    await this.answers();
    return page;
  }
}
async function register(id: string): Promise<void> {
  const [event] = await codec.encode([
    {
      id: randomUUID(), type: 'OrganisationRegistered', schemaVersion: 1, data: { id, name: id, roles: ['AS'], territory: '39' }, personId: null,
      actor: { organisation: 'exploitant', role: 'OPERATOR', person: null }, recordedBy: null, evidence: null, occurredOn: '2023-10-17' as LocalDate,
      recordedAt: '2023-10-17T08:00:00.000Z' as Instant, commandId: randomUUID(), causationId: null, correlationId: randomUUID(), source: 'api',
      legalBasis: null, consentId: null, irregularities: [], corrects: null,
    },
  ]); // prettier-ignore
  await store.append(`organisation-${id}`, NO_STREAM, [event!]);
}

it('knows what was written before it was asked, though a reading that missed it is under way; who asks then shares the next one', async () => {
  const followed = new Followed(store, codec);
  let answer!: () => void;
  const held = new Promise<void>((resolve) => (answer = resolve));
  store.answers = () => held;
  const underWay = followed.catchUp();
  while (store.looks === 0) await new Promise(setImmediate);
  await register('carsat-bfc');
  const askedSince = Array.from({ length: 20 }, () => followed.catchUp());
  answer();
  await Promise.all([underWay, ...askedSince]);
  expect(followed.find('carsat-bfc')).toBeDefined();
  expect(store.looks).toBe(2);
});

it('takes nothing twice and misses nothing when a reading fails, and goes on with the next', async () => {
  const followed = new Followed(store, codec);
  await register('carsat-bfc');
  store.answers = () => Promise.reject(new Error('the line is cut'));
  await expect(Promise.all([followed.catchUp(), followed.catchUp()])).rejects.toThrow('the line is cut');
  store.answers = () => Promise.resolve();
  await followed.catchUp();
  await followed.catchUp();
  expect([...followed.histories('organisation').values()].map((h) => h.length)).toEqual([1]);
});
