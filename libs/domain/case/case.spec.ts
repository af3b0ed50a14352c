import { ACCORD, AS, ASSURE, CAP, CPAM, CPDP, LEAVE, MC, MT, MTR, SLOTS, Story, supported } from '../../../test/support/story.js';

const EE = { type: 'essaiEncadre', from: '2023-06-05', to: '2023-06-16', slots: SLOTS('2023-06-05', 10), host: undefined };
const asked = (story: Story) =>
  story.does('request-measure', { ...EE }, { by: ASSURE, recordedBy: AS, on: '2023-05-02' }).measureId!;
const opined = (story: Story, measureId: string) => {
  story.does('record-interview', { mode: 'visu' }, { by: AS, on: '2023-05-02' });
  story.does('complete-social-assessment', { fit: 'suited', timing: 'now' }, { by: AS, on: '2023-05-03' });
  story.does('give-medical-opinion', { measureId, opinion: 'yes' }, { by: MTR, recordedBy: AS, on: '2023-05-04' });
  story.does('give-medical-opinion', { measureId, opinion: 'yes' }, { by: MC, on: '2023-05-05' });
  story.does('give-medical-opinion', { measureId, opinion: 'conditions' }, { by: MT, on: '2023-05-06' });
};

describe('from the first transmission to the six-month call', () => {
  it('goes all the way, each step with its owner', () => {
    const story = new Story();
    const { transmissionId } = story.does(
      'transmit-sick-leave',
      { spstCode: 'MT39', leave: LEAVE, accord: ACCORD },
      { by: CPAM, on: '2023-03-14' },
    );
    expect(story.view.accountable).toEqual({ organisation: 'ast-39', role: 'CPDP', reason: 'transmission', since: '2023-03-14' });
    expect(story.duties).toMatchObject([{ rule: 'transmission-to-triage', organisation: 'ast-39', due: '2023-03-21' }]);
    story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-15' });
    story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'accompanied' }, { by: CPDP, on: '2023-03-16' });
    story.does('assign-lead', {}, { by: CPDP, on: '2023-03-17' });
    story.does('open-support', { origin: 'cpam' }, { by: CPDP, on: '2023-03-17' });
    expect(story.view).toMatchObject({ status: 'supported', lead: { organisation: 'ast-39' }, accountable: { reason: 'lead' } });
    story.does('close-support', { motive: 'goal-reached', situation: 'same-job' }, { by: CPDP, on: '2023-09-01' });
    expect(story.view).toMatchObject({
      status: 'closed',
      followUp: { dueOn: '2024-03-01' },
      accountable: { organisation: 'ast-39', reason: 'follow-up' },
    });
    expect(story.duties).toMatchObject([{ rule: 'six-month-call', organisation: 'ast-39', due: '2024-03-01' }]);
    story.does('complete-six-month-follow-up', { situation: 'same-job' }, { by: CPDP, on: '2024-03-04' });
    expect(story.duties).toEqual([]);
    expect(story.view.accountable).toBeUndefined();
  });

  it('refuses a transmission without accord, and one whose leave nobody knows', () => {
    expect(
      new Story().refuses('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE }, { by: CPAM, on: '2023-03-14' }),
    ).toEqual(['transmission.consentMissing']);
    expect(
      new Story().refuses('transmit-sick-leave', { spstCode: 'MT39', accord: ACCORD }, { by: CPAM, on: '2023-03-14' }),
    ).toContain('transmission.leaveMissing');
  });

  it('makes a task of the caisse’s of an SPST that nobody knows, until the caisse finds it', () => {
    const story = new Story();
    const { transmissionId } = story.does(
      'transmit-sick-leave',
      { spstCode: 'MT99', leave: LEAVE, accord: ACCORD },
      { by: CPAM, on: '2023-03-14' },
    );
    expect(story.duties).toMatchObject([{ rule: 'spst-to-identify', organisation: 'cpam-39' }]);
    expect(story.view.accountable?.organisation).toBe('cpam-39');
    story.does('identify-spst', { transmissionId, spst: 'ast-39' }, { by: CPAM, on: '2023-03-15' });
    expect(story.view.accountable?.organisation).toBe('ast-39');
    expect(story.duties).toMatchObject([{ rule: 'transmission-to-triage', organisation: 'ast-39' }]);
  });

  it('begins without leave, employer or SPST', () => {
    const story = new Story();
    const { signalId } = story.does(
      'record-signal',
      { origin: 'person', detection: 'france-services' },
      { by: AS, on: '2023-03-14' },
    );
    expect(story.view.accountable).toMatchObject({ organisation: 'carsat-bfc', reason: 'signal' });
    story.does('conclude-triage', { handshakeId: signalId, outcome: 'accompanied' }, { by: AS, on: '2023-03-15' });
    story.does('open-support', { origin: 'person' }, { by: AS, on: '2023-03-15' });
    expect(story.view).toMatchObject({ status: 'supported', leaves: [], lead: { organisation: 'carsat-bfc' } });
  });
});

describe('referrals', () => {
  const referred = () => {
    const story = supported();
    const { consentId } = story.does('grant-consent', { zones: ['identity', 'job'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: AS, on: '2023-04-01' }); // prettier-ignore
    const { referralId } = story.does(
      'refer-case',
      { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-study', consentId },
      { by: AS, on: '2023-04-02' },
    );
    return { story, referralId: referralId!, consentId: consentId! };
  };
  it('need the person’s accord from one institution to another', () => {
    expect(
      supported().refuses(
        'refer-case',
        { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-study' },
        { by: AS, on: '2023-04-02' },
      ),
    ).toEqual(['referral.consentMissing']);
  });
  it('a revocation that comes second loses to the acceptance, and is told so; and the other way round', () => {
    const a = referred();
    a.story.does('accept-referral', { referralId: a.referralId }, { by: CAP, on: '2023-04-03' });
    expect(
      a.story.refuses('revoke-referral', { referralId: a.referralId, motive: 'mistake' }, { by: AS, on: '2023-04-03' }),
    ).toEqual(expect.arrayContaining(['handshake.accepted']));
    const b = referred();
    b.story.does('revoke-referral', { referralId: b.referralId, motive: 'mistake' }, { by: AS, on: '2023-04-03' });
    expect(b.story.refuses('accept-referral', { referralId: b.referralId }, { by: CAP, on: '2023-04-03' })).toContain(
      'handshake.revoked',
    );
  });
  it('declined, goes back to its sender before there is a lead', () => {
    const story = new Story();
    const { referralId } = story.does(
      'refer-case',
      { target: 'ast-39', targetRole: 'CPDP', motive: 'pdp' },
      { by: MT, on: '2023-04-02' },
    );
    story.does('decline-referral', { referralId, motive: 'out-of-scope' }, { by: CPDP, on: '2023-04-03' });
    expect(story.view.accountable).toMatchObject({ organisation: 'ast-39', reason: 'declined-to-sender' });
  });
  it('a withdrawn accord ends the part of whoever it let in', () => {
    const { story, referralId, consentId } = referred();
    story.does('accept-referral', { referralId }, { by: CAP, on: '2023-04-03' });
    const part = () => story.view.participations.filter((p) => p.organisation === 'cap-emploi-39');
    expect(part()).toMatchObject([{ basis: 'received', from: '2023-04-02' }]);
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-04-10' });
    expect(part()).toMatchObject([{ basis: 'received', to: '2023-04-10' }]);
  });
  it('the lead passes only when taken over, and never leaves a gap', () => {
    const story = supported();
    expect(story.refuses('assign-lead', {}, { by: CPDP, on: '2023-04-01' })).toEqual(['lead.active']);
    const { handoverId } = story.does(
      'propose-handover',
      { to: 'ast-39', toRole: 'CPDP', motive: 'scope' },
      { by: AS, on: '2023-04-01' },
    );
    expect(story.view.accountable?.organisation).toBe('carsat-bfc');
    story.does('accept-handover', { handoverId }, { by: CPDP, on: '2023-04-05' });
    expect(story.view.accountable).toEqual({ organisation: 'ast-39', role: 'CPDP', reason: 'lead', since: '2023-04-05' });
  });
});

describe('an offer that nobody takes up', () => {
  it('is withdrawn by whoever made it, and the lead may offer again', () => {
    const story = supported();
    const { handoverId } = story.does(
      'propose-handover',
      { to: 'ast-39', toRole: 'CPDP', motive: 'scope' },
      { by: AS, on: '2023-04-01' },
    );
    expect(story.refuses('withdraw-handover', { handoverId }, { by: CPDP, on: '2023-04-20' })).toContain(
      'handover.nothingOffered',
    );
    story.does('withdraw-handover', { handoverId }, { by: AS, on: '2023-04-20' });
    expect(story.refuses('accept-handover', { handoverId }, { by: CPDP, on: '2023-04-21' })).toContain('handover.withdrawn');
    story.does('propose-handover', { to: 'ast-39', toRole: 'CPDP', motive: 'load' }, { by: AS, on: '2023-04-21' });
    expect(story.view.accountable?.organisation).toBe('carsat-bfc');
  });
});

describe('permission and fact', () => {
  it('no approval without the opinions that the type needs; each missing one is named', () => {
    const story = supported();
    const measureId = asked(story);
    expect(story.refuses('approve-measure', { measureId }, { by: CPAM, on: '2023-05-10' })).toEqual(
      expect.arrayContaining(['essaiEncadre.opinionMissing.MTR', 'essaiEncadre.opinionMissing.MC', 'essaiEncadre.opinionMissing.MT', 'essaiEncadre.assessmentMissing']),
    ); // prettier-ignore
    opined(story, measureId);
    story.does('approve-measure', { measureId }, { by: CPAM, on: '2023-05-10' });
    expect(story.view.measures[0]?.status).toBe('approved');
  });
  it('no planned start on leave without approval, agreement and a leave that covers it', () => {
    const story = supported();
    const measureId = asked(story);
    const plan = () => story.refuses('plan-measure-start', { measureId, startsOn: '2023-06-05' }, { by: AS, on: '2023-05-11' });
    expect(plan()).toEqual(expect.arrayContaining(['essaiEncadre.notApproved', 'essaiEncadre.agreementMissing']));
    opined(story, measureId);
    story.does('approve-measure', { measureId }, { by: CPAM, on: '2023-05-10' });
    expect(plan()).toEqual(['essaiEncadre.agreementMissing']);
    story.does('sign-agreement', { measureId, signatories: ['ASSURE', 'HOST'] }, { by: AS, on: '2023-05-11' });
    story.does('plan-measure-start', { measureId, startsOn: '2023-06-05' }, { by: AS, on: '2023-05-11' });
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-06-01' }, { by: CPAM, on: '2023-06-01' });
    expect(plan().length).toBeGreaterThan(0);
  });
  it('a measure that really began without approval is recorded, with what was irregular', () => {
    const story = supported();
    const measureId = asked(story);
    story.does('start-measure', { measureId }, { by: AS, on: '2023-06-05' });
    expect(story.irregular).toEqual(expect.arrayContaining(['essaiEncadre.notApproved', 'essaiEncadre.agreementMissing']));
    expect(story.view.measures[0]?.status).toBe('running');
  });
  it('an essai encadré of 2021 is judged by the law of 2021', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on: '2021-01-10' });
    story.does(
      'record-sick-leave',
      { start: '2021-01-01', expectedEnd: '2021-12-31', risk: 'maladie' },
      { by: CPAM, on: '2021-01-11' },
    );
    story.does('start-measure', { type: 'essaiEncadre', slots: SLOTS('2021-03-01', 20) }, { by: AS, on: '2021-03-01' });
    expect(story.irregular).toEqual(['essaiEncadre.notApproved']);
  });
  it('a bilan may arrive before anybody recorded the start', () => {
    const story = supported();
    const measureId = asked(story);
    story.does('close-measure', { measureId, result: 'conclusive', endedOn: '2023-06-16' }, { by: AS, on: '2023-06-20' });
    expect(story.irregular).toEqual(['measure.closedWithoutStart']);
    story.does('start-measure', { measureId }, { by: AS, on: '2023-06-05', today: '2023-06-21' });
    expect(story.irregular).toContain('fact.recordedLate');
    expect(story.view.irregularities.map((i) => i.code)).not.toContain('measure.closedWithoutStart');
  });
  it('an independent has neither essai encadré nor CRPE (D.622-10-1 CSS)', () => {
    const story = supported();
    story.does('record-activity', { status: 'TI', from: '2013-09-01' }, { by: CPAM, on: '2023-04-01' });
    for (const type of ['essaiEncadre', 'crpe'])
      expect(
        story.refuses(
          'request-measure',
          { type, from: '2023-06-05', to: '2023-06-16' },
          { by: ASSURE, recordedBy: undefined, on: '2023-05-02' },
        ),
      ).toContain(`${type}.tiExcluded`);
  });
  it('caps count distinct days over all periods, renewals and earlier cases', () => {
    const story = supported();
    expect(
      story.refuses(
        'request-measure',
        { ...EE, slots: SLOTS('2023-06-01', 15), from: undefined, to: undefined },
        { by: AS, on: '2023-05-02' },
      ),
    ).toContain('essaiEncadre.periodTooLong');
    const measureId = asked(story);
    const slots = SLOTS('2023-07-03', 14);
    story.does('approve-measure', { measureId }, { by: CPAM, recordedBy: AS, on: '2023-06-01' });
    story.does('sign-agreement', { measureId, signatories: ['ASSURE', 'HOST'] }, { by: AS, on: '2023-06-01' });
    story.does(
      'sign-agreement',
      { measureId, signatories: ['ASSURE', 'HOST'], from: slots[0]!.date, to: slots.at(-1)!.date },
      { by: AS, on: '2023-06-19' },
    );
    story.does('renew-measure', { measureId, slots }, { by: AS, on: '2023-06-20' });
    expect(story.refuses('renew-measure', { measureId, slots: SLOTS('2023-08-01', 5) }, { by: AS, on: '2023-07-20' })).toContain(
      'essaiEncadre.capExceeded',
    );
    const other = supported();
    expect(
      other.refuses(
        'request-measure',
        { ...EE, slots: SLOTS('2023-09-04', 5), from: undefined, to: undefined },
        { by: AS, on: '2023-08-02', key: 'other' },
        [story.view],
      ),
    ).toContain('essaiEncadre.capExceeded');
  });
  it('who acted and who recorded it are never confused, and it takes evidence', () => {
    const story = supported();
    const measureId = asked(story);
    story.does('give-medical-opinion', { measureId, opinion: 'yes' }, { by: MTR, recordedBy: AS, on: '2023-05-04' });
    expect(story.events.at(-1)).toMatchObject({
      actor: { role: 'MTR' },
      recordedBy: { role: 'AS', organisation: 'carsat-bfc' },
      evidence: { kind: 'attestation' },
    });
    expect(story.refuses('give-medical-opinion', { measureId, opinion: 'yes' }, { by: AS, on: '2023-05-04' })).toContain(
      'act.notForRole',
    );
  });
});

describe('the end, and after it', () => {
  it('is said by whoever opened it, and not over an open measure', () => {
    const story = supported();
    expect(story.refuses('close-support', { motive: 'no-news' }, { by: CPDP, on: '2023-07-01' })).toContain('support.notOpener');
    asked(story);
    expect(story.refuses('close-support', { motive: 'goal-reached' }, { by: AS, on: '2023-07-01' })).toEqual([
      'support.measureOpen',
    ]);
    story.does('close-support', { motive: 'moved-away' }, { by: AS, on: '2023-07-01' });
    expect(story.view.status).toBe('closed');
  });
  it('a death stops everything owed at once', () => {
    const story = supported();
    asked(story);
    story.does('record-death', {}, { by: CPAM, on: '2023-07-01' });
    expect(story.view).toMatchObject({ status: 'deceased' });
    expect(story.duties).toEqual([]);
    expect(story.view.accountable).toBeUndefined();
    expect(
      story.refuses('refer-case', { target: 'ast-39', targetRole: 'CPDP', motive: 'pdp' }, { by: AS, on: '2023-07-02' }),
    ).toContain('case.personDied');
    story.does('close-support', { motive: 'death' }, { by: AS, on: '2023-07-02' });
    expect(story.view.followUp).toBeUndefined();
  });
  it('a closed case is reopened, and its call is no longer due', () => {
    const story = supported();
    story.does('close-support', { motive: 'goal-reached' }, { by: AS, on: '2023-07-01' });
    expect(story.refuses('open-support', { origin: 'person' }, { by: AS, on: '2023-08-01' })).toContain('case.notOpen');
    story.does('reopen-case', { motive: 'relapse' }, { by: AS, on: '2023-08-01' });
    expect(story.view).toMatchObject({ status: 'supported', accountable: { organisation: 'carsat-bfc', reason: 'lead' } });
    expect(story.duties.map((o) => o.rule)).not.toContain('six-month-call');
  });
});
