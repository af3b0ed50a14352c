import { type CaseView, senderOf } from '../../case/view.js';
import { type LocalDate } from '../../kernel/local-date.js';
import { type OrganisationId } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { accountableIn, caisseOf } from '../owners.js';
import { duty } from '../rule.js';

/** What an organisation did last about it, from a day on: it turned to another partner, or spoke of the case with those who take part. */
const pressed = (v: CaseView, organisation: OrganisationId, since: LocalDate): { id: string; on: LocalDate } | undefined =>
  [
    ...v.handshakes.map((h) => ({ id: h.id, by: senderOf(h), on: h.sentOn })),
    ...[...v.handovers, ...v.transfers].map((o) => ({ id: o.id, by: o.from, on: o.proposedOn })),
    ...v.notes.filter((n) => n.type === 'CaseReviewHeld').map((n) => ({ id: n.eventId, by: n.by, on: n.on })),
  ]
    .filter(({ by, on }) => by.organisation === organisation && on >= since)
    .sort((a, b) => (a.on < b.on ? -1 : 1))
    .at(-1);

/**
 * A duty was missed and its owner, then its organisation, have not answered: the coordinator presses, or finds another way. The
 * coordinator is the accountable organisation; where that is the one that does not answer, the caisse. Pressing starts the clock anew; it
 * ends with the duty.
 */
export const escalationToHandle = duty({
  code: 'escalation-to-handle',
  label: t('Échéance dépassée chez un partenaire, à relancer ou à reprendre', 'Overdue at a partner, to press or to take over'),
  whose: t(
    'le partenaire qui répond du dossier ; la caisse quand c’est lui qui est en retard',
    'the accountable partner; the fund when that is the one that is late',
  ),
  article: 'convention (D)',
  zone: 'coordination',
  afterClosure: true,
  delay: 'escalation.handle',
  resolvedBy: [
    'record-case-review',
    'refer-case',
    'revoke-referral',
    'redirect-referral',
    'propose-handover',
    'propose-transfer',
  ],
  find: (v, delays) =>
    v.missed.flatMap((m) => {
      if (m.step !== 3) return [];
      const accountable = accountableIn(v);
      const owner = accountable && accountable.organisation !== m.owner ? accountable : caisseOf(v);
      if (!owner.organisation || owner.organisation === m.owner) return [];
      const last = pressed(v, owner.organisation, m.on);
      const due = delays.dueBy('escalation.handle', last?.on ?? m.on);
      return [{ subject: m.eventId, owner, zone: m.zone, since: m.on, due, ...(last && { restartedBy: last.id }) }];
    }),
});
