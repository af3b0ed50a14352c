import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

/** Two partners have logged an interview of one day and mode: perhaps the same. */
export const sameInterviewTwice = alert({
  code: 'same-interview-twice',
  label: t('Le même entretien paraît noté par deux partenaires', 'Two partners seem to have logged the same interview'),
  article: 'convention (D)',
  zone: 'coordination',
  find: (v) => {
    const interviews = v.contacts.filter((c) => c.kind === 'interview');
    return interviews.flatMap((c, i) =>
      interviews.slice(0, i).some((o) => o.on === c.on && o.mode === c.mode && o.by.organisation !== c.by.organisation)
        ? [{ subject: c.eventId, since: c.on }]
        : [],
    );
  },
});
