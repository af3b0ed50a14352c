import { date, ref } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { laterEnd, leaveOf } from '../view.js';
import { wordOfSpst } from '../whose-word.js';

export const SickLeaveExtended = act({
  type: 'SickLeaveExtended',
  command: 'extend-sick-leave',
  label: t('Prolongation d’arrêt', 'Leave extended'),
  source: 'L.323-1 CSS',
  zone: 'leave',
  rank: 11,
  by: ['CPAM', 'MC', 'ASSURE', 'AS', 'CSAM', 'MT', 'CPDP', 'EMPLOYER'],
  fields: {
    leaveId: ref('leave', t('arrêt', 'leave')),
    expectedEnd: date('leave', t('nouvelle fin prévue, incluse', 'new expected last day'), '2023-09-30'),
  },
  check: ({ before, data }) => {
    const leave = before.leaves.find((l) => l.id === data.leaveId);
    const until = leave?.endedOn ?? leave?.expectedEnd;
    return until !== undefined && data.expectedEnd < until
      ? [forbidden('leave.notExtended', 'L.323-1 CSS', t('Cette fin précède celle déjà connue : une prolongation n’abrège pas l’arrêt ; enregistrer sa fin, ou corriger le fait.', 'It ends before the day known already: an extension does not shorten a leave; record its end, or correct the fact.'), ['leave'])]
      : [];
  }, // prettier-ignore
  settledBy: wordOfSpst,
  apply(draft, { data, revision }) {
    if (data.leaveId === undefined) return;
    const leave = leaveOf(draft, data.leaveId);
    const end = laterEnd(leave, data.expectedEnd, revision);
    if (end !== undefined) leave.expectedEnd = end;
    // Extended after its end was told: it goes on after all. An end told later than the extension comes after it in the fold.
    if (leave.endedOn !== undefined && data.expectedEnd !== undefined && data.expectedEnd > leave.endedOn) delete leave.endedOn;
  },
});
