import { code } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { AGAIN } from '../same-day.js';

export const JobStudyHeld = act({
  type: 'JobStudyHeld',
  command: 'record-job-study',
  label: t('Étude de poste', 'Job study'),
  source: 'R.4624-42 CT, pratique publiée, Carsat BFC 2023 (S)',
  zone: 'job',
  rank: 50,
  by: ['CAP_EMPLOI', 'COMETE', 'MT', 'IDEST', 'CPDP', 'CEP'],
  fields: {
    conclusion: code('job', t('conclusion', 'conclusion'), [
      'job-suits',
      'adjustments',
      'technical-aid',
      'other-job',
      'no-solution',
    ]),
    again: AGAIN,
  },
  once: { what: 'jobStudy', alike: () => [] },
  apply(draft, { id, type, on, by }) {
    draft.notes.push({ eventId: id, type, on, by });
  },
});
