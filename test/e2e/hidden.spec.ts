import { withKey } from '../../libs/domain/person/nir.js';
import { CAP, codesOf, CPAM, CPDP, MT, ORGANISATIONS, personOf, recorded, type Reply, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore

/** What an answer says by refusing, by the name of what it found, or by showing somebody else's number. */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_?.stop());

let people = 700;
const TRAITS = { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21' };
const FORM = { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } };
const nir = (sex = '2', place = '39350'): string => withKey(`${sex}7905${place}${String(++people).slice(0, 3)}`);
interface Opened {
  caseId: string;
  cursor: string;
  ids: Record<string, string>;
}
const transmitted = async (person: object = personOf(++people)): Promise<Opened> =>
  recorded(await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person, data: TRANSMISSION })).body as unknown as Opened;
const act = ({ caseId }: Opened, command: string, who: Who, data: object, more: object = {}, options = {}) =>
  it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }, options);
const read = async ({ caseId }: Opened, who: Who, what = ''): Promise<Reply> => {
  await it_.caughtUp();
  return it_.get(`/v1/cases/${caseId}${what}`, who);
};
/** Cap emploi comes in by a referral, with an accord for the identity alone. */
const withCap = async (person?: object): Promise<Opened> => {
  const opened = await transmitted(person);
  recorded(await act(opened, 'grant-consent', CPDP, { zones: ['identity'], recipient: CAP.organisation, purpose: 'referral', proof: 'form' }, FORM)); // prettier-ignore
  recorded(await act(opened, 'refer-case', CPDP, { target: CAP.organisation, targetRole: 'CAP_EMPLOI', motive: 'job-retention' })); // prettier-ignore
  return opened;
};
const rulesOf = ({ body }: Reply) => (body['rules'] as { code: string; article: string }[]).map(({ code, article }) => [code, article]); // prettier-ignore

describe('who may not see the leave', () => {
  it.each([
    ['end-sick-leave', 'lastDay', 'leave.datesReversed'],
    ['shorten-sick-leave', 'expectedEnd', 'leave.datesReversed'],
  ])('finds no day of it by trying: %s', async (command, field, code) => {
    const opened = await withCap();
    const { leaveId } = opened.ids;
    const letter = { actor: { role: 'EMPLOYER' }, evidence: { kind: 'letter' } };
    const before = await act(opened, command, CPAM, { leaveId, [field]: '2026-01-04' });
    expect(codesOf(before)).toEqual([code]);
    const tried = [];
    for (const day of ['2026-01-04', '2026-01-05', '2027-12-31']) {
      const { status, body } = await act(opened, command, CAP, { leaveId, [field]: day }, letter);
      tried.push([status, body['irregularities']]);
    }
    // The same whatever the day: that the word of such a teller waits for somebody else's.
    expect(tried).toEqual(Array(3).fill([201, [{ article: 'convention (D)', code: 'fact.toConfirm' }]]));
    const told = (await read(opened, CPAM, '/events')).body['events'] as { irregularities?: { code: string }[] }[];
    expect(told.flatMap((e) => e.irregularities ?? []).map((i) => i.code)).toContain(code);
    expect((await read(opened, CAP, '/events')).text).not.toContain('leave.');
  });
});

it('a veiled refusal names no article', async () => {
  const opened = await transmitted();
  recorded(await act(opened, 'record-activity', MT, { status: 'TI' }));
  expect(rulesOf(await act(opened, 'request-measure', CPAM, { type: 'ptp' }))).toEqual([['rule.notVisible', 'L.1110-4 CSP, convention (D)']]); // prettier-ignore
});

describe('two partners at home', () => {
  const alerted = async (opened: Opened, who: Who): Promise<boolean> =>
    ((await read(opened, who)).body['items'] as { kind: string }[]).some(({ kind }) => kind === 'identities-differ');
  it('who tell two persons are an alert to the caisse, which the teller is not told of', async () => {
    const opened = await transmitted({ ...TRAITS, sex: 'F', identifiers: [{ kind: 'NIR', value: nir() }] });
    for (const more of [{ nir: nir() }, { birthDate: '1980-03-04' }, { sex: 'M' }, { familyName: 'ZZYX', givenNames: 'Bob' }]) {
      const said = recorded(await act(opened, 'identify-person', CPDP, { ...TRAITS, ...more }));
      expect(said.body['irregularities']).toEqual([]);
      expect([await alerted(opened, CPAM), await alerted(opened, CPDP), await alerted(opened, MT)]).toEqual([true, false, false]);
      const [event] = said.body['events'] as { id: string }[];
      recorded(await it_.act(`/v1/cases/${opened.caseId}/withdraw-fact`, CPDP, { event: event!.id }));
      expect(await alerted(opened, CPAM)).toBe(false);
    }
  });
  it('go on with the number that the caisse told last: the old one leads there, and does not come back', async () => {
    const [old, later] = [nir('8', '99350'), nir('2', '99350')];
    const opened = await transmitted({ ...TRAITS, identifiers: [{ kind: 'NIR', value: old }] });
    recorded(await act(opened, 'identify-person', CPAM, { ...TRAITS, nir: later }));
    const person = { ...TRAITS, phone: '06 11 22 33 44', identifiers: [{ kind: 'NIR', value: old }] };
    const signal = recorded(
      await it_.act('/v1/cases/record-signal', CPDP, { person, caisse: 'cpam-39', data: { origin: 'person' } }),
    );
    expect(signal.body['caseId']).toBe(opened.caseId);
    const shown = await read(opened, CPDP);
    expect(shown.body['person']).toMatchObject({ nir: later, phone: '06 11 22 33 44' });
    expect(shown.text).not.toContain(old.slice(0, 13));
    expect(await alerted(opened, CPAM)).toBe(false);
  });
});

it('whoever may not use the number is not told what it says', async () => {
  const contradictory = await withCap({ ...TRAITS, identifiers: [{ kind: 'NIR', value: withKey('1540239300001') }] });
  const [one, other] = [
    await withCap({ ...TRAITS, identifiers: [{ kind: 'NIR', value: nir() }] }),
    await withCap({ ...TRAITS, birthDate: '1979-05-01', identifiers: [{ kind: 'NIR', value: nir() }] }),
  ];
  expect((await read(contradictory, CPDP, '/events')).text).toContain('nirContradicts');
  expect((await read(contradictory, CAP, '/events')).text).not.toContain('nirContradicts');
  const join = (who: Who) => it_.act('/v1/duplicates/join', who, { caseId: one.caseId, otherCaseId: other.caseId });
  expect([codesOf(await join(CPAM)), codesOf(await join(CAP))]).toEqual([['duplicate.identifiersDiffer'], ['rule.notVisible']]);
});

it('the same interview is asked about, whoever is named as having held it', async () => {
  const opened = await transmitted();
  recorded(await act(opened, 'record-interview', CPDP, { mode: 'visu' }));
  const itself = { actor: { organisation: CPDP.organisation, role: CPDP.role }, evidence: { kind: 'call' } };
  expect(codesOf(await act(opened, 'record-interview', CPDP, { mode: 'visu' }, itself))).toEqual(['interview.sameDay']);
});

it('a payload names nobody where it is kept in clear', async () => {
  const opened = await transmitted();
  const close = (reportReference: string) => act(opened, 'close-measure', CPDP, { measureId: opened.caseId, type: 'formation', reportReference }); // prettier-ignore
  expect(codesOf(await close('DUPONT-279053930000112'))).toEqual(['reference.notOpaque']);
  recorded(await close('EE-2023-041'));
  const letter = (reference: string, person: string) => ({ actor: { organisation: 'carsat-bfc', role: 'AS', person }, evidence: { kind: 'letter', reference } }); // prettier-ignore
  const told = async (reference: string, person: string) =>
    codesOf(await act(opened, 'record-interview', CPDP, { mode: 'visu' }, letter(reference, person)));
  expect([await told('21-05-79', 'p-4821'), await told('GED-1', 'ROY1')]).toEqual([['evidence.referenceNotOpaque'], ['person.notOpaque']]); // prettier-ignore
});

it('If-Match takes a list of tags, compared strongly', async () => {
  const opened = await transmitted();
  const tag = (await read(opened, CPDP)).headers.get('etag')!;
  const acknowledge = async (ifMatch: string) =>
    (await act(opened, 'acknowledge-receipt', CPDP, { handshakeId: opened.ids['transmissionId'] }, {}, { ifMatch })).status;
  const tried = [await acknowledge('"x", "y"'), await acknowledge(`"x", W/${tag}`), await acknowledge(`"x", ${tag}`)];
  expect(tried).toEqual([412, 412, 201]);
});
