import { addDays, addMonths } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { isOccupational } from '../../measures/facts.js';
import { currentLeave } from '../leave.js';
import { horizon } from '../rule.js';

/**
 * Daily allowances for illness end after three years at the latest (less where they are counted in paid days, which nobody tells us).
 * Shown in the last year.
 */
export const allowancesEnd = horizon({
  code: 'allowances-end',
  label: t('Fin des indemnités journalières au plus tard', 'Daily allowances end at the latest'),
  article: 'R.323-1 CSS',
  zone: 'leave',
  find: (v) => {
    const leave = currentLeave(v);
    if (!leave || leave.leave.risk === undefined || leave.leave.risk === 'maternite' || isOccupational(leave.leave)) return [];
    const due = addDays(addMonths(leave.start, 36), -1);
    return [{ subject: leave.id, since: addMonths(leave.start, 24), due }];
  },
});
