import { AS, ASSURE, BOOK, CONVENTIONS, CPDP, directory, party, type Story, supported } from '../../../test/support/story.js';
import { type PastAside } from '../kernel/aside.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { current, obligations } from '../rules/obligations.js';
import { ConventionEnded, ConventionRenewed, ConventionSigned } from './convention.js';
import { type Convention, conventionOf, daysLeft, standingOn } from './standing.js';

const CEP = party('CEP', 'cep-39');
const today = localDate('2023-09-15');
const SIGNED = {
  conventionId: 'c', title: 'Protocole CEP–SPST', territory: '39', publics: ['salarie', 'no-health-problem'], from: localDate('2023-01-01'), to: localDate('2023-12-31'),
  parties: [{ organisation: 'ast-39', tasks: 'oriente' }, { organisation: 'cep-39', tasks: 'accueille' }],
} as const satisfies Convention; // prettier-ignore
const past = (type: string, data: object): PastAside => ({
  type,
  data: data as PastAside['data'],
  actor: CPDP,
  occurredOn: today,
});
const signed = past('ConventionSigned', SIGNED);
const codes = (found: readonly { code: string }[] | undefined) => (found ?? []).map((f) => f.code);
const asks = (by: Party, history: readonly PastAside[]) => ({ by, history, today, directory, past: () => [], seen: undefined });

describe('a convention', () => {
  const signs = (by: Party, over: object = {}) =>
    codes(ConventionSigned.check?.({ data: { ...SIGNED, ...over }, ...asks(by, []) }));
  const renews = (by: Party, to: string, ...history: PastAside[]) =>
    codes(ConventionRenewed.check?.({ data: { conventionId: 'c', to: localDate(to) }, ...asks(by, [signed, ...history]) }));
  const ends = (by: Party, on: string, ...history: PastAside[]) =>
    codes(ConventionEnded.check?.({ data: { conventionId: 'c', on: localDate(on), motive: 'agreed' }, ...asks(by, [signed, ...history]) })); // prettier-ignore

  it('is its parties’ business, and the operator’s', () => {
    for (const by of [CPDP, CEP, party('OPERATOR', 'exploitant')])
      expect([signs(by), renews(by, '2024-12-31'), ends(by, '2023-10-01')]).toEqual([[], [], []]);
    expect(signs(AS)).toEqual(['convention.notParty']);
  });
  it('has two parties, and an end after its begin', () => {
    expect(signs(CPDP, { to: localDate('2022-12-31') })).toEqual(['convention.datesReversed']);
    expect(signs(CPDP, { parties: [SIGNED.parties[0], SIGNED.parties[0]] })).toEqual(['convention.partyTwice']);
  });
  it('is renewed for longer, and not once it was ended', () => {
    const ended = past('ConventionEnded', { conventionId: 'c', on: '2023-10-01', motive: 'agreed' });
    expect(renews(CEP, '2023-12-31')).toEqual(['convention.notLonger']);
    expect([renews(CEP, '2024-12-31', ended), ends(CEP, '2023-11-01', ended)]).toEqual([
      ['convention.ended'],
      ['convention.ended'],
    ]);
    expect(ends(CEP, '2022-12-31')).toEqual(['convention.datesReversed']);
  });
  it('says how it stands on a day, and how long still', () => {
    const on = (day: string, ...history: PastAside[]) => standingOn(conventionOf([signed, ...history])!, localDate(day));
    expect(['2022-12-31', '2023-01-01', '2023-10-01', '2023-10-02', '2023-12-31', '2024-01-01'].map((day) => on(day))).toEqual([
      'to-come', 'standing', 'standing', 'ends-soon', 'ends-soon', 'ended',
    ]); // prettier-ignore
    expect(on('2023-12-31', past('ConventionRenewed', { to: '2024-12-31' }))).toBe('standing');
    expect(on('2023-06-01', past('ConventionEnded', { on: '2023-05-31', motive: 'agreed' }))).toBe('ended');
    expect(['2023-12-31', '2023-12-01', '2024-01-02'].map((day) => daysLeft(SIGNED, localDate(day)))).toEqual([1, 31, 0]);
  });
});

describe('a referral under a convention', () => {
  const SECOND = { ...SIGNED, conventionId: 'd', title: 'Autre' };
  afterEach(() => CONVENTIONS.splice(0));
  const agreed = (): Story => {
    const story = supported();
    story.does('grant-consent', { zones: ['identity'], recipient: 'cep-39', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: CPDP, on: '2023-04-01' }); // prettier-ignore
    return story;
  };
  const how = (on = '2023-06-01') => ({ by: CPDP, on });
  const TO_CEP = { target: 'cep-39', targetRole: 'CEP', motive: 'career' };
  const sent = (story: Story) => story.view.handshakes.at(-1)!;

  it('goes under the only one that stands between the two, and keeps its last day', () => {
    CONVENTIONS.push(SIGNED);
    const story = agreed();
    story.does('refer-case', { ...TO_CEP, conventionTo: '2030-01-01' }, how());
    expect(sent(story)).toMatchObject({ conventionId: 'c', conventionTo: '2023-12-31', conventionNotice: '2023-10-02' });
  });
  it('goes without, where there is none, where there are two, and where the only one has ended; nobody invents one', () => {
    for (const [all, on] of [[[], '2023-06-01'], [[SIGNED, SECOND], '2023-06-01'], [[SIGNED], '2024-01-01']] as const) {
      CONVENTIONS.splice(0, 9, ...all);
      const story = agreed();
      story.does('refer-case', { ...TO_CEP, conventionTo: '2030-01-01' }, how(on));
      expect([sent(story).conventionId, sent(story).conventionTo]).toEqual([undefined, undefined]);
    }
  }); // prettier-ignore
  it('names one of the two parties that stands on its day', () => {
    CONVENTIONS.push(SIGNED, SECOND, {
      ...SIGNED,
      conventionId: 'e',
      parties: [SIGNED.parties[1], { organisation: 'cpam-39', tasks: '' }],
    });
    const story = agreed();
    for (const conventionId of ['e', 'unknown'])
      expect(story.refuses('refer-case', { ...TO_CEP, conventionId }, how())).toEqual(['referral.noSuchConvention']);
    expect(story.refuses('refer-case', { ...TO_CEP, conventionId: 'd' }, how('2024-01-01'))).toEqual([
      'referral.conventionNotStanding',
    ]);
    story.does('refer-case', { ...TO_CEP, conventionId: 'd' }, how());
    expect(sent(story)).toMatchObject({ conventionId: 'd', conventionTo: '2023-12-31' });
  });
  it('is seen coming by sender and target before the convention ends, and that end changes nobody’s move', () => {
    CONVENTIONS.push(SIGNED);
    const story = agreed();
    const { referralId } = story.does('refer-case', TO_CEP, how());
    const horizons = (day: string) =>
      current(obligations(story.view, BOOK), localDate(day)).filter(({ rule }) => rule === 'convention-end').map((o) => [o.organisation, o.due]); // prettier-ignore
    const duties = (day: string) =>
      current(obligations(story.view, BOOK), localDate(day)).filter(({ nature }) => nature === 'duty').map((o) => [o.rule, o.organisation]); // prettier-ignore
    expect(horizons('2023-10-01')).toEqual([]);
    const both = [['ast-39', '2023-12-31'], ['cep-39', '2023-12-31']]; // prettier-ignore
    expect([horizons('2023-10-02'), horizons('2023-12-31'), horizons('2024-01-01')]).toEqual([both, both, []]);
    expect(duties('2024-01-01')).toEqual(duties('2023-12-31'));
    expect(duties('2024-01-01')).toContainEqual(['referral-to-answer', 'cep-39']);
    expect(story.view.accountable?.organisation).toBe('carsat-bfc');

    story.does('decline-referral', { referralId, motive: 'no-capacity' }, { by: CEP, on: '2023-06-02' });
    expect(horizons('2023-10-02')).toEqual([]);
  });
  it('sent on goes under the one between those two, or none', () => {
    CONVENTIONS.push(SIGNED);
    const story = agreed();
    const { referralId } = story.does('refer-case', TO_CEP, how());
    story.does('redirect-referral', { handshakeId: referralId, target: 'ast-39', targetRole: 'CPDP', motive: 'pdp' }, { by: CEP, on: '2023-06-02' }); // prettier-ignore
    expect(sent(story)).toMatchObject({ to: { organisation: 'ast-39' }, conventionId: 'c' });
  });
});
