import { type CaseView } from '../../domain/case/view.js';
import { AS, ASSURE, CAP, CPAM, MC, MTR, Story, supported } from '../../../test/support/story.js';
import { measureOutcomes } from './measure-outcome.js';
import { type RequestRow, requests } from './request.js';

const of = (v: CaseView, ...kinds: string[]) =>
  (requests.rowsOf(v) as readonly RequestRow[])
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ kind, sender, asked, askedOn, answeredOn, endedOn }) =>
      [kind, `${sender}>${asked}`, askedOn, answeredOn, endedOn].join(' '),
    );
const outcomes = (v: CaseView) => measureOutcomes.rowsOf(v);
const EE = { type: 'essaiEncadre', from: '2023-06-05', to: '2023-06-16' };

describe('requests', () => {
  it('are what one organisation asked of another, with the day of the answer', () => {
    const story = supported();
    expect(of(story.view)).toEqual([
      'transmission-receipt cpam-39>ast-39 2023-03-14 2023-03-15 ',
      'transmission-answer cpam-39>ast-39 2023-03-14 2023-03-16 ',
      // Accepted without a receipt: that is one.
      'referral-receipt cpam-39>carsat-bfc 2023-03-20 2023-03-21 ',
      'referral-answer cpam-39>carsat-bfc 2023-03-20 2023-03-21 ',
    ]);
    const { measureId } = story.does('request-measure', EE, { by: AS, on: '2023-05-02' });
    expect(of(story.view, 'opinion', 'decision')).toEqual([
      'opinion carsat-bfc>cpam-39 2023-05-02  ',
      'opinion carsat-bfc>ast-39 2023-05-02  ',
      'decision carsat-bfc>cpam-39 2023-05-02  ',
    ]);
    story.does('give-medical-opinion', { measureId, opinion: 'yes' }, { by: MC, on: '2023-05-09' });
    story.does('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by: CPAM, on: '2023-05-12' });
    // The opinion that the decision did without is awaited no more, and was never given.
    expect(of(story.view, 'opinion', 'decision')).toEqual([
      'opinion carsat-bfc>cpam-39 2023-05-02 2023-05-09 ',
      'opinion carsat-bfc>ast-39 2023-05-02  2023-05-12',
      'decision carsat-bfc>cpam-39 2023-05-02 2023-05-12 ',
    ]);
  });

  it('end without an answer when taken back, with the support, or with the accord; none reaches whoever no accord lets in', () => {
    const story = supported();
    const { handoverId } = story.does('propose-handover', { to: 'ast-39', toRole: 'CPDP', motive: 'load' }, { by: AS, on: '2023-04-01', recordedBy: AS }); // prettier-ignore
    story.does('withdraw-handover', { handoverId }, { by: AS, on: '2023-04-04' });
    const refer = { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job' };
    story.does('refer-case', refer, { by: AS, recordedBy: AS, on: '2023-04-05' });
    expect(of(story.view, 'handover', 'referral-answer')).toEqual([
      'referral-answer cpam-39>carsat-bfc 2023-03-20 2023-03-21 ',
      'handover carsat-bfc>ast-39 2023-04-01  2023-04-04',
    ]);
    const accord = { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' };
    const { consentId } = story.does('grant-consent', accord, { by: ASSURE, recordedBy: AS, on: '2023-04-10' });
    story.does('refer-case', refer, { by: AS, on: '2023-04-11' });
    const last = () => of(story.view, 'referral-answer').at(-1);
    expect(last()).toBe('referral-answer carsat-bfc>cap-emploi-39 2023-04-11  ');
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-04-20' });
    expect(last()).toBe('referral-answer carsat-bfc>cap-emploi-39 2023-04-11  2023-04-20');
    story.does('close-support', { motive: 'moved-away' }, { by: AS, on: '2023-04-15' });
    expect(last()).toBe('referral-answer carsat-bfc>cap-emploi-39 2023-04-11  2023-04-15');
  });

  it('know on which days their sender takes part', () => {
    const story = supported();
    const { consentId } = story.does('grant-consent', { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: AS, on: '2023-04-10' }); // prettier-ignore
    const { referralId } = story.does('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job' }, { by: AS, on: '2023-04-11' }); // prettier-ignore
    story.does('accept-referral', { referralId }, { by: CAP, on: '2023-04-12' });
    story.does('grant-consent', { zones: ['identity'], recipient: 'carsat-bfc', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: CAP, on: '2023-04-13' }); // prettier-ignore
    story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' }, { by: CAP, on: '2023-04-13' });
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-04-20' });
    const rows = requests.rowsOf(story.view) as readonly RequestRow[];
    const days = new Set(rows.filter(({ sender }) => sender === 'cap-emploi-39').map((r) => r.senderThere));
    expect([...days]).toEqual(['{[2023-04-11,2023-04-20),[2023-04-13,2023-04-20)}']);
  });

  it('hold nothing of the person, and no day but those of the requests', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-03-14' });
    story.does('identify-person', { familyName: 'INOUBLIABLE', givenNames: 'Claire', birthDate: '1979-05-21' }, { by: AS, on: '2023-03-14' }); // prettier-ignore
    story.does('refer-case', { target: 'carsat-bfc', targetRole: 'CSAM', motive: 'social' }, { by: MTR, recordedBy: AS, on: '2023-04-01' }); // prettier-ignore
    story.does('refer-case', { target: 'carsat-bfc', targetRole: 'CSAM', motive: 'social' }, { by: CPAM, on: '2023-04-02' });
    const text = JSON.stringify(requests.rowsOf(story.view));
    expect(text).toContain('2023-04-02');
    expect(text).not.toMatch(/INOUBLIABLE|1979|social|person-/);
  });
});

describe('outcomes of measures', () => {
  const closed = (): Story => {
    const story = supported();
    const { measureId } = story.does('start-measure', { type: 'pmsmp' }, { by: AS, on: '2023-04-03' });
    story.does('close-measure', { measureId, endedOn: '2023-04-14', result: 'conclusive' }, { by: AS, on: '2023-04-17' });
    story.does('close-support', { motive: 'goal-reached', situation: 'training' }, { by: AS, on: '2023-05-02' });
    return story;
  };
  const row = { type: 'pmsmp', caisse: 'cpam-39', startedOn: '2023-04-03', endedOn: '2023-04-14', reviewedOn: '2023-04-17', result: 'conclusive', closureOn: '2023-05-02', situation: 'training' }; // prettier-ignore

  it('keep the call that showed a need, once the case is reopened for it', () => {
    const story = closed();
    expect(outcomes(story.view)).toMatchObject([{ ...row, callOn: null, sixMonthSituation: null }]);
    story.does('record-six-month-unreachable', { attempts: 3 }, { by: AS, on: '2023-11-02' });
    expect(outcomes(story.view)).toMatchObject([{ callOn: '2023-11-02', sixMonthSituation: 'unreachable' }]);
    story.does('complete-six-month-follow-up', { situation: 'on-leave', needsSupport: 'reopen' }, { by: AS, on: '2023-11-06' });
    story.does('reopen-case', { motive: 'follow-up-call' }, { by: AS, on: '2023-11-07' });
    story.does('close-support', { motive: 'goal-reached', situation: 'retired' }, { by: AS, on: '2024-02-01' });
    expect(outcomes(story.view)).toMatchObject([{ ...row, callOn: '2023-11-06', sixMonthSituation: 'on-leave' }]);
  });

  it('forget a closure that was a mistake, and one by a death that did not happen', () => {
    const story = closed();
    story.does('reopen-case', { motive: 'closed-by-mistake' }, { by: AS, on: '2023-05-03' });
    expect(outcomes(story.view)).toMatchObject([{ closureOn: null, situation: null }]);
    story.does('record-death', {}, { by: CPAM, on: '2023-05-04' });
    story.does('close-support', { motive: 'death' }, { by: AS, on: '2023-05-05' });
    story.withdraws('PersonDied', { by: CPAM, on: '2023-05-06' });
    expect(outcomes(story.view)).toMatchObject([{ closureOn: null }]);
    expect(story.view.support?.closedOn).toBeUndefined();
  });

  it('count nothing that has not begun, nor a case that goes on in another one', () => {
    const story = supported();
    story.does('request-measure', EE, { by: AS, on: '2023-05-02' });
    expect(outcomes(story.view)).toEqual([]);
    const merged = { ...closed().view, status: 'merged' as const, mergedInto: 'elsewhere' };
    expect([...requests.rowsOf(merged), ...outcomes(merged)]).toEqual([]);
  });
});
