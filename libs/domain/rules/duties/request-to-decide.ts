import { t } from '../../kernel/text.js';
import { deciderOf } from '../../measures/index.js';
import { articleOf } from '../../measures/measure.js';
import { requested } from '../measures.js';
import { deciderOfMeasure } from '../owners.js';
import { duty } from '../rule.js';

/** Mostly the decision is the caisse's, and waits for no meeting. Silence is neither accord nor refusal. */
export const requestToDecide = duty({
  code: 'request-to-decide',
  label: t('Demande à décider', 'Request to decide'),
  whose: t('qui décide, sinon qui suit la mesure', 'whoever decides, else whoever follows the measure'),
  article: 'L.323-3-1 CSS pendant l’arrêt, sinon le texte de la mesure ; délai : convention (D)',
  zone: 'measure',
  afterClosure: true,
  delay: 'measure.decision',
  resolvedBy: ['approve-measure', 'refuse-measure'],
  find: (v, delays) =>
    requested(v).flatMap(({ measure, definition, since }) =>
      deciderOf(measure, v, since) !== null
        ? [
            {
              subject: measure.id,
              owner: deciderOfMeasure(v, measure),
              since,
              due: delays.dueBy('measure.decision', since),
              article: `${articleOf(definition, 'notApproved') ?? 'L.323-3-1 CSS'} ; délai : convention (D)`,
            },
          ]
        : [],
    ),
});
