import { articleOf } from '../../measures/measure.js';
import { t } from '../../kernel/text.js';
import { socialServiceOf } from '../owners.js';
import { duty } from '../rule.js';
import { requested } from '../measures.js';

/** Where the Service social has no part in the case yet, the lead or the caisse brings it in, or tells of the assessment that it sent. */
export const assessmentToWrite = duty({
  code: 'assessment-to-write',
  label: t('Évaluation globale à rédiger', 'Assessment to write'),
  whose: t('le Service social ; à défaut le référent, puis la caisse', 'the social service; else the lead, then the fund'),
  article: 'D.323-6-3 CSS (essai encadré), sinon la pratique',
  zone: 'measure',
  afterClosure: true,
  delay: 'assessment.write',
  resolvedBy: ['complete-social-assessment', 'refer-case'],
  find: (v, delays) =>
    requested(v).flatMap(({ measure, definition, since }) =>
      definition?.assessed && v.assessments.length === 0
        ? [
            {
              subject: measure.id,
              owner: socialServiceOf(v),
              since,
              due: delays.dueBy('assessment.write', since),
              article: articleOf(definition, 'assessmentMissing') ?? 'convention (D)',
            },
          ]
        : [],
    ),
});
