import { ACCORD, AS, ASSURE, CPAM, CPDP, LEAVE, ORGANISATIONS, party, Story } from '../../../test/support/story.js';
import { type Organisation } from './act.js';
import { actOfType } from './acts.js';
import { localDate } from '../kernel/local-date.js';
import { takesPart } from './taking-part.js';

const on = '2023-03-20';
const day = localDate('2023-03-21');
const ASKED = { type: 'essaiEncadre', from: '2023-04-03', to: '2023-04-14' } as const;
/** The case has a fund and a health service; the Service social was sent it. */
const sent = (): Story => {
  const story = new Story();
  story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' });
  story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on: '2023-03-15' });
  return story;
};
const asking = (organisation: string) => ({ ...ASKED, asked: [{ role: 'MT', organisation }] });

describe('a measure that names another health service, or another fund', () => {
  it('is not asked so without the person’s accord', () => {
    expect(sent().refuses('request-measure', asking('ast-21'), { by: AS, on })).toContain('measure.elsewhere');
    expect(sent().refuses('request-measure', { ...ASKED, decider: 'cpam-21' }, { by: AS, on })).toContain('measure.elsewhere');
  });
  it('and attested, lets in neither', () => {
    const story = sent();
    story.does('request-measure', { ...asking('ast-21'), decider: 'cpam-21' }, { by: ASSURE, recordedBy: AS, on });
    expect(story.irregular).toContain('measure.elsewhere');
    for (const organisation of ['ast-21', 'cpam-21']) expect(takesPart(story.view, organisation, day)).toBe(false);
  });
  it('lets it in with her accord; that of the case needs none', () => {
    const story = sent();
    story.does(
      'grant-consent',
      { zones: ['identity'], recipient: 'ast-21', purpose: 'measure', proof: 'form' },
      { by: ASSURE, recordedBy: AS, on },
    );
    story.does('request-measure', asking('ast-21'), { by: AS, on });
    expect(takesPart(story.view, 'ast-21', day)).toBe(true);
    const own = sent();
    own.does('request-measure', asking('ast-39'), { by: AS, on });
    expect(own.irregular).not.toContain('measure.elsewhere');
  });
});

describe('a part that came by a number alone, and is not confirmed', () => {
  const came = (): Story => {
    const story = new Story();
    story.does('record-signal', { origin: 'cpam' }, { by: CPAM, on });
    story.does('record-signal', { origin: 'person' }, { by: AS, on });
    return story;
  };
  it('brings in nobody: by what it asks, sends or corrects', () => {
    const story = came();
    expect(
      story.refuses('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'pdp' }, { by: AS, on }),
    ).toContain('part.unconfirmed');
    expect(story.refuses('request-measure', asking('ast-21'), { by: AS, on })).toContain('part.unconfirmed');
    story.does('request-measure', ASKED, { by: AS, on });
    expect(() => story.corrects('MeasureRequested', asking('ast-21'), { by: AS, on })).toThrow('part.unconfirmed');
  });
  it('opens nothing by an accord, with a form neither', () => {
    const story = came();
    const accord = { zones: ['identity'], recipient: 'carsat-bfc', purpose: 'support', proof: 'form', formHash: 'ab'.repeat(32) };
    story.does('grant-consent', accord, { by: ASSURE, recordedBy: AS, on });
    expect(story.view.consents).toMatchObject([{ partUnconfirmed: true, confirmations: [] }]);
  });
  it('does once it is confirmed', () => {
    const story = came();
    story.does('confirm-part', { signalId: story.view.signals[1]!.id }, { by: CPAM, on });
    story.does('request-measure', asking('ast-21'), { by: AS, on });
    expect(takesPart(story.view, 'ast-21', day)).toBe(true);
  });
});

describe('whom a measure names without an accord', () => {
  const asks = (role: string, organisation: string) => ({ ...ASKED, asked: [{ role, organisation }] });
  const isIn = (story: Story, organisation: string, at = '2023-05-02') => takesPart(story.view, organisation, localDate(at));
  const withdrawn = (story: Story): Story => {
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: CPAM, on: '2023-03-18' });
    return story;
  };
  it('the Service médical of the case’s fund, and that of no other', () => {
    const own = sent();
    own.does('request-measure', asks('MC', 'cpam-39'), { by: AS, on });
    expect(own.irregular).not.toContain('measure.elsewhere');
    const other = sent();
    expect(other.refuses('request-measure', asks('MC', 'cpam-21'), { by: AS, on })).toContain('measure.elsewhere');
    other.does('request-measure', asks('MC', 'cpam-21'), { by: ASSURE, recordedBy: AS, on });
    expect(isIn(other, 'cpam-21')).toBe(false);
  });
  it('also in an organisation of its own, as the directory says; not by a correction that names another one', () => {
    const added = [
      { id: 'elsm-39', name: 'elsm-39', territory: '39', roles: ['MC'] as const },
      { id: 'elsm-21', name: 'elsm-21', territory: '21', roles: ['MC'] as const },
    ];
    (ORGANISATIONS as Organisation[]).push(...added);
    try {
      const story = sent();
      story.does('request-measure', asks('MC', 'elsm-39'), { by: AS, on });
      expect(isIn(story, 'elsm-39')).toBe(true);
      expect(story.refuses('request-measure', { ...asks('MC', 'elsm-21'), type: 'pmsmp' }, { by: AS, on })).toContain('measure.elsewhere'); // prettier-ignore
      expect(() => story.corrects('MeasureRequested', asks('MC', 'elsm-21'), { by: AS, on })).toThrow('measure.elsewhere');
    } finally {
      (ORGANISATIONS as Organisation[]).splice(-added.length);
    }
  });
  it('whoever was named as Service médical before that was asked, as it was', () => {
    const story = sent();
    story.does('request-measure', asks('MC', 'cpam-21'), { by: ASSURE, recordedBy: AS, on });
    const last = story.events.pop()!;
    story.events.push({ ...last, data: actOfType('MeasureRequested')!.upcasters[0]!(last.data) });
    expect(isIn(story, 'cpam-21')).toBe(true);
    expect(actOfType('MeasureRequested')!.upcasters[0]!({})).toEqual({});
  });
  it('no fund, and nobody in a role that the measure does not foresee, though a log of before has it', () => {
    for (const [role, organisation] of [['CPAM', 'cpam-21'], ['AS', 'carsat-idf'], ['CSAM', 'carsat-idf']]) {
      const story = sent();
      story.does('request-measure', asks('MC', 'cpam-39'), { by: AS, on });
      const last = story.events.pop()!;
      story.events.push({ ...last, data: { ...last.data, asked: [{ role, organisation }] } });
      expect(isIn(story, organisation!)).toBe(false);
    }
  }); // prettier-ignore
  it('no health service once the case has known one, though the accord for that is withdrawn; nor that one', () => {
    for (const organisation of ['ast-21', 'ast-39']) {
      const story = withdrawn(sent());
      expect(story.refuses('request-measure', asking(organisation), { by: AS, on })).toContain('measure.elsewhere');
      story.does('request-measure', asking(organisation), { by: ASSURE, recordedBy: AS, on });
      expect(isIn(story, organisation)).toBe(false);
    }
  });
  it('until the accord that let it in, or the one for the measure itself, is withdrawn', () => {
    const story = sent();
    story.does('request-measure', asking('ast-39'), { by: AS, on: '2023-03-16' });
    withdrawn(story);
    expect([isIn(story, 'ast-39', '2023-03-17'), isIn(story, 'ast-39', '2023-03-18')]).toEqual([true, false]);
    const named = sent();
    const { consentId } = named.does('grant-consent', { zones: ['identity'], recipient: 'ast-21', purpose: 'measure', proof: 'form' }, { by: ASSURE, recordedBy: AS, on }); // prettier-ignore
    named.does('request-measure', asking('ast-21'), { by: AS, on });
    named.does('record-signal', { origin: 'person' }, { by: party('MT', 'ast-21'), on });
    named.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-04-01' });
    expect([isIn(named, 'ast-21', '2023-03-31'), isIn(named, 'ast-21', '2023-04-01')]).toEqual([true, false]);
  });
});

describe('a way in that ended', () => {
  const CPDP_21 = party('CPDP', 'ast-21');
  const isIn = (story: Story, organisation: string, at = '2023-05-02') => takesPart(story.view, organisation, localDate(at));
  const withdraw = (story: Story, at = '2023-04-01', i = 0) =>
    story.does('withdraw-consent', { consentId: story.view.consents[i]!.id }, { by: ASSURE, recordedBy: CPAM, on: at });
  it('is not kept open by a signal that was told while it was open, on whichever day', () => {
    for (const told of ['2023-03-20', '2023-03-01']) {
      const story = sent();
      story.does('record-signal', { origin: 'person' }, { by: CPDP, on: told, today: '2023-03-20' });
      expect(isIn(story, 'ast-39', '2023-03-31')).toBe(true);
      withdraw(story);
      expect(isIn(story, 'ast-39', '2023-04-01')).toBe(false);
      expect(story.view.accountable?.organisation).not.toBe('ast-39');
    }
  });
  it('does not end the part of whoever had come before it', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: CPDP, on: '2023-03-01' });
    story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' });
    withdraw(story);
    expect(isIn(story, 'ast-39')).toBe(true);
  });
  it('does not take from others what a fund had given them, that has passed its own part on since', () => {
    const story = sent();
    story.does('assign-lead', {}, { by: AS, on: '2023-03-16' });
    story.does('propose-transfer', { to: 'cpam-21', toRole: 'CPAM', motive: 'moved' }, { by: CPAM, on: '2023-03-17' });
    story.does(
      'accept-transfer',
      { transferId: story.view.transfers[0]!.id },
      { by: party('CPAM', 'cpam-21'), on: '2023-03-20' },
    );
    const agreed = { zones: ['identity'], recipient: 'cpam-39', purpose: 'referral', proof: 'form' };
    const { consentId } = story.does('grant-consent', agreed, { by: ASSURE, recordedBy: CPDP, on: '2023-03-21' });
    story.does('refer-case', { target: 'cpam-39', targetRole: 'CPAM', motive: 'other' }, { by: CPDP, on: '2023-03-21' });
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: CPDP, on: '2023-03-24' });
    expect(isIn(story, 'cpam-39')).toBe(false);
    expect(story.view).toMatchObject({ lead: { organisation: 'carsat-bfc' }, accountable: { organisation: 'carsat-bfc' } });
  });
  it('ends that of whoever it was passed on to within the institution, and is not reopened from there', () => {
    const story = sent();
    story.does('propose-transfer', { to: 'ast-21', toRole: 'CPDP', motive: 'employer-changed' }, { by: CPDP, on: '2023-03-16' });
    story.does('accept-transfer', { transferId: story.view.transfers[0]!.id }, { by: CPDP_21, on: '2023-03-17' });
    expect(isIn(story, 'ast-21', '2023-03-31')).toBe(true);
    withdraw(story);
    expect(isIn(story, 'ast-21', '2023-04-01')).toBe(false);
    const back = sent();
    back.does('grant-consent', { zones: ['identity'], recipient: 'ast-21', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: CPAM, on: '2023-03-16' }); // prettier-ignore
    back.does('refer-case', { target: 'ast-21', targetRole: 'CPDP', motive: 'pdp' }, { by: CPAM, on: '2023-03-16' });
    withdraw(back);
    back.does('refer-case', { target: 'ast-39', targetRole: 'MT', motive: 'pdp' }, { by: CPDP_21, on: '2023-04-02' });
    expect([isIn(back, 'ast-39'), isIn(back, 'ast-21')]).toEqual([false, true]);
  });
  it('is not opened by passing the case round', () => {
    const story = sent();
    story.does('refer-case', { target: 'ast-21', targetRole: 'MT', motive: 'pdp' }, { by: CPDP, on: '2023-03-16' });
    story.does('refer-case', { target: 'ast-39', targetRole: 'MT', motive: 'pdp' }, { by: CPDP_21, on: '2023-03-17' });
    expect(isIn(story, 'ast-21', '2023-03-31')).toBe(true);
    withdraw(story);
    expect([isIn(story, 'ast-39', '2023-04-01'), isIn(story, 'ast-21', '2023-04-01')]).toEqual([false, false]);
  });
});
