import { type Fields } from '../kernel/fields.js';
import { type Text, t } from '../kernel/text.js';
import { type ActDefinition } from './act.js';
import { AccidentReported } from './events/accident-reported.js';
import { ActionPlanAgreed } from './events/action-plan-agreed.js';
import { ActivityRecorded } from './events/activity-recorded.js';
import { AgreementSigned } from './events/agreement-signed.js';
import { AppointmentBooked } from './events/appointment-booked.js';
import { AppointmentCancelled } from './events/appointment-cancelled.js';
import { AppointmentMissed } from './events/appointment-missed.js';
import { CaseAbsorbed, CaseAbsorptionUndone, CaseMerged, CaseMergeUndone } from './events/case-merged.js';
import { CaseOpenedByMistake } from './events/case-opened-by-mistake.js';
import { CaseOpened } from './events/case-opened.js';
import { CaseRedirected } from './events/case-redirected.js';
import { CaseReferred } from './events/case-referred.js';
import { CaseReopened } from './events/case-reopened.js';
import { CaseReviewHeld } from './events/case-review-held.js';
import { CaseTransferProposed } from './events/case-transfer-proposed.js';
import { CaseTransferDeclined } from './events/case-transfer-declined.js';
import { CaseTransferWithdrawn } from './events/case-transfer-withdrawn.js';
import { CaseTransferred } from './events/case-transferred.js';
import { ChangeConfirmed, ChangeDenied } from './events/change-confirmed.js';
import { ConsentConfirmed, ConsentDisputed, ConsentFormControlled, ConsentVouchedFor } from './events/consent-confirmed.js';
import { ConsentGranted } from './events/consent-granted.js';
import { ConsentWithdrawalDenied, ConsentWithdrawn } from './events/consent-withdrawn.js';
import { ContactAttempted } from './events/contact-attempted.js';
import { DisabilityPensionRequested } from './events/disability-pension-requested.js';
import { DeathConfirmed, DeathDenied } from './events/death-answered.js';
import { DutyMissed, FileDutyMissed, LeaveDutyMissed, MeasureDutyMissed } from './events/duty-missed.js';
import { EmploymentEnded } from './events/employment-ended.js';
import { FileFound, FileOver, FileSupported } from './events/file-found.js';
import { FileSetAside } from './events/file-set-aside.js';
import { FinancialAidGranted } from './events/financial-aid-granted.js';
import { FinancialAidRefused } from './events/financial-aid-refused.js';
import { FinancialAidRequested } from './events/financial-aid-requested.js';
import { GroupSessionAttended } from './events/group-session-attended.js';
import { IlcoReviewHeld } from './events/ilco-review-held.js';
import { IlcoReviewRequested } from './events/ilco-review-requested.js';
import { IlcoReviewScheduled } from './events/ilco-review-scheduled.js';
import { IlcoReviewUnscheduled } from './events/ilco-review-unscheduled.js';
import { InterviewHeld } from './events/interview-held.js';
import { JobStudyHeld } from './events/job-study-held.js';
import { LeadAssigned } from './events/lead-assigned.js';
import { LeadHandedOver } from './events/lead-handed-over.js';
import { LeadHandoverDeclined } from './events/lead-handover-declined.js';
import { LeadHandoverWithdrawn } from './events/lead-handover-withdrawn.js';
import { LeadHandoverProposed } from './events/lead-handover-proposed.js';
import { LiaisonMeetingDeclined } from './events/liaison-meeting-declined.js';
import { LiaisonMeetingHeld } from './events/liaison-meeting-held.js';
import { LiaisonMeetingOffered } from './events/liaison-meeting-offered.js';
import { MeasureApproved } from './events/measure-approved.js';
import { MeasureClosed } from './events/measure-closed.js';
import { MeasureInterrupted } from './events/measure-interrupted.js';
import { MeasureRefused } from './events/measure-refused.js';
import { MeasureRenewed } from './events/measure-renewed.js';
import { MeasureRequested } from './events/measure-requested.js';
import { MeasureReviewed } from './events/measure-reviewed.js';
import { MeasureStartPlanned } from './events/measure-start-planned.js';
import { MeasureStarted } from './events/measure-started.js';
import { MidCareerVisitHeld } from './events/mid-career-visit-held.js';
import { MedicalOpinionGiven } from './events/medical-opinion-given.js';
import { NewJobStarted } from './events/new-job-started.js';
import { ObjectionRecorded } from './events/objection-recorded.js';
import { PartConfirmed, PartEnded } from './events/part-confirmed.js';
import { PersonDied } from './events/person-died.js';
import { PersonIdentified } from './events/person-identified.js';
import { PreReturnVisitHeld } from './events/pre-return-visit-held.js';
import { PreReturnVisitRequested } from './events/pre-return-visit-requested.js';
import { PresenceRecorded } from './events/presence-recorded.js';
import { ReceiptAcknowledged } from './events/receipt-acknowledged.js';
import { ReferralAccepted } from './events/referral-accepted.js';
import { ReferralDeclined } from './events/referral-declined.js';
import { ReferralRevoked } from './events/referral-revoked.js';
import { ReportDelivered } from './events/report-delivered.js';
import { ResourceSuggested } from './events/resource-suggested.js';
import { ReturnVisitHeld } from './events/return-visit-held.js';
import { RiskSelfAssessed } from './events/risk-self-assessed.js';
import { RqthDecided } from './events/rqth-decided.js';
import { RqthRequested } from './events/rqth-requested.js';
import { SickLeaveEnded } from './events/sick-leave-ended.js';
import { SickLeaveExtended } from './events/sick-leave-extended.js';
import { SickLeaveRecorded } from './events/sick-leave-recorded.js';
import { SickLeaveShortened } from './events/sick-leave-shortened.js';
import { SickLeaveTransmittedToSpst } from './events/sick-leave-transmitted-to-spst.js';
import { SignalReceived } from './events/signal-received.js';
import { SixMonthCallAttempted } from './events/six-month-call-attempted.js';
import { SixMonthFollowUpCompleted } from './events/six-month-follow-up-completed.js';
import { SixMonthFollowUpDue } from './events/six-month-follow-up-due.js';
import { SixMonthFollowUpUnreachable } from './events/six-month-follow-up-unreachable.js';
import { SocialAssessmentCompleted } from './events/social-assessment-completed.js';
import { SpstIdentified } from './events/spst-identified.js';
import { SpstSupportNotified } from './events/spst-support-notified.js';
import { SupportClosed } from './events/support-closed.js';
import { SupportOpened } from './events/support-opened.js';
import { TechnicalAidFoundInsufficient } from './events/technical-aid-found-insufficient.js';
import { TechnicalAidProvided } from './events/technical-aid-provided.js';
import { TechnicalAidRequested } from './events/technical-aid-requested.js';
import { TherapeuticPartTimeStarted } from './events/therapeutic-part-time-started.js';
import { TriageConcluded } from './events/triage-concluded.js';
import { UnfitnessIssued } from './events/unfitness-issued.js';

/** Every act of a case, by chapter, in the order of a person's way through it. A new one: its file, and its place here. */
const CHAPTERS = [
  [t('La personne et ses arrêts', 'The person and the leaves'),
    [CaseOpened, PersonIdentified, ActivityRecorded, SickLeaveRecorded, SickLeaveExtended, SickLeaveShortened, SickLeaveEnded]],
  [t('Accords', 'Consents'), [ConsentGranted, ConsentConfirmed, ConsentVouchedFor, ConsentDisputed, ConsentFormControlled, ConsentWithdrawn, ConsentWithdrawalDenied, ObjectionRecorded]],
  [t('Transmission, orientation, tri', 'Transmission, referral, triage'),
    [SickLeaveTransmittedToSpst, SpstIdentified, SignalReceived, CaseReferred, ReceiptAcknowledged, ReferralAccepted, ReferralDeclined, CaseRedirected, ReferralRevoked, TriageConcluded]],
  [t('Référent et relais', 'Lead and hand-over'),
    [LeadAssigned, LeadHandoverProposed, LeadHandedOver, LeadHandoverDeclined, LeadHandoverWithdrawn, CaseTransferProposed, CaseTransferred, CaseTransferDeclined, CaseTransferWithdrawn]],
  [t('Accompagnement', 'Support'),
    [SpstSupportNotified, RiskSelfAssessed, SupportOpened, AppointmentBooked, AppointmentMissed, AppointmentCancelled, ContactAttempted, InterviewHeld, GroupSessionAttended, ResourceSuggested, ActionPlanAgreed, SocialAssessmentCompleted, CaseReviewHeld, IlcoReviewRequested, IlcoReviewScheduled, IlcoReviewUnscheduled, IlcoReviewHeld]],
  [t('Visites et poste', 'Visits and job'),
    [LiaisonMeetingOffered, LiaisonMeetingDeclined, LiaisonMeetingHeld, PreReturnVisitRequested, PreReturnVisitHeld, ReturnVisitHeld, MidCareerVisitHeld, JobStudyHeld, TechnicalAidRequested, TechnicalAidProvided, TechnicalAidFoundInsufficient, UnfitnessIssued]],
  [t('Mesures', 'Measures'),
    [MeasureRequested, MedicalOpinionGiven, MeasureApproved, MeasureRefused, AgreementSigned, MeasureStartPlanned, MeasureStarted, PresenceRecorded, MeasureRenewed, MeasureInterrupted, AccidentReported, MeasureReviewed, MeasureClosed, ReportDelivered]],
  [t('Aides et parcours', 'Aids and milestones'),
    [FinancialAidRequested, FinancialAidGranted, FinancialAidRefused, RqthRequested, RqthDecided, DisabilityPensionRequested, TherapeuticPartTimeStarted, EmploymentEnded, NewJobStarted, PersonDied, DeathConfirmed, DeathDenied]],
  [t('Clôture et rappel à six mois', 'Closure and six-month call'),
    [SupportClosed, SixMonthFollowUpDue, SixMonthCallAttempted, SixMonthFollowUpCompleted, SixMonthFollowUpUnreachable, CaseReopened, CaseOpenedByMistake]],
  [t('Doublons', 'Duplicates'), [FileFound, FileSupported, FileOver, FileSetAside, ChangeConfirmed, ChangeDenied, PartConfirmed, PartEnded, CaseAbsorbed, CaseAbsorptionUndone, CaseMerged, CaseMergeUndone]],
  [t('Échéances', 'Deadlines'), [DutyMissed, LeaveDutyMissed, MeasureDutyMissed, FileDutyMissed]],
] as const; // prettier-ignore

// One list serves acts of many shapes: behind the registry a payload is checked data, not a type.
const chapters = CHAPTERS as readonly unknown[] as readonly (readonly [Text, readonly ActDefinition[]])[];
const all = chapters.flatMap(([, acts]) => acts);
const byType = new Map(all.map((a) => [a.type, a]));
const byCommand = new Map(all.flatMap((a) => (a.command === null ? [] : [[a.command, a] as const])));

export const caseActs = (): readonly ActDefinition[] => all;
export const actOfType = (type: string): ActDefinition | undefined => byType.get(type);
export const actOfCommand = (command: string): ActDefinition | undefined => byCommand.get(command);
/** The chapter in which an act stands. */
export const chapterOf = (act: ActDefinition): Text | undefined => chapters.find(([, acts]) => acts.includes(act))?.[0];
export type AnyAct = ActDefinition<Fields>;
