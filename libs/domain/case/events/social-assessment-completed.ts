import { code } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { AGAIN } from '../same-day.js';
import { socialServiceOf } from '../../rules/owners.js';

/** The évaluation globale of the Service social: its conclusion only. An essai encadré and a CRPE need it. */
export const SocialAssessmentCompleted = act({
  type: 'SocialAssessmentCompleted',
  command: 'complete-social-assessment',
  label: t('Évaluation globale', 'Social assessment'),
  source: 'D.323-6-3 CSS',
  zone: 'social',
  rank: 55,
  by: ['AS'],
  fields: {
    fit: code('social', t('la mesure convient', 'the measure suits'), [
      'suited',
      'suited-with-conditions',
      'unsuited',
    ]).optional(),
    timing: code('social', t('le moment convient', 'the timing suits'), ['now', 'later', 'too-early', 'too-late']).optional(),
    again: AGAIN,
  },
  check: ({ before, ctx, occurredOn }) =>
    [before, ...ctx.earlier].some((v) => v.contacts.some((c) => c.kind === 'interview' && c.on <= occurredOn))
      ? []
      : [
          forbidden(
            'assessment.interviewMissing',
            'pratique publiée, Carsat BFC 2023 (S)',
            t('L’évaluation suppose un entretien.', 'The assessment supposes an interview.'),
          ),
        ],
  once: { what: 'assessment', alike: () => [] },
  settledBy: (v) => [socialServiceOf(v).organisation],
  apply(draft, { id, data, on, by }) {
    const { fit, timing } = data;
    draft.assessments.push({ eventId: id, on, by, ...(fit && { fit }), ...(timing && { timing }) });
  },
});
