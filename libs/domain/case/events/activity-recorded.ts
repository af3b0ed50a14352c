import { code, date, newId, ref, siret, text } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { EMPLOYMENT_STATUS } from '../codes.js';
import { activityOf } from '../view.js';

/** What the person does for a living, and in which status. Independent is a status of the activity, not of the person. */
export const ActivityRecorded = act({
  type: 'ActivityRecorded',
  command: 'record-activity',
  label: t('Activité professionnelle', 'Occupation'),
  source: 'convention (D)',
  zone: 'job',
  rank: 9,
  by: [...CASE_WORKERS, 'ASSURE', 'EMPLOYER'],
  fields: {
    activityId: newId('activity', t('activité', 'activity')),
    status: code('job', t('statut', 'status'), EMPLOYMENT_STATUS).optional(),
    occupation: text('job', t('métier, poste', 'occupation'), 'opératrice de production', 200).optional(),
    employerSiret: siret('job', t('SIRET de l’employeur', 'SIRET of the employer')).optional(),
    employer: ref('organisation', t('employeur, s’il est dans l’annuaire', 'employer, if in the directory')).optional(),
    from: date('job', t('depuis', 'since'), '2013-09-01').optional(),
    to: date('job', t('jusqu’à', 'until'), '2024-12-31').optional(),
  },
  apply(draft, { data }) {
    const { activityId, ...activity } = data;
    if (activityId !== undefined) Object.assign(activityOf(draft, activityId), activity);
  },
});
