import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { currentLeave, visitSince } from '../leave.js';
import { opportunity } from '../rule.js';

/** Beyond thirty days of leave, asked by the worker, the treating physician, the medical adviser or the occupational physician. */
export const preReturnVisit = opportunity({
  code: 'pre-return-visit',
  label: t('Visite de préreprise possible', 'Pre-return visit possible'),
  article: 'R.4624-29 CT',
  zone: 'leave',
  from: MARCH_2022,
  find: (v) => {
    const leave = currentLeave(v);
    return leave && !visitSince(v, leave.start)
      ? [{ subject: leave.id, since: addDays(leave.start, 30), ...(leave.until && { until: leave.until }) }]
      : [];
  },
});
