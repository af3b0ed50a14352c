import { needAhead } from '../../case/accountable.js';
import { t } from '../../kernel/text.js';
import { accountableIn } from '../owners.js';
import { duty } from '../rule.js';

/** The six-month call showed a need: the case is reopened, or the call corrected. */
export const caseToReopen = duty({
  code: 'case-to-reopen',
  label: t('Besoin exprimé au rappel : dossier à rouvrir', 'The call showed a need: case to reopen'),
  article: 'convention (D)',
  zone: 'coordination',
  afterClosure: true,
  delay: 'case.reopen',
  resolvedBy: ['reopen-case'],
  find: (v, delays) => {
    const owner = accountableIn(v);
    const on = v.followUp?.completedOn;
    return needAhead(v) && owner && on ? [{ subject: v.caseId, owner, since: on, due: delays.dueBy('case.reopen', on) }] : [];
  },
});
