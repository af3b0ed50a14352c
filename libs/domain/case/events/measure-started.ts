import { code, date, newId, ref, siret, slots } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { MEASURE_TYPES } from '../../measures/types.js';
import { act } from '../act.js';
import { hosts, periodOf, ruled } from '../measure-acts.js';
import { measureOf } from '../view.js';
import { wordOnMeasure } from '../whose-word.js';

/** It really began: recorded even if it should not have (decision 13). The day is `occurredOn`. */
export const MeasureStarted = act({
  type: 'MeasureStarted',
  command: 'start-measure',
  label: t('Mesure commencée', 'Measure started'),
  source: 'L.323-3-1 CSS',
  zone: 'measure',
  rank: 50,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER', 'ASSURE', 'PROVIDER'],
  fields: {
    measureId: newId('measure', t('mesure', 'measure')),
    type: code(
      'measure',
      t('type, si la demande n’est pas au dossier', 'type, if the request is not in the case'),
      MEASURE_TYPES,
    ).optional(),
    hostSiret: siret('measure', t('SIRET de l’accueil', 'SIRET of the host')).optional(),
    host: ref('organisation', t('structure d’accueil', 'host')).optional(),
    to: date('measure', t('fin prévue', 'expected end'), '2023-09-20').optional(),
    slots: slots(t('jours de présence', 'days of presence')).optional(),
  },
  check: (c) => [...hosts(c, c.data.host), ...ruled(c, 'start', c.data.measureId)],
  settledBy: wordOnMeasure,
  apply(draft, { id, data, on }) {
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    // Told twice, by the host and by the social worker: it began on the earlier day.
    m.startedOn ??= on;
    m.startEventId ??= id;
    m.type ??= data.type;
    m.hostSiret ??= data.hostSiret;
    m.host ??= data.host;
    const period = periodOf({ from: on, ...(data.to && { to: data.to }), ...(data.slots && { slots: data.slots }) });
    if (period && m.periods.length === 0) m.periods.push({ ...period, on, eventId: id });
  },
});
