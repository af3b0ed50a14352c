import { addDays, latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { currentLeave } from '../leave.js';
import { caisseOf } from '../owners.js';
import { duty } from '../rule.js';
import { isWith } from '../waiting.js';

/**
 * Ninety days of leave and nobody leads: the caisse tells the Service social, or whoever else may lead. While a referral waits it is its
 * target's move; each one that came to nothing starts the search anew.
 */
export const leadToFind = duty({
  code: 'lead-to-find',
  label: t('Arrêt long sans référent, à orienter', 'Long leave without a lead, to refer'),
  whose: t('la caisse', 'the fund'),
  article: 'Cnam, présentation de 2017 (S)',
  zone: 'leave',
  delay: 'lead.find',
  resolvedBy: ['refer-case', 'assign-lead', 'open-support'],
  find: (v, delays) => {
    const leave = currentLeave(v);
    if (!leave || v.lead || v.handshakes.some((h) => isWith(h, 'referral'))) return [];
    const limit = delays.dueBy('lead.find', leave.start);
    const last = v.handshakes.findLast((h) => h.kind === 'referral' && h.answer);
    const due = latest(limit, last?.answer && delays.dueBy('case.place', last.answer.on)) ?? limit;
    return [
      {
        subject: leave.id,
        owner: caisseOf(v),
        since: addDays(limit, -14),
        due,
        ...(leave.until && { until: leave.until }),
        ...(last && { restartedBy: last.id }),
      },
    ];
  },
});
