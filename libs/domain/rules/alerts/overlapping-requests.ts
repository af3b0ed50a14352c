import { t } from '../../kernel/text.js';
import { measuresOf } from '../measures.js';
import { alert } from '../rule.js';

/** Two requests for the same type at once: somebody asked again what another one had asked for. */
export const overlappingRequests = alert({
  code: 'overlapping-requests',
  label: t('Deux demandes du même type en même temps', 'Two requests of one type at once'),
  article: 'convention (D)',
  zone: 'measure',
  find: (v) => {
    const open = measuresOf(v).filter(
      ({ measure }) =>
        ['requested', 'approved', 'planned', 'running'].includes(measure.status) && measure.requestedOn && measure.type,
    );
    return open.flatMap(({ measure }, i) =>
      open.slice(0, i).some((other) => other.measure.type === measure.type)
        ? [{ subject: measure.id, since: measure.requestedOn! }]
        : [],
    );
  },
});
