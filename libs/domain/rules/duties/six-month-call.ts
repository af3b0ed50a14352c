import { callAhead } from '../../case/accountable.js';
import { t } from '../../kernel/text.js';
import { accountableIn } from '../owners.js';
import { duty } from '../rule.js';

/** « Où en êtes-vous ? » It is missed thirty days after its day. */
export const sixMonthCall = duty({
  code: 'six-month-call',
  label: t('Rappel à six mois', 'Six-month call'),
  article: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  afterClosure: true,
  delay: 'support.followUp',
  grace: 'support.followUpGrace',
  resolvedBy: ['complete-six-month-follow-up', 'record-six-month-unreachable', 'reopen-case'],
  find: (v) => {
    const owner = accountableIn(v);
    const { followUp, support } = v;
    return callAhead(v) && owner && followUp && support?.closedOn
      ? [{ subject: v.caseId, owner, since: support.closedOn, due: followUp.dueOn }]
      : [];
  },
});
