import { addDays } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { caisseOf } from '../owners.js';
import { duty } from '../rule.js';
import { currentLeave } from '../leave.js';

/** Ninety days of leave and nobody leads: the caisse tells the Service social, or whoever else may lead. */
export const leadToFind = duty({
  code: 'lead-to-find',
  label: t('Arrêt long sans référent, à orienter', 'Long leave without a lead, to refer'),
  whose: t('la caisse', 'the fund'),
  article: 'Cnam, présentation de 2017 (S)',
  zone: 'leave',
  delay: 'lead.find',
  resolvedBy: ['assign-lead', 'open-support'],
  find: (v, delays) => {
    const leave = currentLeave(v);
    if (!leave || v.lead) return [];
    const due = delays.dueBy('lead.find', leave.start);
    return [{ subject: leave.id, owner: caisseOf(v), since: addDays(due, -14), due, ...(leave.until && { until: leave.until }) }];
  },
});
