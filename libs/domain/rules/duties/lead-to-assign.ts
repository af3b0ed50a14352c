import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';

/** A triage that says "accompanied" names its lead. */
export const leadToAssign = duty({
  code: 'lead-to-assign',
  label: t('Accompagnement décidé, référent à désigner', 'To be accompanied, lead to assign'),
  whose: t('qui a conclu le tri', 'whoever concluded the triage'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'referral.appointment',
  resolvedBy: ['assign-lead', 'open-support'],
  find: (v, delays) =>
    v.accountable?.reason === 'triage'
      ? [{ subject: v.caseId, since: v.accountable.since, due: delays.dueBy('referral.appointment', v.accountable.since) }]
      : [],
});
