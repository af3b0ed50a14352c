import { type Role, SPST_ROLES } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { measuresOf } from '../measures.js';
import { followerOf } from '../owners.js';
import { duty } from '../rule.js';

/** The bilan reaches each recipient that the text names, as far as that one takes part here. */
export const reportToDeliver = duty({
  code: 'report-to-deliver',
  label: t('Bilan à remettre à ses destinataires', 'Final review to deliver to its recipients'),
  whose: t('qui suit la mesure', 'whoever follows the measure'),
  article: 'D.323-6-7 CSS ; délai : convention (D)',
  zone: 'measure',
  afterClosure: true,
  delay: 'report.deliver',
  resolvedBy: ['deliver-report'],
  find: (v, delays) =>
    measuresOf(v).flatMap(({ measure, definition }) => {
      const { closed, startedOn } = measure;
      if (!closed || !startedOn) return [];
      const here = (role: Role): boolean =>
        [...v.handshakes.filter((h) => h.effective).map((h) => h.to), v.lead].some(
          (p) => p && (p.role === role || (role === 'MT' && SPST_ROLES.includes(p.role))),
        );
      const missing = definition?.reportTo.some((role) => here(role) && !measure.deliveries.some((d) => d.role === role));
      return missing
        ? [
            {
              subject: measure.id,
              owner: followerOf(v, measure),
              since: closed.on,
              due: delays.dueBy('report.deliver', closed.on),
              restartedBy: `delivered ${measure.deliveries.length}`,
            },
          ]
        : [];
    }),
});
