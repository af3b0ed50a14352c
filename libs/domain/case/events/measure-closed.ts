import { code, date, opaque, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { MEASURE_TYPES } from '../../measures/types.js';
import { forbidden } from '../../kernel/errors.js';
import { act } from '../act.js';
import { endsBeforeStart } from '../measure-acts.js';
import { measureIn, measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

/** Final bilan. It may arrive before anybody has recorded that the measure began. */
export const MeasureClosed = act({
  type: 'MeasureClosed',
  command: 'close-measure',
  label: t('Bilan final de la mesure', 'Final review of the measure'),
  source: 'D.323-6-7 CSS, D.5135-5 CT',
  zone: 'measure',
  rank: 60,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER', 'PROVIDER'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    type: code(
      'measure',
      t('type, si la demande n’est pas au dossier', 'type, if the request is not in the case'),
      MEASURE_TYPES,
    ).optional(),
    endedOn: date('measure', t('dernier jour de la mesure', 'last day of the measure'), '2023-09-20').optional(),
    result: code('measure', t('résultat', 'result'), ['conclusive', 'partly-conclusive', 'not-conclusive']).optional(),
    reportReference: opaque(
      'reference',
      'measure',
      t('référence du bilan', 'reference of the report'),
      /^[A-Za-z0-9._/-]{1,80}$/,
      'EE-2023-041',
    ).optional(),
  },
  check: ({ after, data }) =>
    measureIn(after, data.measureId)?.startedOn
      ? endsBeforeStart(measureIn(after, data.measureId))
      : [
          forbidden(
            'measure.closedWithoutStart',
            'cohérence du dossier (D)',
            t('Le début de cette mesure n’est pas (encore) enregistré.', 'Its start is not recorded (yet).'),
            ['measure'],
          ),
        ],
  settledBy: wordOnMeasure,
  apply(draft, { data, on }) {
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    m.type ??= data.type;
    m.closed = {
      on,
      ...(data.endedOn && { endedOn: data.endedOn }),
      ...(data.result && { result: data.result }),
      ...(data.reportReference && { reportReference: data.reportReference }),
    };
  },
});
