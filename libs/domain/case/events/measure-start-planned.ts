import { date, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { known, ruled } from '../measure-acts.js';
import { measureIn, measureOf, type MeasureStatus } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

const STARTABLE: readonly (MeasureStatus | undefined)[] = [undefined, 'mentioned', 'requested', 'approved', 'planned'];

/** On leave: only approved, signed where it has to be, and within a leave that covers it (L.323-3-1 CSS). */
export const MeasureStartPlanned = act({
  type: 'MeasureStartPlanned',
  command: 'plan-measure-start',
  label: t('Début de mesure programmé', 'Start planned'),
  source: 'L.323-3-1 CSS',
  zone: 'measure',
  nature: 'ask',
  order: 'date',
  rank: 47,
  by: [...CASE_WORKERS, 'HOST'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    startsOn: date('measure', t('date de début', 'day of the start'), '2023-09-04'),
  },
  check: (c) => [
    ...known(c, c.data.measureId),
    ...ruled(c, 'plan', c.data.measureId, c.data.startsOn),
    ...(STARTABLE.includes(measureIn(c.before, c.data.measureId)?.status)
      ? []
      : [forbidden('measure.notToStart', 'cohérence du dossier (D)', t('La mesure est refusée, déjà commencée ou terminée.', 'The measure is refused, under way already, or over.'), ['measure', 'decision'])]),
  ], // prettier-ignore
  settledBy: wordOnMeasure,
  apply(draft, { data }) {
    if (data.measureId !== undefined && data.startsOn !== undefined)
      measureOf(draft, data.measureId).plannedStart = data.startsOn;
  },
});
