import { code, ref, text } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { known } from '../measure-acts.js';
import { measureOf } from '../view.js';
import { wordOnOpinion } from '../whose-word.js';

/** Accord or avis of a physician on a measure. Yes, no, or under conditions; no diagnosis, no reason. */
export const MedicalOpinionGiven = act({
  type: 'MedicalOpinionGiven',
  command: 'give-medical-opinion',
  label: t('Avis ou accord médical', 'Medical opinion'),
  source: 'L.323-3-1 CSS, D.323-6-3 CSS',
  zone: 'decision',
  rank: 30,
  by: ['MTR', 'MC', 'MT'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    opinion: code('decision', t('avis', 'opinion'), ['yes', 'no', 'conditions']),
    conditions: text(
      'capacity',
      t('conditions de réalisation', 'conditions'),
      'pas de port de charge de plus de 5 kg',
      500,
    ).optional(),
  },
  check: (c) => (c.recordedBy ? [] : known(c, c.data.measureId)),
  settledBy: wordOnOpinion,
  apply(draft, { data, on, by }) {
    if (data.measureId === undefined) return;
    measureOf(draft, data.measureId).opinions.push({ role: by.role, on, by, ...(data.opinion && { opinion: data.opinion }) });
  },
});
