import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { begun } from '../measures.js';
import { followerOf } from '../owners.js';
import { duty } from '../rule.js';

export const measureToReview = duty({
  code: 'measure-to-review',
  label: t('Mesure terminée, bilan à établir', 'Measure ended, final review to write'),
  whose: t('qui suit la mesure', 'whoever follows the measure'),
  article: 'D.323-6-7 CSS ; délai : convention (D)',
  zone: 'measure',
  delay: 'measure.review',
  resolvedBy: ['close-measure', 'renew-measure'],
  find: (v, delays) =>
    begun(v).flatMap(({ measure, definition, end }) =>
      definition.reviewed && end
        ? [
            {
              subject: measure.id,
              owner: followerOf(v, measure),
              since: addDays(end, 1),
              due: delays.dueBy('measure.review', end),
              restartedBy: `end ${end}`,
            },
          ]
        : [],
    ),
});
