import { t } from '../../kernel/text.js';
import { requested } from '../measures.js';
import { duty } from '../rule.js';

/** One for each partner that was asked; the subject tells them apart. */
export const opinionToGive = duty({
  code: 'opinion-to-give',
  label: t('Avis à rendre', 'Opinion to give'),
  whose: t('chaque partenaire dont l’avis est demandé', 'each partner whose opinion is asked'),
  article: 'L.323-3-1 et D.323-6-3 CSS ; délai : convention (D)',
  zone: 'measure',
  afterClosure: true,
  delay: 'opinion.give',
  resolvedBy: ['give-medical-opinion', 'approve-measure', 'refuse-measure'],
  find: (v, delays) =>
    requested(v).flatMap(({ measure, since }) =>
      measure.asked
        .filter(({ role }) => !measure.opinions.some((o) => o.role === role))
        .map((owner) => ({ subject: measure.id, owner, since, due: delays.dueBy('opinion.give', since) })),
    ),
});
