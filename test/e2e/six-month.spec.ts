import { OPERATOR, personOf, type Reply, TestInstance, type Who } from '../support/instance.js';

/** « Où en êtes-vous ? » From the closure that brings the call to what the call brings, on days of the test's choosing. */
const CPAM: Who = { organisation: 'cpam-39', role: 'CPAM' };
const AS: Who = { organisation: 'carsat-bfc', role: 'AS' };
const CLOSED = '2023-07-17';
const at = (day: string): { now: string } => ({ now: `${day}T09:00:00Z` });

let it_: TestInstance;
let people = 700;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(
    { id: AS.organisation, roles: ['AS', 'CSAM'], territory: 'BFC' },
    { id: CPAM.organisation, roles: ['CPAM', 'MC'], territory: '39' },
  );
}, 120_000);
afterAll(() => it_?.stop());

const tried = (caseId: string, command: string, who: Who, on: string, data: object, recordedOn = on): Promise<Reply> =>
  it_.act(`/v1/cases/${caseId}/${command}`, who, { occurredOn: on, data }, at(recordedOn));
async function act(...told: Parameters<typeof tried>): Promise<Reply> {
  const reply = await tried(...told);
  if (reply.status !== 201) throw new Error(reply.text);
  return reply;
}
/** A case that the Service social closed. */
async function closed(): Promise<string> {
  const body = { person: personOf(++people), caisse: CPAM.organisation, occurredOn: '2023-03-14', data: { origin: 'person' } };
  const opened = await it_.act('/v1/cases/record-signal', AS, body, at('2023-03-14'));
  if (opened.status !== 201) throw new Error(opened.text);
  const { caseId, ids } = opened.body as unknown as { caseId: string; ids: Record<string, string> };
  await act(caseId, 'conclude-triage', AS, '2023-03-15', { handshakeId: ids['signalId'], outcome: 'accompanied' });
  await act(caseId, 'open-support', AS, '2023-03-16', { origin: 'person' });
  await act(caseId, 'close-support', AS, CLOSED, { motive: 'goal-reached', situation: 'same-job' });
  return caseId;
}

interface Line {
  readonly caseId: string;
  readonly task: string;
  readonly due: string;
  readonly overdue?: boolean;
  readonly escalation?: number;
  readonly call?: { attempts: number; lastAttempt?: object };
}
/** What a list holds of a case once the views have come as far as `after`. */
async function lines(who: Who, caseId: string, day: string, after: Reply): Promise<Line[]> {
  const view = who.role === 'CPAM' ? 'cpam' : 'social-worker';
  const path = `/v1/worklists/${view}?limit=200&after=${encodeURIComponent(String(after.body['cursor']))}`;
  for (const end = Date.now() + 30_000; ;) {
    const reply = await it_.get(path, who, at(day));
    if (reply.status === 200)
      return (reply.body['items'] as Line[]).filter((line) => line.caseId === caseId && line.task !== undefined);
    if (reply.status !== 503 || Date.now() > end) throw new Error(reply.text);
  }
}
const tasks = (all: readonly Line[]): string[] => all.map(({ task }) => task).sort();
const file = async (caseId: string, day: string) => (await it_.get(`/v1/cases/${caseId}`, AS, at(day))).body;
const rules = ({ status, body }: Reply) => [status, (body['rules'] as { code: string }[] | undefined)?.map(({ code }) => code)];

it('is tried, made after the second attempt, and its need reopens the case', async () => {
  const caseId = await closed();
  await act(caseId, 'record-six-month-attempt', AS, '2024-01-15', { channel: 'telephone', outcome: 'no-answer', nextTry: '2024-01-18' }); // prettier-ignore
  const second = await act(caseId, 'record-six-month-attempt', AS, '2024-01-18', { channel: 'telephone', outcome: 'call-back-asked' }); // prettier-ignore
  const [line, ...rest] = await lines(AS, caseId, '2024-01-18', second);
  expect(rest).toEqual([]);
  expect(line).toMatchObject({ task: 'six-month-call', due: '2024-01-17', call: { attempts: 2, lastAttempt: { on: '2024-01-18', outcome: 'call-back-asked' } } }); // prettier-ignore
  const call = await act(caseId, 'complete-six-month-follow-up', AS, '2024-01-19', { situation: 'on-leave', needsSupport: 'reopen' }); // prettier-ignore
  expect(await lines(AS, caseId, '2024-01-19', call)).toMatchObject([{ task: 'case-to-reopen', due: '2024-02-03' }]);
  const reopened = await act(caseId, 'reopen-case', AS, '2024-01-22', { motive: 'follow-up-call' });
  expect(tasks(await lines(AS, caseId, '2024-01-22', reopened))).not.toContain('case-to-reopen');
  expect(await file(caseId, '2024-01-22')).toMatchObject({
    status: 'supported',
    whoseMove: { organisation: AS.organisation, reason: 'lead' },
    closures: [{ on: CLOSED, situation: 'same-job', call: { on: '2024-01-19', situation: 'on-leave' } }],
  });
});

it('gives the person up after enough attempts only, by the number in force; who rings back is called all the same', async () => {
  const caseId = await closed();
  const attempt = (on: string) => act(caseId, 'record-six-month-attempt', AS, on, { channel: 'telephone', outcome: 'no-answer' });
  for (const on of ['2024-01-15', '2024-01-18']) await attempt(on);
  const early = await act(caseId, 'record-six-month-unreachable', AS, '2024-01-18', {});
  expect(early.body['irregularities']).toMatchObject([{ code: 'followUp.tooFewAttempts', article: 'convention (D)' }]);
  expect(await lines(AS, caseId, '2024-01-18', early)).toEqual([]);
  await attempt('2024-01-22');
  expect((await act(caseId, 'record-six-month-unreachable', AS, '2024-01-22', {})).body['irregularities']).toEqual([]);
  const call = await act(caseId, 'complete-six-month-follow-up', AS, '2024-02-05', { situation: 'job-seeking', needsSupport: 'reopen' }); // prettier-ignore
  expect(tasks(await lines(AS, caseId, '2024-02-05', call))).toEqual(['case-to-reopen']);

  const set = (over: object) => it_.act('/v1/delays', OPERATOR, { name: 'followUp.attempts', count: 1, unit: 'attempt', dayOneCounts: false, lastDayOffMoves: false, from: '2024-03-01', source: 'convention de 2024', ...over }); // prettier-ignore
  expect(rules(await set({ unit: 'day' }))).toEqual([409, ['delay.otherUnit']]);
  expect(rules(await set({ name: 'referral.answer' }))).toEqual([409, ['delay.otherUnit']]);
  expect((await set({})).status).toBe(201);
  const other = await closed();
  await act(other, 'record-six-month-attempt', AS, '2024-03-04', { channel: 'telephone', outcome: 'no-answer' });
  expect((await act(other, 'record-six-month-unreachable', AS, '2024-03-04', {})).body['irregularities']).toEqual([]);
});

it('is missed a month after its day, comes to the caisse, and is over by a call that is told late', async () => {
  const caseId = await closed();
  const found = async (who: Who, day: string, task: string): Promise<Line | undefined> => {
    await it_.watchOn(day);
    const touched = await act(
      caseId,
      'record-contact-attempt',
      AS,
      '2024-01-10',
      { channel: 'email', outcome: 'no-answer' },
      day,
    );
    return (await lines(who, caseId, day, touched)).find((line) => line.task === task);
  };
  expect(await found(AS, '2024-02-16', 'six-month-call')).toMatchObject({ due: '2024-01-17', overdue: false });
  expect(await found(AS, '2024-02-17', 'six-month-call')).toMatchObject({ due: '2024-01-17', overdue: true, escalation: 1, call: { attempts: 2 } }); // prettier-ignore
  expect(await found(CPAM, '2024-03-02', 'escalation-to-handle')).toMatchObject({ caseId });
  const call = await act(caseId, 'complete-six-month-follow-up', AS, '2024-01-16', { situation: 'same-job', needsSupport: 'none' }, '2024-03-04'); // prettier-ignore
  expect([...(await lines(AS, caseId, '2024-03-04', call)), ...(await lines(CPAM, caseId, '2024-03-04', call))]).toEqual([]);
  expect(await file(caseId, '2024-03-04')).toMatchObject({ followUp: { completedOn: '2024-01-16' }, items: [] });
});

it('is owed to nobody who has died, nor made', async () => {
  const caseId = await closed();
  const died = await act(caseId, 'record-death', CPAM, '2023-11-02', {});
  expect(await lines(AS, caseId, '2024-03-01', died)).toEqual([]);
  await it_.watchOn('2024-03-01');
  expect(await file(caseId, '2024-03-01')).toMatchObject({ status: 'deceased', items: [] });
  for (const [command, data] of [
    ['complete-six-month-follow-up', { situation: 'other' }],
    ['record-six-month-unreachable', {}],
    ['record-six-month-attempt', { channel: 'telephone', outcome: 'no-answer' }],
  ] as const)
    expect(rules(await tried(caseId, command, AS, '2024-01-17', data))).toEqual([409, ['followUp.none']]);
});

it('is owed no more once the case is reopened, and begins anew with the next closure; one made before that may still be told', async () => {
  const caseId = await closed();
  const early = await act(caseId, 'reopen-case', AS, '2023-10-02', { motive: 'relapse' });
  expect(tasks(await lines(AS, caseId, '2024-01-18', early))).not.toContain('six-month-call');
  const made = { situation: 'on-leave', needsSupport: 'reopen' };
  expect(rules(await tried(caseId, 'complete-six-month-follow-up', AS, '2023-10-03', made))).toEqual([409, ['followUp.notClosed']]); // prettier-ignore
  await act(caseId, 'complete-six-month-follow-up', AS, '2023-10-01', made, '2023-10-04');
  expect(rules(await tried(caseId, 'complete-six-month-follow-up', AS, '2023-10-01', made))).toEqual([409, ['followUp.none']]);
  expect(await file(caseId, '2023-10-04')).toMatchObject({ status: 'supported' });
  const again = await act(caseId, 'close-support', AS, '2024-01-15', { motive: 'goal-reached', situation: 'training' });
  expect(await lines(AS, caseId, '2024-01-18', again)).toMatchObject([{ task: 'six-month-call', due: '2024-07-15', call: { attempts: 0 } }]); // prettier-ignore
  expect((await file(caseId, '2024-01-18'))['closures']).toEqual([
    { on: CLOSED, situation: 'same-job', call: { on: '2023-10-01', situation: 'on-leave' } },
    { on: '2024-01-15', situation: 'training' },
  ]);
});
