import { accordToAsk } from './duties/accord-to-ask.js';
import { appointment } from './duties/appointment.js';
import { assessmentToWrite } from './duties/assessment-to-write.js';
import { caseToPlace } from './duties/case-to-place.js';
import { caseToReopen } from './duties/case-to-reopen.js';
import { changeToConfirm } from './duties/change-to-confirm.js';
import { contactToMake } from './duties/contact-to-make.js';
import { deathToConfirm } from './duties/death-to-confirm.js';
import { escalationToHandle } from './duties/escalation-to-handle.js';
import { factToConfirm } from './duties/fact-to-confirm.js';
import { fileToLetIn } from './duties/file-to-let-in.js';
import { formToControl } from './duties/form-to-control.js';
import { handoverToAnswer } from './duties/handover-to-answer.js';
import { ilcoAvisToGive } from './duties/ilco-avis-to-give.js';
import { leadToAssign } from './duties/lead-to-assign.js';
import { leadToFind } from './duties/lead-to-find.js';
import { measureToReview } from './duties/measure-to-review.js';
import { measureToStart } from './duties/measure-to-start.js';
import { opinionToGive } from './duties/opinion-to-give.js';
import { referralToAnswer } from './duties/referral-to-answer.js';
import { referralToTriage } from './duties/referral-to-triage.js';
import { reportToDeliver } from './duties/report-to-deliver.js';
import { requestToDecide } from './duties/request-to-decide.js';
import { returnVisitToHold } from './duties/return-visit-to-hold.js';
import { signalToTriage } from './duties/signal-to-triage.js';
import { sixMonthCall } from './duties/six-month-call.js';
import { spstToIdentify } from './duties/spst-to-identify.js';
import { transmissionToTriage } from './duties/transmission-to-triage.js';
import { visitToHold } from './duties/visit-to-hold.js';
import { liaisonMeeting } from './opportunities/liaison-meeting.js';
import { medicalAdviserCall } from './opportunities/medical-adviser-call.js';
import { midCareerVisit } from './opportunities/mid-career-visit.js';
import { preReturnVisit } from './opportunities/pre-return-visit.js';
import { accordEnd } from './horizons/accord-end.js';
import { allowancesEnd } from './horizons/allowances-end.js';
import { conventionEnd } from './horizons/convention-end.js';
import { employerMonth } from './horizons/employer-month.js';
import { leaveEnd } from './horizons/leave-end.js';
import { measureRunning } from './horizons/measure-running.js';
import { accidentUndeclared } from './alerts/accident-undeclared.js';
import { accordsToConfirm } from './alerts/accords-to-confirm.js';
import { accordWithdrawn } from './alerts/accord-withdrawn.js';
import { closedWithOpenMeasure } from './alerts/closed-with-open-measure.js';
import { formToShow } from './alerts/form-to-show.js';
import { identitiesDiffer } from './alerts/identities-differ.js';
import { leadDeparted } from './alerts/lead-departed.js';
import { leaveEndsBeforeMeasure } from './alerts/leave-ends-before-measure.js';
import { nirContradicts } from './alerts/nir-contradicts.js';
import { noPreReturnVisit } from './alerts/no-pre-return-visit.js';
import { overlappingRequests } from './alerts/overlapping-requests.js';
import { partToConfirm } from './alerts/part-to-confirm.js';
import { personUnreachable } from './alerts/person-unreachable.js';
import { sameInterviewTwice } from './alerts/same-interview-twice.js';
import { twoLeads } from './alerts/two-leads.js';
import { withdrawalDenied, withdrawalToCheck } from './alerts/withdrawal-to-check.js';
import { type Rule } from './rule.js';

/** Every rule that time and facts bring up in a case. A new one: its file, and its place here. */
const ALL = [
  // Duties, in the order of a person's way through a case.
  signalToTriage, transmissionToTriage, spstToIdentify, accordToAsk, formToControl, referralToAnswer, referralToTriage, caseToPlace, leadToAssign, leadToFind, handoverToAnswer, appointment, contactToMake, visitToHold, returnVisitToHold, assessmentToWrite, opinionToGive, ilcoAvisToGive, requestToDecide, measureToStart, measureToReview, reportToDeliver, sixMonthCall, caseToReopen, fileToLetIn, changeToConfirm, deathToConfirm, factToConfirm, escalationToHandle,
  // Opportunities.
  liaisonMeeting, medicalAdviserCall, midCareerVisit, preReturnVisit,
  // Horizons.
  accordEnd, allowancesEnd, conventionEnd, employerMonth, leaveEnd, measureRunning,
  // Alerts.
  accidentUndeclared, accordWithdrawn, accordsToConfirm, closedWithOpenMeasure, formToShow, identitiesDiffer, leadDeparted, leaveEndsBeforeMeasure, nirContradicts, noPreReturnVisit, overlappingRequests, partToConfirm, personUnreachable, sameInterviewTwice, twoLeads, withdrawalDenied, withdrawalToCheck,
] as const; // prettier-ignore
export type RuleCode = (typeof ALL)[number]['code'];
export type KnownRule = Rule & { readonly code: RuleCode };
export const RULES: readonly KnownRule[] = ALL;
export const ruleOf = (code: string): KnownRule | undefined => RULES.find((rule) => rule.code === code);
