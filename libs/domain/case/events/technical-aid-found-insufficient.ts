import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { aidOf } from '../view.js';

export const TechnicalAidFoundInsufficient = act({
  type: 'TechnicalAidFoundInsufficient',
  command: 'find-technical-aid-insufficient',
  label: t('Aide technique insuffisante', 'Technical aid found insufficient'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'job',
  rank: 60,
  by: ['CAP_EMPLOI', 'COMETE', 'MT', 'IDEST', 'CPDP', 'EMPLOYER', 'ASSURE'],
  fields: { aidId: ref('aid', t('aide, si elle est au dossier', 'aid, if the case has it')).optional() },
  apply(draft, { id, data, on }) {
    aidOf(draft, data.aidId ?? id, 'technical').decision = { kind: 'insufficient', on };
  },
});
