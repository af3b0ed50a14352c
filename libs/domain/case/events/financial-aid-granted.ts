import { code, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { aidOf } from '../view.js';
import { amountOf, FUNDERS, FUNDING_ROLES } from './financial-aid-requested.js';

export const FinancialAidGranted = act({
  type: 'FinancialAidGranted',
  command: 'grant-financial-aid',
  label: t('Aide financière accordée', 'Financial aid granted'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'decision',
  rank: 41,
  by: FUNDING_ROLES,
  fields: {
    aidId: ref('aid', t('aide demandée, si elle l’a été', 'aid that was requested, if it was')).optional(),
    funder: code('decision', t('financeur', 'funder'), FUNDERS).optional(),
    amount: amountOf('montant accordé', 'amount granted').optional(),
  },
  apply(draft, { id, data, on }) {
    const { aidId, ...granted } = data;
    Object.assign(aidOf(draft, aidId ?? id, 'financial'), granted, { decision: { kind: 'granted', on } });
  },
});
