import { AS, ASSURE, CAP, CPAM, CPDP, LEAVE, MC, MT, MTR, party, SLOTS, Story, supported } from '../../../test/support/story.js';
import { leaveAt } from './view.js';

/** Facts that contradict each other, come twice, or are taken back: what the case then is. */
const day = (d: string) => ({ by: AS, on: d, today: '2024-06-01' });
const ee = (story: Story) =>
  story.does('request-measure', { type: 'essaiEncadre', from: '2023-06-05', to: '2023-06-16' }, { by: ASSURE, recordedBy: AS, on: '2023-05-02' }).measureId!; // prettier-ignore
const codes = (story: Story) => story.view.irregularities.map((i) => i.code);

describe('a leave', () => {
  const withLeave = () => {
    const story = supported();
    return { story, leaveId: story.view.leaves[0]!.id };
  };
  it('does not end before it begins', () => {
    const { story, leaveId } = withLeave();
    expect(story.refuses('record-sick-leave', { start: '2023-05-02', expectedEnd: '2023-05-01' }, day('2023-05-02'))).toEqual(['leave.datesReversed']); // prettier-ignore
    expect(story.refuses('end-sick-leave', { leaveId, lastDay: '2022-12-31' }, day('2023-05-02'))).toEqual(['leave.datesReversed']); // prettier-ignore
  });
  it('is not shortened by an extension, and whoever tries is told', () => {
    const { story, leaveId } = withLeave();
    story.does('extend-sick-leave', { leaveId, expectedEnd: '2023-06-30' }, day('2023-05-02'));
    expect(story.irregular).toContain('leave.notExtended');
    expect(story.view.leaves[0]?.expectedEnd).toBe(LEAVE.expectedEnd);
  });
  it('keeps an extension that is dated before the day on which the leave was told', () => {
    const { story, leaveId } = withLeave();
    story.does('extend-sick-leave', { leaveId, expectedEnd: '2024-02-01' }, day('2023-03-01'));
    expect(story.view.leaves[0]?.expectedEnd).toBe('2024-02-01');
  });
  it('ended, then extended, goes on; ended again, it is over', () => {
    const { story, leaveId } = withLeave();
    story.does('end-sick-leave', { leaveId, lastDay: '2023-12-31' }, day('2023-12-31'));
    story.does('extend-sick-leave', { leaveId, expectedEnd: '2024-03-31' }, day('2024-01-02'));
    expect(leaveAt(story.view, '2024-02-01' as never)?.id).toBe(leaveId);
    story.does('end-sick-leave', { leaveId, lastDay: '2024-01-15' }, day('2024-01-16'));
    expect(leaveAt(story.view, '2024-02-01' as never)).toBeUndefined();
  });
  it('whose end nobody told does not hide one that began since', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-04-01' });
    story.does('record-sick-leave', { start: '2019-02-01', risk: 'AT' }, day('2023-04-01'));
    const { leaveId } = story.does('record-sick-leave', { start: '2023-03-01', expectedEnd: '2023-12-31', risk: 'maladie', status: 'TI' }, day('2023-04-01')); // prettier-ignore
    expect(leaveAt(story.view, '2023-06-01' as never)?.id).toBe(leaveId);
    expect(story.refuses('request-measure', { type: 'essaiEncadre', from: '2023-06-05' }, { by: AS, on: '2023-05-02' })).toContain('essaiEncadre.tiExcluded'); // prettier-ignore
  });
});

describe('a decision', () => {
  it('is its decider’s: neither the social worker nor another fund approves or refuses an essai encadré', () => {
    const story = supported();
    const measureId = ee(story);
    for (const by of [AS, CAP, party('CPAM', 'cpam-21')]) {
      expect(story.refuses('approve-measure', { measureId }, { by, on: '2023-05-10' })).toContain('measure.notDecider');
      expect(story.refuses('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by, on: '2023-05-10' })).toContain('measure.notDecider'); // prettier-ignore
    }
  });
  it('to refuse states the recourse (D.323-6-4 CSS)', () => {
    const story = supported();
    const refusal = { measureId: ee(story), motive: 'other' };
    expect(story.refuses('refuse-measure', { ...refusal, recourseStated: false }, { by: CPAM, on: '2023-05-10' })).toEqual(['essaiEncadre.recourseMissing']); // prettier-ignore
    story.does('refuse-measure', { ...refusal, recourseStated: true }, { by: CPAM, on: '2023-05-10' });
    expect(story.refuses('plan-measure-start', { measureId: refusal.measureId, startsOn: '2023-06-05' }, { by: AS, on: '2023-05-11' })).toContain('measure.notToStart'); // prettier-ignore
  });
  it('to refuse may be told before the request is', () => {
    const story = supported();
    const measureId = '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11';
    story.does('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by: CPAM, recordedBy: AS, on: '2023-05-10' }); // prettier-ignore
    expect(story.view.measures).toMatchObject([{ id: measureId, status: 'refused' }]);
  });
  it('that comes after a refusal gives those who were asked their part back', () => {
    const story = supported();
    const measureId = ee(story);
    story.does('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by: CPAM, on: '2023-05-10' });
    story.does('approve-measure', { measureId }, { by: CPAM, recordedBy: AS, on: '2023-05-20' });
    expect(story.view.measures[0]?.status).toBe('approved');
    expect(story.view.participations.filter((p) => p.basis === 'decides').map((p) => p.to)).toEqual([undefined]);
  });
  it('of the same day counts as the refusal, in whichever order they came', () => {
    const story = supported();
    const measureId = ee(story);
    story.does('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by: CPAM, on: '2023-05-10' });
    story.does('approve-measure', { measureId }, { by: CPAM, recordedBy: AS, on: '2023-05-10' });
    expect(story.view.measures[0]?.status).toBe('refused');
  });
  it('passes to the fund that takes the case over', () => {
    const story = supported();
    const measureId = ee(story);
    const { transferId } = story.does('propose-transfer', { to: 'cpam-21', toRole: 'CPAM', motive: 'moved' }, { by: CPAM, on: '2023-05-03' }); // prettier-ignore
    const cpam21 = party('CPAM', 'cpam-21');
    story.does('accept-transfer', { transferId }, { by: cpam21, on: '2023-05-04' });
    expect(story.duties.filter((o) => o.rule === 'request-to-decide').map((o) => o.organisation)).toEqual(['cpam-21']);
    expect(story.view.participations.filter((p) => p.organisation === 'cpam-39' && p.to === undefined)).toEqual([]);
    story.does('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by: cpam21, on: '2023-05-10' });
  });
});

describe('a measure', () => {
  it('that would end before it began is recorded, and the contradiction named until one of the facts is corrected', () => {
    const story = supported();
    const { measureId } = story.does('start-measure', { type: 'bilanDeCompetences' }, day('2023-06-05'));
    story.does('close-measure', { measureId, endedOn: '2023-05-31' }, day('2023-06-20'));
    expect(story.irregular).toContain('measure.endedBeforeStart');
    expect(codes(story)).toContain('measure.endedBeforeStart');
    story.corrects('MeasureClosed', { measureId, endedOn: '2023-06-16' }, day('2023-06-20'));
    expect(codes(story)).not.toContain('measure.endedBeforeStart');
    story.corrects('MeasureClosed', { measureId, endedOn: '2023-06-01' }, day('2023-06-21'));
    expect(codes(story)).toContain('measure.endedBeforeStart');
  });
  it('told twice to have begun began on the earlier day', () => {
    const story = supported();
    const { measureId } = story.does('start-measure', { type: 'placement' }, day('2023-06-05'));
    story.does('start-measure', { measureId }, day('2023-06-08'));
    expect(story.view.measures[0]?.startedOn).toBe('2023-06-05');
  });
  it('is renewed during a leave only if it was approved', () => {
    const story = supported();
    const measureId = ee(story);
    expect(story.refuses('renew-measure', { measureId, slots: SLOTS('2023-06-19', 5) }, { by: AS, on: '2023-05-11' })).toContain('essaiEncadre.notApproved'); // prettier-ignore
  });
  it('keeps its approval when an opinion changes later, and loses it when one turns out to have been a no', () => {
    const story = supported();
    const measureId = ee(story);
    story.does('record-interview', { mode: 'visu' }, day('2023-05-02'));
    story.does('complete-social-assessment', { fit: 'suited', timing: 'now' }, day('2023-05-03'));
    for (const [by, recordedBy] of [[MTR, AS], [MC], [MT]] as const)
      story.does(
        'give-medical-opinion',
        { measureId, opinion: 'yes' },
        { by, on: '2023-05-04', ...(recordedBy && { recordedBy }) },
      );
    story.does('approve-measure', { measureId }, { by: CPAM, on: '2023-05-10' });
    story.does('give-medical-opinion', { measureId, opinion: 'no' }, { by: MC, on: '2023-05-12' });
    expect(codes(story)).toEqual([]);
    story.does('give-medical-opinion', { measureId, opinion: 'no' }, { by: MC, on: '2023-05-08', today: '2023-05-12' });
    expect(codes(story)).toContain('essaiEncadre.opinionMissing.MC');
  });
});

describe('the end', () => {
  it('that a death brought is undone when the death is withdrawn, closure included', () => {
    const story = supported();
    story.does('record-death', {}, { by: CPAM, on: '2023-05-02' });
    story.does('close-support', { motive: 'death' }, { by: AS, on: '2023-05-03' });
    expect(story.view).toMatchObject({ status: 'deceased' });
    expect(story.duties).toEqual([]);
    story.withdraws('PersonDied', { by: CPAM, on: '2023-05-04' });
    expect(story.view).toMatchObject({ status: 'supported', accountable: { organisation: 'carsat-bfc', reason: 'lead' } });
  });
  it('comes again after a reopening, with a call of its own, and measures that are nobody else’s', () => {
    const story = supported();
    const first = ee(story);
    story.does('close-support', { motive: 'measure-taken-over', takenOverBy: 'ast-39' }, { by: AS, on: '2023-05-20' });
    expect(story.view.followUp?.dueOn).toBe('2023-11-20');
    story.does('record-six-month-unreachable', { attempts: 3 }, { by: AS, on: '2023-11-20' });
    expect(story.view.accountable).toBeUndefined();
    story.does('complete-six-month-follow-up', { situation: 'on-leave' }, { by: AS, on: '2023-12-01' });
    story.does('reopen-case', { motive: 'relapse' }, { by: AS, on: '2023-12-02' });
    expect(story.view.accountable).toMatchObject({ reason: 'lead' });
    expect(story.view.measures.map((m) => m.takenOverBy)).toEqual([undefined]);
    expect(story.refuses('close-support', { motive: 'goal-reached' }, { by: AS, on: '2023-12-10' })).toEqual(['support.measureOpen']); // prettier-ignore
    story.does('refuse-measure', { measureId: first, motive: 'other', recourseStated: true }, { by: CPAM, on: '2023-12-11' });
    story.does('close-support', { motive: 'goal-reached' }, { by: AS, on: '2023-12-12' });
    expect(story.view.followUp?.dueOn).toBe('2024-06-12');
  });
  it('leaves a measure only to somebody who takes part', () => {
    const story = supported();
    ee(story);
    expect(story.refuses('close-support', { motive: 'measure-taken-over', takenOverBy: 'cep-39' }, { by: AS, on: '2023-05-20' })).toEqual(['support.takenOverByOutsider']); // prettier-ignore
  });
});

describe('a hand-over', () => {
  const consent = (story: Story, on: string) =>
    story.does('grant-consent', { zones: ['identity'], recipient: 'cep-39', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: AS, on }).consentId!; // prettier-ignore
  const CEP = party('CEP', 'cep-39');
  const offer = { to: 'cep-39', toRole: 'CEP', motive: 'scope' };
  it('from one institution to another needs the person’s accord, when offered and when taken', () => {
    const story = supported();
    expect(story.refuses('propose-handover', offer, { by: AS, on: '2023-05-01' })).toEqual(['handover.consentMissing']);
    expect(story.refuses('propose-handover', { ...offer, toRole: 'AS' }, { by: AS, on: '2023-05-01' })).toContain('referral.roleUnknownThere'); // prettier-ignore
    const consentId = consent(story, '2023-05-01');
    const { handoverId } = story.does('propose-handover', offer, { by: AS, on: '2023-05-02' });
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-05-03' });
    expect(story.refuses('accept-handover', { handoverId }, { by: CEP, on: '2023-05-04' })).toEqual(['handover.consentMissing']);
    expect(story.view.accountable).toMatchObject({ organisation: 'carsat-bfc', reason: 'lead' });
  });
  it('taken on an accord that is then withdrawn gives the case back', () => {
    const story = supported();
    const consentId = consent(story, '2023-05-01');
    const { handoverId } = story.does('propose-handover', offer, { by: AS, on: '2023-05-02' });
    story.does('accept-handover', { handoverId }, { by: CEP, on: '2023-05-03' });
    expect(story.view.accountable?.organisation).toBe('cep-39');
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: CEP, on: '2023-05-04' });
    expect(story.view.accountable?.organisation).not.toBe('cep-39');
    expect(story.view.participations.filter((p) => p.organisation === 'cep-39' && p.to === undefined)).toEqual([]);
  });
  it('is no longer on offer once another one leads', () => {
    const story = supported();
    const { handoverId } = story.does(
      'propose-handover',
      { ...offer, to: 'ast-39', toRole: 'CPDP' },
      { by: AS, on: '2023-05-02' },
    );
    story.events.push({ ...story.events.findLast((e) => e.type === 'SupportOpened')!, id: 'later', type: 'LeadAssigned', data: {}, actor: CAP }); // prettier-ignore
    expect(story.refuses('accept-handover', { handoverId }, { by: CPDP, on: '2023-05-05' })).toContain('handover.lapsed');
  });
});

describe('a referral', () => {
  it('whose accord was withdrawn does not stand in the way of one with a new accord', () => {
    const story = supported();
    const referral = { target: 'cep-39', targetRole: 'CEP', motive: 'career' };
    const consent = { zones: ['identity'], recipient: 'cep-39', purpose: 'referral', proof: 'form' };
    const { consentId } = story.does('grant-consent', consent, { by: ASSURE, recordedBy: AS, on: '2023-05-01' });
    story.does('refer-case', { ...referral, consentId }, { by: AS, on: '2023-05-01' });
    expect(story.refuses('refer-case', { ...referral, consentId }, { by: AS, on: '2023-05-02' })).toEqual(['referral.pending']);
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-05-03' });
    const anew = story.does('grant-consent', consent, { by: ASSURE, recordedBy: AS, on: '2023-06-01' });
    story.does('refer-case', { ...referral, consentId: anew['consentId'] }, { by: AS, on: '2023-06-01' });
    expect(story.view.handshakes.filter((h) => h.to.organisation === 'cep-39').map((h) => h.effective)).toEqual([false, true]);
  });
});

describe('a triage without support', () => {
  it('ends a case that had come back to its sender', () => {
    const story = new Story();
    const { transmissionId } = story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: { date: '2023-03-10', proof: 'form' } }, { by: CPAM, on: '2023-03-14' }); // prettier-ignore
    story.does('decline-referral', { referralId: transmissionId, motive: 'wrong-address' }, { by: CPDP, on: '2023-03-15' });
    expect(story.view.accountable).toMatchObject({ organisation: 'cpam-39', reason: 'declined-to-sender' });
    const { signalId } = story.does('record-signal', { origin: 'cpam' }, { by: CPAM, on: '2023-03-20' });
    story.does('conclude-triage', { handshakeId: signalId, outcome: 'no-need' }, { by: CPAM, on: '2023-03-21' });
    expect(story.view).toMatchObject({ status: 'ended-by-triage' });
    expect(story.duties).toEqual([]);
    expect(story.view.accountable).toBeUndefined();
  });
  it('that passes the case on leaves it with whoever passed it on until another one has it', () => {
    const story = new Story();
    const { signalId } = story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-03-14' });
    story.does('conclude-triage', { handshakeId: signalId, outcome: 'passed-on' }, { by: AS, on: '2023-03-15' });
    expect(story.view.accountable?.organisation).toBe('carsat-bfc');
    story.does('refer-case', { target: 'cpam-39', targetRole: 'CPAM', motive: 'social' }, { by: AS, on: '2023-03-16' });
    expect(story.view.accountable).toMatchObject({ organisation: 'cpam-39', reason: 'referral' });
  });
});
