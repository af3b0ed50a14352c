import { latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';

/** Whoever leads stays in touch; each contact starts the clock anew, and so does a reopening: nobody was to be called while it was closed. */
export const contactToMake = duty({
  code: 'contact-to-make',
  label: t('Contact à reprendre avec la personne', 'Contact to make with the person'),
  whose: t('le référent', 'the lead'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'contact.make',
  resolvedBy: ['record-interview', 'record-contact-attempt', 'record-group-attendance', 'close-support'],
  find: (v, delays) => {
    const { lead } = v;
    if (!lead) return [];
    const from = latest(lead.from, v.support?.reopenedOn) ?? lead.from;
    const last = [...v.contacts]
      .filter((c) => c.on >= from)
      .sort((a, b) => (a.on < b.on ? -1 : 1))
      .at(-1);
    const since = last?.on ?? from;
    return [
      {
        subject: v.caseId,
        owner: lead,
        cameOn: lead.from,
        since,
        due: delays.dueBy('contact.make', since),
        restartedBy: last?.eventId ?? `lead ${lead.organisation} ${from}`,
      },
    ];
  },
});
