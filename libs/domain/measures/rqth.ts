import { localDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { type MeasureDefinition } from './measure.js';
import { needsApproval } from './rules.js';

/** Reconnaissance de la qualité de travailleur handicapé: decided by the CDAPH of the MDPH, on leave or not (L.5213-2 CT). */
export const rqth: MeasureDefinition = {
  type: 'rqth',
  label: t('Reconnaissance de la qualité de travailleur handicapé (RQTH)', 'Recognition as a disabled worker'),
  article: 'L.5213-2 CT',
  decidedBy: 'MDPH',
  opinions: [],
  assessed: false,
  signatories: [],
  reportTo: [],
  reviewed: false,
  rules: [needsApproval('L.5213-2 CT', localDate('2008-05-01'))],
};
