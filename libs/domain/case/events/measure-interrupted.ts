import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { endsBeforeStart } from '../measure-acts.js';
import { measureIn, measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

export const MeasureInterrupted = act({
  type: 'MeasureInterrupted',
  command: 'interrupt-measure',
  label: t('Mesure interrompue', 'Measure interrupted'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'measure',
  rank: 57,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER', 'ASSURE', 'PROVIDER'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    motive: code('measure', t('motif', 'motive'), ['person', 'host', 'leave-ended', 'accident', 'other']).optional(),
  },
  check: ({ after, data }) => endsBeforeStart(measureIn(after, data.measureId)),
  settledBy: wordOnMeasure,
  apply(draft, { data, on }) {
    if (data.measureId !== undefined) measureOf(draft, data.measureId).interruptedOn = on;
  },
});
