import { randomUUID } from 'node:crypto';
import { type DomainEvent } from '../../libs/domain/case/event.js';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { codesOf, CPAM, nirOf, OPERATOR, personOf, type Reply, TestInstance, TRANSMISSION } from '../support/instance.js';

/** The directory over real HTTP: a code, a number and a name mean one organisation, and a doubt is for a human to settle. */
let it_: TestInstance;
const FIRST = { id: 'm-spst', name: 'SPST du Milieu', roles: ['CPDP', 'MT', 'IDEST'], territory: '39', spstCode: 'MT39', siret: '12345678200028' }; // prettier-ignore
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register({ id: 'cpam-39', roles: ['CPAM', 'MC'], territory: '39' });
  expect((await register(FIRST)).status).toBe(201);
});
afterAll(() => it_.stop());

const register = (data: object, key?: string): Promise<Reply> =>
  it_.act('/v1/organisations', OPERATOR, data, key === undefined ? {} : { key });
const listed = async (): Promise<Record<string, unknown>[]> =>
  (await it_.get('/v1/organisations', OPERATOR)).body['items'] as Record<string, unknown>[];

it('refuses a code or a SIRET that another one holds, naming the holder, and a code without the roles for it', async () => {
  const reply = await register({ ...FIRST, id: 'a-faux' });
  expect(reply.status).toBe(409);
  expect(codesOf(reply)).toEqual(['organisation.spstCodeTaken', 'organisation.siretTaken']);
  expect(reply.text).toContain('SPST du Milieu');
  expect(codesOf(await register({ id: 'carsat', name: 'Carsat', roles: ['AS', 'CSAM'], territory: '39', spstCode: 'MT40' }))).toEqual(['organisation.spstCodeNotSpst']); // prettier-ignore
  expect((await listed()).map(({ id }) => id)).toEqual(['cpam-39', 'm-spst']);
  // Its holder may change all else, and the same request again is the same registration.
  expect((await register({ ...FIRST, name: 'SPST du Milieu et alentour' }, 'again')).status).toBe(201);
  expect((await register({ ...FIRST, name: 'SPST du Milieu et alentour' }, 'again')).status).toBe(201);
});

it('lets one win of those that come at the same instant for one code', async () => {
  const sent = await Promise.all(
    Array.from({ length: 8 }, (_, i) => register({ id: `same-${i}`, name: `${i}`, roles: ['CPDP'], territory: '21', spstCode: 'MT21' })),
  ); // prettier-ignore
  expect(sent.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
  expect((await listed()).filter((o) => o['spstCode'] === 'MT21')).toHaveLength(1);
});

it('takes its own example as it is, twice, and nothing else changes', async () => {
  const before = await listed();
  const document = (await it_.get('/openapi.json', null)).body;
  const example = document['paths']['/v1/organisations'].post.requestBody.content['application/json'].examples.exemple.value as { id: string }; // prettier-ignore
  for (let i = 0; i < 2; i++) expect((await register(example)).status).toBe(201);
  expect((await listed()).filter(({ id }) => id !== example.id)).toEqual(before);
});

it('makes a transmission with a code of two holders of before a task of the caisse’s, in no place of the alphabet', async () => {
  const { store, codec, clock } = it_.wiring.parts;
  // As it was possible once, each in a stream of its own: a second SPST, and one that is none.
  const doubles = [['a-first', 'MT39', ['CPDP']], ['z-last', 'MT21', ['AS']], ['z-alone', 'MT58', ['AS']]] as const; // prettier-ignore
  for (const [id, spstCode, roles] of doubles) {
    const event: DomainEvent = {
      id: randomUUID(), type: 'OrganisationRegistered', schemaVersion: 1, data: { id, name: id, roles, territory: '39', spstCode }, personId: null,
      actor: { organisation: 'exploitant', role: 'OPERATOR', person: null }, recordedBy: null, evidence: null, occurredOn: clock.today(), recordedAt: clock.now(),
      commandId: randomUUID(), causationId: null, correlationId: randomUUID(), source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
    }; // prettier-ignore
    await store.append(`organisation-${id}`, NO_STREAM, await codec.encode([event]));
  }
  let n = 0;
  for (const [id, spstCode] of doubles) {
    const sent = await it_.act('/v1/cases/transmit-sick-leave', CPAM, {
      person: personOf(++n),
      data: { ...TRANSMISSION, spstCode },
    });
    expect([sent.status, sent.body['irregularities']]).toEqual([201, []]);
    const { body } = await it_.get(`/v1/cases/${sent.body['caseId']}?after=${sent.body['cursor']}`, CPAM);
    expect(body['handshakes']).toEqual([expect.objectContaining({ to: { organisation: null, role: 'CPDP' } })]);
    expect((body['items'] as { kind: string }[]).map(({ kind }) => kind)).toContain('spst-to-identify');
    expect((await it_.get(`/v1/cases/${sent.body['caseId']}`, { organisation: id, role: 'CPDP' })).status).not.toBe(200);
  }
  // So does a line of a file.
  const file = [
    'nir;nom;prenoms;date_naissance;debut_arret;fin_prevue;risque;code_spst;date_accord;preuve_accord',
    `${nirOf(60)};DURAND;Anne;1979-05-12;2026-03-02;2026-04-30;maladie;MT39;2026-03-03;form`,
  ].join('\n');
  const imported = await it_.send('POST', '/v1/imports/sick-leave-transmissions', CPAM, { body: file, headers: { 'content-type': 'text/csv', 'idempotency-key': 'file' } }); // prettier-ignore
  expect(imported.text).toContain('"taken":1');
  const list = await it_.get('/v1/worklists/cpam?kind=spst-unknown', CPAM);
  expect((list.body['items'] as unknown[]).length).toBeGreaterThanOrEqual(n);
});
