import { EMPLOYMENT_STATUS } from '../case/codes.js';
import { localDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { type MeasureDefinition } from './measure.js';
import { excludesStatus, needsApproval } from './rules.js';

/** Published by the Assurance Maladie; no article of a code has it. */
const SOURCE = '(S) ameli.fr, AMA';
/** Since the independents joined the general scheme. */
const SINCE = localDate('2020-01-01');

/**
 * Aide pour un accompagnement au maintien dans l'activité: money for independents, on leave or not. The CPAM decides case by case,
 * within a yearly cap that is not published with the measure and so is not checked here.
 */
export const ama: MeasureDefinition = {
  type: 'ama',
  label: t('Aide pour un accompagnement au maintien dans l’activité (AMA)', 'Aid to stay in business'),
  article: SOURCE,
  decidedBy: 'CPAM',
  opinions: [],
  assessed: false,
  signatories: [],
  reportTo: [],
  reviewed: false,
  rules: [
    excludesStatus(EMPLOYMENT_STATUS.filter((s) => s !== 'TI'), 'tiOnly', SOURCE, SINCE),
    needsApproval(SOURCE, SINCE),
  ], // prettier-ignore
};
