import { t } from '../../kernel/text.js';
import { currentLeave } from '../leave.js';
import { horizon } from '../rule.js';

export const leaveEnd = horizon({
  code: 'leave-end',
  label: t('Fin d’arrêt prévue', 'Leave expected to end'),
  article: 'L.321-1 CSS',
  zone: 'leave',
  find: (v) => {
    const leave = currentLeave(v);
    return leave?.until ? [{ subject: leave.id, since: leave.start, due: leave.until }] : [];
  },
});
