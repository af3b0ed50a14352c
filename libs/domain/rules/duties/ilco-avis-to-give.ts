import { t } from '../../kernel/text.js';
import { requested } from '../measures.js';
import { duty } from '../rule.js';

/** The decision does not wait for it, and ends it. A meeting that is moved, or adjourns it, starts its clock anew. */
export const ilcoAvisToGive = duty({
  code: 'ilco-avis-to-give',
  label: t('Avis de l’instance à rendre', 'Opinion of the forum to give'),
  whose: t('qui tient l’instance', 'whoever chairs the forum'),
  article: 'Carsat BFC, bilan PDP 2023 (S) ; délai : convention (D)',
  zone: 'measure',
  afterClosure: true,
  delay: 'ilco.meeting',
  grace: 'ilco.record',
  resolvedBy: ['record-ilco-review', 'approve-measure', 'refuse-measure'],
  find: (v, delays) =>
    requested(v).flatMap(({ measure: { id, ilco } }) =>
      ilco
        ? [
            {
              subject: id,
              owner: ilco.chair,
              since: ilco.since,
              due: ilco.date ?? delays.dueBy('ilco.meeting', ilco.since),
              ...(ilco.date && { fixed: true, restartedBy: `meeting ${ilco.date}` }),
            },
          ]
        : [],
    ),
});
