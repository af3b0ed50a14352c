import { date, ref } from '../../kernel/fields.js';
import { contradictory } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { leaveOf } from '../view.js';
import { wordOfSpst } from '../whose-word.js';

/** The leave is to end sooner than was told before. The last word counts, by order of recording: what was told earlier lengthens it no more. */
export const SickLeaveShortened = act({
  type: 'SickLeaveShortened',
  command: 'shorten-sick-leave',
  label: t('Arrêt écourté', 'Leave shortened'),
  source: 'L.323-1 CSS',
  zone: 'leave',
  order: 'arrival',
  by: ['CPAM', 'MC', 'ASSURE', 'AS', 'CSAM', 'MT', 'CPDP', 'EMPLOYER'],
  fields: {
    leaveId: ref('leave', t('arrêt', 'leave')),
    expectedEnd: date('leave', t('nouvelle fin prévue, incluse', 'new expected last day'), '2023-05-31'),
  },
  check: ({ before, data }) => {
    const leave = before.leaves.find((l) => l.id === data.leaveId);
    if (leave?.start !== undefined && data.expectedEnd < leave.start)
      return [
        contradictory('leave.datesReversed', t('L’arrêt finit avant de commencer.', 'The leave ends before it begins.'), [
          'leave',
        ]),
      ];
    return leave?.expectedEnd !== undefined && data.expectedEnd < leave.expectedEnd
      ? []
      : [contradictory('leave.notShortened', t('Cette fin ne précède aucune fin connue : prolonger l’arrêt.', 'This end is before no end that is known: extend the leave.'), ['leave'])]; // prettier-ignore
  },
  settledBy: wordOfSpst,
  apply(draft, { data: { leaveId, expectedEnd }, on, revision }) {
    if (leaveId === undefined || expectedEnd === undefined) return;
    Object.assign(leaveOf(draft, leaveId), { expectedEnd, shortened: { on, revision } });
  },
});
