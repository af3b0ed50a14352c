import { t } from '../../kernel/text.js';
import { boundsOf } from '../../measures/facts.js';
import { deciderOf } from '../../measures/index.js';
import { measuresOf } from '../measures.js';
import { followerOf } from '../owners.js';
import { duty } from '../rule.js';

/** Approved, or in need of no decision: its first day has come, and nobody has told that it began. */
export const measureToStart = duty({
  code: 'measure-to-start',
  label: t('Mesure accordée dont le début est attendu', 'Measure approved, start awaited'),
  whose: t('qui suit la mesure', 'whoever follows the measure'),
  article: 'convention (D)',
  zone: 'measure',
  afterClosure: true,
  delay: 'measure.start',
  grace: 'fact.recording',
  resolvedBy: ['start-measure', 'plan-measure-start', 'interrupt-measure', 'close-measure'],
  find: (v, delays) =>
    measuresOf(v).flatMap(({ measure }) => {
      const since = measure.decisions.at(-1)?.on ?? measure.requestedOn;
      const free = measure.status === 'requested' && since !== undefined && deciderOf(measure, v, since) === null;
      if (measure.status !== 'approved' && measure.status !== 'planned' && !free) return [];
      const asked = measure.periods[0];
      const start = measure.plannedStart ?? measure.decisions.at(-1)?.from ?? (asked && boundsOf(asked).from) ?? since;
      return since && start
        ? [
            {
              subject: measure.id,
              owner: followerOf(v, measure),
              since,
              due: delays.dueBy('measure.start', start),
              restartedBy: `start ${start}`,
            },
          ]
        : [];
    }),
});
