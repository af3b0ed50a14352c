import { code, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { aidOf } from '../view.js';
import { FUNDERS, FUNDING_ROLES } from './financial-aid-requested.js';

export const FinancialAidRefused = act({
  type: 'FinancialAidRefused',
  command: 'refuse-financial-aid',
  label: t('Aide financière refusée', 'Financial aid refused'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'decision',
  rank: 40,
  by: FUNDING_ROLES,
  fields: {
    aidId: ref('aid', t('aide demandée, si elle l’a été', 'aid that was requested, if it was')).optional(),
    funder: code('decision', t('financeur', 'funder'), FUNDERS).optional(),
  },
  apply(draft, { id, data, on }) {
    const { aidId, ...refused } = data;
    Object.assign(aidOf(draft, aidId ?? id, 'financial'), refused, { decision: { kind: 'refused', on } });
  },
});
