import { code } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

export const NewJobStarted = act({
  type: 'NewJobStarted',
  command: 'start-new-job',
  label: t('Nouvel emploi', 'New job'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'outcome',
  rank: 62,
  by: [...CASE_WORKERS, 'ASSURE', 'FRANCE_TRAVAIL'],
  fields: {
    contract: code('outcome', t('contrat', 'contract'), [
      'cdi',
      'cdd',
      'interim',
      'apprentissage',
      'TI',
      'fonction-publique',
      'other',
    ]),
  },
  apply(draft, { id, data, on }) {
    draft.milestones.push({ eventId: id, kind: 'new-job-started', on, ...(data.contract && { code: data.contract }) });
  },
});
