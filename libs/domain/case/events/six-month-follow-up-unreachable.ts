import { int } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

export const SixMonthFollowUpUnreachable = act({
  type: 'SixMonthFollowUpUnreachable',
  command: 'record-six-month-unreachable',
  label: t('Injoignable à 6 mois', 'Unreachable at six months'),
  source: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  afterEnd: true,
  // The caisse calls when whoever closed may not see the case any more.
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST', 'CPAM'],
  fields: { attempts: int('outcome', t('nombre d’essais', 'number of attempts'), 1, 20, 3) },
  available: (v) =>
    v.status === 'closed' && v.followUp && !v.followUp.completedOn
      ? []
      : [impossible('followUp.none', t('Aucun rappel n’est dû.', 'No follow-up is due.'))],
  apply(draft, { data, on }) {
    if (draft.followUp)
      draft.followUp = { ...draft.followUp, unreachableOn: on, attempts: data.attempts ?? draft.followUp.attempts };
  },
});
