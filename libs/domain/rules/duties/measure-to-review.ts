import { addDays, latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { begun } from '../measures.js';
import { followerOf } from '../owners.js';
import { duty } from '../rule.js';

/** Where nobody has told when it ends, an end or an intermediate review is awaited all along. */
export const measureToReview = duty({
  code: 'measure-to-review',
  label: t('Mesure terminée, bilan à établir', 'Measure ended, final review to write'),
  whose: t('qui suit la mesure', 'whoever follows the measure'),
  article: 'D.323-6-7 CSS (essai encadré), D.5135-6 CT (PMSMP), sinon la pratique ; délai : convention (D)',
  zone: 'measure',
  afterClosure: true,
  delay: 'measure.review',
  resolvedBy: ['close-measure', 'renew-measure', 'review-measure'],
  find: (v, delays) =>
    begun(v).flatMap(({ measure, definition, end }) => {
      const last = end ?? latest(measure.startedOn, ...measure.reviews.map((r) => r.on));
      return definition?.reviewed !== false && last
        ? [
            {
              subject: measure.id,
              owner: followerOf(v, measure),
              since: addDays(last, 1),
              due: delays.dueBy('measure.review', last),
              restartedBy: `end ${last}`,
              article: definition?.reviewArticle ? `${definition.reviewArticle} ; délai : convention (D)` : 'convention (D)',
            },
          ]
        : [];
    }),
});
