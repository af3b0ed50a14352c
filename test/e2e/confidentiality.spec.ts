import { createHash, randomUUID } from 'node:crypto';
import { loadCase } from '../../libs/application/case-stream.js';
import { rebuild } from '../../libs/read-models/rebuild.js';
import { AS, CAP, codesOf, CPAM, CPDP, dayHere, MC, MT, nirOf, OPERATOR, ORGANISATIONS, personOf, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore

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
    expect(codesOf(await it_.act(`/v1/cases/${caseId}/acknowledge-receipt`, CPAM, body))).toContain('act.theirsAlone');
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
  it('an opinion that can’t be asked for any more does not tell of the decision', async () => {
    const { caseId } = await transmitted();
    const act = (command: string, who: Who, data: object, more: object = {}) => it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }); // prettier-ignore
    const accord = { zones: ['identity', 'measure'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' };
    await act('grant-consent', CPDP, accord, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } });
    await act('refer-case', CPDP, { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-retention' });
    const measureId = randomUUID();
    await act(
      'request-measure',
      CPAM,
      { measureId, type: 'formation' },
      { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } },
    );
    const decided = await act('refuse-measure', CPAM, { measureId, motive: 'other', recourseStated: true });
    expect(decided.status === 201 ? 201 : decided.text).toBe(201);
    expect(codesOf(await act('request-ilco-review', CPAM, { measureId }))).toEqual(['ilco.noRequest']);
    expect(codesOf(await act('request-ilco-review', CAP, { measureId }))).toEqual(['rule.notVisible']);
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
    const next = (await signal(CPAM, first.n)).body['caseId'] as string;
    expect(next).not.toBe(first.caseId);
    const reopen = (who: Who) => it_.act(`/v1/cases/${first.caseId}/reopen-case`, who, { data: { motive: 'relapse' } });
    expect(codesOf(await reopen(CPDP))).toEqual(['rule.notVisible']);
    expect((await it_.act(`/v1/cases/${next}/transmit-sick-leave`, CPAM, { data: TRANSMISSION })).status).toBe(201);
    expect(codesOf(await reopen(CPDP))).toEqual(['case.otherOpen']);
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
    const plan = (who: Who, more: object) => it_.act('/v1/group-actions', who, { theme: 'rights', date: '2026-10-12', seats: 12, partners: ['AS'], ...more }); // prettier-ignore
    const { groupId } = (await plan(AS, {})).body['ids'] as { groupId: string };
    // Nobody writes into what another one made, nor learns from a refusal that it is there.
    const answers = await Promise.all([groupId, randomUUID()].map((id) => plan({ organisation: 'carsat-one', role: 'AS' }, { groupId: id }))); // prettier-ignore
    expect(answers.map(codesOf)).toEqual([['id.madeHere'], ['id.madeHere']]);
    expect(answers[0]!.text).toBe(answers[1]!.text);
  });
});

describe('what is told of another one', () => {
  it('no partner opens a zone by its own word', async () => {
    const { caseId } = await transmitted();
    const grant = { zones: ['job'], recipient: 'cpam-39', purpose: 'return-information', proof: 'form' };
    expect((await it_.act(`/v1/cases/${caseId}/grant-consent`, CPAM, { data: grant })).status).toBe(403);
    expect(codesOf(await it_.act(`/v1/cases/${caseId}/grant-consent`, CPAM, { actor: { role: 'ASSURE' }, data: grant }))).toEqual(['act.evidenceMissing']); // prettier-ignore
  });
  it('a colleague in another role does not rewrite a medical opinion', async () => {
    const { caseId } = await transmitted();
    const data = { measureId: randomUUID(), opinion: 'no' };
    await it_.act(`/v1/cases/${caseId}/request-measure`, CPAM, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' }, data: { measureId: data.measureId, type: 'formation' } }); // prettier-ignore
    const given = await it_.act(`/v1/cases/${caseId}/give-medical-opinion`, MC, { data });
    expect(given.status).toBe(201);
    const correct = (who: Who) =>
      it_.act(`/v1/cases/${caseId}/correct-fact`, who, { event: given.body['events'].at(-1).id, type: 'MedicalOpinionGiven', data: { ...data, opinion: 'yes' } }); // prettier-ignore
    expect(codesOf(await correct(CPAM))).toEqual(['fact.notYours']);
    expect((await correct(MC)).status).toBe(201);
  });
});

describe('meetings', () => {
  const ok = async (reply: ReturnType<TestInstance['act']>) => {
    const answer = await reply;
    expect(answer.status === 201 ? 201 : answer.text).toBe(201);
    return answer.body['ids'] as Record<string, string>;
  };
  const tell = (path: string, who: Who, data: object) => it_.act(`/v1/${path}`, who, data);
  const today = dayHere();
  /** Who chairs it, who put it there, and who takes part in the case without seeing its requests. */
  const seats = [AS, CPAM, CAP].map(({ organisation, role }) => ({ organisation, role }));
  const OUTSIDER: Who = { organisation: 'cep-39', role: 'CEP' };
  const planned = async (name = 'ILCO du Jura') => {
    const { forumId } = await ok(tell('forums', CPAM, { name, type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: 'cpam-39', chairRole: 'CPAM', seats })); // prettier-ignore
    return (await ok(tell('meetings', CPAM, { forumId, date: today })))['meetingId']!;
  };
  const requested = async (over: object = {}) => {
    const person = { ...personOf(++people), ...over };
    const { body } = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person, data: TRANSMISSION });
    const caseId = body['caseId'] as string;
    const act = (command: string, who: Who, data: object, more: object = {}) => it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }); // prettier-ignore
    const { referralId } = await ok(act('refer-case', MC, { target: 'carsat-bfc', targetRole: 'AS', motive: 'other' }));
    await ok(act('accept-referral', AS, { referralId }));
    const accord = { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' };
    const { consentId } = await ok(act('grant-consent', AS, accord, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } }));
    await ok(act('refer-case', AS, { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-retention' }));
    const { measureId } = await ok(act('request-measure', AS, { type: 'formation' }));
    return { item: { caseId, measureId: measureId! }, consentId: consentId! };
  };
  const seen = async (path: string, who: Who): Promise<string> => {
    const { status, text } = await it_.get(`/v1/${path}`, who);
    return `${status} ${text.replace(/"asOf":\{[^}]*\}/, '')}`;
  };
  /** All that somebody is told around meetings. */
  const told = async (meetingId: string, who: Who): Promise<string[]> => [
    await seen(`meetings/${meetingId}`, who),
    await seen(`meetings/${meetingId}/minutes`, who),
    await seen(`meetings/${meetingId}/proposal`, who),
    await seen('meetings', who),
    await seen('shared-work', who),
    await seen('silences', who),
    await seen('measure-outcomes', who),
    (await tell('meetings/closed', who, { meetingId })).text,
    (await tell('meetings/moved', who, { meetingId, date: today })).text,
  ];
  const shows = async (meetingId: string, wanted: (text: string) => boolean, who = CPAM): Promise<void> => {
    for (let tries = 0; !wanted((await it_.get(`/v1/meetings/${meetingId}`, who)).text); tries++) {
      if (tries > 200) throw new Error('the meeting does not show it');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  beforeAll(() => it_.register({ id: 'cep-39', roles: ['CEP'], territory: '39' }));

  it('tell a partner that takes part nothing of a request that it may not see, and one that does not nothing at all', async () => {
    const meetingId = await planned();
    const { item } = await requested();
    await ok(tell('meetings/agenda', AS, { meetingId, caseId: item.caseId }));
    await shows(meetingId, (text) => text.includes(item.caseId), CAP);
    const readers = [CAP, OUTSIDER];
    const all = () => Promise.all(readers.map((who) => told(meetingId, who)));
    const before = await all();
    const removes = async (measureId: string) =>
      Promise.all(readers.map(async (who) => (await tell('meetings/agenda/removed', who, { meetingId, caseId: item.caseId, measureId })).text)); // prettier-ignore
    await ok(tell('meetings/agenda', AS, { meetingId, ...item }));
    await shows(meetingId, (text) => text.includes(item.measureId));
    expect(await all()).toEqual(before);
    expect(await removes(item.measureId)).toEqual(await removes(randomUUID()));
    const adds = async (measureId: string) => (await tell('meetings/agenda', CAP, { meetingId, caseId: item.caseId, measureId })).text; // prettier-ignore
    expect(await adds(item.measureId)).toBe(await adds(randomUUID()));

    await ok(tell('meetings/held', CPAM, { meetingId, attendees: seats }));
    const held = await all();
    expect(held[1]!.slice(0, 7)).toEqual(before[1]!.slice(0, 7));
    const retracts = async () => (await tell('meetings/agenda/removed', AS, { meetingId, ...item })).text;
    const awaited = await retracts();
    await ok(tell('meetings/avis', CPAM, { meetingId, ...item, opinion: 'unfavourable' }));
    await shows(meetingId, (text) => text.includes('"avis":"unfavourable"'));
    expect(await all()).toEqual(held);
    // Whoever put it there may have no part in the case any more.
    expect(await retracts()).toBe(awaited);
    await ok(tell('meetings/closed', CPAM, { meetingId }));
    expect((await tell('meetings/agenda/removed', CPAM, { meetingId, caseId: item.caseId })).text).toContain('meeting.closed');
  }, 60_000);

  it('are over for a seat whose accord ends between the agenda and the meeting', async () => {
    const meetingId = await planned();
    const { item, consentId } = await requested();
    await ok(tell('meetings/agenda', AS, { meetingId, caseId: item.caseId }));
    await shows(meetingId, (text) => text.includes('MARTIN'), CAP);
    await ok(it_.act(`/v1/cases/${item.caseId}/withdraw-consent`, AS, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' }, data: { consentId } })); // prettier-ignore
    await shows(meetingId, (text) => text.includes('"items":[]'), CAP);
    await ok(tell('meetings/held', CPAM, { meetingId, attendees: seats }));
    await ok(tell('meetings/closed', CPAM, { meetingId }));
    expect((await told(meetingId, CAP)).join()).not.toMatch(new RegExp(`MARTIN|${item.caseId}`));
    const reviews = async () =>
      (await loadCase(it_.wiring.parts, item.caseId)).filter(({ type }) => type === 'CaseReviewHeld').map(({ data }) => data['attendees']); // prettier-ignore
    for (let tries = 0; tries < 200 && (await reviews()).length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await reviews()).toEqual([seats.slice(0, 2)]);
  }, 60_000);

  it('keep an avis for as long as the person’s key is there, in memory and in the database', async () => {
    const meetingId = await planned();
    const { item } = await requested();
    await ok(tell('meetings/agenda', AS, { meetingId, ...item }));
    await ok(tell('meetings/held', CPAM, { meetingId, attendees: seats }));
    await ok(tell('meetings/avis', CPAM, { meetingId, ...item, opinion: 'unfavourable' }));
    await shows(meetingId, (text) => text.includes('"avis":"unfavourable"'));

    const { parts, pool } = it_.wiring;
    const stored: string[] = [];
    for (const table of ['log.event', 'app.idempotency', 'process.dead_letter', 'process.checkpoint'])
      stored.push(...(await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`)).rows.map(({ row }) => row));
    const dump = stored.join('\n');
    expect(dump).toContain(item.measureId);
    for (const opinion of ['favourable', 'unfavourable', 'adjourned', 'without-object']) {
      const request = ['CPAM', 'give-avis', { caseId: item.caseId, measureId: item.measureId, meetingId, opinion }];
      expect(dump).not.toContain(createHash('sha256').update(JSON.stringify(request)).digest('hex'));
      expect(dump).not.toContain(`"${opinion}"`);
    }

    const personId = (await loadCase(parts, item.caseId))[0]!.personId!;
    await parts.vault.destroy([personId]);
    // An erasure purges the tables too; what is left is the log, and what processes remember.
    await rebuild({ log: parts, database: it_.wiring.database.app });
    await shows(meetingId, (text) => text.includes('"answered":true') && !text.includes('"avis"'));
    expect((await it_.get(`/v1/meetings/${meetingId}/minutes`, CPAM)).text).not.toContain('défavorable');
  }, 60_000);

  it('print what people typed as text', async () => {
    const meetingId = await planned('<script>alert(1)</script>{{person}}');
    const { item } = await requested({ familyName: '<img src=x onerror=alert(1)>' });
    await ok(tell('meetings/agenda', AS, { meetingId, ...item }));
    await shows(meetingId, (text) => text.includes(item.measureId));
    const { text, headers } = await it_.get(`/v1/meetings/${meetingId}/minutes`, CPAM);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;&#x2F;script&gt;{{person}}');
    expect(text).toContain('&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;');
    expect(text).not.toMatch(/<(script|img)/);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self';.*object-src 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/(default|script)-src[^;]*unsafe/);
    expect(headers.get('cache-control')).toBe('private, no-store');
  }, 60_000);
});
