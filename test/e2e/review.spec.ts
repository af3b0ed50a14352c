import { setTimeout as pause } from 'node:timers/promises';
import {
  AS,
  CPAM,
  CPDP,
  dayHere,
  ORGANISATIONS,
  personOf,
  type Reply,
  TestInstance,
  TRANSMISSION,
  type Who,
} from '../support/instance.js';

/** A quarterly revue de dossiers: a cellule PDP and a social worker, one list, and what they decide about twenty people in one sitting. */
const PEOPLE = 20;
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_.stop());

const ids = ({ body }: Reply): Record<string, string> => body['ids'];
async function written(path: string, who: Who, data: object): Promise<Reply> {
  const reply = await it_.act(`/v1/${path}`, who, data);
  expect([reply.status, reply.text]).toEqual([201, expect.anything()]);
  return reply;
}
const day = (offset: number): string => dayHere(offset);

/** Sent to both: the cellule supports, the social worker has an accepted referral, with the person's accord. */
async function shared(n: number): Promise<string> {
  const { body } = await written('cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION });
  const path = `cases/${body['caseId']}`;
  const accord = { zones: ['identity', 'leave'], recipient: 'carsat-bfc', purpose: 'referral', proof: 'form' };
  await written(`${path}/grant-consent`, CPDP, { data: accord, actor: { role: 'ASSURE' }, evidence: { kind: 'form' } });
  const referred = await written(`${path}/refer-case`, CPDP, { data: { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' } });
  await written(`${path}/accept-referral`, AS, { data: { referralId: ids(referred)['referralId'] } });
  await written(`${path}/open-support`, AS, { data: { origin: 'spst', household: 'alone' } });
  return body['caseId'] as string;
}
interface Line {
  readonly caseId: string;
  readonly person: object;
}
const agenda = async (meetingId: string, who: Who): Promise<Line[]> =>
  (await it_.get(`/v1/meetings/${meetingId}`, who)).body['items'] ?? [];

it('is prepared from the same list, decided in one sitting, and each worklist is right a moment later', async () => {
  const cases: string[] = [];
  for (let n = 1; n <= PEOPLE; n++) cases.push(await shared(n));
  const seats = [CPDP, AS].map(({ organisation, role }) => ({ organisation, role }));
  const forum = { name: 'Revue de dossiers AS / MT', type: 'revueDeDossiers', territory: '39', meetingsPerYear: 4, chair: 'ast-39', chairRole: 'CPDP', seats }; // prettier-ignore
  const forumId = ids(await written('forums', CPDP, forum))['forumId'];
  const meetingId = ids(await written('meetings', CPDP, { forumId, date: day(0) }))['meetingId']!;
  // Put on the agenda in one go, by both halves.
  const [first, second] = [cases.slice(0, 10), cases.slice(10)];
  const add = (caseId: string) => ({ command: 'add-to-agenda', data: { meetingId, caseId } });
  for (const [who, some] of [[CPDP, first], [AS, second]] as const) {
    const { body } = await it_.act('/v1/sittings', who, { lines: some.map(add) });
    expect([body['recorded'], body['refused']]).toEqual([10, 0]);
  } // prettier-ignore
  // The cases were made a moment ago.
  for (let tries = 0; tries < 200 && (await agenda(meetingId, AS)).length < PEOPLE; tries++) await pause(50);
  const [mine, theirs] = [await agenda(meetingId, CPDP), await agenda(meetingId, AS)];
  expect(mine.map((l) => l.caseId).sort()).toEqual([...cases].sort());
  expect(mine.map((l) => l.caseId)).toEqual(theirs.map((l) => l.caseId));
  // The same people, each half in its own zones: the household is the social worker's.
  const files = await Promise.all([CPDP, AS].map((who) => it_.get(`/v1/cases/${cases[0]!}/events`, who)));
  expect(files.map(({ text }) => text.includes('"household":"alone"'))).toEqual([false, true]);
  await written('meetings/held', CPDP, { meetingId, attendees: seats });

  // Twenty decisions, of which one can't be: somebody else has nothing to do with the case, and one body is wrong.
  const appointment = (caseId: string) => ({ command: 'book-appointment', caseId, data: { date: day(9), channel: 'visu' } });
  const lines: object[] = cases.map(appointment);
  lines[6] = { command: 'book-appointment', caseId: cases[6], data: { date: 'demain', channel: 'visu' } };
  lines[7] = {
    command: 'book-appointment',
    caseId: '00000000-0000-4000-8000-000000000000',
    data: { date: day(9), channel: 'visu' },
  };
  const sitting = await it_.act('/v1/sittings', AS, { lines }, { key: 'revue' });
  expect([sitting.status, sitting.body['recorded'], sitting.body['refused']]).toEqual([200, 18, 2]);
  const results = sitting.body['results'] as { line: number; status: number; problem?: { type: string } }[];
  expect(results.filter((r) => r.status !== 201)).toMatchObject([
    { line: 7, status: 400, problem: { type: 'urn:fil-rouge:problem:invalid' } },
    { line: 8, status: 404, problem: { type: 'urn:fil-rouge:problem:case-not-found' } },
  ]);

  // Its worklist holds what was just written, and no line of what was refused.
  const listed = async ({ body }: Reply, last: number): Promise<string[]> => {
    const { cursor } = body['results'][last].outcome;
    const list = await it_.get(`/v1/worklists/social-worker?kind=appointments&limit=200&after=${encodeURIComponent(cursor)}`, AS);
    return (list.body['items'] as Line[]).map(({ caseId }) => caseId).sort();
  };
  expect(await listed(sitting, PEOPLE - 1)).toEqual(cases.filter((_, i) => i !== 6 && i !== 7).sort());

  // Sent again with the two lines mended: what was recorded answers the same, and nothing is doubled.
  const mended = await it_.act('/v1/sittings', AS, { lines: cases.map(appointment) }, { key: 'revue' });
  expect([mended.body['recorded'], mended.body['refused']]).toEqual([PEOPLE, 0]);
  expect((mended.body['results'] as object[])[0]).toEqual(results[0]);
  expect(await listed(mended, 7)).toEqual([...cases].sort());

  // Closed: each case heard once that it was reviewed, by whom.
  await written('meetings/closed', CPDP, { meetingId });
  const reviewed = async () => {
    const found = await Promise.all(cases.map((caseId) => it_.get(`/v1/cases/${caseId}/events`, AS)));
    return found.map(({ body }) => (body['events'] as { type: string }[]).filter((e) => e.type === 'CaseReviewHeld').length);
  };
  for (let tries = 0; tries < 100 && (await reviewed()).includes(0); tries++) await pause(50);
  expect(await reviewed()).toEqual(cases.map(() => 1));
}, 180_000);

it('names what a line lacks, and refuses a body that is no sitting whole', async () => {
  const none = await it_.act('/v1/sittings', AS, { lines: [] });
  expect([none.status, none.body['errors'][0].pointer]).toEqual([400, '/lines']);
  const lines = [{ command: 'no-such-thing', data: {} }, { command: 'book-appointment', data: {} }, { command: 'close-meeting', caseId: 'x', data: {} }]; // prettier-ignore
  const odd = await it_.act('/v1/sittings', AS, { lines });
  const faults = odd.body['results'].map((r: { problem: { errors: { pointer: string; code: string }[] } }) => r.problem.errors.map(({ pointer, code }) => `${pointer} ${code}`)); // prettier-ignore
  expect(faults).toEqual([['/command unknown'], ['/caseId required'], ['/caseId unknown']]);
  const unseen = {
    command: 'close-support',
    caseId: await shared(PEOPLE + 1),
    data: { motive: 'goal-reached', situation: 'same-job' },
  };
  const told = await it_.act('/v1/sittings', AS, { lines: [unseen] });
  expect(told.body['results'][0]).toMatchObject({ status: 428, problem: { detail: expect.stringContaining('ifMatch') } });
});
