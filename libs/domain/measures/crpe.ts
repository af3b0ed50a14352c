import { addDays, addMonths, daysBetween, earliest } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { beginOf, beginsOnLeave, isOccupational, lastLeave, totalDays } from './facts.js';
import { type MeasureDefinition, type MeasureRule } from './measure.js';
import {
  agreedSpans, atMostMonths, excludesStatus, LEAVE_OPINIONS, MARCH_2022, needsAgreement, needsApproval, needsAssessment, needsOpinions, when,
} from './rules.js'; // prettier-ignore

const IJ_MONTHS = 36;
const signatories = ['EMPLOYER', 'ASSURE', 'CPAM'] as const;

const unfitOrAtRisk: MeasureRule = {
  code: 'notQualified',
  article: 'L.1226-1-4 CT',
  from: MARCH_2022,
  stages: ['approve', 'plan', 'start'],
  zones: ['capacity', 'measure', 'decision'],
  message: t(
    'La CRPE suppose une inaptitude déclarée ou un risque d’inaptitude relevé à la visite de préreprise.',
    'It supposes declared unfitness, or a risk of it found at the pre-return visit.',
  ),
  broken: ({ view, on }) =>
    !view.milestones.some((m) => m.kind === 'unfitness-issued' && m.on <= on) &&
    !view.visits.some((v) => v.kind === 'pre-return' && v.riskOfUnfitness === true && v.heldOn !== undefined && v.heldOn <= on),
};
/** Daily allowances since the leave began, those of the convention included: three years, unless the leave comes from work (AT/MP). */
const ijWithinThreeYears: MeasureRule = {
  code: 'ijExhausted',
  article: 'R.323-3-1 CSS',
  from: MARCH_2022,
  stages: ['approve', 'plan', 'start', 'renew'],
  message: t(
    'Les indemnités journalières dépasseraient trois ans depuis le début de l’arrêt.',
    'Daily allowances would run beyond three years since the leave began.',
  ),
  broken: ({ measure, view, on }) => {
    const begin = beginOf(measure, on);
    const leave = lastLeave(view, begin);
    if (leave?.start === undefined || leave.risk === undefined || isOccupational(leave)) return false;
    // From its first day on the convention pays, so the leave counts up to the eve.
    const leaveEnd = earliest(leave.endedOn ?? leave.expectedEnd, addDays(begin, -1)) ?? leave.start;
    const paid = totalDays([{ from: leave.start, to: leaveEnd }, ...agreedSpans(measure)]);
    return paid > daysBetween(leave.start, addMonths(leave.start, IJ_MONTHS));
  },
};

/**
 * Convention de rééducation professionnelle en entreprise (L.5213-3-1, R.5213-15 to -17 CT). During a leave or after it: practice
 * differs (Carsat BFC, Carsat Normandie) and the text allows both. No avis of the CDAPH (R.5213-16). The CPAM copies the convention to
 * the DREETS (R.5213-15 II); when another company hosts, the employer copies it to that one (R.5213-17).
 */
export const crpe: MeasureDefinition = {
  type: 'crpe',
  label: t('Convention de rééducation professionnelle en entreprise (CRPE)', 'In-company vocational rehabilitation agreement'),
  article: 'L.5213-3-1 CT',
  decidedBy: 'CPAM',
  opinions: LEAVE_OPINIONS,
  assessed: true,
  signatories,
  reportTo: [],
  reviewed: true,
  rules: [
    excludesStatus(['TI'], 'tiExcluded', 'D.622-10-1 CSS', MARCH_2022),
    unfitOrAtRisk,
    ...needsOpinions(LEAVE_OPINIONS).map((rule) => when(beginsOnLeave, rule)),
    needsAssessment('(S) Carsat BFC, bilan PDP 2023', MARCH_2022),
    needsApproval('L.5213-3-1 CT', MARCH_2022),
    needsAgreement('L.5213-3-1 CT', signatories, MARCH_2022),
    atMostMonths(18, 'R.5213-15 CT', MARCH_2022),
    ijWithinThreeYears,
  ],
};
