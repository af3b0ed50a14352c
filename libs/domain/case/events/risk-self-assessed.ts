import { code } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** The person's own answers, of which only the level comes in: neither the questions nor the answers are the partners' business. */
export const RiskSelfAssessed = act({
  type: 'RiskSelfAssessed',
  command: 'record-self-assessment',
  label: t('Auto-évaluation du risque', 'Risk self-assessed'),
  source: 'Scoring PDP BFC, convention (D)',
  zone: 'social',
  by: ['ASSURE'],
  fields: { level: code('social', t('niveau de risque', 'level of risk'), ['low', 'medium', 'high']) },
  apply(draft, { id, type, on, by }) {
    draft.notes.push({ eventId: id, type, on, by });
  },
});
