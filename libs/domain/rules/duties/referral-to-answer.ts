import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';
import { isWith } from '../waiting.js';

export const referralToAnswer = duty({
  code: 'referral-to-answer',
  label: t('Orientation à accepter ou décliner', 'Referral to accept or decline'),
  whose: t('le partenaire destinataire', 'the partner that it was sent to'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'referral.answer',
  resolvedBy: ['accept-referral', 'decline-referral', 'redirect-referral'],
  find: (v, delays) =>
    v.handshakes
      .filter((h) => isWith(h, 'referral') && !h.answer)
      .map((h) => ({ subject: h.id, owner: h.to, since: h.sentOn, due: delays.dueBy('referral.answer', h.sentOn) })),
});
