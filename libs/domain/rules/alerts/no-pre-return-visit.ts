import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { currentLeave, visitSince } from '../leave.js';
import { alert } from '../rule.js';

export const noPreReturnVisit = alert({
  code: 'no-pre-return-visit',
  label: t('Arrêt long sans visite de préreprise', 'Long leave without a pre-return visit'),
  article: 'R.4624-29 CT ; seuil : convention (D)',
  zone: 'leave',
  from: MARCH_2022,
  find: (v, delays) => {
    const leave = currentLeave(v);
    return leave && !visitSince(v, leave.start)
      ? [
          {
            subject: leave.id,
            since: addDays(delays.dueBy('preReturn.alert', leave.start), 1),
            ...(leave.until && { until: leave.until }),
          },
        ]
      : [];
  },
});
