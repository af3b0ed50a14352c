import { hasNoJobToReturnTo, owesReturnVisit } from '../../case/return-visits.js';
import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { spstOf } from '../owners.js';
import { duty } from '../rule.js';

export const returnVisitToHold = duty({
  code: 'return-visit-to-hold',
  label: t('Visite de reprise à tenir', 'Return visit to hold'),
  whose: t('le SPST de la personne', 'the health service of the person'),
  article: 'R.4624-31 CT',
  zone: 'leave',
  delay: 'return.visit',
  resolvedBy: ['hold-return-visit', 'record-sick-leave'],
  find: (v, delays) =>
    v.leaves.flatMap((leave) => {
      if (!owesReturnVisit(leave)) return [];
      const backOn = addDays(leave.endedOn!, 1);
      const held = v.visits.some(
        (visit) => visit.kind === 'return' && visit.heldOn !== undefined && visit.heldOn >= leave.endedOn!,
      );
      const onLeaveAgain = v.leaves.some((l) => l.start !== undefined && l.start >= backOn);
      return held || onLeaveAgain || hasNoJobToReturnTo(v, leave)
        ? []
        : [
            {
              subject: leave.id,
              owner: { organisation: spstOf(v), role: 'MT' as const },
              since: backOn,
              due: delays.dueBy('return.visit', backOn),
            },
          ];
    }),
});
