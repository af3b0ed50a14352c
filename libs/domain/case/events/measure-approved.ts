import { code, date, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { MEASURE_TYPES } from '../../measures/types.js';
import { act } from '../act.js';
import { decides, known, ruled } from '../measure-acts.js';
import { measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

/** The decision, by whoever decides this type. Never without the opinions that the type needs. */
export const MeasureApproved = act({
  type: 'MeasureApproved',
  command: 'approve-measure',
  label: t('Mesure accordée', 'Measure approved'),
  source: 'L.323-3-1 CSS',
  zone: 'decision',
  nature: 'ask',
  order: 'date',
  rank: 40,
  guarded: true,
  by: ['CPAM', 'MDPH', 'TRANSITIONS_PRO', 'FRANCE_TRAVAIL', 'CAP_EMPLOI', 'AS'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    type: code(
      'measure',
      t('type, si la demande n’est pas au dossier', 'type, if the request is not in the case'),
      MEASURE_TYPES,
    ).optional(),
    from: date('decision', t('accordée à partir du', 'approved from'), '2023-09-04').optional(),
    to: date('decision', t('accordée jusqu’au', 'approved until'), '2023-09-20').optional(),
  },
  check: (c) => [
    ...(c.recordedBy ? [] : known(c, c.data.measureId)),
    ...decides(c, c.data.measureId),
    ...ruled(c, 'approve', c.data.measureId),
  ],
  settledBy: wordOnMeasure,
  apply(draft, { id, data, on, by }) {
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    m.type ??= data.type;
    m.decisions.push({
      kind: 'approved',
      on,
      by,
      eventId: id,
      ...(data.from && { from: data.from }),
      ...(data.to && { to: data.to }),
    });
  },
});
