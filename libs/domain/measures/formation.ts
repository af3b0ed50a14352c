import { t } from '../kernel/text.js';
import { type MeasureDefinition } from './measure.js';
import { duringLeave, LEAVE_OPINIONS } from './rules.js';

/** Training (L.6313-1, 1° CT). Free off leave; during one, only as L.323-3-1 CSS lets. The provider reports. */
export const formation: MeasureDefinition = {
  type: 'formation',
  label: t('Formation', 'Training'),
  article: 'L.6313-1 CT',
  decidedBy: 'CPAM',
  decidedOnlyOnLeave: true,
  opinions: LEAVE_OPINIONS,
  assessed: false,
  signatories: [],
  reportTo: [],
  reviewed: true,
  rules: duringLeave(),
};
