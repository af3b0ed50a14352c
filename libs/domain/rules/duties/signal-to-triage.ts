import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';

export const signalToTriage = duty({
  code: 'signal-to-triage',
  label: t('Signalement à trier', 'Signal to triage'),
  whose: t('qui a reçu le signalement', 'whoever received the signal'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'referral.answer',
  resolvedBy: ['conclude-triage'],
  find: (v, delays) =>
    v.signals
      .filter((s) => !s.triage)
      .map((s) => ({ subject: s.id, owner: s.holder, since: s.on, due: delays.dueBy('referral.answer', s.on) })),
});
