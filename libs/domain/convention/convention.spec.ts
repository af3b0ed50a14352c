import { AS, ASSURE, BOOK, CONVENTIONS, CPDP, directory, party, type Story, supported } from '../../../test/support/story.js';
import { type PastAside } from '../kernel/aside.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { current, obligations } from '../rules/obligations.js';
import { ConventionCountersigned, ConventionEnded, ConventionRenewed, ConventionSigned } from './convention.js';
import { asBinds, asKept, between, type Convention, conventionOf, daysLeft, proposalTo, standingOn, toSign } from './standing.js';

const CEP = party('CEP', 'cep-39');
const today = localDate('2023-09-15');
const OPERATOR = party('OPERATOR', 'exploitant');
const SAID = {
  conventionId: 'c', title: 'Protocole CEP–SPST', territory: '39', publics: ['salarie', 'no-health-problem'], from: localDate('2023-01-01'), to: localDate('2023-12-31'),
  parties: [{ organisation: 'ast-39', tasks: 'oriente' }, { organisation: 'cep-39', tasks: 'accueille' }],
} as const; // prettier-ignore
/** By both. */
const SIGNED = {
  ...SAID, proposedBy: 'ast-39', proposedOn: localDate('2023-01-01'), declined: [],
  signatures: SAID.parties.map(({ organisation }) => ({ organisation, to: SAID.to })),
} satisfies Convention; // prettier-ignore
const past = (type: string, data: object, actor = CPDP): PastAside => ({
  type,
  data: data as PastAside['data'],
  actor,
  occurredOn: today,
});
const signed = past('ConventionSigned', { ...SAID, signed: 'before' });
const proposed = past('ConventionSigned', SAID);
const countersigned = past('ConventionCountersigned', { conventionId: 'c' }, CEP);
const ended = (actor: Party, on = '2023-10-01') => past('ConventionEnded', { conventionId: 'c', on, motive: 'withdrawn' }, actor);
const codes = (found: readonly { code: string }[] | undefined) => (found ?? []).map((f) => f.code);
const asks = (by: Party, history: readonly PastAside[]) => ({ by, history, today, directory, past: () => [], seen: undefined });

const THREE = { ...SAID, parties: [...SAID.parties, { organisation: 'cpam-39', tasks: 'signale' }] };
const proposedToTwo = past('ConventionSigned', THREE);

describe('a convention', () => {
  const signs = (by: Party, over: object = {}, conventions: readonly Convention[] = []) =>
    codes(ConventionSigned.check?.({ data: { ...SAID, ...over }, ...asks(by, []), directory: { ...directory, conventions: () => conventions } })); // prettier-ignore
  const countersigns = (by: Party, history: readonly PastAside[], more: object = {}) =>
    codes(ConventionCountersigned.check?.({ data: { conventionId: 'c', ...more }, ...asks(by, history) }));
  const renews = (by: Party, to: string, history: readonly PastAside[], more: object = {}) =>
    codes(ConventionRenewed.check?.({ data: { conventionId: 'c', to: localDate(to), ...more }, ...asks(by, history) }));
  const ends = (by: Party, on: string, history: readonly PastAside[]) =>
    codes(ConventionEnded.check?.({ data: { conventionId: 'c', on: localDate(on), motive: 'agreed' }, ...asks(by, history) })); // prettier-ignore
  const both = [proposed, countersigned];
  const held = (...organisations: string[]) => ({ signedBy: organisations.map((organisation) => ({ organisation })) });

  it('is its parties’ business, each for itself, and the operator’s, who says whose signature it holds', () => {
    for (const by of [CPDP, CEP]) expect([signs(by), renews(by, '2024-12-31', both), ends(by, '2023-10-01', both)]).toEqual([[], [], []]); // prettier-ignore
    expect([signs(AS), countersigns(AS, [proposed]), renews(AS, '2024-12-31', both)]).toEqual([['convention.notParty'], ['convention.notParty'], expect.arrayContaining(['convention.notParty'])]); // prettier-ignore
    expect(signs(CPDP, held('ast-39', 'cep-39'))).toEqual(['convention.signsForItself']);
    expect([signs(OPERATOR), signs(OPERATOR, held('ast-39', 'cpam-39')), signs(OPERATOR, held('ast-39', 'cep-39'))]).toEqual([
      ['convention.whoSigned'], ['convention.signerNotParty'], [],
    ]); // prettier-ignore
    expect([countersigns(OPERATOR, [proposed]), countersigns(OPERATOR, [proposed], held('cep-39'))]).toEqual([['convention.whoSigned'], []]); // prettier-ignore
    expect([renews(OPERATOR, '2024-12-31', both), renews(OPERATOR, '2024-12-31', both, held('cep-39'))]).toEqual([['convention.whoSigned'], []]); // prettier-ignore
  });
  it('has two parties, and an end after its begin', () => {
    expect(signs(CPDP, { to: localDate('2022-12-31') })).toEqual(['convention.datesReversed']);
    expect(signs(CPDP, { parties: [SAID.parties[0], SAID.parties[0]] })).toEqual(['convention.partyTwice']);
  });
  it('is signed once by each, by whoever has not said that it will not', () => {
    expect(countersigns(CEP, [proposed])).toEqual([]);
    expect([countersigns(CPDP, [proposed]), countersigns(CEP, both)]).toEqual([['convention.alreadySigned'], ['convention.alreadySigned']]); // prettier-ignore
    expect(countersigns(CEP, [proposed, ended(CEP)])).toEqual(['convention.ended']);
    expect(countersigns(CEP, [proposed, ended(CPDP)])).toEqual(['convention.ended']);
    expect(renews(CEP, '2024-12-31', [proposed])).toEqual(['convention.notSigned']);
  });
  it('binds those who signed it, once two have, and is a proposal to the others', () => {
    const bound = (history: readonly PastAside[]) => ['ast-39', 'cep-39', 'cpam-39'].map((o) => asBinds(conventionOf(history)!, o)?.to); // prettier-ignore
    const proposal = (history: readonly PastAside[], on = '2023-06-01') => ['ast-39', 'cep-39', 'cpam-39', 'cpam-21'].map((o) => proposalTo(conventionOf(history)!, o, localDate(on))); // prettier-ignore
    expect([bound([proposedToTwo]), proposal([proposedToTwo])]).toEqual([[undefined, undefined, undefined], ['waiting', 'to-sign', 'to-sign', undefined]]); // prettier-ignore
    const two = [proposedToTwo, countersigned];
    expect([bound(two), proposal(two)]).toEqual([
      [SAID.to, SAID.to, undefined],
      [undefined, undefined, 'to-sign', undefined],
    ]);
    const [c] = [conventionOf(two)!];
    expect([between(c, 'ast-39', 'cep-39')?.to, between(c, 'ast-39', 'cpam-39'), between(c, 'cep-39', 'cpam-39')]).toEqual([SAID.to, undefined, undefined]); // prettier-ignore
    expect([asKept(conventionOf([proposedToTwo])!), asKept(c)?.to]).toEqual([undefined, SAID.to]);
    // Nobody is asked any more once its last day is past, nor once whoever proposed it has withdrawn.
    expect([proposal(two, '2024-01-01'), proposal([proposedToTwo, ended(CPDP)])]).toEqual([[undefined, undefined, undefined, undefined], [undefined, undefined, undefined, undefined]]); // prettier-ignore
    const paper = conventionOf([past('ConventionSigned', { ...THREE, ...held('ast-39', 'cep-39') }, OPERATOR)])!;
    expect([paper.signatures.map((s) => s.organisation), toSign(paper, today)]).toEqual([['ast-39', 'cep-39'], ['cpam-39']]);
  });
  it('of before parties signed for themselves stands for all of them, renewed and ended for all', () => {
    const before = (type: string, data: object) => past(type, { conventionId: 'c', signed: 'before', ...data });
    const renewed = [signed, before('ConventionRenewed', { to: '2024-12-31' })];
    expect(conventionOf(renewed)!.signatures.map((s) => s.to)).toEqual(['2024-12-31', '2024-12-31']);
    const over = conventionOf([...renewed, before('ConventionEnded', { on: '2024-06-30', motive: 'agreed' })])!;
    expect(['ast-39', 'cep-39'].map((o) => asBinds(over, o))).toEqual([
      expect.objectContaining({ to: '2024-06-30', endedFor: 'agreed' }), expect.objectContaining({ to: '2024-06-30', endedFor: 'agreed' }),
    ]); // prettier-ignore
  });
  it('is renewed by each for itself, for longer, and stands for longer once two have', () => {
    expect(renews(CEP, '2023-12-31', both)).toEqual(['convention.notLonger']);
    const alone = [...both, past('ConventionRenewed', { to: '2024-12-31' }, CEP)];
    expect([between(conventionOf(alone)!, 'ast-39', 'cep-39')?.to, renews(CEP, '2024-12-31', alone), renews(CPDP, '2024-12-31', alone)]).toEqual([
      '2023-12-31', ['convention.notLonger'], [],
    ]); // prettier-ignore
    const together = conventionOf([...alone, past('ConventionRenewed', { to: '2024-06-30' }, CPDP)])!;
    expect(['ast-39', 'cep-39'].map((o) => asBinds(together, o)?.to)).toEqual(['2024-06-30', '2024-06-30']);
  });
  it('ends for whoever withdraws, for all once nobody else is left, and for all by the operator', () => {
    expect([renews(CEP, '2024-12-31', [...both, ended(CPDP)]), ends(CEP, '2023-11-01', [...both, ended(CPDP)])]).toEqual([
      ['convention.ended'], ['convention.ended'],
    ]); // prettier-ignore
    expect(ends(CEP, '2022-12-31', both)).toEqual(['convention.datesReversed']);
    const three = [
      proposedToTwo,
      countersigned,
      past('ConventionCountersigned', { conventionId: 'c' }, party('CPAM', 'cpam-39')),
    ];
    const left = conventionOf([...three, ended(CEP)])!;
    expect(['ast-39', 'cep-39', 'cpam-39'].map((o) => [asBinds(left, o)?.to, asBinds(left, o)?.endedFor])).toEqual([
      ['2023-12-31', undefined], ['2023-10-01', 'withdrawn'], ['2023-12-31', undefined],
    ]); // prettier-ignore
    expect([ends(CEP, '2023-11-01', [...three, ended(CEP)]), ends(CPDP, '2023-11-01', [...three, ended(CEP)])]).toEqual([['convention.ended'], []]); // prettier-ignore
    const all = conventionOf([...three, ended(OPERATOR)])!;
    expect([asKept(all), asBinds(all, 'ast-39')]).toEqual([expect.objectContaining({ endedFor: 'withdrawn', to: '2023-10-01' }), expect.objectContaining({ endedFor: 'withdrawn', to: '2023-10-01' })]); // prettier-ignore
  });
  it('is proposed by one organisation twenty times at most, while the others have not signed', () => {
    const waiting = (n: number, history = [proposed]) => Array.from({ length: n }, () => conventionOf(history)!);
    expect([signs(CPDP, {}, waiting(19)), signs(CPDP, {}, waiting(20))]).toEqual([[], ['convention.tooManyProposals']]);
    expect([signs(CEP, {}, waiting(20)), signs(CPDP, {}, waiting(20, both)), signs(CPDP, {}, waiting(20, [proposed, ended(CEP)]))]).toEqual([[], [], []]); // prettier-ignore
    expect(signs(CPDP, {}, waiting(20, [proposedToTwo, countersigned]))).toEqual(['convention.tooManyProposals']);
  });
  it('says how it stands on a day, and how long still', () => {
    const on = (day: string, ...history: PastAside[]) =>
      standingOn(asBinds(conventionOf([signed, ...history])!, 'cep-39')!, localDate(day));
    expect(['2022-12-31', '2023-01-01', '2023-10-01', '2023-10-02', '2023-12-31', '2024-01-01'].map((day) => on(day))).toEqual([
      'to-come', 'standing', 'standing', 'ends-soon', 'ends-soon', 'ended',
    ]); // prettier-ignore
    expect(on('2023-06-01', ended(CPDP, '2023-05-31'))).toBe('ended');
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
  it('goes under none that one of the two has not signed, and has no end to see coming', () => {
    CONVENTIONS.push({ ...SIGNED, signatures: [SIGNED.signatures[0]!, { organisation: 'cpam-39', to: SIGNED.to }] });
    const story = agreed();
    expect(story.refuses('refer-case', { ...TO_CEP, conventionId: 'c' }, how())).toEqual(['referral.noSuchConvention']);
    story.does('refer-case', TO_CEP, how());
    expect([sent(story).conventionId, sent(story).conventionTo]).toEqual([undefined, undefined]);
  });
  it('names one of the two parties that stands on its day', () => {
    CONVENTIONS.push(SIGNED, SECOND, {
      ...SIGNED,
      conventionId: 'e',
      parties: [SIGNED.parties[1], { organisation: 'cpam-39', tasks: '' }],
      signatures: ['cep-39', 'cpam-39'].map((organisation) => ({ organisation, to: SIGNED.to })),
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
