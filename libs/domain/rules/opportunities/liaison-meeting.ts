import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { currentLeave } from '../leave.js';
import { opportunity } from '../rule.js';

/** From the thirtieth day of absence, at the employer's or the worker's initiative; nobody owes it, and a refusal has no effect. */
export const liaisonMeeting = opportunity({
  code: 'liaison-meeting',
  label: t('Rendez-vous de liaison possible', 'Liaison meeting possible'),
  article: 'L.1226-1-3 et D.1226-8-1 CT',
  zone: 'leave',
  from: MARCH_2022,
  find: (v) => {
    const leave = currentLeave(v);
    return leave && !v.liaisons.some((l) => l.offeredOn !== undefined && l.offeredOn >= leave.start)
      ? [{ subject: leave.id, since: addDays(leave.start, 29), ...(leave.until && { until: leave.until }) }]
      : [];
  },
});
