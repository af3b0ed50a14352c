import { date, ref } from '../../kernel/fields.js';
import { contradictory } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { leaveOf } from '../view.js';
import { wordOfSpst } from '../whose-word.js';

export const SickLeaveEnded = act({
  type: 'SickLeaveEnded',
  command: 'end-sick-leave',
  label: t('Fin d’arrêt', 'Leave ended'),
  source: 'L.323-1 CSS',
  zone: 'leave',
  rank: 12,
  by: ['CPAM', 'MC', 'ASSURE', 'AS', 'CSAM', 'MT', 'CPDP', 'EMPLOYER'],
  fields: {
    leaveId: ref('leave', t('arrêt', 'leave')),
    lastDay: date('leave', t('dernier jour d’arrêt', 'last day of leave'), '2023-06-30'),
  },
  check: ({ before, data }) =>
    before.leaves.some((l) => l.id === data.leaveId && l.start !== undefined && data.lastDay < l.start)
      ? [
          contradictory('leave.datesReversed', t('L’arrêt finit avant de commencer.', 'The leave ends before it begins.'), [
            'leave',
          ]),
        ]
      : [],
  settledBy: wordOfSpst,
  apply(draft, { data }) {
    if (data.leaveId !== undefined && data.lastDay !== undefined) leaveOf(draft, data.leaveId).endedOn = data.lastDay;
  },
});
