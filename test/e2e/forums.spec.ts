import { setTimeout as pause } from 'node:timers/promises';
import {
  AS,
  CAP,
  codesOf,
  CPAM,
  CPDP,
  dayHere,
  MC,
  ORGANISATIONS,
  personOf,
  type Reply,
  TestInstance,
  TRANSMISSION,
  type Who,
} from '../support/instance.js';

let it_: TestInstance;
let forumId: string;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
  const seats = [AS, CPDP, MC, CAP].map(({ organisation, role }) => ({ organisation, role }));
  const forum = { name: 'ILCO PDP du Jura', type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: 'cpam-39', chairRole: 'CPAM', seats }; // prettier-ignore
  forumId = ids(await written('forums', CPAM, forum))['forumId']!;
}, 120_000);
afterAll(() => it_.stop());

const ids = ({ body }: Reply): Record<string, string> => body['ids'];
async function ok(reply: Promise<Reply>): Promise<Reply> {
  const answer = await reply;
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer;
}
const written = (path: string, who: Who, data: object) => ok(it_.act(`/v1/${path}`, who, data));
const act = (caseId: string, command: string, who: Who, data: object) => it_.act(`/v1/cases/${caseId}/${command}`, who, { data });
const day = (offset: number): string => dayHere(offset);

/** A case of a person that the social service supports, with a training asked for. */
async function requested(n: number): Promise<{ caseId: string; measureId: string }> {
  const { body } = await ok(it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION }));
  const caseId = body['caseId'] as string;
  const referred = await ok(act(caseId, 'refer-case', MC, { target: 'carsat-bfc', targetRole: 'AS', motive: 'other' }));
  await ok(act(caseId, 'accept-referral', AS, { referralId: ids(referred)['referralId'] }));
  const request = { type: 'formation', from: day(20), to: day(40) };
  return { caseId, measureId: ids(await ok(act(caseId, 'request-measure', AS, request)))['measureId']! };
}
const meetingOf = (meetingId: string, who: Who) => it_.get(`/v1/meetings/${meetingId}`, who);
const line = async (who: Who, view: string, caseId: string, task: string) => {
  const { body } = await it_.get(`/v1/worklists/${view}?limit=200`, who);
  // A list that is not made yet has no lines.
  return body['items']?.find((i: { caseId: string; task?: string }) => i.caseId === caseId && i.task === task);
};
/** A worker carries and projects in its own time. */
async function soon<T>(look: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await look();
    if (wanted(found) || tries > 200) return found;
    await pause(50);
  }
}
interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly attendees?: unknown };
}
const told = async (caseId: string, who: Who, type: string): Promise<Told[]> =>
  ((await it_.get(`/v1/cases/${caseId}/events`, who)).body['events'] as Told[]).filter((e) => e.type === type);

it('prepares a meeting, holds it, gives one avis for each request, and tells each case once', async () => {
  const [one, two, three] = [await requested(1), await requested(2), await requested(3)];
  // The avis that is awaited has its owner and its date, before there is a meeting.
  await ok(act(one.caseId, 'request-ilco-review', AS, { measureId: one.measureId }));
  const waiting = await soon(() => line(CPAM, 'cpam', one.caseId, 'ilco-avis-to-give'), (l) => l !== undefined); // prettier-ignore
  expect(waiting).toMatchObject({ kind: 'ilco', subject: one.measureId, due: day(90) });

  const meetingId = ids(await written('meetings', CPAM, { forumId, date: day(10) }))['meetingId']!;
  const proposal = await it_.get(`/v1/meetings/${meetingId}/proposal`, CPAM);
  expect(proposal.body['items']).toEqual([expect.objectContaining({ reasons: ['awaits-avis'], ...one })]);
  // What is stuck comes after, the oldest first: in six weeks the caisse will not have decided on the others.
  const inSixWeeks = () => it_.get(`/v1/meetings/${meetingId}/proposal`, CPAM, { now: `${day(45)}T09:00:00.000Z` });
  const later = await soon(inSixWeeks, ({ body }) => body['items']?.length === 3);
  const proposed = later.body['items'] as { reasons: string[]; caseId: string; due: string }[];
  expect(proposed.map(({ reasons }) => reasons.includes('overdue'))).toEqual([true, true, true]);
  expect(proposed.find(({ caseId }) => caseId === one.caseId)?.reasons).toEqual(['overdue', 'awaits-avis']);
  expect(proposed.map(({ due }) => due)).toEqual([...proposed.map(({ due }) => due)].sort());
  await written('meetings/agenda', CPAM, { meetingId, ...one });
  await written('meetings/agenda', AS, { meetingId, ...two });
  await written('meetings/agenda', AS, { meetingId, caseId: three.caseId });
  const put = await soon(() => line(CPAM, 'cpam', two.caseId, 'ilco-avis-to-give'), (l) => l !== undefined); // prettier-ignore
  expect(put).toMatchObject({ subject: two.measureId, due: day(10) });
  await soon(
    () => line(CPAM, 'cpam', one.caseId, 'ilco-avis-to-give'),
    (l) => l?.due === day(10),
  );

  // Moved, its cases hear of it.
  await written('meetings/moved', CPAM, { meetingId, date: day(0) });
  const moved = await soon(
    () => line(CPAM, 'cpam', two.caseId, 'ilco-avis-to-give'),
    (l) => l?.due === day(0),
  );
  expect(moved).toMatchObject({ due: day(0) });

  const refusals = [
    await it_.act('/v1/meetings/moved', AS, { meetingId, date: day(3) }),
    await it_.act('/v1/meetings/avis', CPAM, { meetingId, ...one, opinion: 'favourable' }),
    await it_.act('/v1/meetings/agenda', AS, { meetingId, ...two }),
    await it_.act('/v1/meetings/held', CPAM, { meetingId, attendees: [{ organisation: 'carsat-bfc', role: 'CPAM' }] }),
  ];
  expect(refusals.map(codesOf)).toEqual([['meeting.notChair'], ['meeting.planned'], ['agenda.there'], ['party.unknown']]);

  await written('meetings/held', CPAM, { meetingId, attendees: [AS] });
  // Somebody was forgotten: recorded again, the last word counts.
  await written('meetings/held', CPAM, { meetingId, attendees: [AS, CPDP, CAP, CPAM] });
  const early = await it_.act('/v1/meetings/closed', CPAM, { meetingId });
  expect([early.status, codesOf(early)]).toEqual([409, ['meeting.avisMissing', 'meeting.avisMissing']]);
  // Recorded once for all, in one sitting; the line that fails stops no other.
  const sitting = await it_.act(
    '/v1/sittings',
    CPAM,
    { lines: [
      { command: 'give-avis', data: { meetingId, ...one, opinion: 'favourable' } },
      { command: 'give-avis', data: { meetingId, ...three, opinion: 'favourable' } },
      { command: 'give-avis', data: { meetingId, ...two, opinion: 'unfavourable' } },
      { command: 'give-avis', data: { meetingId } },
    ] },
    { key: 'avis-du-jour' },
  ); // prettier-ignore
  expect([sitting.status, sitting.body['recorded'], sitting.body['refused']]).toEqual([200, 2, 2]);
  expect(sitting.body['results'].map((r: { status: number }) => r.status)).toEqual([201, 409, 201, 400]);
  expect(sitting.body['results'][1].problem.rules[0].code).toBe('agenda.unknown');
  expect(sitting.body['results'][3].problem.errors.map((e: { pointer: string }) => e.pointer)).toEqual(['/caseId', '/measureId', '/opinion']); // prettier-ignore
  const again = await it_.act('/v1/meetings/avis', CPAM, { meetingId, ...one, opinion: 'unfavourable' });
  expect(codesOf(again)).toEqual(['avis.given']);
  await written('meetings/closed', CPAM, { meetingId });

  const heard = await soon(() => told(one.caseId, AS, 'IlcoReviewHeld'), (events) => events.length > 0); // prettier-ignore
  expect(heard).toHaveLength(1);
  expect(heard[0]).toMatchObject({ occurredOn: day(0), data: { measureId: one.measureId, meetingId, opinion: 'favourable' } }); // prettier-ignore
  // Cap emploi sat there, and takes no part in this case.
  expect(heard[0]!.data.attendees).toEqual([AS, CPDP, CPAM].map(({ organisation, role }) => ({ organisation, role })));
  await soon(
    () => told(two.caseId, AS, 'IlcoReviewHeld'),
    (events) => events.length > 0,
  );
  const whole = await soon(
    () => told(three.caseId, AS, 'CaseReviewHeld'),
    (events) => events.length > 0,
  );
  expect(whole).toMatchObject([{ data: { meetingId } }]);
  // The avis is given; the decision is the caisse's, and still owed.
  await soon(
    () => line(CPAM, 'cpam', one.caseId, 'ilco-avis-to-give'),
    (l) => l === undefined,
  );
  expect(await line(CPAM, 'cpam', one.caseId, 'request-to-decide')).toMatchObject({ subject: one.measureId });

  // Carried again from the beginning, as after a restore or a crash before the checkpoint: nothing is doubled.
  const count = async () => (await it_.wiring.pool.query('SELECT count(*)::int AS n FROM log.event')).rows[0].n as number;
  const before = await count();
  await it_.wiring.pool.query('UPDATE process.checkpoint SET position = NULL');
  const at = async () =>
    (await it_.wiring.pool.query(`SELECT position FROM process.checkpoint WHERE name = 'meetings'`)).rows[0].position as
      string | null;
  await soon(at, (position) => position !== null);
  expect([await at(), await count()]).toEqual([expect.any(String), before]);

  // Each sees of each case what it may see, the caisse no more than the others; without a seat there is no meeting.
  const [forCap, forCpam, forCpdp] = [await meetingOf(meetingId, CAP), await meetingOf(meetingId, CPAM), await meetingOf(meetingId, CPDP)]; // prettier-ignore
  expect([forCap.body['items'], forCpam.body['items'].length, forCpdp.body['items'].length]).toEqual([[], 3, 3]);
  expect(forCpam.body['items'].map((i: { avis?: string }) => i.avis).sort()).toEqual(['favourable', 'unfavourable', undefined]);
  expect((await meetingOf(meetingId, { organisation: 'exploitant', role: 'OPERATOR' })).status).toBe(404);
  const minutes = await it_.get(`/v1/meetings/${meetingId}/minutes`, CPAM);
  expect(minutes.headers.get('content-type')).toContain('text/html');
  for (const words of ['ILCO PDP du Jura', 'MARTIN1 Claire', 'favorable', 'défavorable', 'le dossier entier', 'close'])
    expect(minutes.text).toContain(words);
  // Typed wrong, an avis is put right in the case, and the meeting tells it so.
  const corrected = { event: heard[0]!.id, type: 'IlcoReviewHeld', occurredOn: day(0), data: { measureId: one.measureId, meetingId, opinion: 'adjourned' } }; // prettier-ignore
  const { cursor } = (await ok(it_.act(`/v1/cases/${one.caseId}/correct-fact`, CPAM, corrected))).body;
  const shown = (await it_.get(`/v1/meetings/${meetingId}?after=${cursor}`, CPAM)).body['items'] as {
    caseId: string;
    avis?: string;
  }[];
  expect(shown.find((i) => i.caseId === one.caseId)?.avis).toBe('adjourned');
  expect((await it_.get(`/v1/meetings/${meetingId}/minutes`, CPAM)).text).toContain('ajourné');

  const hidden = await it_.get(`/v1/meetings/${meetingId}/minutes`, CAP);
  expect(/MARTIN|favorable/.test(hidden.text)).toBe(false);
}, 120_000);

it('takes the awaited avis off a case when its meeting is cancelled, and leaves the decision where it was', async () => {
  const four = await requested(4);
  const meetingId = ids(await written('meetings', CPAM, { forumId, date: day(30) }))['meetingId']!;
  await written('meetings/agenda', AS, { meetingId, ...four });
  await soon(
    () => line(CPAM, 'cpam', four.caseId, 'ilco-avis-to-give'),
    (l) => l !== undefined,
  );
  await written('meetings/cancelled', CPAM, { meetingId, motive: 'no-quorum' });
  const gone = await soon(
    () => line(CPAM, 'cpam', four.caseId, 'ilco-avis-to-give'),
    (l) => l === undefined,
  );
  expect([gone, await line(CPAM, 'cpam', four.caseId, 'request-to-decide')]).toEqual([undefined, expect.anything()]);
  expect(codesOf(await it_.act('/v1/meetings/held', CPAM, { meetingId, attendees: [CPAM] }))).toEqual([
    'meeting.cancelled',
    'meeting.inFuture',
  ]);
}, 60_000);

it('keeps an avis adjourned awaited, and may decide before the meeting', async () => {
  const [five, six] = [await requested(5), await requested(6)];
  const meetingId = ids(await written('meetings', CPAM, { forumId, date: day(0) }))['meetingId']!;
  for (const item of [five, six]) await written('meetings/agenda', AS, { meetingId, ...item });
  await ok(it_.act(`/v1/cases/${six.caseId}/give-medical-opinion`, MC, { data: { measureId: six.measureId, opinion: 'yes' } }));
  await ok(it_.act(`/v1/cases/${six.caseId}/give-medical-opinion`, AS, { actor: { role: 'MTR' }, evidence: { kind: 'letter' }, data: { measureId: six.measureId, opinion: 'yes' } })); // prettier-ignore
  await ok(act(six.caseId, 'approve-measure', CPAM, { measureId: six.measureId, from: day(20), to: day(40) }));
  await soon(
    () => line(CPAM, 'cpam', six.caseId, 'ilco-avis-to-give'),
    (l) => l === undefined,
  );
  await written('meetings/held', CPAM, { meetingId, attendees: [AS, CPAM] });
  await written('meetings/avis', CPAM, { meetingId, ...five, opinion: 'adjourned' });
  await written('meetings/avis', CPAM, { meetingId, ...six, opinion: 'without-object' });
  await written('meetings/closed', CPAM, { meetingId });
  const still = await soon(
    () => line(CPAM, 'cpam', five.caseId, 'ilco-avis-to-give'),
    (l) => l?.due === day(90),
  );
  expect(still).toMatchObject({ due: day(90) });
  expect(await told(six.caseId, AS, 'IlcoReviewHeld')).toEqual([]);
}, 60_000);

it('does not put a case before a forum whose chair takes no part in it, nor tell of one that is not there', async () => {
  const theirs = { name: 'Revue Cap emploi', type: 'permanence', territory: '39', meetingsPerYear: 12, chair: 'cap-emploi-39', chairRole: 'CAP_EMPLOI', seats: [{ organisation: 'carsat-bfc', role: 'AS' }] }; // prettier-ignore
  const permanence = ids(await written('forums', CAP, theirs))['forumId']!;
  const meetingId = ids(await written('meetings', CAP, { forumId: permanence, date: day(5) }))['meetingId']!;
  const seven = await requested(7);
  expect(codesOf(await it_.act('/v1/meetings/agenda', AS, { meetingId, caseId: seven.caseId }))).toEqual([
    'agenda.chairOutsider',
  ]);
  const unseen = await it_.act('/v1/meetings/agenda', CAP, { meetingId, caseId: seven.caseId });
  const nowhere = await it_.act('/v1/meetings/agenda', CAP, { meetingId, caseId: '00000000-0000-4000-8000-000000000000' });
  expect([unseen.status, unseen.text]).toEqual([404, nowhere.text]);
  expect((await it_.get('/v1/forums', CPDP)).body['items'].map((f: { name: string }) => f.name)).toEqual(['ILCO PDP du Jura']);
}, 60_000);
