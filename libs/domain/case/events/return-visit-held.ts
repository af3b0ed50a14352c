import { code, newId } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { addDays, daysBetween } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { dueBy } from '../../rules/delays.js';
import { act } from '../act.js';
import { type Leave, visitOf } from '../view.js';

/** The leaves after which a visit is owed; the sixty days of illness count for leaves that began after 31 March 2022, thirty before. */
const owesVisit = ({ start, endedOn, risk }: Leave): boolean => {
  if (start === undefined || endedOn === undefined) return false;
  const days = daysBetween(start, endedOn) + 1;
  if (risk === 'maladie') return days >= (start > MARCH_2022 ? 60 : 30);
  return risk === 'maternite' || risk === 'MP' || (risk === 'AT' && days >= 30);
};

export const ReturnVisitHeld = act({
  type: 'ReturnVisitHeld',
  command: 'hold-return-visit',
  label: t('Visite de reprise', 'Return visit'),
  source: 'R.4624-31 et R.4624-32 CT',
  zone: 'coordination',
  rank: 50,
  by: ['MT'],
  fields: {
    visitId: newId('visit', t('visite', 'visit')),
    outcome: code('capacity', t('conclusion', 'outcome'), ['fit', 'fit-with-adjustments', 'unfit-risk', 'unfit']),
  },
  check: ({ before, occurredOn }) => {
    const leave = before.leaves.findLast((l) => owesVisit(l) && l.endedOn! < occurredOn);
    const backOn = leave?.endedOn && addDays(leave.endedOn, 1);
    if (backOn === undefined || occurredOn <= dueBy('return.visit', backOn)) return [];
    return before.visits.some((v) => v.kind === 'return' && v.heldOn && v.heldOn >= backOn && v.heldOn < occurredOn)
      ? []
      : [forbidden('returnVisit.late', 'R.4624-31 CT', t('La visite de reprise a lieu dans les huit jours qui suivent la reprise.', 'The return visit takes place within eight days of the return.'), ['leave'])];
  }, // prettier-ignore
  apply(draft, { id, data, on, by }) {
    Object.assign(visitOf(draft, data.visitId ?? id, 'return'), {
      heldOn: on,
      by,
      ...(data.outcome && { outcome: data.outcome }),
    });
  },
});
