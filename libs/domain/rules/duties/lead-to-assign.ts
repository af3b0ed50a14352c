import { latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';
import { goneOn } from '../waiting.js';

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
    if (v.accountable?.reason !== 'triage') return [];
    // There was one, and the accord that let it in is gone: the search starts on that day.
    const gone = v.leads.length > 0 ? latest(...v.consents.map(goneOn)) : undefined;
    const since = latest(v.accountable.since, gone) ?? v.accountable.since;
    return [{ subject: v.caseId, since, due: delays.dueBy('referral.appointment', since), restartedBy: `since ${since}` }];
  },
});
