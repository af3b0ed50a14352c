import { date, int } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

export const TherapeuticPartTimeStarted = act({
  type: 'TherapeuticPartTimeStarted',
  command: 'start-therapeutic-part-time',
  label: t('Temps partiel thérapeutique commencé', 'Therapeutic part-time started'),
  source: 'R.323-3 CSS',
  zone: 'measure',
  rank: 60,
  by: ['ASSURE', 'EMPLOYER', 'CPAM', 'MC', 'MTR'],
  fields: {
    share: int('measure', t('part du temps de travail, en %', 'share of working time, in %'), 1, 99, 50).optional(),
    expectedEnd: date('measure', t('fin prévue, incluse', 'expected last day'), '2024-10-31').optional(),
  },
  apply(draft, { id, on }) {
    draft.milestones.push({ eventId: id, kind: 'therapeutic-part-time-started', on });
  },
});
