import { AS, CAP, CPAM, CPDP, MT, nirOf, ORGANISATIONS, personOf, TestInstance, TRANSMISSION } from '../support/instance.js';

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
  return { ...(reply.body as { caseId: string; cursor: string; etag: string; ids: Record<string, string> }), n };
};

describe('one person, one open case', () => {
  it('for those at home in it, whatever identifier they hold', async () => {
    const { caseId, n } = await transmitted();
    const ins = { ...personOf(n), identifiers: [{ kind: 'INS', value: nirOf(n), oid: '1.2.250.1.213.1.4.8' }] };
    const joined = await it_.act('/v1/cases/record-signal', CPDP, { person: ins, caisse: 'cpam-39', data: { origin: 'person' } });
    expect(joined.body['caseId']).toBe(caseId);
  });
  it('several acts of one organisation at the same instant get the same case', async () => {
    const n = ++people;
    const both = await Promise.all([
      it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION }),
      it_.act('/v1/cases/record-signal', CPAM, { person: personOf(n), data: { origin: 'person' } }),
      it_.act('/v1/cases/record-signal', CPAM, { person: personOf(n), data: { origin: 'cpam' } }),
    ]);
    expect(both.map((r) => r.status)).toEqual([201, 201, 201]);
    expect(new Set(both.map((r) => r.body['caseId'])).size).toBe(1);
    // However many came at once, the log has one opening for this person, and one for the case.
    const caseId = both[0]!.body['caseId'] as string;
    const { rows } = await it_.wiring.pool.query<{ type: string }>(
      `select type from log.event where (type = 'PersonCaseOpened' and data::text like $1) or (type = 'CaseOpened' and stream = $2) order by type`,
      [`%${caseId}%`, `case-${caseId}`],
    );
    expect(rows.map(({ type }) => type)).toEqual(['CaseOpened', 'PersonCaseOpened']);
  });
  it('a closed one is not the open one: the next transmission begins another', async () => {
    const first = await transmitted();
    await it_.act(`/v1/cases/${first.caseId}/open-support`, CPDP, { data: { origin: 'cpam' } });
    expect((await it_.act(`/v1/cases/${first.caseId}/close-support`, CPDP, { data: { motive: 'goal-reached' } })).status).toBe(
      201,
    );
    const second = await transmitted(first.n);
    expect(second.caseId).not.toBe(first.caseId);
    const reopened = await it_.act(`/v1/cases/${first.caseId}/reopen-case`, CPDP, { data: { motive: 'relapse' } });
    expect(reopened.status).toBe(409);
    expect(reopened.body['rules'].map((r: { code: string }) => r.code)).toContain('case.otherOpen');
  });
  it('nothing is kept of a reopening that is refused, in the person’s stream either', async () => {
    const opened = await it_.act('/v1/cases/record-signal', AS, {
      person: personOf(++people),
      caisse: 'cpam-39',
      data: { origin: 'person' },
    });
    const { caseId, ids } = opened.body as { caseId: string; ids: Record<string, string> };
    const triage = { data: { handshakeId: ids['signalId'], outcome: 'no-need' } };
    expect((await it_.act(`/v1/cases/${caseId}/conclude-triage`, AS, triage)).status).toBe(201);
    // The case that came after has ended too, so nothing but the act itself forbids it.
    const after = await transmitted(people);
    await it_.act(`/v1/cases/${after.caseId}/open-support`, CPDP, { data: { origin: 'cpam' } });
    await it_.act(`/v1/cases/${after.caseId}/close-support`, CPDP, { data: { motive: 'goal-reached' } });
    const events = () =>
      it_.wiring.pool.query<{ n: number }>('select count(*)::int n from log.event').then(({ rows }) => rows[0]!.n);
    const before = await events();
    expect((await it_.act(`/v1/cases/${caseId}/reopen-case`, AS, { data: { motive: 'relapse' } })).status).toBe(409);
    expect(await events()).toBe(before);
  });
  it('two reopenings at the same instant are one', async () => {
    const { caseId } = await transmitted();
    await it_.act(`/v1/cases/${caseId}/open-support`, CPDP, { data: { origin: 'cpam' } });
    await it_.act(`/v1/cases/${caseId}/close-support`, CPDP, { data: { motive: 'goal-reached' } });
    const other = await transmitted(people);
    await it_.act(`/v1/cases/${other.caseId}/open-support`, CPDP, { data: { origin: 'cpam' } });
    await it_.act(`/v1/cases/${other.caseId}/close-support`, CPDP, { data: { motive: 'goal-reached' } });
    const both = await Promise.all(
      [1, 2].map(() => it_.act(`/v1/cases/${caseId}/reopen-case`, CPDP, { data: { motive: 'relapse' } })),
    );
    expect(both.map((r) => r.status).sort()).toEqual([201, 409]);
  });
  it('nothing is kept of a transmission that is refused', async () => {
    const n = ++people;
    const { accord: _, ...without } = TRANSMISSION;
    const refused = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: without });
    expect(refused.status).toBe(409);
    expect(refused.body['rules']).toMatchObject([{ code: 'transmission.consentMissing', article: 'L.315-4 CSS' }]);
    const { rows } = await it_.wiring.pool.query('select count(*)::int n from log.event');
    const again = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: without });
    expect(again.status).toBe(409);
    expect((await it_.wiring.pool.query('select count(*)::int n from log.event')).rows).toEqual(rows);
  });
});

describe('to an organisation that takes no part', () => {
  it('a case answers, byte for byte, as one that does not exist', async () => {
    const { caseId, cursor } = await transmitted();
    const nobody = '00000000-0000-4000-8000-000000000000';
    for (const path of ['', '/events', '/options']) {
      const hidden = await it_.get(`/v1/cases/${caseId}${path}?after=${cursor}`, CAP);
      const absent = await it_.get(`/v1/cases/${nobody}${path}?after=${cursor}`, CAP);
      expect(hidden.status).toBe(404);
      expect(hidden.text.replaceAll(caseId, nobody)).toBe(absent.text);
      expect([...hidden.headers.keys()].sort()).toEqual([...absent.headers.keys()].sort());
    }
    const act = await it_.act(`/v1/cases/${caseId}/record-interview`, CAP, { data: { mode: 'visu' } });
    const none = await it_.act(`/v1/cases/${nobody}/record-interview`, CAP, { data: { mode: 'visu' } });
    expect([act.status, act.text.replaceAll(caseId, nobody)]).toEqual([404, none.text]);
    expect((await it_.get(`/v1/worklists/partner?after=${cursor}`, CAP)).body['items']).toEqual([]);
  });
});

describe('idempotence and preconditions', () => {
  it('the same key is the same act, with another body it is a mistake', async () => {
    const n = ++people;
    const body = { person: personOf(n), data: TRANSMISSION };
    const [a, b] = await Promise.all([
      it_.act('/v1/cases/transmit-sick-leave', CPAM, body, { key: 'same' }),
      it_.act('/v1/cases/transmit-sick-leave', CPAM, body, { key: 'same' }),
    ]);
    expect(a.text).toBe(b.text);
    expect((await it_.act('/v1/cases/transmit-sick-leave', CPAM, body, { key: 'same' })).text).toBe(a.text);
    expect((await it_.act('/v1/cases/transmit-sick-leave', CPAM, { ...body, caisse: 'cpam-39' }, { key: 'same' })).status).toBe(
      422,
    );
    const { rows } = await it_.wiring.pool.query<{ n: number }>(
      `select count(*)::int n from log.event where stream = $1 and type = 'SickLeaveTransmittedToSpst'`,
      [`case-${a.body['caseId']}`],
    );
    expect(rows[0]?.n).toBe(1);
  });
  it('an act that decides says what it saw: 428 without, 412 when stale', async () => {
    const { caseId, ids, cursor } = await transmitted();
    await it_.act(`/v1/cases/${caseId}/acknowledge-receipt`, CPDP, { data: { handshakeId: ids['transmissionId'] } });
    const seen = (await it_.get(`/v1/cases/${caseId}?after=${cursor}`, CPDP)).headers.get('etag')!;
    const triage = { data: { handshakeId: ids['transmissionId'], outcome: 'accompanied' } };
    expect((await it_.act(`/v1/cases/${caseId}/conclude-triage`, CPDP, triage, { ifMatch: null })).status).toBe(428);
    await it_.act(`/v1/cases/${caseId}/record-interview`, CPDP, { data: { mode: 'visu' } });
    expect((await it_.act(`/v1/cases/${caseId}/conclude-triage`, CPDP, triage, { ifMatch: seen })).status).toBe(412);
    const now = (
      await it_.act(`/v1/cases/${caseId}/record-contact-attempt`, CPDP, { data: { channel: 'telephone', outcome: 'reached' } })
    ).headers.get('etag')!;
    expect((await it_.act(`/v1/cases/${caseId}/conclude-triage`, CPDP, triage, { ifMatch: now })).status).toBe(201);
  });
  it('an act that loses only to events hidden from its author is decided again, not refused', async () => {
    const { caseId, ids } = await transmitted();
    const seen = (
      await it_.act(`/v1/cases/${caseId}/acknowledge-receipt`, CPDP, { data: { handshakeId: ids['transmissionId'] } })
    ).headers.get('etag')!;
    // An opinion on what the person can do is of a zone that the cellule may not see without accord.
    const hidden = await it_.act(`/v1/cases/${caseId}/record-self-assessment`, CPAM, {
      actor: { role: 'ASSURE' },
      evidence: { kind: 'form' },
      data: { level: 'high' },
    });
    expect(hidden.status).toBe(201);
    const triage = await it_.act(
      `/v1/cases/${caseId}/conclude-triage`,
      CPDP,
      { data: { handshakeId: ids['transmissionId'], outcome: 'accompanied' } },
      { ifMatch: seen },
    );
    expect(triage.status).toBe(201);
  });
  it('a revocation that races an acceptance has one winner, and tells the loser', async () => {
    for (let round = 0; round < 5; round++) {
      const { caseId } = await transmitted();
      // It takes part by an earlier referral, so whichever wins, the case is there for it.
      const earlier = await it_.act(`/v1/cases/${caseId}/refer-case`, CPAM, {
        data: { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' },
      });
      await it_.act(`/v1/cases/${caseId}/accept-referral`, AS, { data: { referralId: earlier.body['ids'].referralId } });
      const sent = await it_.act(`/v1/cases/${caseId}/refer-case`, CPAM, {
        data: { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' },
      });
      const referralId = sent.body['ids'].referralId as string;
      const [accepted, revoked] = await Promise.all([
        it_.act(`/v1/cases/${caseId}/accept-referral`, AS, { data: { referralId } }),
        it_.act(`/v1/cases/${caseId}/revoke-referral`, CPAM, { data: { referralId, motive: 'mistake' } }),
      ]);
      expect([accepted!.status, revoked!.status].sort()).toEqual([201, 409]);
      const loser = accepted!.status === 409 ? accepted! : revoked!;
      expect(loser.body['rules']).toContainEqual(
        expect.objectContaining({ code: accepted!.status === 409 ? 'handshake.revoked' : 'handshake.accepted' }),
      );
    }
  });
});

describe('roles and identity', () => {
  it('no token, no answer; a role does only what is declared for it', async () => {
    const { caseId } = await transmitted();
    const none = await it_.get(`/v1/cases/${caseId}`, null);
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toMatch(/Bearer/);
    expect(
      (await it_.get(`/v1/cases/${caseId}`, null, { headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } })).status,
    ).toBe(401);
    expect((await it_.act(`/v1/cases/${caseId}/approve-measure`, CPDP, { data: { measureId: caseId } })).status).toBe(403);
    expect((await it_.act('/v1/organisations', AS, { id: 'x-1', name: 'x', roles: ['AS'], territory: '39' })).status).toBe(403);
  });
  it('who acted and who recorded it stay apart', async () => {
    const { caseId } = await transmitted();
    const told = await it_.act(`/v1/cases/${caseId}/give-medical-opinion`, CPAM, {
      actor: { role: 'MTR' }, evidence: { kind: 'letter', date: '2026-03-02', reference: 'C-17' }, data: { measureId: '11111111-1111-4111-8111-111111111111', opinion: 'yes' },
    }); // prettier-ignore
    expect(told.status).toBe(201);
    const events = await it_.get(`/v1/cases/${caseId}/events?after=${told.body['cursor']}`, CPAM);
    expect(events.body['events'].at(-1)).toMatchObject({
      actor: { role: 'MTR' },
      recordedBy: { role: 'CPAM', organisation: 'cpam-39' },
      evidence: { kind: 'letter' },
    });
  });
});

describe('who sees what', () => {
  it('the same case is not the same to each of its partners', async () => {
    const { caseId, cursor } = await transmitted();
    const [cpam, cellule, mt] = await Promise.all(
      [CPAM, CPDP, MT].map((who) => it_.get(`/v1/cases/${caseId}?after=${cursor}`, who)),
    );
    expect(cpam!.text).toContain('2026-01-05');
    // The accord of the transmission opened identity and leave to this organisation.
    expect(cellule!.text).toContain('2026-01-05');
    expect(mt!.status).toBe(200);
    const job = await it_.act(`/v1/cases/${caseId}/record-activity`, CPDP, {
      data: { status: 'salarie', occupation: 'régleuse' },
    });
    expect((await it_.get(`/v1/cases/${caseId}?after=${job.body['cursor']}`, CPDP)).text).toContain('régleuse');
    expect((await it_.get(`/v1/cases/${caseId}/events?after=${job.body['cursor']}`, CPAM)).text).not.toContain('régleuse');
    const consent = await it_.act(`/v1/cases/${caseId}/grant-consent`, CPDP, {
      actor: { role: 'ASSURE' }, evidence: { kind: 'form' }, data: { zones: ['job'], recipient: 'cpam-39', purpose: 'return-information', proof: 'form' },
    }); // prettier-ignore
    expect((await it_.get(`/v1/cases/${caseId}/events?after=${consent.body['cursor']}`, CPAM)).text).toContain('régleuse');
    const withdrawn = await it_.act(`/v1/cases/${caseId}/withdraw-consent`, CPDP, {
      actor: { role: 'ASSURE' },
      evidence: { kind: 'call' },
      data: { consentId: consent.body['ids'].consentId },
    });
    expect((await it_.get(`/v1/cases/${caseId}/events?after=${withdrawn.body['cursor']}`, CPAM)).text).not.toContain('régleuse');
  });
  it('no personal field stands in clear in the log', async () => {
    const { n } = await transmitted();
    const { rows } = await it_.wiring.pool.query<{ n: number }>(
      `select count(*)::int n from log.event where data::text like $1 or metadata::text like $1 or data::text like $2`,
      [`%MARTIN${n}%`, `%${nirOf(n)}%`],
    );
    expect(rows[0]?.n).toBe(0);
  });
  it('options say what is possible now, and for the rest the rule and article that it lacks', async () => {
    const { caseId, cursor } = await transmitted();
    const { body } = await it_.get(`/v1/cases/${caseId}/options?after=${cursor}`, CPAM);
    expect(JSON.stringify(body)).toContain('D.323-6');
  });
});

describe('bad input', () => {
  it('gets one error that names every fault, in French or in English, and changes nothing', async () => {
    const before = (await it_.wiring.pool.query('select count(*)::int n from log.event')).rows;
    const bad = {
      person: { ...personOf(1), identifiers: [{ kind: 'NIR', value: '123' }], birthDate: '1979-02-30' },
      data: { ...TRANSMISSION, spstCode: '!!', diagnosis: 'x', leave: { start: 'soon', risk: 'flu' } },
    };
    const fr = await it_.act('/v1/cases/transmit-sick-leave', CPAM, bad);
    expect([fr.status, fr.headers.get('content-type')]).toEqual([400, expect.stringContaining('application/problem+json')]);
    const pointers = (fr.body['errors'] as { pointer: string }[]).map((e) => e.pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/person/birthDate', '/data/spstCode', '/data/diagnosis', '/data/leave/start', '/data/leave/risk']),
    );
    const en = await it_.send('POST', '/v1/cases/transmit-sick-leave', CPAM, {
      body: bad,
      headers: { 'idempotency-key': 'en', 'accept-language': 'en' },
    });
    expect(en.body['title']).not.toBe(fr.body['title']);
    expect((await it_.wiring.pool.query('select count(*)::int n from log.event')).rows).toEqual(before);
  });
});
