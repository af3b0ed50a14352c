import { date, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { measureOf } from '../view.js';

/** An accident during a measure; during an essai encadré the host declares it (D.323-6-2 CSS). That it happened, never what it did. */
export const AccidentReported = act({
  type: 'AccidentReported',
  command: 'report-accident',
  label: t('Accident pendant la mesure', 'Accident during the measure'),
  source: 'D.323-6-2 CSS, D.5135-7 CT',
  zone: 'measure',
  rank: 57,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER', 'ASSURE'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    declaredOn: date('measure', t('déclaré à la caisse le', 'declared to the fund on'), '2023-09-11').optional(),
  },
  apply(draft, { data, on }) {
    if (data.measureId !== undefined)
      measureOf(draft, data.measureId).accidents.push({ on, ...(data.declaredOn && { declaredOn: data.declaredOn }) });
  },
});
