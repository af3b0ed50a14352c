import { bool, code, ref } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { decides, known } from '../measure-acts.js';
import { measureIn, measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

/** A refusal gives its reason and the ways of recourse (D.323-6-4 CSS, R.142-1-A CSS: two months, opposable only if stated). */
export const MeasureRefused = act({
  type: 'MeasureRefused',
  command: 'refuse-measure',
  label: t('Mesure refusée', 'Measure refused'),
  source: 'D.323-6-4 CSS, R.142-1-A CSS',
  zone: 'decision',
  nature: 'ask',
  order: 'date',
  // After an approval of the same day: nothing begins on a day on which it was refused too.
  rank: 41,
  guarded: true,
  by: ['CPAM', 'MDPH', 'TRANSITIONS_PRO', 'FRANCE_TRAVAIL', 'CAP_EMPLOI', 'AS'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    motive: code('decision', t('motif', 'motive'), [
      'opinion-unfavourable',
      'conditions-not-met',
      'leave-too-short',
      'out-of-scope',
      'funding',
      'other',
    ]),
    recourseStated: bool('decision', t('voies et délais de recours indiqués', 'recourse stated')),
  },
  check: (c) => [
    ...(c.recordedBy ? [] : known(c, c.data.measureId)),
    ...decides(c, c.data.measureId),
    ...(measureIn(c.after, c.data.measureId)?.type === 'essaiEncadre' && !c.data.recourseStated
      ? [forbidden('essaiEncadre.recourseMissing', 'D.323-6-4 CSS', t('Le refus précise les voies et délais de recours.', 'A refusal states how, and by when, it may be contested.'), ['measure', 'decision'])]
      : []),
  ], // prettier-ignore
  settledBy: wordOnMeasure,
  apply(draft, { id, data, on, by }) {
    if (data.measureId === undefined) return;
    measureOf(draft, data.measureId).decisions.push({
      kind: 'refused',
      on,
      by,
      eventId: id,
      ...(data.motive && { motive: data.motive }),
    });
  },
});
