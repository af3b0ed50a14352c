import { code } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** A closed support goes on, for instance because the six-month call showed a need. Refused while the person has another open case. */
export const CaseReopened = act({
  type: 'CaseReopened',
  command: 'reopen-case',
  label: t('Dossier rouvert', 'Case reopened'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  afterEnd: true,
  // The caisse reopens when whoever closed may not see the case any more.
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST', 'CPAM'],
  fields: {
    motive: code('coordination', t('motif', 'motive'), [
      'follow-up-call',
      'relapse',
      'person-request',
      'closed-by-mistake',
      'new-leave',
    ]),
  },
  available: (v) =>
    v.status === 'closed'
      ? []
      : [impossible('case.notClosed', t('Seul un dossier clos se rouvre.', 'Only a closed case is reopened.'))],
  apply(draft, { data, on }) {
    if (!draft.support) return;
    if (data.motive === 'closed-by-mistake') draft.closures.pop();
    const { closedOn: _on, closedBy: _by, motive: _motive, takenOverBy: _takenOver, ...support } = draft.support;
    draft.support = { ...support, reopenedOn: on };
    delete draft.followUp;
  },
});
