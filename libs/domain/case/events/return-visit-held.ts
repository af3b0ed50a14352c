import { code, newId } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { owesReturnVisit } from '../return-visits.js';
import { visitOf } from '../view.js';
import { AGAIN } from '../same-day.js';
import { wordOfSpst } from '../whose-word.js';

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
    again: AGAIN,
  },
  check: ({ before, occurredOn, ctx }) => {
    const leave = before.leaves.findLast((l) => owesReturnVisit(l) && l.endedOn! < occurredOn);
    const backOn = leave?.endedOn && addDays(leave.endedOn, 1);
    if (backOn === undefined || occurredOn <= ctx.rulebook.for(before.caisse).dueBy('return.visit', backOn)) return [];
    return before.visits.some((v) => v.kind === 'return' && v.heldOn && v.heldOn >= backOn && v.heldOn < occurredOn)
      ? []
      : [forbidden('returnVisit.late', 'R.4624-31 CT', t('La visite de reprise a lieu dans les huit jours qui suivent la reprise.', 'The return visit takes place within eight days of the return.'), ['leave'])];
  }, // prettier-ignore
  once: { what: 'visit', alike: () => [] },
  settledBy: wordOfSpst,
  apply(draft, { id, data, on, by }) {
    Object.assign(visitOf(draft, data.visitId ?? id, 'return'), {
      heldOn: on,
      by,
      ...(data.outcome && { outcome: data.outcome }),
    });
  },
});
