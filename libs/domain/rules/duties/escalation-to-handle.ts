import { t } from '../../kernel/text.js';
import { accountableIn, caisseOf } from '../owners.js';
import { duty } from '../rule.js';

/**
 * A duty was missed and its owner, then its organisation, have not answered: the coordinator presses, or finds another way. The
 * coordinator is the accountable organisation; where that is the one that does not answer, the caisse. It ends with the duty.
 */
export const escalationToHandle = duty({
  code: 'escalation-to-handle',
  label: t('Échéance dépassée chez un partenaire, à relancer ou à reprendre', 'Overdue at a partner, to press or to take over'),
  article: 'convention (D)',
  zone: 'coordination',
  afterClosure: true,
  delay: 'escalation.handle',
  resolvedBy: [
    'refer-case',
    'revoke-referral',
    'redirect-referral',
    'propose-handover',
    'propose-transfer',
    'record-contact-attempt',
  ],
  find: (v, delays) =>
    v.missed.flatMap((m) => {
      if (m.step !== 3) return [];
      const accountable = accountableIn(v);
      const owner = accountable && accountable.organisation !== m.owner ? accountable : caisseOf(v);
      return owner.organisation === m.owner
        ? []
        : [{ subject: m.eventId, owner, since: m.on, due: delays.dueBy('escalation.handle', m.on) }];
    }),
});
