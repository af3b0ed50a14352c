import { t } from '../kernel/text.js';
import { type MeasureDefinition } from './measure.js';
import { duringLeave, LEAVE_OPINIONS } from './rules.js';

/** Bilan de compétences (L.6313-1, 2° CT). Its results belong to the person: anybody else has them with their accord only (L.6313-4). */
export const bilanDeCompetences: MeasureDefinition = {
  type: 'bilanDeCompetences',
  label: t('Bilan de compétences', 'Skills assessment'),
  article: 'L.6313-1 CT',
  decidedBy: 'CPAM',
  decidedOnlyOnLeave: true,
  opinions: LEAVE_OPINIONS,
  assessed: false,
  signatories: [],
  reportTo: ['ASSURE'],
  reviewed: true,
  rules: duringLeave(),
};
