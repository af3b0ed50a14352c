import { takesPart } from './taking-part.js';
import { redact } from '../confidentiality/redact.js';
import { type Role } from '../kernel/roles.js';
import { localDate } from '../kernel/local-date.js';
import { RULES } from '../rules/index.js';
import { obligations } from '../rules/obligations.js';
import {
  AS,
  ASSURE,
  BOOK,
  CAP,
  CPAM,
  CPDP,
  MT,
  party,
  refusalOf,
  Story,
  supported,
  uuidOf,
} from '../../../test/support/story.js';
import { actOfType } from './acts.js';
import { accordOpens } from './accord.js';
import { addressFor, matterIn } from './asking-the-person.js';
import { type DomainEvent } from './event.js';

const ZONES = ['capacity', 'social'];
const HASH = 'ab'.repeat(32);
const on = localDate('2023-06-01');
/** What an organisation reads of the last fact of a type. */
const reads = (story: Story, type: string, organisation: string, role: Role): Readonly<Record<string, unknown>> | undefined =>
  redact(
    story.events.findLast((e) => e.type === type)!,
    { organisation, role },
    story.view,
    on,
    actOfType,
  )?.data;
/** The Service social tells of an accord for itself; capacity was told by the médecin du travail. */
const told = (more: Record<string, unknown> = {}, how = { by: ASSURE, recordedBy: AS, on: '2023-05-02' }) => {
  const story = supported();
  story.does('issue-unfitness', { redeployment: 'to-seek' }, { by: MT, on: '2023-05-01' });
  const { consentId } = story.does('grant-consent', { zones: ZONES, recipient: 'carsat-bfc', purpose: 'support', proof: 'call', ...more }, how); // prettier-ignore
  return Object.assign(story, { consentId: consentId! });
};
const unfitness = (story: Story) => reads(story, 'UnfitnessIssued', 'carsat-bfc', 'AS');
const lines = (story: Story, rule: string) =>
  obligations(story.view, BOOK).filter((o) => o.rule === rule).map((o) => [o.organisation, o.count]); // prettier-ignore

describe('an accord told by the organisation that it opens to', () => {
  it('is recorded, with an irregularity told to whoever recorded it, and opens nothing', () => {
    const story = told();
    expect(story.irregular).toEqual(['consent.toConfirm']);
    expect(story.view.consents.find((c) => c.id === story.consentId)).toMatchObject({ toldBy: AS, confirmations: [] });
    expect(unfitness(story)).toBeUndefined();
  });
  it('opens when somebody else told of it, and needs no confirmation then', () => {
    const story = told({}, { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' });
    expect(story.irregular).toEqual([]);
    expect(unfitness(story)).toMatchObject({ redeployment: 'to-seek' });
  });
  it('for a role: to whoever told of it nothing, to others of that role as ever', () => {
    const story = told({ recipient: undefined, recipientRole: 'AS' });
    expect(story.irregular).toEqual(['consent.toConfirm']);
    expect(unfitness(story)).toBeUndefined();
    expect(reads(story, 'UnfitnessIssued', 'carsat-idf', 'AS')).toBeDefined();
  });
  it('opens from the day on which the person confirms it, and not before', () => {
    const story = told();
    story.does(
      'ConsentConfirmed',
      { consentId: story.consentId, means: 'code' },
      { by: ASSURE, recordedBy: AS, on: '2023-05-20' },
    );
    expect(unfitness(story)).toMatchObject({ redeployment: 'to-seek' });
    const viewer = { organisation: 'carsat-bfc', role: 'AS' } as const;
    const event = story.events.findLast((e) => e.type === 'UnfitnessIssued') as DomainEvent;
    expect(redact(event, viewer, story.view, localDate('2023-05-19'), actOfType)).toBeUndefined();
  });
  it('opens at once on the hash of a signed form', () => {
    const story = told({ proof: 'form', formHash: HASH });
    expect(story.irregular).toEqual([]);
    expect(unfitness(story)).toBeDefined();
    expect(story.refuses('grant-consent', { zones: ZONES, recipient: 'carsat-bfc', purpose: 'support', proof: 'call', formHash: HASH }, { by: ASSURE, recordedBy: AS, on: '2023-05-02' })).toEqual(['consent.hashOfNoForm']); // prettier-ignore
  });
  it('opens nothing by a form that another accord has', () => {
    const story = told({ proof: 'form', formHash: HASH, zones: ['social'] });
    const { consentId } = story.does('grant-consent', { zones: ['capacity'], recipient: 'carsat-bfc', purpose: 'support', proof: 'form', formHash: HASH }, { by: ASSURE, recordedBy: AS, on: '2023-05-01', today: '2023-05-03' }); // prettier-ignore
    expect([story.irregular, unfitness(story)]).toEqual([['consent.toConfirm'], undefined]);
    story.does('confirm-consent', { consentId }, { by: MT, on: '2023-05-04' });
    expect(unfitness(story)).toBeDefined();
  });
  it('stands as it did when it was told before accords were confirmed', () => {
    const story = told();
    const accord = story.events.at(-1)!;
    story.events[story.events.length - 1] = { ...accord, data: actOfType('ConsentGranted')!.upcasters[0]!(accord.data) };
    expect(unfitness(story)).toBeDefined();
    expect(lines(story, 'accords-to-confirm')).toEqual([]);
  });
});

describe('whoever told the facts', () => {
  it('confirms, with one key, the zones of which it told and no others', () => {
    const story = told();
    story.does('record-interview', { mode: 'visu' }, { by: CPDP, on: '2023-05-03' });
    story.does('confirm-consent', { consentId: story.consentId }, { by: MT, on: '2023-05-10' });
    expect(story.events.at(-1)?.data).toMatchObject({ zones: ['capacity'] });
    expect(unfitness(story)).toBeDefined();
    expect(story.view.consents.at(-1)?.confirmations).toEqual([
      { on: '2023-05-10', by: MT, means: 'source', zones: ['capacity'] },
    ]);
  });
  it('lets its own facts go, and nothing that others told in the same zone', () => {
    const story = told();
    story.does('issue-unfitness', { redeployment: 'to-seek' }, { by: party('MT', 'ast-21'), recordedBy: CPDP, on: '2023-05-03' });
    const { consentId } = story;
    const seen = (fact: number) =>
      redact(
        story.events.filter((e) => e.type === 'UnfitnessIssued')[fact]!,
        { organisation: 'carsat-bfc', role: 'AS' },
        story.view,
        on,
        actOfType,
      );
    const OTHER = party('MT', 'ast-21');
    // Whoever recorded it for a partner that has an account says nothing of what is that one's.
    expect(story.refuses('confirm-consent', { consentId }, { by: CPDP, on: '2023-05-10' })).toEqual([
      'consent.notYoursToConfirm',
    ]);
    story.does('confirm-consent', { consentId }, { by: OTHER, on: '2023-05-10' });
    expect([seen(0), seen(1)?.data]).toEqual([undefined, { redeployment: 'to-seek' }]);
    expect(lines(story, 'accords-to-confirm')).toEqual([['ast-39', 1]]);
    // Nothing is open of the zone as such: whatever is asked without a fact is answered for all who tell of it.
    const accord = story.view.consents.find((c) => c.id === consentId)!;
    const viewer = { organisation: 'carsat-bfc', role: 'AS' } as const;
    expect([accordOpens(accord, viewer, on, 'capacity'), accordOpens(accord, viewer, on, 'capacity', OTHER)]).toEqual([
      false,
      true,
    ]);
    story.does('confirm-consent', { consentId }, { by: MT, on: '2023-05-11' });
    expect([seen(0)?.data, seen(1)?.data]).toEqual([{ redeployment: 'to-seek' }, { redeployment: 'to-seek' }]);
    expect(lines(story, 'accords-to-confirm')).toEqual([]);
  });
  it('and a fact goes with what somebody else corrected of it, or not at all', () => {
    const story = told();
    story.does('issue-unfitness', { redeployment: 'to-seek' }, { by: party('MT', 'ast-21'), recordedBy: CPDP, on: '2023-05-03' });
    const fact = story.events.at(-1)!;
    story.does('confirm-consent', { consentId: story.consentId }, { by: party('MT', 'ast-21'), on: '2023-05-10' });
    const correction = { ...fact, id: uuidOf('correction'), type: 'FactCorrected', actor: CPDP, recordedBy: null, data: {}, corrects: { event: fact.id, type: fact.type } }; // prettier-ignore
    const both = () =>
      [fact, correction].map((e) => redact(e, { organisation: 'carsat-bfc', role: 'AS' }, story.view, on, actOfType)?.id);
    expect(both()[0]).toBe(fact.id);
    story.events.push(correction);
    expect(both()).toEqual([undefined, undefined]);
  });
  it('is not whoever told of the accord, nor one who told nothing of it, and not for a zone of others', () => {
    const story = told();
    const { consentId } = story;
    expect(story.refuses('confirm-consent', { consentId }, { by: AS, on: '2023-05-10' })).toContain('consent.yourOwnWord');
    expect(story.refuses('confirm-consent', { consentId }, { by: party('CSAM', 'carsat-bfc'), on: '2023-05-10' })).toContain('consent.yourOwnWord'); // prettier-ignore
    // A colleague of whoever told it knows no more of it than anybody else.
    expect(story.refuses('confirm-consent', { consentId }, { by: CPDP, on: '2023-05-10' })).toEqual([
      'consent.notYoursToConfirm',
    ]);
    expect(story.refuses('confirm-consent', { consentId }, { by: CPAM, on: '2023-05-10' })).toEqual([
      'consent.notYoursToConfirm',
    ]);
    expect(story.refuses('confirm-consent', { consentId, zones: ['capacity', 'social'] }, { by: MT, on: '2023-05-10' })).toEqual(['consent.notYoursToConfirm']); // prettier-ignore
    expect(story.refuses('confirm-consent', { consentId }, { by: MT, recordedBy: AS, on: '2023-05-10' })).toContain(
      'act.theirsAlone',
    );
    expect(story.refuses('confirm-consent', { consentId: uuidOf('none') }, { by: MT, on: '2023-05-10' })).toEqual([
      'consent.unknown',
    ]);
  });
});

describe('a crossing', () => {
  const refer = { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job' };
  const accord = { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'call' };
  it('rests on an accord told by its sender', () => {
    const story = supported();
    story.does('grant-consent', accord, { by: ASSURE, recordedBy: AS, on: '2023-05-02' });
    story.does('refer-case', refer, { by: AS, on: '2023-05-02' });
    expect(takesPart(story.view, 'cap-emploi-39', localDate('2023-05-02'))).toBe(true);
  });
  it('not on one that its receiver told for itself, until that is confirmed; and no longer once that is disputed', () => {
    const story = supported();
    const { consentId } = story.does('grant-consent', accord, { by: ASSURE, recordedBy: CAP, on: '2023-05-02' });
    expect(story.refuses('refer-case', { ...refer, consentId }, { by: AS, on: '2023-05-02' })).toEqual([
      'referral.consentMissing',
    ]);
    story.does('refer-case', { ...refer, consentId }, { by: AS, recordedBy: AS, on: '2023-05-02' });
    expect(takesPart(story.view, 'cap-emploi-39', localDate('2023-05-20'))).toBe(false);
    story.does('ConsentConfirmed', { consentId, means: 'page' }, { by: ASSURE, on: '2023-05-10' });
    expect(takesPart(story.view, 'cap-emploi-39', localDate('2023-05-09'))).toBe(false);
    expect(takesPart(story.view, 'cap-emploi-39', localDate('2023-05-10'))).toBe(true);
    story.does('dispute-consent', { consentId }, { by: AS, on: '2023-05-15' });
    expect(takesPart(story.view, 'cap-emploi-39', localDate('2023-05-14'))).toBe(true);
    expect(takesPart(story.view, 'cap-emploi-39', localDate('2023-05-15'))).toBe(false);
  });
});

describe('the accountable partner', () => {
  it('has one line with a count, however many accords wait; so has whoever told the facts', () => {
    const story = told({}, { by: ASSURE, recordedBy: AS, on: '2023-05-02' });
    for (let i = 0; i < 20; i++)
      story.does('grant-consent', { zones: ZONES, recipient: 'carsat-bfc', purpose: 'support', proof: 'call' }, { by: ASSURE, recordedBy: AS, on: '2023-05-02' }); // prettier-ignore
    // She leads and told of them: the caisse looks after them.
    expect(story.view.accountable?.organisation).toBe('carsat-bfc');
    expect(lines(story, 'accords-to-confirm')).toEqual([['cpam-39', 21], ['ast-39', 21]]); // prettier-ignore
    expect(story.refuses('dispute-consent', { consentId: story.consentId }, { by: AS, on: '2023-05-03' })).toContain('consent.notYoursToDispute'); // prettier-ignore
  });
  it('disputes it, and then the person alone confirms it anew, on the same day too', () => {
    const story = told({ recipient: 'ast-39', zones: ['social'], proof: 'form', formHash: HASH }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' }); // prettier-ignore
    story.does('complete-social-assessment', { fit: 'suited', timing: 'now' }, { by: AS, on: '2023-05-02' });
    const { consentId } = story;
    const assessed = () => reads(story, 'SocialAssessmentCompleted', 'ast-39', 'CPDP');
    expect(assessed()).toBeDefined();
    story.does('dispute-consent', { consentId }, { by: AS, on: '2023-05-04' });
    expect(assessed()).toBeUndefined();
    expect(story.refuses('confirm-consent', { consentId }, { by: AS, on: '2023-05-04' })).toEqual(['consent.disputed']);
    story.does('ConsentConfirmed', { consentId, means: 'code' }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-04' });
    expect(assessed()).toBeDefined();
    expect(lines(story, 'accords-to-confirm')).toEqual([]);
  });
  it('and while she has not, another form of the same house opens nothing, nor does whoever told the facts, nor taking the first one back', () => {
    const story = told({ recipient: 'ast-39', zones: ['social'], proof: 'form', formHash: HASH }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' }); // prettier-ignore
    story.does('complete-social-assessment', { fit: 'suited', timing: 'now' }, { by: AS, on: '2023-05-02' });
    const assessed = () => reads(story, 'SocialAssessmentCompleted', 'ast-39', 'CPDP') !== undefined;
    story.does('dispute-consent', { consentId: story.consentId }, { by: AS, on: '2023-05-04' });
    const by = { by: ASSURE, recordedBy: CPDP, on: '2023-05-04' };
    const anew = { zones: ['social'], purpose: 'support', proof: 'form', formHash: 'cd'.repeat(32) };
    const { consentId } = story.does('grant-consent', { ...anew, recipient: 'ast-39' }, by);
    expect(story.irregular).toEqual(['consent.toConfirm']);
    story.does('grant-consent', { ...anew, recipientRole: 'CPDP' }, by);
    expect(assessed()).toBe(false);
    expect(story.refuses('confirm-consent', { consentId }, { by: AS, on: '2023-05-05' })).toEqual(['consent.disputed']);
    expect(refusalOf(() => story.withdraws('ConsentGranted', { by: CPDP, on: '2023-05-05' }))).toEqual(['consent.settled']);
    story.does('ConsentConfirmed', { consentId, means: 'code' }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-06' });
    expect(assessed()).toBe(true);
    // She has settled it: a form of afterwards opens by itself again.
    story.does('grant-consent', { ...anew, recipient: 'ast-39' }, { ...by, on: '2023-05-07' });
    expect(story.view.consents.at(-1)?.disputedOn).toBeUndefined();
  });
  it('disputes no accord that another one told for whom it opens to', () => {
    const story = told({}, { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' });
    expect(story.refuses('dispute-consent', { consentId: story.consentId }, { by: AS, on: '2023-05-03' })).toEqual([
      'consent.notSelfTold',
    ]);
  });
});

describe('a form drawn for control', () => {
  const every = { ...BOOK, for: (caisse: string | undefined) => ({ ...BOOK.for(caisse), of: (name: Parameters<ReturnType<typeof BOOK.for>['of']>[0], day: Parameters<ReturnType<typeof BOOK.for>['of']>[1]) => ({ ...BOOK.for(caisse).of(name, day), ...(name === 'accord.formDraw' && { count: 1 }) }) }) }; // prettier-ignore
  const due = (story: Story) => obligations(story.view, every).filter((o) => o.rule === 'form-to-control' || o.rule === 'form-to-show').map((o) => [o.rule, o.organisation, o.due]); // prettier-ignore
  const withForm = () => told({ proof: 'form', formHash: HASH }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' });
  it('one in ten, the same ones for everybody', () => {
    const rule = RULES.find((r) => r.code === 'form-to-control')!;
    const { view } = withForm();
    const accord = { ...view.consents.at(-1)!, recipient: 'ast-39' };
    const consents = Array.from({ length: 2000 }, (_, i) => ({ ...accord, id: `${i}`, eventId: uuidOf(`drawn ${i}`) }));
    const share =
      consents.filter((c) => rule.find({ ...view, consents: [c] }, BOOK.for('cpam-39')).length > 0).length / consents.length;
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.13);
  });
  it('is asked for by the accountable partner within ten working days; shown it stands, missing it opens nothing', () => {
    const story = told(
      { recipient: 'ast-39', proof: 'form', formHash: HASH },
      { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' },
    );
    const { consentId } = story;
    expect(due(story)).toEqual([['form-to-control', 'carsat-bfc', '2023-05-17'], ['form-to-show', 'ast-39', undefined]]); // prettier-ignore
    expect(story.refuses('record-form-control', { consentId, outcome: 'shown' }, { by: CPDP, on: '2023-05-03' })).toEqual(['consent.notYoursToDispute']); // prettier-ignore
    story.does('record-form-control', { consentId, outcome: 'missing' }, { by: AS, on: '2023-05-12' });
    expect(due(story)).toEqual([]);
    expect(story.view.consents.at(-1)).toMatchObject({
      disputedOn: '2023-05-12',
      shut: { from: '2023-05-02', on: '2023-05-12' },
      confirmations: [],
    });
  });
  it('is not taken back by its teller, nor ended by a withdrawal; and the next one of that house is drawn too', () => {
    const none = { ...BOOK, for: (caisse: string | undefined) => ({ ...BOOK.for(caisse), of: (name: Parameters<ReturnType<typeof BOOK.for>['of']>[0], day: Parameters<ReturnType<typeof BOOK.for>['of']>[1]) => ({ ...BOOK.for(caisse).of(name, day), ...(name === 'accord.formDraw' && { count: Number.MAX_SAFE_INTEGER }) }) }) }; // prettier-ignore
    const by = { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' };
    const form = { zones: ZONES, recipient: 'ast-39', purpose: 'support', proof: 'form', formHash: HASH };
    const isDrawn = (story: Story, book = BOOK) =>
      obligations(story.view, book).filter((o) => o.rule === 'form-to-control').length;
    // Told as often as it takes until one is drawn by lot: the keys differ.
    const withKey = (n: number) => {
      const story = supported();
      story.does('grant-consent', form, { ...by, key: `lot ${n}` });
      return story;
    };
    const lots = Array.from({ length: 40 }, (_, n) => n);
    const story = withKey(lots.find((n) => isDrawn(withKey(n)) === 1)!);
    expect(refusalOf(() => story.withdraws('ConsentGranted', { by: CPDP, on: '2023-05-03' }))).toEqual(['consent.settled']);
    story.does('grant-consent', { ...form, formHash: 'cd'.repeat(32) }, { ...by, key: `lot ${lots.find((n) => isDrawn(withKey(n)) === 0)}` }); // prettier-ignore
    expect(isDrawn(story)).toBe(2);
    const [first] = story.view.consents.filter((c) => c.formHash === HASH);
    story.does('withdraw-consent', { consentId: first!.id }, { ...by, on: '2023-05-03' });
    expect(isDrawn(story)).toBe(2);
    story.does('record-form-control', { consentId: first!.id, outcome: 'missing' }, { by: AS, on: '2023-05-04' });
    expect(isDrawn(story)).toBe(1);
    // One that is not drawn may be taken back; then the next one is.
    const other = withKey(lots.find((n) => isDrawn(withKey(n)) === 0)!);
    other.withdraws('ConsentGranted', { by: CPDP, on: '2023-05-03' });
    other.does('grant-consent', form, by);
    expect([isDrawn(other), isDrawn(other, none)]).toEqual([1, 1]);
  });
  it('only forms by which an organisation opened something to itself', () => {
    const story = withForm();
    expect(story.view.consents.at(-1)?.recipient).toBe('carsat-bfc');
    expect(due(story)).toEqual([]);
  });
});

describe('a withdrawal', () => {
  const CAP_READS = { recipient: 'cap-emploi-39', purpose: 'support', proof: 'call' };
  /** Told twice, by two partners: it is one accord of the person. */
  const agreed = () => {
    const story = told();
    const grant = (by: typeof AS, day: string, more: object = {}): string =>
      story.does('grant-consent', { zones: ZONES, ...CAP_READS, ...more }, { by: ASSURE, recordedBy: by, on: day })['consentId']!;
    return Object.assign(story, { grant, first: grant(MT, '2023-05-02'), second: grant(AS, '2023-05-03') });
  };
  const withdraw = (story: ReturnType<typeof agreed>, consentId: string, by = AS, day = '2023-05-04') =>
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: by, on: day });
  const open = (story: ReturnType<typeof agreed>) => reads(story, 'UnfitnessIssued', 'cap-emploi-39', 'CAP_EMPLOI') !== undefined;

  it('ends all that was told of the same accord, by every door', () => {
    const story = agreed();
    expect(open(story)).toBe(true);
    withdraw(story, story.second);
    expect(open(story)).toBe(false);
    // Told once more, with the day on which it was given then: it is the one that was withdrawn.
    story.grant(CPAM, '2023-05-05', { from: '2023-05-02' });
    expect(open(story)).toBe(false);
  });
  it('ends one that was given before and is to begin after it', () => {
    const story = agreed();
    const later = story.grant(MT, '2023-05-02', { from: '2023-05-10' });
    withdraw(story, story.first);
    expect(story.view.consents.find((c) => c.id === later)?.withdrawnOn).toBe('2023-05-04');
    expect(open(story)).toBe(false);
  });
  it('is not undone by taking back the accord that it names', () => {
    const story = agreed();
    withdraw(story, story.second);
    expect(refusalOf(() => story.withdraws('ConsentGranted', { by: AS, on: '2023-05-05' }))).toEqual(['consent.settled']);
    expect(open(story)).toBe(false);
  });
  it('whichever role of the house was named', () => {
    const story = agreed();
    const other = story.grant(AS, '2023-05-02', { recipientRole: 'CAP_EMPLOI', formHash: HASH, proof: 'form' });
    withdraw(story, story.first);
    expect(story.view.consents.find((c) => c.id === other)?.withdrawnOn).toBe('2023-05-04');
    expect(open(story)).toBe(false);
  });
  it('leaves what was agreed to for something else, and what is agreed to afterwards, that day too', () => {
    const story = agreed();
    const other = story.grant(AS, '2023-05-02', { purpose: 'measure' });
    withdraw(story, story.first);
    const standing = () =>
      story.view.consents.filter((c) => c.recipient === 'cap-emploi-39' && c.withdrawnOn === undefined).map((c) => c.id);
    expect(standing()).toEqual([other]);
    const anew = story.grant(AS, '2023-05-04');
    expect(standing()).toEqual([other, anew]);
  });
  describe('of what an organisation had told for itself, by a form', () => {
    const by = (day: string) => ({ by: ASSURE, recordedBy: AS, on: day });
    const form = { zones: ZONES, recipient: 'carsat-bfc', purpose: 'support', proof: 'form', formHash: HASH };
    const ended = () => {
      const story = told({ proof: 'form', formHash: HASH });
      expect(unfitness(story)).toBeDefined();
      story.does('withdraw-consent', { consentId: story.consentId }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-04' });
      expect(unfitness(story)).toBeUndefined();
      return story;
    };
    it('is not undone by telling it again: that form or another, for this purpose or that, for the house or its role', () => {
      for (const more of [{}, { formHash: 'cd'.repeat(32) }, { formHash: 'cd'.repeat(32), purpose: 'referral' }, { formHash: 'cd'.repeat(32), purpose: 'referral', from: '2023-05-02' }, { formHash: 'cd'.repeat(32), recipient: undefined, recipientRole: 'AS' }]) {
        const story = ended();
        const { consentId } = story.does('grant-consent', { ...form, ...more }, by('2023-05-04'));
        expect([story.irregular, unfitness(story)]).toEqual([['consent.toConfirm'], undefined]);
        expect(story.refuses('confirm-consent', { consentId }, { by: MT, on: '2023-05-05' })).toEqual(['consent.disputed']);
        story.does('ConsentConfirmed', { consentId, means: 'code' }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-05' });
        expect(unfitness(story)).toBeDefined();
      }
    }); // prettier-ignore
    it('whoever had told the accord that was withdrawn', () => {
      const story = told({}, { by: ASSURE, recordedBy: CPDP, on: '2023-05-02' });
      story.does('withdraw-consent', { consentId: story.consentId }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-04' });
      story.does('grant-consent', form, by('2023-05-05'));
      expect(unfitness(story)).toBeUndefined();
    });
    it('nor by a withdrawal that is told later and dated before', () => {
      const story = told({ proof: 'form', formHash: HASH });
      story.does('grant-consent', { ...form, formHash: 'cd'.repeat(32) }, by('2023-05-05'));
      story.does('withdraw-consent', { consentId: story.consentId }, { by: ASSURE, recordedBy: CPDP, on: '2023-05-04', today: '2023-05-06' }); // prettier-ignore
      expect(unfitness(story)).toBeUndefined();
    });
    it('but by what somebody else tells who gains nothing by it', () => {
      const story = ended();
      story.does('grant-consent', form, { by: ASSURE, recordedBy: CPDP, on: '2023-05-05' });
      expect(unfitness(story)).toBeDefined();
    });
  });
  it('told by somebody else is to be checked with the person, until she agrees anew', () => {
    const story = agreed();
    withdraw(story, story.second, CPDP);
    expect(lines(story, 'withdrawal-to-check')).toEqual([['carsat-bfc', undefined]]);
    story.grant(AS, '2023-05-05');
    expect(lines(story, 'withdrawal-to-check')).toEqual([]);
    const own = agreed();
    withdraw(own, own.second);
    expect(lines(own, 'withdrawal-to-check')).toEqual([]);
  });
  it('that the person denies is an alert, and reopens nothing', () => {
    const story = agreed();
    expect(
      story.refuses('deny-withdrawal', { consentId: story.first }, { by: ASSURE, recordedBy: AS, on: '2023-05-04' }),
    ).toEqual(['consent.notWithdrawn']);
    withdraw(story, story.second, CPDP);
    story.does('deny-withdrawal', { consentId: story.second }, { by: ASSURE, recordedBy: AS, on: '2023-05-05' });
    expect([lines(story, 'withdrawal-denied'), lines(story, 'withdrawal-to-check'), open(story)]).toEqual([
      [['carsat-bfc', undefined]],
      [],
      false,
    ]);
  });
});

describe('where the person is asked', () => {
  const { familyName, givenNames, birthDate } = { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21' };
  const phoned = (story: Story, phone: string, by: typeof AS, day: string, today = day) =>
    story.does('identify-person', { familyName, givenNames, birthDate, phone }, { by, on: day, today });
  /** Where the message about the accord that the Service social tells for itself goes. */
  const to = (story: Story & { readonly consentId: string }) =>
    addressFor(story.view, matterIn(story.view, 'accord', story.consentId)!, 'sms');
  const CEP = party('CEP', 'cep-39');
  const refers = (story: Story, by: typeof AS, target: typeof AS) => {
    const data = { zones: ['identity'], recipient: target.organisation, purpose: 'referral', proof: 'call' };
    story.does('grant-consent', data, { by: ASSURE, recordedBy: by, on: '2023-05-03' });
    story.does('refer-case', { target: target.organisation, targetRole: target.role, motive: 'job' }, { by, on: '2023-05-03' });
  };

  it('is what was told last, by order of recording, whatever day it is dated', () => {
    const story = told();
    phoned(story, '06 11 11 11 11', CPAM, '2023-05-04');
    phoned(story, '06 22 22 22 22', CPAM, '2023-05-02', '2023-05-05');
    expect([to(story), story.view.person.phone]).toEqual(['0622222222', '06 22 22 22 22']);
  });
  it('is not what somebody told whom the teller of the accord brought in', () => {
    const story = told();
    phoned(story, '06 11 11 11 11', CPAM, '2023-05-04');
    refers(story, AS, CAP);
    phoned(story, '06 66 66 66 66', CAP, '2023-05-05');
    expect(takesPart(story.view, 'cap-emploi-39', on)).toBe(true);
    expect(to(story)).toBe('0611111111');
    // Nor whom that one brought in turn.
    refers(story, CAP, CEP);
    phoned(story, '06 77 77 77 77', CEP, '2023-05-06');
    expect(to(story)).toBe('0611111111');
    // Somebody at home sends it there too; what rests on that one rests on its sender.
    story.does('decline-referral', { referralId: story.view.handshakes.find((h) => h.to.organisation === 'cap-emploi-39')!.id, motive: 'out-of-scope' }, { by: CAP, on: '2023-05-07' }); // prettier-ignore
    refers(story, CPAM, CAP);
    expect(to(story)).toBe('0677777777');
  });
  it('is nowhere where everybody else came by the teller of the accord', () => {
    const story = told({ recipient: 'cpam-39', zones: ['job'] }, { by: ASSURE, recordedBy: CPAM, on: '2023-05-02' });
    phoned(story, '06 22 22 22 22', CPAM, '2023-05-04');
    expect(to(story)).toBeUndefined();
  });
  it('is never what came with a file that was let in, until somebody at home tells it here', () => {
    const story = told();
    const NEW = party('CPDP', 'ast-21');
    const file = new Story();
    file.does('record-signal', { origin: 'person' }, { by: NEW, on: '2023-05-02', key: 'f1' });
    phoned(file, '06 66 66 66 66', NEW, '2023-05-02');
    const joined = file.events.map((e, i) => ({ ...e, id: uuidOf(`file ${i}`) }));
    const absorbed = { caseId: uuidOf('file'), events: joined.map(({ id }) => ({ id })), letIn: true };
    story.events.push({ ...story.events.at(-1)!, id: uuidOf('absorbed'), type: 'CaseAbsorbed', actor: CPAM, recordedBy: null, data: absorbed }, ...joined); // prettier-ignore
    expect(takesPart(story.view, 'ast-21', on)).toBe(true);
    expect(to(story)).toBeUndefined();
    // Whoever let it in had not asked who it was that told it.
    phoned(story, '06 66 66 66 66', NEW, '2023-05-09');
    expect(to(story)).toBeUndefined();
    phoned(story, '06 66 66 66 66', CPAM, '2023-05-10');
    expect(to(story)).toBe('0666666666');
  });
});
