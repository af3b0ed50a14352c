import { t } from '../kernel/text.js';
import { type MeasureDefinition } from './measure.js';
import { duringLeave, LEAVE_OPINIONS, needsAgreement, needsAssessment } from './rules.js';

const PRACTICE = '(S) Carsat BFC, bilan PDP 2023';
const signatories = ['ASSURE', 'HOST'] as const;

/** Discovery stage, some days in an ESAT or elsewhere. Practice; what L.323-3-1 CSS asks for holds during a leave. The host reports. */
export const placement: MeasureDefinition = {
  type: 'placement',
  label: t('Stage de découverte, accueil en ESAT', 'Discovery placement'),
  article: PRACTICE,
  decidedBy: 'CPAM',
  decidedOnlyOnLeave: true,
  opinions: LEAVE_OPINIONS,
  assessed: true,
  signatories,
  reportTo: [],
  reviewed: true,
  rules: [...duringLeave(), needsAssessment(PRACTICE), needsAgreement(PRACTICE, signatories)],
};
