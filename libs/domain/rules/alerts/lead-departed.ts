import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

/** The last lead that was given may not see the case any more, and nobody has taken it over. */
export const leadDeparted = alert({
  code: 'lead-departed',
  label: t('Référent parti : dossier sans référent', 'The lead is gone: case without a lead'),
  article: 'convention (D)',
  zone: 'coordination',
  find: (v) => {
    const last = v.leads.at(-1);
    return last && !v.lead && v.accountable && v.status === 'supported'
      ? [{ subject: v.caseId, since: v.accountable.since }]
      : [];
  },
});
