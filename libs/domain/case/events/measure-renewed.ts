import { date, ref, slots } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { known, periodOf, ruled } from '../measure-acts.js';
import { measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

export const MeasureRenewed = act({
  type: 'MeasureRenewed',
  command: 'renew-measure',
  label: t('Mesure renouvelée', 'Measure renewed'),
  source: 'D.323-6-5 CSS, D.5135-3 CT',
  zone: 'measure',
  nature: 'ask',
  order: 'date',
  rank: 55,
  guarded: true,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    from: date('measure', t('du', 'from'), '2023-09-21').optional(),
    to: date('measure', t('au', 'to'), '2023-10-06').optional(),
    slots: slots(t('jours de présence prévus', 'planned days of presence')).optional(),
  },
  check: (c) => [
    ...(c.recordedBy ? [] : known(c, c.data.measureId)),
    ...ruled(c, 'renew', c.data.measureId, c.data.from ?? c.occurredOn),
  ],
  settledBy: wordOnMeasure,
  apply(draft, { id, data, on }) {
    if (data.measureId === undefined) return;
    const period = periodOf(data);
    if (period) measureOf(draft, data.measureId).periods.push({ ...period, on, eventId: id });
  },
});
