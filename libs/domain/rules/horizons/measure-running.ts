import { t } from '../../kernel/text.js';
import { begun } from '../measures.js';
import { deciderOfMeasure, followerOf } from '../owners.js';
import { horizon } from '../rule.js';

/** Shown to whoever follows it, leads the case or decided on it. */
export const measureRunning = horizon({
  code: 'measure-running',
  label: t('Mesure en cours', 'Measure running'),
  article: 'D.323-6-5 CSS, L.5213-3-1 et D.5135-3 CT',
  zone: 'measure',
  find: (v) =>
    begun(v).flatMap(({ measure, end }) => {
      const { startedOn } = measure;
      if (measure.status !== 'running' || !startedOn) return [];
      const watchers = [v.lead, followerOf(v, measure), deciderOfMeasure(v, measure)].filter(
        (o, i, all) => o !== undefined && all.findIndex((x) => x?.organisation === o.organisation) === i,
      );
      return watchers.map((owner) => ({ subject: measure.id, owner: owner!, since: startedOn, ...(end && { due: end }) }));
    }),
});
