import { t } from '../../kernel/text.js';
import { accountableIn } from '../owners.js';
import { duty } from '../rule.js';

/** Nobody has it in hand: it came back to its sender, it was passed on and nobody took it, or only the caisse is left (decision 14). */
const NOBODY_HAS_IT = ['declined-to-sender', 'passed-on', 'caisse'];

export const caseToPlace = duty({
  code: 'case-to-place',
  label: t('Dossier sans preneur, à orienter', 'Case that nobody has taken, to refer'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'case.place',
  resolvedBy: ['refer-case', 'open-support', 'assign-lead', 'record-signal'],
  find: (v, delays) => {
    const owner = accountableIn(v);
    const { accountable, handshakes } = v;
    if (!owner || !accountable || !NOBODY_HAS_IT.includes(accountable.reason)) return [];
    // Each referral that came to nothing starts the search anew.
    const last = handshakes.findLast((h) => h.answer && h.answer.kind !== 'accepted');
    const from = last?.answer && last.answer.on > accountable.since ? last.answer.on : accountable.since;
    return [
      {
        subject: v.caseId,
        owner,
        since: accountable.since,
        due: delays.dueBy('case.place', from),
        ...(last && { restartedBy: last.id }),
      },
    ];
  },
});
