import {
  codesOf,
  CPAM,
  CPDP,
  ORGANISATIONS,
  personOf,
  recorded,
  TestInstance,
  TRANSMISSION,
  type Who,
} from '../support/instance.js';

/** Nothing that names a professional, or the person, comes into the clear part of the log, whichever way it is sent. */
let it_: TestInstance;
let caseId: string;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
  caseId = recorded(await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(1), data: TRANSMISSION })).body['caseId'] as string; // prettier-ignore
});
afterAll(() => it_?.stop());

const act = (who: Who, command: string, data: object, more: object = {}, options = {}) =>
  it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }, options);
const log = async (): Promise<string> => {
  const { rows } = await it_.wiring.pool.query<{ text: string }>(
    "SELECT string_agg(data::text || metadata::text, ' ') AS text FROM log.event",
  );
  return rows[0]!.text;
};
const letter = (reference: string, person?: string) => ({ actor: { organisation: 'carsat-bfc', role: 'AS', ...(person !== undefined && { person }) }, evidence: { kind: 'letter', reference } }); // prettier-ignore
const told = (reference: string, person?: string, options = {}) =>
  act(CPDP, 'record-interview', { mode: 'visu' }, letter(reference, person), options);

it('a worker whose token says a mail address is kept by an opaque identifier, always the same', async () => {
  const jean: Who = { ...CPDP, person: 'jean.dupont@spst39.fr' };
  const interview = () => act(jean, 'record-interview', { mode: 'visu' });
  recorded(await interview());
  expect(codesOf(await interview())).toEqual(['interview.sameDay']);
  const { cursor } = recorded(await act({ ...CPDP, person: 'marie.curie@spst39.fr' }, 'record-interview', { mode: 'visu' })).body;
  const { events } = (await it_.get(`/v1/cases/${caseId}/events?after=${cursor}`, CPDP)).body as { events: { type: string; actor: { person: string } }[] }; // prettier-ignore
  const people = events.filter((e) => e.type === 'InterviewHeld').map((e) => e.actor.person);
  expect(people).toHaveLength(2);
  for (const person of people) expect(person).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set(people).size).toBe(2);
});

it.each(['DUPONT Jean 1 79 05 39', '179053900000123', '1-79-05-39-300-001', '0612345678', '1979-05-14', 'Dupont-12'])(
  'a reference such as %s is refused, in words, and is not repeated',
  async (reference) => {
    const refused = await told(reference);
    expect(codesOf(refused)).toEqual(['evidence.referenceNotOpaque']);
    expect(refused.text).toContain('evidence.reference : une référence ne dit rien de personne');
    expect(refused.text).not.toContain(reference);
  },
);

it('nor is anybody named as the one who acted, or who leads', async () => {
  expect(codesOf(await told('GED-2026-000123', 'jean.dupont'))).toEqual(['person.notOpaque']);
  expect(codesOf(await act(CPDP, 'assign-lead', { person: 'jean.dupont' }))).toEqual(['person.notOpaque']);
  recorded(await act(CPDP, 'assign-lead', { person: 'p-4821' }));
});

it('what names nobody is taken, and known when it comes again', async () => {
  const first = recorded(await told('GED-2026-000123', 'p-4821', { key: 'once' }));
  expect((await told('GED-2026-000123', 'p-4821', { key: 'once' })).body['events']).toEqual(first.body['events']);
});

it('an auditor is named in a mandate as the token does, and kept the same way', async () => {
  const mandate = { auditor: 'audit-martin@igas.fr', cases: [{ caseId }], zones: ['coordination'], factsFrom: '2020-01-01', factsTo: '2030-12-31', validFrom: '2020-01-01', validTo: '2030-12-31' }; // prettier-ignore
  recorded(await it_.act('/v1/mandates', { organisation: 'exploitant', role: 'OPERATOR' }, mandate));
  const auditor = (person: string): Who => ({ organisation: 'igas', role: 'AUDITOR', person });
  const replay = async (person: string) => (await it_.get(`/v1/cases/${caseId}/replay`, auditor(person))).status;
  expect([await replay('audit-martin@igas.fr'), await replay('audit-durand@igas.fr')]).toEqual([200, 404]);
});

it('and the log holds none of them', async () => {
  expect(await log()).not.toMatch(/dupont|curie|martin@|DUPONT/i);
});
