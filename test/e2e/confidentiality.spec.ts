import { randomUUID } from 'node:crypto';
import { AS, CAP, CPAM, CPDP, MC, MT, nirOf, OPERATOR, ORGANISATIONS, personOf, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore

let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_?.stop());

let people = 0;
const transmitted = async (n = ++people) => {
  const reply = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION });
  expect(reply.status).toBe(201);
  return { ...(reply.body as { caseId: string; cursor: string; ids: Record<string, string> }), n };
};
const signal = (who: Who, n: number, options: Parameters<TestInstance['act']>[3] = {}) =>
  it_.act('/v1/cases/record-signal', who, { person: personOf(n), caisse: 'cpam-39', data: { origin: 'person' } }, options);
const codes = (reply: { body: Record<string, unknown> }) => (reply.body['rules'] as { code: string }[]).map(({ code }) => code);

describe('whoever says to be what it is not', () => {
  it('a role that the directory does not know the organisation in gets no answer at all', async () => {
    const { caseId, cursor } = await transmitted();
    const posing: Who[] = [
      { organisation: 'ast-39', role: 'MC' },
      { organisation: 'cap-emploi-39', role: 'CPAM' },
      { organisation: 'nobody', role: 'AS' },
    ];
    for (const who of posing) {
      expect((await it_.get(`/v1/cases/${caseId}?after=${cursor}`, who)).status).toBe(403);
      expect((await it_.get('/v1/worklists', who)).status).toBe(403);
      expect((await it_.get('/v1/stream', who)).status).toBe(403);
      expect((await signal(who, ++people)).status).toBe(403);
    }
    // Whoever runs the installation is in no directory, and in no case.
    expect((await it_.get(`/v1/cases/${caseId}?after=${cursor}`, OPERATOR)).status).toBe(404);
  });
  it('an organisation registered again without a role has it no more', async () => {
    const who: Who = { organisation: 'spst-70', role: 'MT' };
    await it_.register({ id: 'spst-70', roles: ['MT', 'CPDP'], territory: '70' });
    expect((await it_.get('/v1/worklists', who)).status).toBe(200);
    await it_.register({ id: 'spst-70', roles: ['CPDP'], territory: '70' });
    expect((await it_.get('/v1/worklists', who)).status).toBe(403);
  });
  it('nobody settles here what another partner settles here', async () => {
    const { caseId, ids } = await transmitted();
    const body = { actor: { organisation: 'ast-39', role: 'CPDP' }, evidence: { kind: 'call' }, data: { handshakeId: ids['transmissionId'] } }; // prettier-ignore
    expect(codes(await it_.act(`/v1/cases/${caseId}/acknowledge-receipt`, CPAM, body))).toContain('act.theirsAlone');
  });
});

describe('an answer tells of nothing that its reader may not see', () => {
  it('the outcome of an act is the same for a person who is known and one who is not', async () => {
    const { n } = await transmitted();
    const [joined, opened] = [await signal(AS, n), await signal(AS, ++people)];
    const shape = ({ body }: typeof joined) => [Object.keys(body), (body['events'] as { type: string }[]).map((e) => e.type), Object.keys(body['ids'] as object)]; // prettier-ignore
    expect(shape(joined)).toEqual(shape(opened));
  });
  it('an outcome does not say whether a guess at a hidden fact was right', async () => {
    const { n } = await transmitted();
    const { body } = await signal(CPDP, n);
    await it_.act(`/v1/cases/${body['caseId']}/record-activity`, CPDP, { data: { status: 'salarie' } });
    const guess = async (status: string) => {
      const reply = await it_.act(`/v1/cases/${body['caseId']}/transmit-sick-leave`, CPAM, { data: { ...TRANSMISSION, activity: { status } } }); // prettier-ignore
      expect(reply.status).toBe(201);
      return [reply.body['events'].length, Object.keys(reply.body['ids'] as object)];
    };
    expect(await guess('salarie')).toEqual(await guess('agricole'));
  });
  it('a refusal does not tell a stranger that the person has a case', async () => {
    const { caseId, n } = await transmitted();
    const refer = { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' };
    expect((await it_.act(`/v1/cases/${caseId}/refer-case`, CPAM, { data: refer })).status).toBe(201);
    const ask = (person: object) => it_.act('/v1/cases/refer-case', CAP, { person, caisse: 'cpam-39', data: refer });
    const [known, unknown] = [await ask(personOf(n)), await ask(personOf(++people))];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
  });
  it('two numbers of one kind are not a way to ask whether a person is known', async () => {
    const { n } = await transmitted();
    const ask = (other: number) =>
      it_.act('/v1/cases/record-signal', CAP, { person: { ...personOf(other), identifiers: [other, ++people].map((i) => ({ kind: 'NIR', value: nirOf(i) })) }, caisse: 'cpam-39', data: { origin: 'person' } }); // prettier-ignore
    const [known, unknown] = [await ask(n), await ask(++people)];
    expect([known.status, unknown.status]).toEqual([409, 409]);
    expect(known.text).toBe(unknown.text);
  });
  it('a reopening refused for another case names it to those only who take part in it', async () => {
    const first = await transmitted();
    await it_.act(`/v1/cases/${first.caseId}/open-support`, CPDP, { data: { origin: 'cpam' } });
    expect((await it_.act(`/v1/cases/${first.caseId}/close-support`, CPDP, { data: { motive: 'goal-reached' } })).status).toBe(
      201,
    );
    expect((await signal(AS, first.n)).body['caseId']).not.toBe(first.caseId);
    const reopen = (who: Who) => it_.act(`/v1/cases/${first.caseId}/reopen-case`, who, { data: { motive: 'relapse' } });
    expect(codes(await reopen(CPDP))).toEqual(['rule.notVisible']);
    expect((await signal(CPDP, first.n)).status).toBe(201);
    expect(codes(await reopen(CPDP))).toEqual(['case.otherOpen']);
  });
});

describe('an Idempotency-Key', () => {
  it('gives the outcome of an act to nobody but the role that did it', async () => {
    const { caseId } = await transmitted();
    const body = { data: { mode: 'visu' } };
    const mine = await it_.act(`/v1/cases/${caseId}/record-interview`, CPDP, body, { key: 'colleagues' });
    expect(mine.status).toBe(201);
    expect((await it_.act(`/v1/cases/${caseId}/record-interview`, MT, body, { key: 'colleagues' })).status).toBe(422);
    const other = await it_.act(`/v1/cases/${caseId}/record-interview`, CAP, body, { key: 'colleagues' });
    expect(other.status).toBe(404);
  });
  it('is one request beside the cases too', async () => {
    const register = (id: string) =>
      it_.act('/v1/organisations', OPERATOR, { id, name: id, roles: ['AS'], territory: '39' }, { key: 'organisation' });
    expect((await register('carsat-one')).status).toBe(201);
    expect((await register('carsat-one')).status).toBe(201);
    expect((await register('carsat-two')).status).toBe(422);
    const groupId = randomUUID();
    const plan = (who: Who) => it_.act('/v1/group-actions', who, { groupId, theme: 'rights', date: '2026-10-12', seats: 12, partners: ['AS'] }); // prettier-ignore
    expect((await plan(AS)).status).toBe(201);
    expect((await plan({ organisation: 'carsat-one', role: 'AS' })).status).toBe(409);
  });
});

describe('what is told of another one', () => {
  it('no partner opens a zone by its own word', async () => {
    const { caseId } = await transmitted();
    const grant = { zones: ['job'], recipient: 'cpam-39', purpose: 'return-information', proof: 'form' };
    expect((await it_.act(`/v1/cases/${caseId}/grant-consent`, CPAM, { data: grant })).status).toBe(403);
    expect(codes(await it_.act(`/v1/cases/${caseId}/grant-consent`, CPAM, { actor: { role: 'ASSURE' }, data: grant }))).toEqual(['act.evidenceMissing']); // prettier-ignore
  });
  it('a colleague in another role does not rewrite a medical opinion', async () => {
    const { caseId } = await transmitted();
    const data = { measureId: randomUUID(), opinion: 'no' };
    await it_.act(`/v1/cases/${caseId}/request-measure`, CPAM, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' }, data: { measureId: data.measureId, type: 'formation' } }); // prettier-ignore
    const given = await it_.act(`/v1/cases/${caseId}/give-medical-opinion`, MC, { data });
    expect(given.status).toBe(201);
    const correct = (who: Who) =>
      it_.act(`/v1/cases/${caseId}/correct-fact`, who, { event: given.body['events'].at(-1).id, type: 'MedicalOpinionGiven', data: { ...data, opinion: 'yes' } }); // prettier-ignore
    expect(codes(await correct(CPAM))).toEqual(['fact.notYours']);
    expect((await correct(MC)).status).toBe(201);
  });
});
