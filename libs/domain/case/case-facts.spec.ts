import { Refused } from '../kernel/errors.js';
import { localDate, type Instant } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { type ActDefinition, type Context, type Organisation } from './act.js';
import { decide } from './decide.js';
import { deriveCase } from './derive.js';
import { rulebook } from '../rules/delays.js';
import { obligations } from '../rules/obligations.js';
import { type CaseView } from './view.js';
import { type DomainEvent } from './event.js';
import { ActionPlanAgreed } from './events/action-plan-agreed.js';
import { AppointmentBooked } from './events/appointment-booked.js';
import { AppointmentCancelled } from './events/appointment-cancelled.js';
import { AppointmentMissed } from './events/appointment-missed.js';
import { CaseOpened } from './events/case-opened.js';
import { CaseReviewHeld } from './events/case-review-held.js';
import { ConsentGranted } from './events/consent-granted.js';
import { ConsentWithdrawn } from './events/consent-withdrawn.js';
import { ContactAttempted } from './events/contact-attempted.js';
import { DisabilityPensionRequested } from './events/disability-pension-requested.js';
import { EmploymentEnded } from './events/employment-ended.js';
import { FinancialAidGranted } from './events/financial-aid-granted.js';
import { FinancialAidRefused } from './events/financial-aid-refused.js';
import { FinancialAidRequested } from './events/financial-aid-requested.js';
import { GroupSessionAttended } from './events/group-session-attended.js';
import { IlcoReviewHeld } from './events/ilco-review-held.js';
import { InterviewHeld } from './events/interview-held.js';
import { JobStudyHeld } from './events/job-study-held.js';
import { LiaisonMeetingDeclined } from './events/liaison-meeting-declined.js';
import { LiaisonMeetingHeld } from './events/liaison-meeting-held.js';
import { LiaisonMeetingOffered } from './events/liaison-meeting-offered.js';
import { MidCareerVisitHeld } from './events/mid-career-visit-held.js';
import { NewJobStarted } from './events/new-job-started.js';
import { PersonDied } from './events/person-died.js';
import { PreReturnVisitHeld } from './events/pre-return-visit-held.js';
import { PreReturnVisitRequested } from './events/pre-return-visit-requested.js';
import { ReturnVisitHeld } from './events/return-visit-held.js';
import { RiskSelfAssessed } from './events/risk-self-assessed.js';
import { RqthDecided } from './events/rqth-decided.js';
import { RqthRequested } from './events/rqth-requested.js';
import { SickLeaveEnded } from './events/sick-leave-ended.js';
import { SickLeaveRecorded } from './events/sick-leave-recorded.js';
import { SixMonthFollowUpDue } from './events/six-month-follow-up-due.js';
import { SocialAssessmentCompleted } from './events/social-assessment-completed.js';
import { SpstSupportNotified } from './events/spst-support-notified.js';
import { SupportClosed } from './events/support-closed.js';
import { SupportOpened } from './events/support-opened.js';
import { TechnicalAidFoundInsufficient } from './events/technical-aid-found-insufficient.js';
import { TechnicalAidProvided } from './events/technical-aid-provided.js';
import { TechnicalAidRequested } from './events/technical-aid-requested.js';
import { TherapeuticPartTimeStarted } from './events/therapeutic-part-time-started.js';
import { UnfitnessIssued } from './events/unfitness-issued.js';

const tested = [
  ActionPlanAgreed, AppointmentBooked, AppointmentCancelled, AppointmentMissed, CaseReviewHeld, ContactAttempted, DisabilityPensionRequested, EmploymentEnded,
  FinancialAidGranted, FinancialAidRefused, FinancialAidRequested, GroupSessionAttended, IlcoReviewHeld, InterviewHeld, JobStudyHeld, LiaisonMeetingDeclined,
  LiaisonMeetingHeld, LiaisonMeetingOffered, MidCareerVisitHeld, NewJobStarted, PersonDied, PreReturnVisitHeld, PreReturnVisitRequested, ReturnVisitHeld, RiskSelfAssessed, RqthDecided,
  RqthRequested, SocialAssessmentCompleted, SpstSupportNotified, TechnicalAidFoundInsufficient, TechnicalAidProvided, TechnicalAidRequested, TherapeuticPartTimeStarted,
  UnfitnessIssued,
] as unknown as ActDefinition[]; // prettier-ignore
const around = [
  CaseOpened,
  ConsentGranted,
  ConsentWithdrawn,
  SickLeaveRecorded,
  SickLeaveEnded,
  SupportOpened,
  SupportClosed,
  SixMonthFollowUpDue,
] as unknown as ActDefinition[];
const registry = new Map([...tested, ...around].map((a) => [a.type, a]));
const acts = (type: string): ActDefinition | undefined => registry.get(type);

const AT: Instant = '2024-06-01T08:00:00.000Z' as Instant;
const HOME: Partial<Record<Role, string>> = { AS: 'carsat', CPAM: 'cpam', MC: 'dsm', MT: 'ast', CPDP: 'ast' };
const party = (role: Role) => ({ organisation: HOME[role] ?? null, role, person: null });
let serial = 0;
/** One recorded fact: who, what, when. */
const fact = (role: Role, type: string, on: string, data: Record<string, unknown> = {}): DomainEvent => ({
  id: `event-${++serial}`, type, data, schemaVersion: 1, personId: 'p', actor: party(role), recordedBy: null, evidence: null, occurredOn: localDate(on),
  recordedAt: AT, commandId: `command-${serial}`, causationId: null, correlationId: 'c', source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
}); // prettier-ignore
const caseOf = (...events: DomainEvent[]) => deriveCase('case', events, acts);
const BOOK = rulebook({ isHoliday: () => false });
const dutiesOf = (v: CaseView) => obligations(v, BOOK).filter((o) => o.nature === 'duty');

const organisations: Organisation[] = [
  { id: 'carsat', name: 'Carsat', roles: ['AS', 'CSAM'], territory: 'BFC' },
  { id: 'cpam', name: 'CPAM', roles: ['CPAM'], territory: '39' },
  { id: 'dsm', name: 'Service médical', roles: ['MC'], territory: '39' },
  { id: 'ast', name: 'SPST', roles: ['MT', 'IDEST', 'CPDP'], territory: '39' },
  { id: 'usine', name: 'Usine', roles: ['EMPLOYER'], territory: '39' },
];
const ctx: Context = {
  now: AT,
  today: localDate('2024-06-01'),
  commandId: 'now',
  rulebook: BOOK,
  newId: (label) => `new-${label}`,
  directory: {
    all: () => organisations,
    find: (id) => organisations.find((o) => o.id === id),
    bySpstCode: () => undefined,
    caisseOf: () => undefined,
    conventions: () => [],
    groupAction: () => undefined,
    resource: () => undefined,
  },
  earlier: [],
};
/** The events that an act adds to a history. */
const decided = (role: Role, type: string, on: string, data: Record<string, unknown>, history: DomainEvent[]): DomainEvent[] =>
  decide(
    registry.get(type)!,
    {
      caseId: 'case', personId: 'p', source: 'api', correlationId: 'c', actor: party(role), recordedBy: null, evidence: null, occurredOn: localDate(on), data: data as Record<string, never>,
    },
    history,
    ctx,
    acts,
  ); // prettier-ignore
/** What was irregular about an act that was recorded all the same; lateness apart. */
const irregular = (...args: Parameters<typeof decided>): string[] =>
  decided(...args).flatMap((e) => e.irregularities.map((i) => i.code)).filter((c) => c !== 'fact.recordedLate'); // prettier-ignore
const refusal = (...args: Parameters<typeof decided>): string[] => {
  try {
    decided(...args);
  } catch (e) {
    if (e instanceof Refused) return e.findings.map((f) => f.code);
    throw e;
  }
  return [];
};
const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((x, i) => permutations([...all.slice(0, i), ...all.slice(i + 1)]).map((rest) => [x, ...rest]));

const opened = [
  fact('AS', 'CaseOpened', '2022-01-03', { caisse: 'cpam' }),
  fact('AS', 'SupportOpened', '2022-01-03', { origin: 'mc-request' }),
];
const leave = (start: string, expectedEnd: string, risk = 'maladie') =>
  fact('CPAM', 'SickLeaveRecorded', start, { leaveId: 'leave', start, expectedEnd, risk });

describe('any act around the case', () => {
  it.each(tested.map((a) => [a.type] as const))('%s folds when every field is gone', (type) => {
    expect(caseOf(...opened, fact('AS', type, '2023-03-01')).caseId).toBe('case');
  });
  it('has its own command name and event name', () => {
    expect(new Set(tested.map((a) => a.command)).size).toBe(tested.length);
    expect(new Set(tested.map((a) => a.type)).size).toBe(tested.length);
  });
  it('gives the same case in any order of arrival', () => {
    const facts = [
      fact('AS', 'AppointmentBooked', '2023-03-01', { appointmentId: 'a', date: '2023-03-08', channel: 'visu' }),
      fact('AS', 'AppointmentMissed', '2023-03-08', { appointmentId: 'a' }),
      fact('AS', 'InterviewHeld', '2023-03-08', { mode: 'visu', appointmentId: 'a' }),
      fact('CPAM', 'FinancialAidGranted', '2023-04-01', { aidId: 'f', amount: 1500 }),
      fact('AS', 'FinancialAidRequested', '2023-04-01', { aidId: 'f', funder: 'cpam-cass', amount: 2000 }),
      fact('MT', 'PreReturnVisitHeld', '2023-05-02', { visitId: 'v', riskOfUnfitness: true, opposed: true }),
    ];
    const first = caseOf(...facts);
    for (const arrival of permutations(facts)) {
      expect(caseOf(...arrival)).toEqual(first);
    }
    expect(first.appointments).toMatchObject([{ id: 'a', date: '2023-03-08', outcome: 'held' }]);
    expect(first.aids).toMatchObject([{ funder: 'cpam-cass', amount: 1500, decision: { kind: 'granted' } }]);
  });
});

describe('contacts and appointments', () => {
  it('tells interviews, group sessions and attempts apart', () => {
    const v = caseOf(
      fact('AS', 'InterviewHeld', '2023-03-01', { mode: 'domicile' }),
      fact('AS', 'GroupSessionAttended', '2023-03-02', { groupId: 'g', theme: 'potentialis' }),
      fact('AS', 'ContactAttempted', '2023-03-03', { channel: 'telephone', outcome: 'no-answer' }),
    );
    expect(v.contacts.map((c) => [c.kind, c.mode, c.outcome])).toEqual([
      ['interview', 'domicile', undefined],
      ['group-session', undefined, undefined],
      ['attempt', 'telephone', 'no-answer'],
    ]);
  });
  it('counts the attempts for the six-month call from the closure on, and no other', () => {
    const closed = [
      ...opened,
      fact('AS', 'ContactAttempted', '2022-06-01', { channel: 'telephone', outcome: 'no-answer' }),
      fact('AS', 'SupportClosed', '2023-01-02', { motive: 'goal-reached' }),
      fact('AS', 'SixMonthFollowUpDue', '2023-01-02', { dueOn: '2023-07-02' }),
    ];
    expect(caseOf(...closed).followUp?.attempts).toBe(0);
    const call = fact('AS', 'ContactAttempted', '2023-07-03', { channel: 'telephone', outcome: 'no-answer' });
    expect(caseOf(...closed, call).followUp?.attempts).toBe(1);
  });
  it('keeps an appointment that lies ahead to do, until it is held, missed or cancelled', () => {
    const [booked] = decided('AS', 'AppointmentBooked', '2024-05-31', { date: '2024-06-12', channel: 'visu' }, opened);
    const id = booked!.data['appointmentId'];
    const pending = (...more: DomainEvent[]) =>
      dutiesOf(caseOf(...opened, booked!, ...more)).filter((o) => o.rule === 'appointment');
    expect(pending()).toMatchObject([{ subject: id, organisation: 'carsat', due: '2024-06-12' }]);
    expect(pending(fact('ASSURE', 'AppointmentCancelled', '2024-06-01', { appointmentId: id }))).toEqual([]);
    expect(pending(fact('AS', 'AppointmentMissed', '2024-06-12', { appointmentId: id }))).toEqual([]);
    expect(pending(fact('AS', 'InterviewHeld', '2024-06-12', { mode: 'visu', appointmentId: id }))).toEqual([]);
  });
  it('refuses to book an appointment for a day before the booking', () => {
    expect(refusal('AS', 'AppointmentBooked', '2024-05-31', { date: '2024-05-30', channel: 'visu' }, opened)).toEqual([
      'appointment.beforeBooking',
    ]);
  });
  it('records that an appointment was missed before anybody recorded its booking', () => {
    expect(refusal('AS', 'AppointmentMissed', '2024-05-30', { appointmentId: 'a' }, opened)).toEqual([]);
    expect(caseOf(fact('AS', 'AppointmentMissed', '2024-05-30', { appointmentId: 'a' })).appointments).toMatchObject([
      { id: 'a', outcome: 'missed' },
    ]);
  });
});

describe('social assessment', () => {
  const conclusion = { fit: 'suited', timing: 'now' };
  it('is the social worker’s alone', () => {
    expect(refusal('CSAM', 'SocialAssessmentCompleted', '2024-05-30', conclusion, opened)).toEqual(['act.notForRole']);
    expect(refusal('CPDP', 'SocialAssessmentCompleted', '2024-05-30', conclusion, opened)).toEqual(['act.notForRole']);
  });
  it('supposes an interview; without one it stands, irregular', () => {
    const interview = fact('AS', 'InterviewHeld', '2024-05-30', { mode: 'visu' });
    expect(irregular('AS', 'SocialAssessmentCompleted', '2024-05-30', conclusion, [...opened, interview])).toEqual([]);
    expect(irregular('AS', 'SocialAssessmentCompleted', '2024-05-29', conclusion, [...opened, interview])).toEqual([
      'assessment.interviewMissing',
    ]);
    expect(caseOf(fact('AS', 'SocialAssessmentCompleted', '2024-05-30', conclusion)).assessments).toMatchObject([conclusion]);
  });
});

describe('liaison meeting (D.1226-8-1 CT)', () => {
  const on = (start: string, day: string) =>
    irregular('EMPLOYER', 'LiaisonMeetingOffered', day, {}, [...opened, leave(start, '2024-12-31')]);
  it('is possible on the thirtieth day of absence and not before', () => {
    expect(on('2024-04-01', '2024-04-30')).toEqual([]);
    expect(on('2024-04-01', '2024-04-29')).toEqual(['liaison.leaveTooShort']);
  });
  it('is judged by the law of its day: no such rule before 31 March 2022', () => {
    expect(on('2022-03-20', '2022-03-30')).toEqual([]);
    expect(on('2022-03-20', '2022-03-31')).toEqual(['liaison.leaveTooShort']);
  });
  it('changes nothing else when declined', () => {
    const before = [
      ...opened,
      leave('2024-01-01', '2024-12-31'),
      fact('EMPLOYER', 'LiaisonMeetingOffered', '2024-03-01', { liaisonId: 'l' }),
    ];
    const { liaisons, toldUntil: _, ...rest } = caseOf(...before);
    const {
      liaisons: after,
      toldUntil: __,
      ...restAfter
    } = caseOf(...before, fact('ASSURE', 'LiaisonMeetingDeclined', '2024-03-02', { liaisonId: 'l' }));
    expect(liaisons).toEqual([{ id: 'l', offeredOn: '2024-03-01' }]);
    expect(after).toEqual([{ id: 'l', offeredOn: '2024-03-01', declinedOn: '2024-03-02' }]);
    expect(restAfter).toEqual(rest);
  });
  it('answers the offer that is open when none is named', () => {
    const before = [
      ...opened,
      leave('2024-01-01', '2024-12-31'),
      fact('EMPLOYER', 'LiaisonMeetingOffered', '2024-03-01', { liaisonId: 'l' }),
    ];
    expect(caseOf(...before, ...decided('EMPLOYER', 'LiaisonMeetingHeld', '2024-03-10', {}, before)).liaisons).toEqual([
      { id: 'l', offeredOn: '2024-03-01', heldOn: '2024-03-10' },
    ]);
  });
});

describe('pre-return visit (R.4624-29 and -30 CT)', () => {
  const asked = (start: string, end: string, day: string) =>
    irregular('MC', 'PreReturnVisitRequested', day, {}, [...opened, leave(start, end)]);
  it('supposes more than thirty days for a leave begun after 31 March 2022', () => {
    expect(asked('2022-04-01', '2022-05-01', '2022-04-20')).toEqual([]);
    expect(asked('2022-04-01', '2022-04-30', '2022-04-20')).toEqual(['preReturnVisit.leaveTooShort']);
  });
  it('supposes more than three months for one begun by then', () => {
    expect(asked('2022-03-31', '2022-06-30', '2022-05-20')).toEqual([]);
    expect(asked('2022-03-31', '2022-06-29', '2022-05-20')).toEqual(['preReturnVisit.leaveTooShort']);
  });
  it('supposes a leave at all', () => {
    expect(irregular('MT', 'PreReturnVisitHeld', '2024-05-02', { riskOfUnfitness: false, opposed: false }, opened)).toEqual([
      'preReturnVisit.leaveTooShort',
    ]);
  });
  it('is asked by the person or a physician, and held by the occupational physician', () => {
    expect(refusal('EMPLOYER', 'PreReturnVisitRequested', '2024-05-02', {}, opened)).toContain('act.notForRole');
    expect(refusal('CPDP', 'PreReturnVisitHeld', '2024-05-02', { riskOfUnfitness: false, opposed: false }, opened)).toContain(
      'act.notForRole',
    );
  });
  it('settles the request that waits, and keeps the flags', () => {
    const before = [
      ...opened,
      leave('2024-01-01', '2024-12-31'),
      fact('MC', 'PreReturnVisitRequested', '2024-03-01', { visitId: 'v' }),
    ];
    const after = caseOf(
      ...before,
      ...decided('MT', 'PreReturnVisitHeld', '2024-03-20', { riskOfUnfitness: true, opposed: false }, before),
    );
    expect(after.visits).toMatchObject([
      { id: 'v', kind: 'pre-return', requestedOn: '2024-03-01', heldOn: '2024-03-20', riskOfUnfitness: true, opposed: false },
    ]);
    expect(after.objections).toEqual([]);
  });
  it('closes the recommendations to employer and medical adviser when the person objects', () => {
    const v = caseOf(fact('MT', 'PreReturnVisitHeld', '2024-03-20', { riskOfUnfitness: false, opposed: true }));
    expect(v.objections).toEqual([
      { zones: ['capacity'], recipientRole: 'EMPLOYER', on: '2024-03-20' },
      { zones: ['capacity'], recipientRole: 'MC', on: '2024-03-20' },
    ]);
  });
});

describe('mid-career visit (L.4624-2-2 CT)', () => {
  it('is held by the physician or a nurse, who proposes no adjustments', () => {
    expect(irregular('IDEST', 'MidCareerVisitHeld', '2024-05-02', { outcome: 'sent-to-physician' }, opened)).toEqual([]);
    expect(irregular('IDEST', 'MidCareerVisitHeld', '2024-05-02', { outcome: 'adjustments-proposed' }, opened)).toEqual([
      'midCareerVisit.adjustmentsByNurse',
    ]);
    expect(irregular('MT', 'MidCareerVisitHeld', '2024-05-02', { outcome: 'adjustments-proposed' }, opened)).toEqual([]);
    expect(refusal('CPDP', 'MidCareerVisitHeld', '2024-05-02', {}, opened)).toContain('act.notForRole');
  });
});

describe('return visit (R.4624-31 CT)', () => {
  const held = (on: string, start: string, lastDay: string, risk = 'maladie', ...more: DomainEvent[]) =>
    irregular('MT', 'ReturnVisitHeld', on, { outcome: 'fit' }, [
      ...opened,
      leave(start, lastDay, risk),
      fact('AS', 'SickLeaveEnded', lastDay, { leaveId: 'leave', lastDay }),
      ...more,
    ]);
  it('is due within eight days of the return', () => {
    expect(held('2024-05-09', '2024-01-01', '2024-04-30')).toEqual([]);
    expect(held('2024-05-10', '2024-01-01', '2024-04-30')).toEqual(['returnVisit.late']);
  });
  it('is owed after sixty days of illness, thirty for an accident at work, any occupational disease', () => {
    expect(held('2024-05-20', '2024-03-03', '2024-04-30')).toEqual([]); // 59 days
    expect(held('2024-05-20', '2024-03-02', '2024-04-30')).toEqual(['returnVisit.late']);
    expect(held('2024-05-20', '2024-04-02', '2024-04-30', 'AT')).toEqual([]);
    expect(held('2024-05-20', '2024-04-01', '2024-04-30', 'AT')).toEqual(['returnVisit.late']);
    expect(held('2024-05-20', '2024-04-25', '2024-04-30', 'MP')).toEqual(['returnVisit.late']);
  });
  it('was owed after thirty days of illness for a leave begun by 31 March 2022', () => {
    expect(held('2022-05-30', '2022-03-31', '2022-04-30')).toEqual(['returnVisit.late']);
    expect(held('2022-05-30', '2022-04-01', '2022-04-30')).toEqual([]);
  });
  it('is not late a second time', () => {
    const first = fact('MT', 'ReturnVisitHeld', '2024-05-03', { visitId: 'first', outcome: 'fit-with-adjustments' });
    expect(held('2024-05-20', '2024-01-01', '2024-04-30', 'maladie', first)).toEqual([]);
  });
});

describe('aids and milestones', () => {
  it('follows a technical aid that proves insufficient', () => {
    const v = caseOf(
      fact('CAP_EMPLOI', 'TechnicalAidRequested', '2021-03-01', { aidId: 't' }),
      fact('EMPLOYER', 'TechnicalAidProvided', '2021-05-01', { aidId: 't' }),
      fact('CAP_EMPLOI', 'TechnicalAidFoundInsufficient', '2021-09-01', { aidId: 't' }),
    );
    expect(v.aids).toEqual([
      { id: 't', kind: 'technical', requestedOn: '2021-03-01', decision: { kind: 'insufficient', on: '2021-09-01' } },
    ]);
  });
  it('keeps a refusal apart from a later grant by another funder', () => {
    const v = caseOf(
      fact('AS', 'FinancialAidRequested', '2022-09-01', { aidId: 'cpf', funder: 'cpf', amount: 3000 }),
      fact('AS', 'FinancialAidRequested', '2022-09-02', { aidId: 'cass', funder: 'cpam-cass' }),
      fact('ASSURE', 'FinancialAidRefused', '2022-10-01', { aidId: 'cpf' }),
      fact('CPAM', 'FinancialAidGranted', '2022-10-02', { aidId: 'cass', amount: 2000 }),
    );
    expect(v.aids.map((a) => [a.funder, a.amount, a.decision?.kind])).toEqual([['cpf', 3000, 'refused'], ['cpam-cass', 2000, 'granted']]); // prettier-ignore
  });
  it('lists what happened in the order in which it happened', () => {
    const v = caseOf(
      fact('ASSURE', 'NewJobStarted', '2023-11-06', { contract: 'cdi' }),
      fact('EMPLOYER', 'EmploymentEnded', '2023-03-31', { reason: 'dismissal-unfitness' }),
      fact('MT', 'UnfitnessIssued', '2023-03-01', { redeployment: 'to-seek' }),
      fact('MDPH', 'RqthDecided', '2022-12-01', { decision: 'granted' }),
      fact('ASSURE', 'RqthRequested', '2022-08-01'),
      fact('ASSURE', 'DisabilityPensionRequested', '2022-09-01'),
      fact('MTR', 'TherapeuticPartTimeStarted', '2022-10-01', { share: 50 }),
    );
    expect(v.milestones.map((m) => [m.kind, m.code])).toEqual([
      ['rqth-requested', undefined],
      ['disability-pension-requested', undefined],
      ['therapeutic-part-time-started', undefined],
      ['rqth-decided', 'granted'],
      ['unfitness-issued', 'to-seek'],
      ['employment-ended', 'dismissal-unfitness'],
      ['new-job-started', 'cdi'],
    ]);
  });
  it('names a second examination that came after fifteen days (R.4624-42 CT)', () => {
    const issued = (firstExam: string) =>
      irregular('MT', 'UnfitnessIssued', '2024-05-16', { redeployment: 'to-seek', firstExam }, opened);
    expect(issued('2024-05-01')).toEqual([]);
    expect(issued('2024-04-30')).toEqual(['unfitness.secondExamLate']);
  });
});

describe('reviews', () => {
  it('names an attendee who does not take part in the case', () => {
    const review = (...organisations: string[]) =>
      irregular(
        'AS',
        'CaseReviewHeld',
        '2024-05-30',
        { attendees: organisations.map((organisation) => ({ organisation, role: 'CPAM' })) },
        opened,
      );
    expect(review('carsat', 'cpam')).toEqual([]);
    expect(review('carsat', 'usine')).toEqual(['review.attendeeWithoutRight']);
  });
  it('adds the opinion of the local body to its measure', () => {
    const v = caseOf(fact('CPAM', 'IlcoReviewHeld', '2024-05-30', { measureId: 'm', opinion: 'favourable' }));
    expect(v.measures).toMatchObject([
      { id: 'm', status: 'mentioned', ilcoOpinions: [{ on: '2024-05-30', opinion: 'favourable' }] },
    ]);
  });
});

describe('death', () => {
  it('stops everything owed, for everybody, and the earliest day told counts', () => {
    const booked = fact('AS', 'AppointmentBooked', '2024-05-20', { appointmentId: 'a', date: '2024-06-12', channel: 'visu' });
    expect(dutiesOf(caseOf(...opened, booked))).not.toEqual([]);
    const v = caseOf(...opened, booked, fact('EMPLOYER', 'PersonDied', '2024-05-26'), fact('CPAM', 'PersonDied', '2024-05-25'));
    expect(v).toMatchObject({ status: 'deceased', diedOn: '2024-05-25' });
    expect(dutiesOf(v)).toEqual([]);
    expect(v.accountable).toBeUndefined();
    expect(PersonDied.zone).toBe('coordination');
  });
});

describe('notification by the occupational health service (L.4622-2-1 CT)', () => {
  const notify = (data: Record<string, unknown>, ...more: DomainEvent[]) =>
    refusal('CPDP', 'SpstSupportNotified', '2024-05-30', { accompanied: true, ...data }, [...opened, ...more]);
  const accord = (data: Record<string, unknown>) =>
    fact('ASSURE', 'ConsentGranted', '2024-05-01', {
      consentId: 'c',
      zones: ['job'],
      recipientRole: 'AS',
      proof: 'form',
      ...data,
    });
  it('needs no accord for the bare fact that the person is supported', () => {
    expect(notify({})).toEqual([]);
  });
  it('passes job and conditions on with an accord only', () => {
    expect(notify({ job: 'régleuse' })).toEqual(['spstSupport.jobWithoutConsent']);
    expect(notify({ job: 'régleuse' }, accord({}))).toEqual([]);
    expect(notify({ job: 'régleuse' }, accord({ recipientRole: undefined, recipient: 'cpam' }))).toEqual([]);
  });
  it('takes no accord for another zone, another recipient, another time, or one withdrawn', () => {
    const withdrawn = fact('ASSURE', 'ConsentWithdrawn', '2024-05-20', { consentId: 'c' });
    for (const wrong of [
      [accord({ zones: ['identity'] })],
      [accord({ recipientRole: 'EMPLOYER' })],
      [accord({ recipientRole: undefined, recipient: 'usine' })],
      [accord({ to: '2024-05-15' })],
      [accord({ from: '2024-05-31' })],
      [accord({}), withdrawn],
    ])
      expect(notify({ job: 'régleuse' }, ...wrong)).toEqual(['spstSupport.jobWithoutConsent']);
  });
});
