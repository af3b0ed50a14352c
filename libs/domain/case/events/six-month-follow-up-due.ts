import { date } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** Closure brings it: the day by which the call is to be made, by the delay in force on that day. */
export const SixMonthFollowUpDue = act({
  type: 'SixMonthFollowUpDue',
  command: null,
  label: t('Rappel à 6 mois prévu', 'Six-month call due'),
  source: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  by: [],
  fields: { dueOn: date('coordination', t('à faire pour le', 'due on'), '2024-09-14') },
  apply(draft, { data }) {
    if (data.dueOn !== undefined) draft.followUp = { dueOn: data.dueOn, attempts: 0 };
  },
});
