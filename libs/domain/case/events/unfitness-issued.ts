import { code, date } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { daysBetween } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** The employer then has one month to redeploy, dismiss or pay again (L.1226-4 CT). */
export const UnfitnessIssued = act({
  type: 'UnfitnessIssued',
  command: 'issue-unfitness',
  label: t('Avis d’inaptitude', 'Unfitness issued'),
  source: 'L.1226-2, L.1226-4 et R.4624-42 CT',
  zone: 'capacity',
  rank: 58,
  by: ['MT'],
  fields: {
    redeployment: code('capacity', t('reclassement', 'redeployment'), ['to-seek', 'exempted']),
    firstExam: date(
      'capacity',
      t('premier examen, s’il y en a eu deux', 'first examination, if there were two'),
      '2023-09-04',
    ).optional(),
  },
  check: ({ data, occurredOn }) =>
    data.firstExam !== undefined && daysBetween(data.firstExam, occurredOn) > 15
      ? [forbidden('unfitness.secondExamLate', 'R.4624-42 CT', t('Le second examen suit le premier de quinze jours au plus.', 'The second examination follows the first within fifteen days.'))]
      : [], // prettier-ignore
  apply(draft, { id, data, on }) {
    draft.milestones.push({ eventId: id, kind: 'unfitness-issued', on, ...(data.redeployment && { code: data.redeployment }) });
  },
});
