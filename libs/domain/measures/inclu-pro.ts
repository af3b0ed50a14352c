import { t } from '../kernel/text.js';
import { type MeasureDefinition } from './measure.js';
import { duringLeave, LEAVE_OPINIONS, needsLeave } from './rules.js';

const PRACTICE = '(S) Carsat BFC, bilan PDP 2023';

/**
 * Inclu'Pro: a group course of half-days over some months, run by the Service social during a leave. Practice, not law: an "action
 * d'accompagnement" of L.323-3-1 CSS. The ILCO gives its avis; the decision is the CPAM's and does not wait for the meeting.
 */
export const incluPro: MeasureDefinition = {
  type: 'incluPro',
  label: t('Inclu’Pro', 'Inclu’Pro group course'),
  article: PRACTICE,
  decidedBy: 'CPAM',
  opinions: LEAVE_OPINIONS,
  assessed: false,
  signatories: [],
  reportTo: [],
  reviewed: true,
  rules: [needsLeave(PRACTICE), ...duringLeave()],
};
