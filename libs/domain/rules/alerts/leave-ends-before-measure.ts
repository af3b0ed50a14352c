import { measureEnd } from '../../case/measure-status.js';
import { t } from '../../kernel/text.js';
import { currentLeave } from '../leave.js';
import { measuresOf } from '../measures.js';
import { followerOf } from '../owners.js';
import { alert } from '../rule.js';

export const leaveEndsBeforeMeasure = alert({
  code: 'leave-ends-before-measure',
  label: t('L’arrêt finit avant la mesure', 'The leave ends before the measure'),
  whose: t('qui suit la mesure', 'whoever follows the measure'),
  article: 'L.323-3-1 CSS',
  zone: 'leave',
  find: (v) => {
    const until = currentLeave(v)?.until;
    return measuresOf(v).flatMap(({ measure, definition }) => {
      const end = measureEnd(measure);
      const known = measure.startedOn ?? measure.decisions.at(-1)?.on;
      const onLeave = definition?.rules.some((rule) => rule.code === 'leaveTooShort');
      return until && end && known && onLeave && end > until && ['approved', 'planned', 'running'].includes(measure.status)
        ? [{ subject: measure.id, owner: followerOf(v, measure), since: known }]
        : [];
    });
  },
});
