import { OPERATOR, personOf, type Reply, TestInstance, type Who } from '../support/instance.js';

/** The figures over real HTTP: their parameters, their day, and the delay that is the operator's. */
const CPAM: Who = { organisation: 'cpam-39', role: 'CPAM' };
const AS: Who = { organisation: 'carsat-bfc', role: 'AS' };
const at = (day: string): { now: string } => ({ now: `${day}T09:00:00Z` });
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(
    { id: AS.organisation, roles: ['AS', 'CSAM'], territory: 'BFC' },
    { id: CPAM.organisation, roles: ['CPAM', 'MC'], territory: '39' },
  );
}, 120_000);
afterAll(() => it_?.stop());
const made = (reply: Reply): Reply => {
  if (reply.status !== 201) throw new Error(reply.text);
  return reply;
};
/** Waits while the views are being made. */
async function read(path: string, who: Who, day: string): Promise<Reply> {
  for (const end = Date.now() + 30_000; ;) {
    const reply = await it_.get(path, who, at(day));
    if (reply.status !== 503 || Date.now() > end) return reply;
  }
}

it('who does not answer is told by the day, and by the delay in force', async () => {
  const body = { person: personOf(901), caisse: CPAM.organisation, occurredOn: '2023-03-01', data: { origin: 'cpam' } };
  const { caseId } = made(await it_.act('/v1/cases/record-signal', CPAM, body, at('2023-03-01'))).body as { caseId: string };
  const data = { target: AS.organisation, targetRole: 'AS', motive: 'pdp' };
  const sent = made(await it_.act(`/v1/cases/${caseId}/refer-case`, CPAM, { occurredOn: '2023-03-01', data }, at('2023-03-01')));
  const after = `after=${encodeURIComponent(String(sent.body['cursor']))}`;
  const answer = async (day: string, query = ''): Promise<object> => {
    const { status, text, body: read_ } = await read(`/v1/silences?${after}${query}`, CPAM, day);
    if (status !== 200) throw new Error(text);
    return (read_['items'] as { kind: string }[]).find(({ kind }) => kind === 'referral-answer') ?? {};
  };
  expect(await answer('2023-03-31')).toMatchObject({ organisation: AS.organisation, count: 1, answered: 0, waiting: 1, oldest: { since: '2023-03-01', days: 30 }, silent: false }); // prettier-ignore
  expect(await answer('2023-04-01')).toMatchObject({ median: { answered: null, all: 31 }, silent: true, routes: [] });
  expect(await answer('2023-04-02', '&months=1')).toEqual({});
  made(await it_.act('/v1/delays', OPERATOR, { name: 'partner.silent', count: 60, unit: 'day', dayOneCounts: false, lastDayOffMoves: false, place: '39', from: '2023-01-01', source: 'convention du 39' })); // prettier-ignore
  expect(await answer('2023-04-30')).toMatchObject({ silent: false });
  expect(await answer('2023-05-01')).toMatchObject({ silent: true });
});

it('every fault is named, and other roles are told that there is nothing', async () => {
  const faults = async (path: string) => {
    const { status, body } = await read(path, AS, '2023-04-01');
    return [status, (body['errors'] as { parameter: string }[]).map(({ parameter }) => parameter).sort()];
  };
  expect(await faults('/v1/silences?months=0&other=1')).toEqual([400, ['months', 'other']]);
  expect(await faults('/v1/measure-outcomes?type=stage&territory=le%20Jura')).toEqual([400, ['territory', 'type']]);
  for (const path of ['/v1/silences', '/v1/measure-outcomes'])
    expect((await read(path, OPERATOR, '2023-04-01')).status).toBe(404);
  expect((await read('/v1/measure-outcomes?type=pmsmp', AS, '2023-04-01')).body).toMatchObject({
    until: '2023-04-01',
    items: [],
  });
});

it('whoever asks for a measure is shown where it is told what came of such', async () => {
  const { body } = await it_.get('/openapi.json', null);
  const path = (body['paths'] as Record<string, { post: { description: string } }>)['/v1/cases/{caseId}/request-measure'];
  expect(path?.post.description).toContain('GET /v1/measure-outcomes');
});
