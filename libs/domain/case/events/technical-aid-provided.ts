import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { aidOf } from '../view.js';

export const TechnicalAidProvided = act({
  type: 'TechnicalAidProvided',
  command: 'provide-technical-aid',
  label: t('Aide technique fournie', 'Technical aid provided'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'job',
  rank: 50,
  by: ['CAP_EMPLOI', 'COMETE', 'MT', 'IDEST', 'CPDP', 'EMPLOYER', 'AGEFIPH'],
  fields: { aidId: ref('aid', t('aide demandée, si elle l’a été', 'aid that was requested, if it was')).optional() },
  apply(draft, { id, data, on }) {
    aidOf(draft, data.aidId ?? id, 'technical').decision = { kind: 'provided', on };
  },
});
