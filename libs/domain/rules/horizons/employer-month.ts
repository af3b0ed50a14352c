import { addMonths } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { horizon } from '../rule.js';

/** A month after the opinion of unfitness the employer who has neither redeployed nor dismissed pays the salary again. */
export const employerMonth = horizon({
  code: 'employer-month',
  label: t(
    'Reprise du salaire, un mois après l’avis d’inaptitude',
    'Salary is due again, a month after the opinion of unfitness',
  ),
  article: 'L.1226-4 et L.1226-11 CT',
  zone: 'capacity',
  find: (v) =>
    v.milestones.flatMap((m) =>
      m.kind === 'unfitness-issued' && !v.milestones.some((x) => x.kind === 'employment-ended' && x.on >= m.on)
        ? [{ subject: m.eventId, since: m.on, due: addMonths(m.on, 1), until: addMonths(m.on, 1) }]
        : [],
    ),
});
