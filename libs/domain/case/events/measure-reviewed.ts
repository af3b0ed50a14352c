import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

/** Bilan intermédiaire. */
export const MeasureReviewed = act({
  type: 'MeasureReviewed',
  command: 'review-measure',
  label: t('Bilan intermédiaire', 'Intermediate review'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'measure',
  rank: 58,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER', 'PROVIDER'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    result: code('measure', t('résultat', 'result'), ['conclusive', 'to-continue', 'not-conclusive']).optional(),
  },
  settledBy: wordOnMeasure,
  apply(draft, { data, on }) {
    if (data.measureId !== undefined)
      measureOf(draft, data.measureId).reviews.push({ on, ...(data.result && { result: data.result }) });
  },
});
