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
  find: (v, delays) => {
    const { accountable } = v;
    if (accountable?.reason !== 'triage') return [];
    const triaged = [...v.handshakes, ...v.signals].find(
      (s) => s.triage?.outcome === 'accompanied' && s.triage.by.organisation === accountable.organisation,
    );
    return triaged?.triage
      ? [
          {
            subject: v.caseId,
            owner: triaged.triage.by,
            since: accountable.since,
            due: delays.dueBy('referral.appointment', accountable.since),
          },
        ]
      : [];
  },
});
