import { codes, date, list, text } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { RECOMMENDATIONS } from '../codes.js';

/** What the person undertakes to do, agreed with whoever supports them: the actions are the person's own. */
export const ActionPlanAgreed = act({
  type: 'ActionPlanAgreed',
  command: 'agree-action-plan',
  label: t('Plan d’action convenu', 'Action plan agreed'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'social',
  rank: 56,
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST'],
  fields: {
    actions: list(
      'social',
      t('actions de la personne', 'actions of the person'),
      {
        label: text('social', t('action', 'action'), 'prendre contact avec le conseil en évolution professionnelle', 300),
        due: date('social', t('échéance', 'due date'), '2023-04-30').optional(),
      },
      { min: 1, max: 50 },
    ),
    recommendations: codes('social', t('préconisations', 'recommendations'), RECOMMENDATIONS, [
      'redeployment',
      'training',
    ]).optional(),
  },
  apply(draft, { id, type, on, by }) {
    draft.notes.push({ eventId: id, type, on, by });
  },
});
