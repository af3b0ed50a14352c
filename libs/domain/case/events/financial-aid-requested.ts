import { code, int, newId } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { aidOf } from '../view.js';
import { AGAIN } from '../same-day.js';

export const FUNDERS = ['cpam-cass', 'cpf', 'agefiph', 'employer', 'transitions-pro', 'fiphfp', 'other'] as const;
/** The deciding partners, and the person for what they decide themselves (their CPF) or were told by a funder without a role here. */
export const FUNDING_ROLES = ['CPAM', 'AGEFIPH', 'EMPLOYER', 'TRANSITIONS_PRO', 'ASSURE'] as const;
export const amountOf = (fr: string, en: string) => int('social', t(`${fr}, en euros`, `${en}, in euros`), 0, 1_000_000, 2000);

export const FinancialAidRequested = act({
  type: 'FinancialAidRequested',
  command: 'request-financial-aid',
  label: t('Aide financière demandée', 'Financial aid requested'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'decision',
  rank: 30,
  by: [...CASE_WORKERS, 'ASSURE', 'EMPLOYER'],
  fields: {
    aidId: newId('aid', t('aide', 'aid')),
    funder: code('decision', t('financeur', 'funder'), FUNDERS),
    amount: amountOf('montant demandé', 'amount asked').optional(),
    again: AGAIN,
  },
  once: { what: 'aid', alike: ({ funder, amount }) => [funder, amount] },
  apply(draft, { data, on }) {
    if (data.aidId === undefined) return;
    const aid = aidOf(draft, data.aidId, 'financial');
    aid.requestedOn = on;
    if (data.funder !== undefined) aid.funder = data.funder;
    // An amount that was granted stays, whatever is said of the request.
    if (data.amount !== undefined) aid.amount ??= data.amount;
  },
});
