import { t } from '../../kernel/text.js';
import { spstOf } from '../owners.js';
import { duty } from '../rule.js';

export const visitToHold = duty({
  code: 'visit-to-hold',
  label: t('Visite demandée, à tenir', 'Visit requested, to hold'),
  whose: t('le SPST de la personne', 'the health service of the person'),
  article: 'R.4624-29 CT ; délai : convention (D)',
  zone: 'coordination',
  delay: 'visit.hold',
  resolvedBy: ['hold-pre-return-visit', 'hold-return-visit'],
  find: (v, delays) =>
    v.visits.flatMap((visit) =>
      visit.requestedOn && !visit.heldOn
        ? [
            {
              subject: visit.id,
              owner: { organisation: spstOf(v), role: 'MT' as const },
              since: visit.requestedOn,
              due: delays.dueBy('visit.hold', visit.requestedOn),
            },
          ]
        : [],
    ),
});
