import { addDays, localDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { type MeasureDefinition, type MeasureRule, type OpinionAsked } from './measure.js';
import {
  atMostDays, DECEMBER_2010, excludesStatus, leaveCovers, MARCH_2022, needsAgreement, needsApprovalOnLeave, needsAssessment, needsLeave, needsOpinions, periodAtMostDays,
} from './rules.js'; // prettier-ignore

// Before 31 March 2022 there was no essai encadré in the code: L.323-3-1 in its older version let the caisse agree to "actions
// d'évaluation" during a leave with the treating physician's accord and the medical adviser's opinion.
const lastOldDay = addDays(MARCH_2022, -1);
const olderOpinions: readonly OpinionAsked[] = [
  { role: 'MTR', article: 'L.323-3-1 CSS', from: DECEMBER_2010, to: lastOldDay },
  { role: 'MC', article: 'L.323-3-1 CSS', from: DECEMBER_2010, to: lastOldDay },
];
const opinions: readonly OpinionAsked[] = [
  { role: 'MTR', article: 'D.323-6-3 CSS', from: MARCH_2022 },
  { role: 'MC', article: 'D.323-6-3 CSS', from: MARCH_2022 },
  { role: 'MT', article: 'D.323-6-3 CSS', from: MARCH_2022 },
];
// The text wants the commitments of the partners and of the tutor put into a convention for each period, and says nothing of
// signatures. That the person and the host sign is practice (S).
const signatories = ['ASSURE', 'HOST'] as const;

/** The agricultural scheme joined on 1 July 2022 (D.742-3-2 and D.732-2-4 CRPM): the MSA then stands where the text says caisse. */
const lastDayWithoutMsa = localDate('2022-06-30');

const agreementPerPeriod: MeasureRule = {
  code: 'agreementMissingForPeriod',
  article: 'D.323-6-6 CSS',
  from: MARCH_2022,
  stages: ['renew'],
  message: t('Chaque période prescrite fait l’objet d’une convention.', 'Each period prescribed has an agreement of its own.'),
  broken: ({ measure, on }) => measure.agreements.filter((a) => a.on <= on).length < measure.periods.length,
};

/** Essai encadré (D.323-6 to D.323-6-7 CSS): trying a job during a leave, at most 14 jours ouvrables, renewable, 28 in all. */
export const essaiEncadre: MeasureDefinition = {
  type: 'essaiEncadre',
  label: t('Essai encadré', 'Supervised work trial'),
  article: 'D.323-6 CSS',
  decidedBy: 'CPAM',
  opinions,
  assessed: true,
  signatories,
  // MT of the employer and of the host, Service social, and the OPS where one takes part (D.323-6-7). Not the employer, not the CPAM.
  reportTo: ['MT', 'AS', 'CAP_EMPLOI'],
  reviewed: true,
  reviewArticle: 'D.323-6-7 CSS',
  rules: [
    excludesStatus(['TI'], 'tiExcluded', 'D.622-10-1 CSS', MARCH_2022),
    excludesStatus(['sansEmploi'], 'statusExcluded', 'D.323-6 CSS', MARCH_2022),
    excludesStatus(['agricole'], 'agricoleExcluded', 'D.323-6 CSS', MARCH_2022, lastDayWithoutMsa),
    ...needsOpinions([...olderOpinions, ...opinions]),
    needsAssessment('D.323-6-3 CSS', MARCH_2022),
    needsLeave('D.323-6 CSS', MARCH_2022),
    needsApprovalOnLeave(),
    needsAgreement('D.323-6-6 CSS', signatories, MARCH_2022),
    agreementPerPeriod,
    leaveCovers(),
    periodAtMostDays(14, 'D.323-6-5 CSS', MARCH_2022),
    atMostDays(28, 'D.323-6-5 CSS', MARCH_2022),
  ],
};
