import { code } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { visitOf } from '../view.js';
import { AGAIN } from '../same-day.js';

/**
 * In the civil year of the 45th birthday unless a branch agreement says otherwise, and up to two years earlier together with another
 * visit: so no day is wrong for it. A nurse may hold it, and sends on to the physician, who alone proposes adjustments.
 */
export const MidCareerVisitHeld = act({
  type: 'MidCareerVisitHeld',
  command: 'hold-mid-career-visit',
  label: t('Visite de mi-carrière', 'Mid-career visit'),
  source: 'L.4624-2-2 CT',
  zone: 'coordination',
  rank: 50,
  by: ['MT', 'IDEST'],
  fields: {
    outcome: code('capacity', t('conclusion', 'outcome'), ['nothing-to-change', 'adjustments-proposed', 'sent-to-physician']).optional(),
    again: AGAIN,
  }, // prettier-ignore
  check: ({ data, actor }) =>
    data.outcome === 'adjustments-proposed' && actor.role === 'IDEST'
      ? [forbidden('midCareerVisit.adjustmentsByNurse', 'L.4624-2-2 CT', t('Les aménagements sont proposés par le médecin du travail.', 'Adjustments are proposed by the occupational physician.'), ['capacity'])]
      : [], // prettier-ignore
  once: { what: 'visit', alike: () => [] },
  apply(draft, { id, data, on, by }) {
    Object.assign(visitOf(draft, id, 'mid-career'), { heldOn: on, by, ...(data.outcome && { outcome: data.outcome }) });
  },
});
