import { t } from '../../kernel/text.js';
import { begun } from '../measures.js';
import { deciderOfMeasure, followerOf } from '../owners.js';
import { horizon } from '../rule.js';

/** Shown to whoever follows it, leads the case or decided on it. Once it has ended its review is owed instead, where there is one. */
export const measureRunning = horizon({
  code: 'measure-running',
  label: t('Fin de la mesure en cours', 'A running measure ends'),
  whose: t(
    'qui suit la mesure, le référent et la caisse qui décide',
    'whoever follows the measure, the lead, and the fund that decides',
  ),
  article: 'le texte de la mesure',
  zone: 'measure',
  find: (v) =>
    begun(v).flatMap(({ measure, definition, end }) => {
      const { startedOn } = measure;
      if (measure.status !== 'running' || !startedOn) return [];
      const watchers = [v.lead, followerOf(v, measure), deciderOfMeasure(v, measure)].filter(
        (o, i, all) => o !== undefined && all.findIndex((x) => x?.organisation === o.organisation) === i,
      );
      const until = definition?.reviewed !== false && end;
      return watchers.map((owner) => ({
        subject: measure.id,
        owner: owner!,
        since: startedOn,
        ...(end && { due: end }),
        ...(definition && { article: definition.article }),
        ...(until && { until }),
      }));
    }),
});
