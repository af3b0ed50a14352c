import { t } from '../../kernel/text.js';
import { deciderOf } from '../../measures/index.js';
import { requested } from '../measures.js';
import { deciderOfMeasure } from '../owners.js';
import { duty } from '../rule.js';

/** The decision is the caisse's, and waits for no meeting. Its silence is neither accord nor refusal. */
export const requestToDecide = duty({
  code: 'request-to-decide',
  label: t('Demande à décider', 'Request to decide'),
  whose: t('la caisse qui décide', 'the fund that decides'),
  article: 'L.323-3-1 CSS ; délai : convention (D)',
  zone: 'measure',
  delay: 'measure.decision',
  resolvedBy: ['approve-measure', 'refuse-measure'],
  find: (v, delays) =>
    requested(v).flatMap(({ measure, since }) =>
      deciderOf(measure, v, since) === 'CPAM'
        ? [{ subject: measure.id, owner: deciderOfMeasure(v, measure), since, due: delays.dueBy('measure.decision', since) }]
        : [],
    ),
});
