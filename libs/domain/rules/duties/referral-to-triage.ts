import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';
import { isWith } from '../waiting.js';

/** An accepted referral gets its first appointment within the delay of practice; an appointment that was missed starts the clock anew. */
export const referralToTriage = duty({
  code: 'referral-to-triage',
  label: t('Orientation acceptée : premier rendez-vous et tri', 'Referral accepted: first appointment and triage'),
  whose: t('le partenaire destinataire', 'the partner that it was sent to'),
  article: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  delay: 'referral.appointment',
  resolvedBy: ['conclude-triage', 'open-support'],
  find: (v, delays) => {
    if (v.lead) return [];
    return v.handshakes
      .filter((h) => isWith(h, 'referral'))
      .flatMap((h) => {
        if (!h.answer) return [];
        const since = h.answer.on;
        const lost = v.appointments.findLast(
          (a) => a.by.organisation === h.to.organisation && a.date && a.date >= since && a.outcome && a.outcome !== 'held',
        );
        return [
          {
            subject: h.id,
            owner: h.to,
            since,
            due: delays.dueBy('referral.appointment', lost?.date ?? since),
            ...(lost && { restartedBy: lost.id }),
          },
        ];
      });
  },
});
