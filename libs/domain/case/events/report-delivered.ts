import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, ROLE_CODES } from '../../kernel/roles.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { definitionOf } from '../../measures/index.js';
import { accordOpens } from '../accord.js';
import { act } from '../act.js';
import { measureIn, measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

/** The bilan reached one of its recipients. Its legal recipients have it by right; anybody else needs the person's accord. */
export const ReportDelivered = act({
  type: 'ReportDelivered',
  command: 'deliver-report',
  label: t('Bilan remis', 'Report delivered'),
  source: 'D.323-6-7 CSS',
  zone: 'measure',
  rank: 61,
  by: [...CASE_WORKERS, 'HOST', 'PROVIDER'],
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    toRole: code('measure', t('remis à (rôle)', 'delivered to (role)'), ROLE_CODES, 'MT'),
    to: ref('organisation', t('remis à (organisation)', 'delivered to (organisation)')).optional(),
  },
  check: ({ before, data, occurredOn }) => {
    const measure = measureIn(before, data.measureId);
    const definition = measure && definitionOf(measure);
    if (!definition || definition.reportTo.includes(data.toRole)) return [];
    const agreed = before.consents.some((c) =>
      accordOpens(c, { organisation: data.to ?? null, role: data.toRole }, occurredOn, 'measure'),
    );
    return agreed
      ? []
      : [
          forbidden(
            'report.notRecipient',
            definition.article,
            t(
              'Ce destinataire n’est pas prévu par le texte et la personne n’a pas donné son accord.',
              'Not a recipient by law, and the person has not agreed.',
            ),
            ['measure', 'decision'],
          ),
        ];
  },
  settledBy: wordOnMeasure,
  apply(draft, { data, on }) {
    if (data.measureId === undefined || data.toRole === undefined) return;
    measureOf(draft, data.measureId).deliveries.push({ role: data.toRole, on, ...(data.to && { organisation: data.to }) });
  },
});
