import { ACCORD, AS, ASSURE, BOOK, CPAM, CPDP, LEAVE, MC, MT, party, Story, supported } from '../../../test/support/story.js';
import { actOfType } from '../case/acts.js';
import { deriveCase } from '../case/derive.js';
import { type DomainEvent } from '../case/event.js';
import { localDate } from '../kernel/local-date.js';
import { project } from '../../read-models/project.js';
import { obligations } from './obligations.js';

/** Holes that the proof found (docs/proof.md), each by its shortest history. */
const owes = (story: Story) => story.duties.map((o) => `${o.organisation} ${o.rule}`);
const signalled = (by = AS) => {
  const story = new Story();
  return Object.assign(story, story.does('record-signal', { origin: 'person' }, { by, on: '2023-03-14' }));
};
const missed = (story: Story, rule: string, owner: string, step: 1 | 2 | 3, on: string): void => {
  const { subject, restartedBy } = story.duties.find((o) => o.rule === rule && o.organisation === owner)!;
  const last = story.events.at(-1)!;
  const data = { rule, subject, owner, step, dueOn: on, ...(restartedBy && { restartedBy }) };
  story.events.push({ ...last, id: `missed ${rule} ${owner} ${step}`, type: 'DutyMissed', data, occurredOn: localDate(on), actor: party('OPERATOR') } satisfies DomainEvent); // prettier-ignore
};
const CPDP21 = party('CPDP', 'ast-21');
const consent = { zones: ['identity'], recipient: 'ast-39', purpose: 'referral', proof: 'form' };
const offer = { to: 'ast-39', toRole: 'CPDP', motive: 'load' };

describe('a triage', () => {
  it('says "accompanied" only by who may lead, or nobody could take the lead that it announces', () => {
    const story = signalled(CPAM);
    const triage = (outcome: string) => ({ handshakeId: story['signalId' as never], outcome });
    expect(story.refuses('conclude-triage', triage('accompanied'), { by: CPAM, on: '2023-03-15' })).toEqual(['triage.notLead']);
    story.does('conclude-triage', triage('passed-on'), { by: CPAM, on: '2023-03-15' });
    expect(owes(story)).toEqual(['cpam-39 case-to-place']);
  });
});

describe('a hand-over', () => {
  const offered = (to: object = {}) => {
    const story = supported();
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: AS, on: '2023-04-01' });
    const { consentId } = story.does('grant-consent', { ...consent, ...to }, { by: ASSURE, recordedBy: AS, on: '2023-04-02' });
    story.does('propose-handover', offer, { by: AS, on: '2023-04-02' });
    expect(owes(story)).toContain('ast-39 handover-to-answer');
    return { story, consentId };
  };
  it('whose accord is withdrawn is nobody’s to answer, and the lead may offer again', () => {
    const { story, consentId } = offered();
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-04-03' });
    expect(owes(story)).not.toContain('ast-39 handover-to-answer');
    story.does('grant-consent', consent, { by: ASSURE, recordedBy: AS, on: '2023-04-04' });
    story.does('withdraw-handover', { handoverId: story.view.handovers[0]!.id }, { by: AS, on: '2023-04-04' });
    story.does('propose-handover', offer, { by: AS, on: '2023-04-04' });
  });
  it('whose accord has run out neither', () => {
    const { story } = offered({ to: '2023-04-10' });
    const on = (day: string) => deriveCase(story.caseId, story.events, actOfType, localDate(day));
    expect(on('2023-04-10').participations.filter((p) => p.basis === 'asked')).toMatchObject([{ to: '2023-04-11' }]);
    expect(story.refuses('propose-handover', offer, { by: AS, on: '2023-04-09' })).toContain('handover.pending');
    expect(story.refuses('propose-handover', offer, { by: AS, on: '2023-04-11' })).not.toContain('handover.pending');
  });
});

describe('a duty without an owner who takes part and may see what it is about', () => {
  it('is the accountable partner’s: a visit asked for where no occupational health service is known', () => {
    const story = signalled();
    story.does('record-sick-leave', LEAVE, { by: AS, on: '2023-03-15' });
    story.does('request-pre-return-visit', {}, { by: MC, on: '2023-03-16' });
    expect(owes(story)).toContain('carsat-bfc visit-to-hold');
    story.does('hold-pre-return-visit', {}, { by: party('MT'), recordedBy: AS, on: '2023-03-20' });
    expect(owes(story)).not.toContain('carsat-bfc visit-to-hold');
  });
  it('is no longer the service’s once its accord to know of leaves is gone', () => {
    const story = supported();
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-04-01' }, { by: CPAM, on: '2023-04-01' });
    const before = () => obligations(story.view, BOOK).find((o) => o.rule === 'return-visit-to-hold');
    expect(before()?.organisation).toBe('ast-39');
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: AS, on: '2023-04-02' });
    expect(before()?.organisation).toBe('carsat-bfc');
  });
});

describe('a signal', () => {
  const triages = (story: Story) => story.duties.filter((o) => o.rule === 'signal-to-triage');
  it('is no more to be triaged where another partner leads the case', () => {
    const story = signalled();
    expect(triages(story)).toHaveLength(1);
    const { transmissionId } = story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-20' }); // prettier-ignore
    story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-21' });
    story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'accompanied' }, { by: CPDP, on: '2023-03-21' });
    expect(triages(story)).toHaveLength(1);
    story.does('assign-lead', {}, { by: CPDP, on: '2023-03-22' });
    expect(triages(story)).toEqual([]);
    // Gone with its accord: from that day on, not from when the signal came.
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: AS, on: '2023-06-01' });
    expect(triages(story)).toMatchObject([{ organisation: 'carsat-bfc', since: '2023-06-01', due: '2023-06-08' }]);
  });
});

describe('a return visit', () => {
  const ended = (...jobs: readonly (readonly [string, string, Record<string, string>])[]): Story => {
    const story = supported();
    for (const [command, on, data] of jobs) story.does(command, data, { by: AS, on, today: '2023-06-30' });
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-06-30' }, { by: CPAM, on: '2023-06-30' });
    return story;
  };
  const owed = (story: Story) => obligations(story.view, BOOK).some((o) => o.rule === 'return-visit-to-hold');
  const [END, JOB] = [{ reason: 'end-of-fixed-term' }, { status: 'permanent' }];
  it('is owed where the job of the leave goes on, whatever job had ended before', () => {
    expect(owed(ended())).toBe(true);
    expect(owed(ended(['end-employment', '2021-06-30', END], ['start-new-job', '2021-09-01', JOB]))).toBe(true);
    expect(owed(ended(['end-employment', '2021-06-30', END]))).toBe(false);
    expect(owed(ended(['end-employment', '2023-05-31', END]))).toBe(false);
    expect(owed(ended(['end-employment', '2023-05-31', END], ['start-new-job', '2023-06-15', JOB]))).toBe(false);
  });
  it('is owed by the service of the one of two jobs that goes on', () => {
    const story = supported();
    const [one] = [1, 2].map(() => story.does('record-activity', { status: 'salarie', from: '2020-01-01' }, { by: AS, on: '2023-03-16' })); // prettier-ignore
    story.does('end-employment', { ...END, activityId: one!['activityId'] }, { by: AS, on: '2023-05-31' });
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-06-30' }, { by: CPAM, on: '2023-06-30' });
    expect(owed(story)).toBe(true);
  });
});

describe('an assessment where the Service social has no part yet', () => {
  it('is the caisse’s, until it has referred the case there', () => {
    const story = signalled(CPAM);
    story.does('request-measure', { type: 'placement', from: '2023-04-03', to: '2023-04-07' }, { by: CPAM, on: '2023-03-15' });
    expect(owes(story)).toContain('cpam-39 assessment-to-write');
    story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' }, { by: CPAM, on: '2023-03-16' });
    expect(owes(story)).toContain('carsat-bfc assessment-to-write');
  });
});

describe('a contact', () => {
  it('is not late on the day on which a case is reopened', () => {
    const story = supported();
    story.does('close-support', { motive: 'goal-reached' }, { by: AS, on: '2023-04-03' });
    story.does('reopen-case', { motive: 'relapse' }, { by: AS, on: '2023-11-06' });
    expect(story.duties).toContainEqual(expect.objectContaining({ rule: 'contact-to-make', since: '2023-11-06', due: '2024-01-05' })); // prettier-ignore
  });
});

describe('a case whose lead is gone', () => {
  it('is to be placed from that day on: until then it was not the caisse’s move', () => {
    const story = new Story();
    const { transmissionId } = story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' }); // prettier-ignore
    story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-15' });
    story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'accompanied' }, { by: CPDP, on: '2023-03-16' });
    story.does('assign-lead', {}, { by: CPDP, on: '2023-03-16' });
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: CPDP, on: '2023-06-01' });
    expect(story.duties).toContainEqual(expect.objectContaining({ rule: 'case-to-place', organisation: 'cpam-39', since: '2023-06-01', due: '2023-06-08' })); // prettier-ignore
  });
});

describe('an escalation', () => {
  it('is in the list of the one who owes it, also where that one may not see why the duty was owed', () => {
    const story = signalled(CPDP);
    story.does('request-measure', { type: 'pmsmp', from: '2023-04-03', to: '2023-04-07' }, { by: CPDP, on: '2023-03-14' });
    story.does('record-sick-leave', LEAVE, { by: CPAM, on: '2023-03-14' });
    missed(story, 'request-to-decide', 'cpam-39', 3, '2023-04-28');
    const lines = [...project(story.caseId, story.events.map((e, revision) => ({ ...e, stream: 'case', revision, position: '', erased: false })), BOOK).lines.values()].flat(); // prettier-ignore
    expect(lines).toContainEqual(expect.objectContaining({ organisation: 'ast-39', rule: 'escalation-to-handle' }));
  });
  it('runs anew each time the coordinator presses, and ends with the duty', () => {
    const story = signalled();
    missed(story, 'signal-to-triage', 'carsat-bfc', 3, '2023-04-05');
    const escalation = () => story.duties.filter((o) => o.rule === 'escalation-to-handle');
    expect(escalation()).toMatchObject([{ organisation: 'cpam-39', due: '2023-04-12' }]);
    story.does('record-case-review', { attendees: [{ organisation: 'carsat-bfc', role: 'AS' }] }, { by: CPAM, on: '2023-04-10' });
    expect(escalation()).toMatchObject([{ organisation: 'cpam-39', due: '2023-04-17' }]);
    story.does(
      'conclude-triage',
      { handshakeId: story.view.signals[0]!.id, outcome: 'accompanied' },
      { by: AS, on: '2023-04-11' },
    );
    expect(escalation()).toEqual([]);
  });
  it('is not inherited: a duty that passes to somebody else has not been missed by that one', () => {
    const story = supported();
    missed(story, 'contact-to-make', 'carsat-bfc', 3, '2023-06-12');
    expect(owes(story)).toContain('cpam-39 escalation-to-handle');
    const { handoverId } = story.does('propose-handover', offer, { by: AS, on: '2023-06-13' });
    story.does('accept-handover', { handoverId }, { by: CPDP, on: '2023-06-14' });
    expect(story.duties.filter((o) => o.rule === 'contact-to-make')).toMatchObject([{ organisation: 'ast-39', step: 0 }]);
  });
});

describe('a long leave without a lead', () => {
  it('is the caisse’s to refer, until a partner has the referral, and again when that comes to nothing', () => {
    const story = signalled();
    story.does('record-sick-leave', LEAVE, { by: AS, on: '2023-03-15' });
    const due = () => obligations(story.view, BOOK).filter((o) => o.rule === 'lead-to-find').map((o) => `${o.organisation} ${o.due}`); // prettier-ignore
    expect(due()).toEqual(['cpam-39 2023-04-09']);
    const { referralId } = story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on: '2023-04-01' }); // prettier-ignore
    expect(due()).toEqual([]);
    story.does('decline-referral', { referralId, motive: 'no-capacity' }, { by: AS, on: '2023-04-07' });
    expect(due()).toEqual(['cpam-39 2023-04-14']);
  });
});

describe('a measure', () => {
  const asked = (type: string) => {
    const story = supported();
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-04-01' }, { by: CPAM, on: '2023-04-02' });
    story.does('hold-return-visit', { outcome: 'fit' }, { by: MT, on: '2023-04-03' });
    const measureId = story.does('request-measure', { type, from: '2023-05-02', to: '2023-05-12' }, { by: AS, on: '2023-04-03' }).measureId!; // prettier-ignore
    return { story, measureId };
  };
  it('that somebody outside decides on is followed by whoever asked for it, who tells of the decision', () => {
    const { story, measureId } = asked('rqth');
    expect(owes(story)).toContain('carsat-bfc request-to-decide');
    story.does('approve-measure', { measureId }, { by: party('MDPH'), recordedBy: AS, on: '2023-04-10' });
    expect(owes(story)).not.toContain('carsat-bfc request-to-decide');
  });
  it('that nobody has to decide on awaits its start', () => {
    const { story, measureId } = asked('formation');
    expect(story.duties).toContainEqual(expect.objectContaining({ rule: 'measure-to-start', organisation: 'carsat-bfc', due: '2023-05-02' })); // prettier-ignore
    story.does('start-measure', { measureId }, { by: AS, on: '2023-05-02' });
    expect(owes(story)).not.toContain('carsat-bfc measure-to-start');
  });
  it('whose end nobody has told awaits it, or an intermediate review, all along', () => {
    const story = supported();
    const { measureId } = story.does('start-measure', { type: 'formation' }, { by: AS, on: '2023-05-02' });
    const due = () => obligations(story.view, BOOK).find((o) => o.rule === 'measure-to-review')?.due;
    expect(due()).toBe('2023-05-17');
    story.does('review-measure', { measureId }, { by: AS, on: '2023-05-15' });
    expect(due()).toBe('2023-05-30');
  });
  it('gives its bilan to the occupational physician wherever the case has a service, one recipient after the other', () => {
    const story = supported();
    const { measureId } = story.does('start-measure', { type: 'essaiEncadre' }, { by: AS, on: '2023-05-02' });
    story.does('close-measure', { measureId, endedOn: '2023-05-12' }, { by: AS, on: '2023-05-13' });
    const clock = () => story.duties.find((o) => o.rule === 'report-to-deliver')?.restartedBy;
    const clocks = [clock()];
    for (const toRole of ['MT', 'AS']) {
      story.does('deliver-report', { measureId, toRole }, { by: AS, on: '2023-05-14' });
      clocks.push(clock());
    }
    expect(clocks).toEqual(['delivered 0', 'delivered 1', undefined]);
  });

  it('that goes on though its request, which told its type, is withdrawn awaits its end', () => {
    const story = supported();
    const { measureId } = story.does('request-measure', { type: 'ama' }, { by: AS, on: '2023-05-02' });
    story.does('start-measure', { measureId }, { by: AS, on: '2023-05-03' });
    story.withdraws('MeasureRequested', { by: AS, on: '2023-05-04' });
    expect(story.view.measures).toMatchObject([{ status: 'running' }]);
    const review = () => obligations(story.view, BOOK).filter((o) => o.rule === 'measure-to-review').map((o) => `${o.organisation} ${o.due}`); // prettier-ignore
    expect(review()).toEqual(['carsat-bfc 2023-05-18']);
    story.does('close-measure', { measureId: measureId! }, { by: AS, on: '2023-05-20' });
    expect(review()).toEqual([]);
  });

  describe('taken over by another partner when the support is closed', () => {
    const taken = (by = 'ast-39') => {
      const { story, measureId } = asked('rqth');
      const close = { motive: 'measure-taken-over', takenOverBy: by };
      return { story, measureId, close };
    };
    it('goes on with that one, to the end of its bilan, whatever becomes of the call', () => {
      const { story, measureId, close } = taken();
      story.does('close-support', close, { by: AS, on: '2023-04-20' });
      expect(owes(story)).toEqual(expect.arrayContaining(['ast-39 request-to-decide', 'carsat-bfc six-month-call']));
      story.does('complete-six-month-follow-up', { situation: 'same-job' }, { by: AS, on: '2023-04-21' });
      expect(story.refuses('plan-measure-start', { measureId: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11', startsOn: '2023-05-02' }, { by: CPDP, on: '2023-04-22' })).toContain('case.notOpen'); // prettier-ignore
      story.does('approve-measure', { measureId }, { by: party('MDPH'), recordedBy: CPDP, on: '2023-04-22' });
      expect(owes(story)).toEqual(['ast-39 measure-to-start']);
      story.does('start-measure', { measureId }, { by: CPDP, on: '2023-05-02' });
      story.does('interrupt-measure', { measureId, motive: 'other' }, { by: CPDP, on: '2023-05-03' });
      expect(owes(story)).toEqual([]);
      expect(story.view.accountable).toBeUndefined();
    });
    it('owes its bilan there', () => {
      const story = supported();
      const { measureId } = story.does('start-measure', { type: 'formation', to: '2023-05-12' }, { by: AS, on: '2023-05-02' });
      story.does('close-support', { motive: 'measure-taken-over', takenOverBy: 'ast-39' }, { by: AS, on: '2023-05-03' });
      const review = () => obligations(story.view, BOOK).filter((o) => o.rule === 'measure-to-review').map((o) => `${o.organisation} ${o.role}`); // prettier-ignore
      expect(review()).toEqual(['ast-39 CPDP']);
      story.does('close-measure', { measureId, endedOn: '2023-05-12' }, { by: CPDP, on: '2023-05-15' });
      expect(review()).toEqual([]);
      expect(story.view.measures[0]).toMatchObject({ status: 'closed', takenOverBy: 'ast-39' });
    });
    it('is nobody’s who has no account', () => {
      const { story, measureId, close } = taken('atelier-39');
      story.does('start-measure', { measureId, host: 'atelier-39' }, { by: AS, on: '2023-04-10' });
      expect(story.refuses('close-support', close, { by: AS, on: '2023-04-20' })).toEqual(['support.takenOverByWithoutAccount']);
    });
  });
});

describe('a referral to a partner without account', () => {
  it('stays with its sender, who alone can move', () => {
    const story = supported();
    const to = { recipient: 'france-travail-39', zones: ['identity'], purpose: 'referral', proof: 'form' };
    story.does('grant-consent', to, { by: ASSURE, recordedBy: AS, on: '2023-04-01' });
    story.does('refer-case', { target: 'france-travail-39', targetRole: 'FRANCE_TRAVAIL', motive: 'career' }, { by: AS, on: '2023-04-01' }); // prettier-ignore
    expect(owes(story).filter((o) => o.includes('referral'))).toEqual([]);
  });
});

describe('a part that is passed on to a like organisation', () => {
  const passes = (story: Story, on: string) => {
    const { transferId } = story.does('propose-transfer', { to: 'ast-21', toRole: 'CPDP', motive: 'moved' }, { by: CPDP, on });
    story.does('accept-transfer', { transferId }, { by: CPDP21, on });
  };
  it('takes the triage that it had concluded along: the new one has a lead to assign', () => {
    const story = new Story();
    const { transmissionId } = story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' }); // prettier-ignore
    story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-14' });
    story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'accompanied' }, { by: CPDP, on: '2023-03-14' });
    passes(story, '2023-03-15');
    expect(owes(story)).toContain('ast-21 lead-to-assign');
  });
  it('takes the hand-over that it was offered along: the new one answers it, and leads', () => {
    const story = supported();
    const { handoverId } = story.does('propose-handover', offer, { by: AS, on: '2023-04-02' });
    passes(story, '2023-04-03');
    expect(owes(story)).toContain('ast-21 handover-to-answer');
    expect(story.refuses('accept-handover', { handoverId }, { by: CPDP, on: '2023-04-04' })).toContain('handover.notYours');
    story.does('accept-handover', { handoverId }, { by: CPDP21, on: '2023-04-04' });
    expect(owes(story)).toContain('ast-21 contact-to-make');
  });
});

describe('a transmission whose service nobody knows', () => {
  it('is the caisse’s move, whoever else once had the case', () => {
    const story = signalled();
    story.does('transmit-sick-leave', { leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' });
    story.does('conclude-triage', { handshakeId: story.view.signals[0]!.id, outcome: 'passed-on' }, { by: AS, on: '2023-03-15' });
    expect(story.view.accountable).toMatchObject({ organisation: 'cpam-39', reason: 'transmission' });
    expect(owes(story)).toEqual(['cpam-39 spst-to-identify']);
  });
});

describe('a need shown by the six-month call', () => {
  it('is taken up by the caisse where whoever closed may not see the case any more', () => {
    const story = supported();
    const { handoverId } = story.does('propose-handover', offer, { by: AS, on: '2023-04-02' });
    story.does('accept-handover', { handoverId }, { by: CPDP, on: '2023-04-02' });
    story.does('close-support', { motive: 'goal-reached' }, { by: CPDP, on: '2023-04-03' });
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: AS, on: '2023-04-04' });
    story.does('complete-six-month-follow-up', { situation: 'on-leave', needsSupport: 'reopen' }, { by: CPAM, on: '2023-10-03' });
    expect(owes(story)).toContain('cpam-39 case-to-reopen');
    story.does('reopen-case', { motive: 'follow-up-call' }, { by: CPAM, on: '2023-10-04' });
    expect(owes(story)).toEqual(['carsat-bfc referral-to-triage']);
  });
});
