import { addDays } from '../../libs/domain/kernel/local-date.js';
import { AS, CAP, codesOf, CPAM, CPDP, MT, OPERATOR, ORGANISATIONS, personOf, recorded, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore

/** What partners share beside the cases, over real HTTP: conventions, group actions, resources. */
let it_: TestInstance;
const CEP: Who = { organisation: 'cep-39', role: 'CEP' };
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS, { id: 'cep-39', roles: ['CEP'], territory: '39' });
});
afterAll(() => it_.stop());

const items = async (path: string, who: Who): Promise<Record<string, unknown>[]> =>
  (await it_.get(path, who)).body['items'] as Record<string, unknown>[];
const proposals = async (who: Who): Promise<Record<string, unknown>[]> =>
  (await it_.get('/v1/conventions', who)).body['proposals'] as Record<string, unknown>[];
const dayFromNow = (days: number): string => addDays(it_.wiring.parts.clock.today(), days);
const NOTHING = '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11';
let people = 0;
/** A case that the caisse told the SPST of, where the person agrees that the CEP is told of it too. */
const known = async (): Promise<string> => {
  const { body } = recorded(
    await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(++people), data: TRANSMISSION }),
  );
  const caseId = body['caseId'] as string;
  recorded(await it_.act(`/v1/cases/${caseId}/grant-consent`, CPDP, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' }, data: { zones: ['identity'], recipient: 'cep-39', purpose: 'referral', proof: 'form' } })); // prettier-ignore
  return caseId;
};

describe('conventions', () => {
  const protocol = () => ({
    title: 'Protocole CEP–SPST', territory: '39', publics: ['salarie', 'no-health-problem'], from: '2023-01-01', to: dayFromNow(30),
    parties: [{ organisation: 'ast-39', tasks: 'oriente' }, { organisation: 'cep-39', tasks: 'accueille' }],
  }); // prettier-ignore
  it('are signed and renewed by each party for itself, and shown as theirs to those who signed, and the operator', async () => {
    const PROTOCOL = protocol();
    expect(codesOf(await it_.act('/v1/conventions', AS, PROTOCOL))).toEqual(['convention.notParty']);
    expect((await it_.act('/v1/conventions', { organisation: 'x', role: 'HOST' }, PROTOCOL)).status).toBe(403);
    const nobody = { ...PROTOCOL, parties: [PROTOCOL.parties[0], { organisation: 'nobody', tasks: '–' }] };
    expect(codesOf(await it_.act('/v1/conventions', CPDP, nobody))).toEqual(['organisation.unknown']);
    const { conventionId } = recorded(await it_.act('/v1/conventions', CPDP, PROTOCOL)).body['ids'] as Record<string, string>;
    // As long as it alone has signed, it binds nobody, and is nobody's convention.
    for (const who of [CPDP, CEP, OPERATOR, AS]) expect(await items('/v1/conventions', who)).toEqual([]);
    expect(await proposals(CEP)).toEqual([expect.objectContaining({ conventionId, status: 'to-sign', proposedBy: 'ast-39', parties: PROTOCOL.parties })]); // prettier-ignore
    for (const who of [CPDP, OPERATOR]) expect(await proposals(who)).toEqual([expect.objectContaining({ conventionId, status: 'waiting' })]); // prettier-ignore
    expect(await proposals(AS)).toEqual([]);
    const toSign = async (who: Who) => (await items('/v1/shared-work', who)).filter((w) => w['kind'] === 'conventions-to-sign');
    expect([await toSign(CPDP), await toSign(CEP)]).toEqual([[], [expect.objectContaining({ subject: conventionId, count: 1 })]]);
    const early = await known();
    const under = { data: { target: 'cep-39', targetRole: 'CEP', motive: 'career', conventionId } };
    expect(codesOf(await it_.act(`/v1/cases/${early}/refer-case`, CPDP, under))).toEqual(['referral.noSuchConvention']);

    const countersign = (who: Who, more: object = {}) => it_.act('/v1/conventions/countersigned', who, { conventionId, ...more });
    expect((await countersign(AS)).status).toBe(404);
    expect(codesOf(await countersign(CEP, { signedBy: [{ organisation: 'cep-39' }] }))).toEqual(['convention.signsForItself']);
    recorded(await countersign(CEP));
    expect(codesOf(await countersign(CEP))).toEqual(['convention.alreadySigned']);
    expect([await proposals(CEP), await toSign(CEP)]).toEqual([[], []]);
    for (const who of [CPDP, CEP, OPERATOR])
      expect(await items('/v1/conventions', who)).toEqual([expect.objectContaining({ conventionId, status: 'ends-soon', daysLeft: 31, parties: PROTOCOL.parties })]); // prettier-ignore
    expect(await items('/v1/conventions', AS)).toEqual([]);

    expect((await it_.act('/v1/conventions/renewed', AS, { conventionId, to: dayFromNow(400) })).status).toBe(404);
    expect((await it_.act('/v1/conventions/renewed', CEP, { conventionId: NOTHING, to: dayFromNow(400) })).status).toBe(404);
    recorded(await it_.act('/v1/conventions/renewed', CEP, { conventionId, to: dayFromNow(400) }));
    // For itself: it stands for longer once the other one has renewed too.
    expect(await items('/v1/conventions', CPDP)).toEqual([expect.objectContaining({ status: 'ends-soon', daysLeft: 31 })]);
    recorded(await it_.act('/v1/conventions/renewed', CPDP, { conventionId, to: dayFromNow(400) }));
    expect(await items('/v1/conventions', CPDP)).toEqual([expect.objectContaining({ status: 'standing', daysLeft: 401 })]);
  });

  it('that the operator holds on paper bind those whose signature it says it holds', async () => {
    const paper = { ...protocol(), title: 'Sur papier', parties: ['cpam-39', 'carsat-bfc', 'cap-emploi-39'].map((organisation) => ({ organisation, tasks: 'oriente' })) }; // prettier-ignore
    expect(codesOf(await it_.act('/v1/conventions', OPERATOR, paper))).toEqual(['convention.whoSigned']);
    const signedBy = [{ organisation: 'cpam-39' }, { organisation: 'carsat-bfc' }];
    recorded(await it_.act('/v1/conventions', OPERATOR, { ...paper, signedBy }));
    for (const who of [CPAM, AS]) expect(await items('/v1/conventions', who)).toEqual([expect.objectContaining({ title: 'Sur papier' })]); // prettier-ignore
    expect(await items('/v1/conventions', CAP)).toEqual([]);
    const [proposal] = await proposals(CAP);
    expect(proposal).toMatchObject({
      status: 'to-sign',
      signatures: [{ organisation: 'cpam-39' }, { organisation: 'carsat-bfc' }],
    });
    recorded(await it_.act('/v1/conventions/ended', CAP, { conventionId: proposal!['conventionId'], on: dayFromNow(0), motive: 'withdrawn' })); // prettier-ignore
    expect(await proposals(CAP)).toEqual([]);
    expect(await items('/v1/conventions', CPAM)).toEqual([expect.objectContaining({ status: 'ends-soon' })]);
  });

  it('that one organisation proposes flood nobody', async () => {
    const to = (title: string) => ({ ...protocol(), title, parties: ['carsat-bfc', 'cap-emploi-39'].map((organisation) => ({ organisation, tasks: '–' })) }); // prettier-ignore
    for (let i = 0; i < 20; i++) recorded(await it_.act('/v1/conventions', AS, to(`proposition ${i}`)));
    expect(codesOf(await it_.act('/v1/conventions', AS, to('de trop')))).toEqual(['convention.tooManyProposals']);
    const lines = (await items('/v1/shared-work', CAP)).filter((w) => w['kind'] === 'conventions-to-sign');
    expect(lines).toEqual([expect.objectContaining({ count: 20 })]);
    expect(await items('/v1/conventions', CAP)).toEqual([]);
  });

  it('a referral goes under the one that stands, which its case file names, and under none that does not', async () => {
    const caseId = await known();
    const refer = (data: object, now?: string) =>
      it_.act(`/v1/cases/${caseId}/refer-case`, CPDP, { data: { target: 'cep-39', targetRole: 'CEP', motive: 'career', ...data } }, now === undefined ? {} : { now }); // prettier-ignore
    expect(codesOf(await refer({ conventionId: NOTHING }))).toEqual(['referral.noSuchConvention']);
    const { cursor } = recorded(await refer({})).body;
    const [{ conventionId }] = (await items('/v1/conventions', CEP)) as [{ conventionId: string }];
    for (const who of [CPDP, CEP]) {
      const { body } = await it_.get(`/v1/cases/${caseId}?after=${cursor}`, who);
      expect(body['handshakes']).toContainEqual(expect.objectContaining({ conventionId, conventionTo: dayFromNow(400) }));
    }

    const end = () => it_.act('/v1/conventions/ended', CPDP, { conventionId, on: dayFromNow(-1), motive: 'agreed' });
    recorded(await end());
    expect(codesOf(await end())).toEqual(['convention.ended']);
    expect(await items('/v1/conventions', CEP)).toEqual([expect.objectContaining({ status: 'ended', daysLeft: 0, endedFor: 'agreed' })]); // prettier-ignore
    const other = await known();
    const late = { data: { target: 'cep-39', targetRole: 'CEP', motive: 'career', conventionId } };
    expect(codesOf(await it_.act(`/v1/cases/${other}/refer-case`, CPDP, late))).toEqual(['referral.conventionNotStanding']);
  });
});

describe('group actions', () => {
  it('are planned, held and called off by their partners, who see how many came; who came is in the cases', async () => {
    const plan = (days: number) =>
      ({ theme: 'potentialis', date: dayFromNow(days), seats: 10, partners: ['CEP', 'CPDP'], organisations: [{ organisation: 'cep-39' }, { organisation: 'ast-39' }] }); // prettier-ignore
    const planned = async (days: number) => (recorded(await it_.act('/v1/group-actions', AS, plan(days))).body['ids'] as { groupId: string }).groupId; // prettier-ignore
    const [later, today, soon] = [await planned(20), await planned(0), await planned(7)];
    const hold = (who: Who, groupId: string, more: object = {}) => it_.act('/v1/group-actions/held', who, { groupId, attendance: 9, ...more }); // prettier-ignore
    expect((await hold(CAP, today)).status).toBe(404);
    expect(codesOf(await hold(CEP, soon))).toEqual(['group.beforeItsDay']);
    expect(codesOf(await hold(CEP, today, { attendance: 11 }))).toEqual(['group.moreThanSeats']);
    recorded(await hold(CEP, today));
    recorded(await it_.act('/v1/group-actions/cancelled', AS, { groupId: later, motive: 'too-few-people' }));
    expect(codesOf(await hold(AS, later))).toEqual(['group.cancelled']);
    recorded(await it_.act('/v1/group-actions/moved', CEP, { groupId: soon, date: dayFromNow(8) }));

    for (const who of [AS, CEP])
      expect(await items('/v1/group-actions', who)).toEqual([
        expect.objectContaining({ groupId: soon, status: 'planned', next: dayFromNow(8) }),
        expect.objectContaining({ groupId: later, status: 'cancelled', cancelledFor: 'too-few-people' }),
        expect.objectContaining({ groupId: today, status: 'held', sessions: [{ date: dayFromNow(0), attendance: 9 }] }),
      ]);
    expect(await items('/v1/group-actions', CAP)).toEqual([]);

    const caseId = await known();
    const attend = (groupId: string) => it_.act(`/v1/cases/${caseId}/record-group-attendance`, CPDP, { data: { groupId } });
    const { cursor } = recorded(await attend(today)).body;
    expect(recorded(await attend(later)).body).toMatchObject({ events: [{ type: 'GroupSessionAttended' }] });
    // Whoever recorded it reads it; a colleague in another role does not, without an accord.
    const contacts = async (who: Who) =>
      (await it_.get(`/v1/cases/${caseId}?after=${cursor}`, who)).body['contacts'] as unknown[];
    expect((await contacts(CPDP)).length).toBeGreaterThan(0);
    expect(await contacts(MT)).toEqual([]);
    const opened = recorded(await it_.act(`/v1/cases/${caseId}/grant-consent`, CPDP, { actor: { role: 'ASSURE' }, evidence: { kind: 'form' }, data: { zones: ['social'], recipient: 'ast-39', purpose: 'support', proof: 'form', formHash: 'a'.repeat(64) } })); // prettier-ignore
    const events = (await it_.get(`/v1/cases/${caseId}/events?after=${opened.body['cursor']}`, CPDP)).body['events'] as { type: string; data: object; irregularities?: { code: string }[] }[]; // prettier-ignore
    expect(events.filter(({ type }) => type === 'GroupSessionAttended').map(({ data, irregularities }) => [data, irregularities])).toEqual([
      [{ groupId: today, theme: 'potentialis' }, undefined],
      [{ groupId: later, theme: 'potentialis' }, [expect.objectContaining({ code: 'groupSession.otherDay' })]],
    ]); // prettier-ignore
  });
});

describe('resources', () => {
  const LINE = {
    name: 'ALLO Alex', kind: 'advice-line', situations: ['return-to-work', 'isolation'], audiences: ['person', 'manager'],
    url: 'https://alex.example/accueil', phone: '0800 400 310', hours: 'en semaine, de 9 h à 17 h',
    sheets: [{ audience: 'manager', title: 'Parler du retour', url: 'https://alex.example/fiches/retour.pdf' }],
  }; // prettier-ignore
  const list = async (more: object): Promise<string> =>
    (recorded(await it_.act('/v1/resources', OPERATOR, { ...LINE, ...more })).body['ids'] as { resourceId: string }).resourceId;
  const names = async (query = ''): Promise<unknown[]> => (await items(`/v1/resources${query}`, CEP)).map((r) => r['name']);

  it('are listed by the operator, found by situation, territory and audience, and retired', async () => {
    expect((await it_.act('/v1/resources', AS, LINE)).status).toBe(403);
    for (const url of ['https://alex.example/?utm_source=fil', 'https://alex.example/#dossier', 'http://alex.example'])
      expect((await it_.act('/v1/resources', OPERATOR, { ...LINE, url })).status).toBe(400);
    expect((await it_.act('/v1/resources', OPERATOR, { ...LINE, sheets: [{ ...LINE.sheets[0], url: 'https://a.example/?id=1' }] })).status).toBe(400); // prettier-ignore
    const { url: _url, phone: _phone, ...unreachable } = LINE;
    expect(codesOf(await it_.act('/v1/resources', OPERATOR, unreachable))).toEqual(['resource.noContact']);

    await list({});
    await list({ name: 'Pairs du Jura', kind: 'patient-partner', territory: '39', audiences: ['person'] });
    const away = await list({ name: 'Pairs de la Côte-d’Or', territory: '21', situations: ['rights'] });
    expect(await names()).toEqual(['ALLO Alex', 'Pairs de la Côte-d’Or', 'Pairs du Jura']);
    expect(await names('?territory=39')).toEqual(['ALLO Alex', 'Pairs du Jura']);
    expect(await names('?audience=manager&situation=isolation')).toEqual(['ALLO Alex']);
    expect((await it_.get('/v1/resources?situation=burn-out', CEP)).status).toBe(400);
    recorded(await it_.act('/v1/resources/retired', OPERATOR, { resourceId: away }));
    expect(await names('?situation=rights')).toEqual([]);
  });

  it('suggested are suggested, no more: the address is the one that was listed, and no door leads back', async () => {
    const before = await it_.get('/v1/resources?audience=manager', CEP);
    const [alex] = before.body['items'] as [typeof LINE & { resourceId: string }];
    expect([alex.url, alex.sheets]).toEqual([LINE.url, LINE.sheets]);
    const caseId = await known();
    const reply = recorded(await it_.act(`/v1/cases/${caseId}/suggest-resource`, CPDP, { data: { resourceId: alex.resourceId, audience: 'person' } })); // prettier-ignore
    expect(reply.text).not.toMatch(/http|resource[^S]/);
    expect((await it_.get('/v1/resources?audience=manager', CEP)).text).toBe(before.text);

    const { paths } = (await it_.get('/openapi.json', null)).body as { paths: Record<string, Record<string, unknown>> };
    const doors = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(doors.filter((door) => /resource/.test(door)).sort()).toEqual([
      'get /v1/resources', 'post /v1/cases/{caseId}/suggest-resource', 'post /v1/resources', 'post /v1/resources/retired',
    ]); // prettier-ignore
    expect((await it_.get(`/v1/resources/${alex.resourceId}`, null)).status).toBe(404);
  });
});
