import { latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';
import { goneOn } from '../waiting.js';

/** A case that somebody leads needs no triage: the signal has joined it. Where that lead is gone, the clock starts on that day. */
export const signalToTriage = duty({
  code: 'signal-to-triage',
  label: t('Signalement à trier', 'Signal to triage'),
  whose: t('qui a reçu le signalement', 'whoever received the signal'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'referral.answer',
  resolvedBy: ['conclude-triage', 'assign-lead', 'open-support'],
  find: (v, delays) => {
    if (v.lead) return [];
    const left = v.leads.length > 0 ? latest(...v.consents.map(goneOn)) : undefined;
    return v.signals
      .filter((s) => !s.triage)
      .map((s) => {
        const since = latest(s.on, left) ?? s.on;
        const restart = since > s.on && { cameOn: s.on, restartedBy: `since ${since}` };
        return { subject: s.id, owner: s.holder, since, due: delays.dueBy('referral.answer', since), ...restart };
      });
  },
});
