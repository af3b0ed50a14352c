import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { activityOf } from '../view.js';
import { wordOfSpst } from '../whose-word.js';

/** The contract ended on this day. */
export const EmploymentEnded = act({
  type: 'EmploymentEnded',
  command: 'end-employment',
  label: t('Fin du contrat de travail', 'Employment ended'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'job',
  rank: 60,
  by: [...CASE_WORKERS, 'ASSURE', 'EMPLOYER'],
  fields: {
    reason: code('job', t('motif', 'reason'), ['end-of-fixed-term', 'dismissal-unfitness', 'resignation', 'rupture-conventionnelle', 'retirement', 'other']),
    activityId: ref('activity', t('activité terminée, si elle est au dossier', 'occupation that ended, if the case has it')).optional(),
  }, // prettier-ignore
  settledBy: wordOfSpst,
  apply(draft, { id, data, on }) {
    draft.milestones.push({ eventId: id, kind: 'employment-ended', on, ...(data.reason && { code: data.reason }) });
    if (data.activityId !== undefined) activityOf(draft, data.activityId).to = on;
  },
});
