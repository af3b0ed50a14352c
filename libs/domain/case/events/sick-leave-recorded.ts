import { code, date, int, newId } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { EMPLOYMENT_STATUS } from '../codes.js';
import { endToldAnew, leaveTold } from '../same-leave.js';
import { laterEnd, leaveOf } from '../view.js';
import { wordOfSpst } from '../whose-word.js';

/** A sick leave: dates, risk and rank. Never its cause. */
export const SickLeaveRecorded = act({
  type: 'SickLeaveRecorded',
  command: 'record-sick-leave',
  label: t('Arrêt de travail', 'Sick leave'),
  source: 'L.323-1 CSS',
  zone: 'leave',
  rank: 10,
  by: ['CPAM', 'MC', 'ASSURE', 'AS', 'CSAM', 'MT', 'CPDP', 'EMPLOYER'],
  fields: {
    leaveId: newId('leave', t('arrêt', 'leave')),
    start: date('leave', t('premier jour', 'first day'), '2023-01-09'),
    expectedEnd: date('leave', t('fin prévue, incluse', 'expected last day'), '2023-06-30').optional(),
    risk: code('leave', t('risque', 'risk'), ['maladie', 'AT', 'MP', 'maternite']).optional(),
    rank: int('leave', t('rang de l’arrêt', 'rank of the leave'), 1, 99).optional(),
    status: code('leave', t('statut au titre de l’arrêt', 'status under the leave'), EMPLOYMENT_STATUS).optional(),
  },
  check: ({ data }) =>
    data.expectedEnd !== undefined && data.expectedEnd < data.start
      ? [impossible('leave.datesReversed', t('L’arrêt finit avant de commencer.', 'The leave ends before it begins.'))]
      : [],
  sameAs: ({ data }, before) => leaveTold(before, data)?.id,
  // Told again with its first end, a leave is not shortened: the end that is known may be that of an extension.
  brings: ({ data }, before) => endToldAnew(leaveTold(before, data), data.expectedEnd, { shorter: false }),
  settledBy: wordOfSpst,
  apply(draft, { data, revision }) {
    const { leaveId, ...leave } = data;
    if (leaveId === undefined) return;
    const known = leaveOf(draft, leaveId);
    // An extension may be dated before the day on which the leave itself was told.
    const expectedEnd = laterEnd(known, leave.expectedEnd, revision);
    Object.assign(known, leave, expectedEnd && { expectedEnd });
  },
});
