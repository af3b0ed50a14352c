import { latest } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { accountableIn } from '../owners.js';
import { duty } from '../rule.js';
import { goneOn } from '../waiting.js';

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
    const { accountable } = v;
    if (!owner || !accountable || !NOBODY_HAS_IT.includes(accountable.reason)) return [];
    // Each part that ended starts the search anew: until then it was somebody else's move.
    const since =
      latest(
        accountable.since,
        ...v.handshakes.flatMap((h) => [h.answer?.on, h.triage?.on]),
        ...v.signals.map((s) => s.triage?.on),
        ...v.consents.map(goneOn),
      ) ?? accountable.since;
    return [{ subject: v.caseId, owner, since, due: delays.dueBy('case.place', since), restartedBy: `since ${since}` }];
  },
});
