import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

/** Three attempts in a row without an answer. */
const ATTEMPTS = 3;

export const personUnreachable = alert({
  code: 'person-unreachable',
  label: t('Personne injoignable', 'Person unreachable'),
  article: 'convention (D)',
  zone: 'coordination',
  find: (v) => {
    const contacts = [...v.contacts].sort((a, b) => (a.on < b.on ? -1 : 1));
    const answered = contacts.findLastIndex((c) => c.kind !== 'attempt' || c.outcome === 'reached');
    const since = contacts.slice(answered + 1)[ATTEMPTS - 1]?.on;
    return since ? [{ subject: v.caseId, since }] : [];
  },
});
