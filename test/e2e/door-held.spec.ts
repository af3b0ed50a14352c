import {
  act,
  isHeldFrom,
  it_,
  newPerson,
  open,
  type Opened,
  opened,
  read,
  refer,
  said,
  say,
  signal,
  tasks,
  tell,
  transmitted,
  Y_AS,
  Y_CPAM,
  Z_AS,
  Z_CPAM,
  Z_CPDP,
} from '../support/at-the-door.js';
import {
  AS,
  CAP,
  codesOf,
  CPAM,
  CPDP,
  dayHere,
  MT,
  nirOf,
  personOf,
  recorded,
  type Reply,
  type Who,
} from '../support/instance.js';

/** What strangers, their accomplices and former partners try at the door (ADR 0014), each with the shortest way that once led in. */
beforeAll(open, 120_000);
afterAll(() => it_?.stop());

const daysAgo = (days: number): string => dayHere(-days);
/** The person is back after a long leave, and the SPST accompanies her: it owes the return visit (R.4624-31 CT). */
async function backAtWork(): Promise<Opened> {
  const leave = { start: daysAgo(100), expectedEnd: daysAgo(2), risk: 'MP' };
  const known = await transmitted(undefined, { leave, accord: { date: daysAgo(20), proof: 'form' }, activity: { status: 'salarie' } }); // prettier-ignore
  const { body } = await read(known, CPDP);
  const [handshake] = body['handshakes'] as { id: string }[];
  await act(known, 'acknowledge-receipt', CPDP, { handshakeId: handshake!.id });
  await act(known, 'conclude-triage', CPDP, { handshakeId: handshake!.id, outcome: 'accompanied' });
  await act(known, 'end-sick-leave', CPAM, { leaveId: (await read(known, CPAM)).body['leaves'][0].id, lastDay: daysAgo(2) });
  return known;
}

describe('a file takes in no case, nor is told of one', () => {
  it('opened before the case by another fund, the number told later', async () => {
    const own = await signal(Z_CPAM, newPerson(), { number: false });
    const known = await transmitted();
    await tell(own, Z_CPAM, known.n);
    await isHeldFrom(known, own, Z_CPAM);
    expect(await tasks(known, CPDP, own)).toHaveLength(1);
  });
  it('nor its number corrected into that of the person', async () => {
    const own = await signal(Z_CPAM, newPerson());
    const known = await transmitted();
    await it_.caughtUp();
    const { events } = (await it_.get(`/v1/cases/${own.caseId}/events`, Z_CPAM)).body as {
      events: { id: string; type: string }[];
    };
    const { familyName, givenNames, birthDate } = personOf(known.n);
    recorded(await it_.act(`/v1/cases/${own.caseId}/correct-fact`, Z_CPAM, { event: events.find((e) => e.type === 'PersonIdentified')!.id, type: 'PersonIdentified', occurredOn: dayHere(), data: { familyName, givenNames, birthDate, nir: nirOf(known.n) } })); // prettier-ignore
    await isHeldFrom(known, own, Z_CPAM);
  });
  it('opened after a case in which no fund has acted, by a fund: the fund that is named there is asked', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    const own = await signal(Z_CPAM, n);
    await isHeldFrom(known, own, Z_CPAM);
    expect(await tasks(known, CPAM, own)).toEqual(['change-to-confirm']);
    // That one confirms: the person has moved, and both go on in the file of the fund that pays now.
    await act(known, 'confirm-change', CPAM, { fileId: own.caseId });
    expect((await read(own, AS)).body).toMatchObject({ caisse: 'z-cpam', signals: [{}, {}] });
    expect((await read(known, AS)).body).toMatchObject({ status: 'merged' });
  });
  it('with a support of its own, and an accomplice that acts in it', async () => {
    const n = newPerson();
    const own = await signal(Z_AS, n, { number: false });
    await act(own, 'open-support', Z_AS, { origin: 'person' });
    await act(own, 'record-contact-attempt', Z_CPAM, { channel: 'telephone', outcome: 'no-answer' });
    const known = await transmitted(n);
    await tell(own, Z_AS, n);
    for (const who of [Z_AS, Z_CPAM]) await isHeldFrom(known, own, who);
  });
  it('set aside, and made firm since', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    const own = await signal(Z_AS, n);
    await it_.caughtUp();
    await act(known, 'set-file-aside', AS, { fileId: own.caseId });
    await act(own, 'open-support', Z_AS, { origin: 'person' });
    await isHeldFrom(known, own, Z_AS);
  });
  it('by its number alone, whatever others have done in it: the fund says whether it goes in', async () => {
    const n = newPerson();
    const known = await signal(Z_AS, n);
    const other = await signal(AS, n, { caisse: 'cpam-39' });
    await act(other, 'open-support', AS, { origin: 'person' });
    await it_.caughtUp();
    expect(codesOf(await say('join', known, other, Z_AS))).toEqual(['duplicate.notYours']);
    expect((await read(other, Z_AS)).status).toBe(404);
  });
  it('and draws no later act of a partner of the case', async () => {
    const n = newPerson();
    const own = await signal(Z_AS, n, { number: false, caisse: 'cpam-39' });
    await refer(own, Z_AS, 'carsat-bfc');
    const known = await transmitted(n);
    await refer(known, CPAM, 'carsat-bfc');
    await tell(own, Z_AS, n);
    const later = await transmitted(n, { leave: { start: '2026-09-05', expectedEnd: '2027-06-30', risk: 'AT' } });
    expect(later.caseId).toBe(known.caseId);
    expect((await signal(AS, n, { caisse: 'cpam-39' })).caseId).toBe(known.caseId);
    expect((await read(own, Z_AS)).body['leaves']).toEqual([]);
  });
  it('in which two numbers were told leads from the case of one person to that of the other', async () => {
    const [one, two] = [await transmitted(), await signal(CPAM, newPerson(), { caisse: 'cpam-39' })];
    const own = await signal(Z_AS, one.n, { number: false });
    await tell(own, Z_AS, one.n);
    await tell(own, Z_AS, two.n);
    for (const who of [CPDP, CPAM]) expect(await tasks(one, who, two)).toEqual([]);
    await it_.caughtUp();
    expect(codesOf(await say('join', one, own, CPDP))).toEqual(['duplicate.identifiersDiffer']);
  });
  it('and many of one author are one line', async () => {
    const known = await transmitted();
    for (let i = 0; i < 3; i++) {
      const own = await signal(Z_AS, newPerson(), { number: false });
      await tell(own, Z_AS, known.n);
    }
    expect((await tasks(known, CPDP)).filter((task) => task === 'file-to-let-in')).toHaveLength(1);
    expect(((await read(known, CPDP)).body['items'] as { count?: number }[]).some(({ count }) => count === 3)).toBe(true);
  });
});

describe('a file that was opened beside a case', () => {
  it('is told of none of the person’s next cases, and takes in none', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await refer(known, CPAM, 'carsat-bfc');
    await act(known, 'open-support', AS, { origin: 'cpam' });
    await it_.caughtUp();
    const { headers } = await read(known, AS);
    recorded(await it_.act(`/v1/cases/${known.caseId}/close-support`, AS, { data: { motive: 'goal-reached' } }, { ifMatch: headers.get('etag')! })); // prettier-ignore
    const next = await signal(AS, known.n, { caisse: 'cpam-39' });
    expect(next.caseId).not.toBe(known.caseId);
    await isHeldFrom(next, own, Z_AS);
    expect(await tasks(next, AS, own)).toEqual(['file-to-let-in']);
  });
  it('takes in no case in which others act, though the number be told there later', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { number: false, caisse: 'cpam-39' });
    await act(known, 'open-support', AS, { origin: 'person' });
    const own = await signal(Z_AS, n);
    await act(own, 'open-support', Z_AS, { origin: 'person' });
    await tell(known, AS, n);
    await it_.caughtUp();
    expect(codesOf(await say('join', own, known, Z_AS))).toEqual(['duplicate.notYours']);
    expect((await read(known, Z_AS)).status).toBe(404);
  });
  it('turns nothing round by a correction in the case, before it was found', async () => {
    const known = await transmitted();
    await it_.caughtUp();
    const { events } = (await it_.get(`/v1/cases/${known.caseId}/events`, CPAM)).body as {
      events: { id: string; type: string }[];
    };
    const own = await signal(Z_CPAM, known.n);
    const { familyName, givenNames, birthDate } = personOf(known.n);
    recorded(await it_.act(`/v1/cases/${known.caseId}/correct-fact`, CPAM, { event: events.find((e) => e.type === 'PersonIdentified')!.id, type: 'PersonIdentified', occurredOn: dayHere(), data: { familyName, givenNames, birthDate, nir: nirOf(known.n), phone: '06 11 22 33 44' } })); // prettier-ignore
    await isHeldFrom(known, own, Z_CPAM);
  });
  it('moves no case under its fund by a change of health service, whoever confirms that', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    await act(known, 'open-support', AS, { origin: 'person' });
    const own = await signal(Z_CPDP, n, { origin: 'moved' });
    await act(own, 'record-contact-attempt', Z_CPAM, { channel: 'telephone', outcome: 'no-answer' });
    await it_.caughtUp();
    await act(known, 'confirm-change', CPAM, { fileId: own.caseId });
    expect((await read(known, AS)).body).toMatchObject({ status: 'supported', caisse: 'cpam-39' });
    expect((await read(known, Z_CPDP)).status).toBe(404);
  });
});

describe('a partner let in for the identity alone', () => {
  /** Cap emploi, with the person's accord. */
  const letIn = async (known: Opened): Promise<void> => {
    await act(known, 'grant-consent', CPDP, { zones: ['identity'], recipient: CAP.organisation, purpose: 'referral', proof: 'form' }, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } }); // prettier-ignore
    await refer(known, CPDP, CAP.organisation, 'CAP_EMPLOI');
  };
  it('ends by no word of its own what the health service owes, and tells nothing for it', async () => {
    const known = await backAtWork();
    await letIn(known);
    expect(await tasks(known, MT)).toContain('return-visit-to-hold');
    const told = await act(known, 'end-employment', CAP, { reason: 'resignation' });
    expect(told.body['irregularities']).toEqual([{ code: 'fact.toConfirm', article: 'convention (D)' }]);
    const forEmployer = { actor: { role: 'EMPLOYER' }, evidence: { kind: 'letter' } };
    await act(known, 'record-sick-leave', CAP, { start: daysAgo(0), risk: 'MP' }, forEmployer);
    const forThem = { data: { outcome: 'fit' }, actor: { role: 'MT', organisation: 'ast-39' }, evidence: { kind: 'letter' } };
    expect(codesOf(await it_.act(`/v1/cases/${known.caseId}/hold-return-visit`, CAP, forThem))).toEqual(['act.theirsAlone']);
    expect(await tasks(known, MT)).toEqual(expect.arrayContaining(['return-visit-to-hold', 'fact-to-confirm']));
    // Its own answer does not depend on whether anybody owes anything.
    const nothingOwed = await transmitted();
    await letIn(nothingOwed);
    const same = await act(nothingOwed, 'end-employment', CAP, { reason: 'resignation' });
    expect(same.body['irregularities']).toEqual(told.body['irregularities']);
    expect(await tasks(nothingOwed, CPDP)).not.toContain('fact-to-confirm');
  });
  it('whose word is confirmed by whoever it concerns, and by nobody else', async () => {
    const known = await backAtWork();
    await letIn(known);
    const told = await act(known, 'end-employment', CAP, { reason: 'resignation' });
    const event = (told.body['events'] as { id: string }[]).at(-1)!.id;
    const confirm = (who: Who): Promise<Reply> => it_.act(`/v1/cases/${known.caseId}/confirm-fact`, who, { event });
    expect(codesOf(await confirm(CAP))).toEqual(['fact.notYoursToConfirm', 'fact.yourOwnWord']);
    // The fund may know nothing of the employment (L.4622-2-1 CT): to it there is no such fact.
    expect(codesOf(await confirm(CPAM))).toEqual(['fact.unknown']);
    expect((await read(known, CPDP)).body['toConfirm']).toMatchObject([{ event, by: { organisation: CAP.organisation } }]);
    const deny = (who: Who): Promise<Reply> => it_.act(`/v1/cases/${known.caseId}/deny-fact`, who, { event });
    expect(codesOf(await deny(CAP))).toEqual(['fact.notYoursToConfirm', 'fact.yourOwnWord']);
    recorded(await deny(MT));
    expect((await read(known, CPDP)).body['toConfirm']).toBeUndefined();
    expect(await tasks(known, MT)).toContain('return-visit-to-hold');
    // The health service was wrong: it says the contrary.
    recorded(await confirm(MT));
    expect(codesOf(await confirm(MT))).toEqual(['fact.notToConfirm']);
    expect(await tasks(known, MT)).not.toContain('return-visit-to-hold');
    expect((await read(known, CPDP)).body['toConfirm']).toBeUndefined();
    const seen = async (who: Who) => (await it_.get(`/v1/cases/${known.caseId}/events`, who)).text.includes('FactConfirmed');
    expect([await seen(MT), await seen(CPAM)]).toEqual([true, false]);
  });
});

describe('what a file brings that was let in', () => {
  it('is no accomplice, by no accord that they confirmed among themselves, and by no other file that is joined since', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    const accord = { actor: { role: 'ASSURE' }, evidence: { kind: 'call' } };
    await act(own, 'grant-consent', Z_AS, { zones: ['leave', 'identity'], recipient: 'z-cep', purpose: 'referral', proof: 'call' }, accord); // prettier-ignore
    await refer(own, Z_AS, 'z-cep', 'CEP');
    await refer(own, Z_AS, 'y-carsat');
    await said('join', known, own, CPDP);
    const outside = async (): Promise<number[]> => [(await read(known, { organisation: 'z-cep', role: 'CEP' })).status, (await read(known, Y_AS)).status]; // prettier-ignore
    expect(await outside()).toEqual([404, 404]);
    const other = await signal(Y_CPAM, known.n, { caisse: 'y-cpam' });
    await said('join', known, other, CPDP);
    expect(await outside()).toEqual([404, 404]);
    expect((await read(known, CPDP)).body['caisse']).toBe('y-cpam');
  });
  it('takes the lead from nobody, by no file without a number either, and is the same for whoever reads it', async () => {
    const known = await transmitted();
    for (const target of ['carsat-bfc', 'y-carsat']) await refer(known, CPAM, target);
    await act(known, 'assign-lead', AS);
    const own = await signal(Y_AS, known.n, { number: false, caisse: 'cpam-39' });
    await act(own, 'assign-lead', Y_AS);
    await said('join', known, own, Y_AS);
    for (const who of [CPAM, CPDP, AS, Y_AS]) expect((await read(known, who)).body['whoseMove']).toMatchObject({ organisation: 'carsat-bfc' }); // prettier-ignore
  });
  it('ends nothing that a partner of the case owes before that one says so', async () => {
    const known = await backAtWork();
    const own = await signal(Z_AS, known.n, { caisse: 'cpam-39' });
    await act(own, 'end-employment', Z_AS, { reason: 'resignation' });
    await said('join', known, own, CPDP);
    expect(await tasks(known, CPDP)).toEqual(expect.arrayContaining(['return-visit-to-hold', 'fact-to-confirm']));
  });
  it('leaves with it, however many it has brought since, with all that they have told', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await act(known, 'identify-person', Z_AS, { familyName: 'AUTRE', givenNames: 'Jean', birthDate: '1950-01-01' });
    await refer(known, Z_AS, 'y-carsat');
    await refer(known, Y_AS, 'z-carsat');
    await act(known, 'assign-lead', Y_AS);
    await said('part', known, own, CPDP);
    for (const who of [Z_AS, Y_AS]) expect((await read(known, who)).status).toBe(404);
    const { body } = await read(known, CPDP);
    expect(body).toMatchObject({ person: { familyName: personOf(known.n).familyName }, whoseMove: { organisation: 'ast-39' } });
    expect(JSON.stringify([body['handshakes'], body['participations']])).not.toContain('carsat');
    // Nothing is lost: it goes on where it belongs.
    expect((await read(own, Z_AS)).body).toMatchObject({
      person: { familyName: 'AUTRE' },
      whoseMove: { organisation: 'y-carsat' },
    });
  });
  it('a fund that was confirmed by mistake, and one that it passed its part on to, are out once it is parted', async () => {
    const known = await transmitted();
    const own = await signal(Z_CPAM, known.n);
    await refer(own, Z_CPAM, 'z-carsat');
    await act(own, 'assign-lead', Z_AS);
    await said('join', known, own, CPDP);
    const { transferId } = (await act(known, 'propose-transfer', Z_CPAM, { to: 'y-cpam', toRole: 'CPAM', motive: 'moved' })).body['ids']; // prettier-ignore
    await act(known, 'accept-transfer', Y_CPAM, { transferId });
    for (const who of [CPDP, Y_CPAM]) expect((await read(known, who)).body['caisse']).toBe('y-cpam');
    // Whoever joined it parts it, though others answer for the case by now.
    await said('part', known, own, CPDP);
    expect((await read(known, CPDP)).body['caisse']).toBe('cpam-39');
    for (const who of [Z_CPAM, Y_CPAM, Z_AS]) expect((await read(known, who)).status).toBe(404);
  });
});

describe('parting', () => {
  it('one of two changes of fund leaves the other one, and the second then gives back the first fund of all', async () => {
    const known = await transmitted();
    const [one, other] = [await signal(Z_CPAM, known.n), await signal(Y_CPAM, known.n, { caisse: 'y-cpam' })];
    for (const moved of [one, other]) await said('join', known, moved, CPDP);
    await said('part', known, one, CPDP);
    expect((await read(known, CPDP)).body['caisse']).toBe('y-cpam');
    await said('part', known, other, CPDP);
    expect((await read(known, CPDP)).body['caisse']).toBe('cpam-39');
    for (const who of [Z_CPAM, Y_CPAM]) expect((await read(known, who)).status).toBe(404);
  });
  it('a former partner that came back with a file of its own leaves with it, and whom it brought', async () => {
    const known = await transmitted();
    const { referralId } = (await refer(known, CPAM, 'z-carsat')).body['ids'] as { referralId: string };
    await act(known, 'decline-referral', Z_AS, { referralId, motive: 'no-capacity' });
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await act(known, 'assign-lead', Z_AS);
    await refer(known, Z_AS, 'y-carsat');
    await said('part', known, own, CPDP);
    expect((await read(known, CPDP)).body['whoseMove']).toMatchObject({ organisation: 'ast-39' });
    expect((await read(known, Z_AS)).body['leaves'] ?? []).toEqual([]);
    expect((await read(known, Y_AS)).status).toBe(404);
  });
  it('one file leaves whoever came with another one, or was asked by those who stay, and their words', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    const moved = await signal(Z_CPDP, known.n, { caisse: 'cpam-39', origin: 'moved' });
    await said('join', known, moved, CPDP);
    await act(known, 'record-interview', Z_CPDP, { mode: 'visu' });
    await refer(known, CPAM, 'y-carsat');
    await act(known, 'record-interview', Y_AS, { mode: 'telephone' });
    await said('part', known, own, CPDP);
    const { body } = await read(known, CPDP);
    expect((body['contacts'] as { by: { organisation: string } }[]).map(({ by }) => by.organisation).sort()).toEqual(['y-carsat', 'z-spst']); // prettier-ignore
    for (const who of [Z_CPDP, Y_AS]) expect((await read(known, who)).status).toBe(200);
    expect((await read(own, Z_AS)).body['contacts']).toEqual([]);
    // By mistake: whoever answers for the case thinks again.
    await said('join', known, own, CPDP);
    expect((await read(known, Z_AS)).status).toBe(200);
    for (const file of [own, moved]) await said('part', known, file, CPDP);
    for (const who of [Z_AS, Z_CPDP]) expect((await read(known, who)).status).toBe(404);
  });
  it('of a case that came along in another one is done in the one that goes on', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'y-cpam' });
    const own = await signal(Z_AS, n);
    await said('join', known, own, AS);
    const going = await transmitted(n);
    await it_.caughtUp();
    await act(known, 'confirm-change', Y_CPAM, { fileId: going.caseId });
    expect((await read(going, Z_AS)).status).toBe(200);
    expect((await say('part', known, own, AS)).status).toBe(409);
    await said('part', going, own, CPAM);
    expect((await read(going, Z_AS)).status).toBe(404);
    expect((await read(going, AS)).status).toBe(200);
    expect((await read(own, Z_AS)).body).toMatchObject({ status: 'signal' });
  });
  it('is not undone when the process behind the log reads it all again', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    const own = await signal(Z_CPAM, n);
    await it_.caughtUp();
    await act(known, 'confirm-change', CPAM, { fileId: own.caseId });
    expect((await read(known, AS)).body['status']).toBe('merged');
    await said('part', own, known, CPAM);
    await it_.wiring.pool.query(`update process.checkpoint set position = null where name = 'doublons'`);
    expect((await read(known, AS)).body['status']).toBe('signal');
    expect(await tasks(known, CPAM, own)).toEqual([]);
  });
  it('by two at once is one parting', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await it_.caughtUp();
    const both = await Promise.all([say('part', known, own, CPDP), say('part', known, own, CPDP)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe('joining', () => {
  it('goes one by one: three that each end in the next one leave a case open', async () => {
    const n = newPerson();
    const { identifiers: _, ...person } = personOf(n);
    const files = [];
    for (let i = 0; i < 3; i++) files.push(opened(await it_.act('/v1/cases/record-signal', CPAM, { person, data: { origin: 'cpam' } }), n)); // prettier-ignore
    const [a, b, c] = files as [Opened, Opened, Opened];
    const replies = await Promise.all([say('join', a, b, CPAM), say('join', b, c, CPAM), say('join', c, a, CPAM)]);
    expect(replies.every(({ status }) => status < 500)).toBe(true);
    const states = await Promise.all(files.map(async (f) => (await read(f, CPAM)).body['status']));
    expect(states).toContain('signal');
  });
  it('waits while a death is told: nobody takes the lead by it', async () => {
    const known = await transmitted();
    await refer(known, CPAM, 'y-carsat');
    await act(known, 'record-death', Y_AS);
    const own = await signal(Z_AS, known.n);
    await act(own, 'assign-lead', Z_AS);
    await it_.caughtUp();
    expect(codesOf(await say('join', known, own, CPDP))).toEqual(['case.deathToConfirm']);
  });
  it('nobody who takes part in both, and is not asked, ends the line by saying that they are two', async () => {
    const known = await transmitted();
    for (const target of ['carsat-bfc', 'y-carsat']) await refer(known, CPAM, target);
    await act(known, 'assign-lead', AS);
    const own = await signal(Z_AS, known.n);
    await refer(own, Z_AS, 'y-carsat');
    await it_.caughtUp();
    expect(codesOf(await say('refuse', known, own, Y_AS))).toEqual(['duplicate.notYours']);
    expect(await tasks(known, AS, own)).toEqual(['file-to-let-in']);
    await said('join', known, own, AS);
    expect(codesOf(await say('refuse', known, own, AS))).toEqual(['duplicate.joined']);
  });
  it('an SPST that is asked about a change sees that file, and none that others opened', async () => {
    const known = await transmitted();
    await refer(known, CPAM, 'carsat-bfc');
    await act(known, 'assign-lead', AS);
    const [moved, other] = [await signal(Z_CPDP, known.n, { caisse: 'cpam-39', origin: 'moved' }), await signal(Z_AS, known.n)];
    expect([await tasks(known, CPDP, moved), await tasks(known, CPDP, other)]).toEqual([['change-to-confirm'], []]);
    expect(JSON.stringify((await read(known, CPDP)).body)).not.toContain(other.caseId);
  });
});
