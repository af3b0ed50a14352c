import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { measureOf } from '../view.js';

/** That meeting will not look at it: cancelled, taken off, or without object. Whoever still wants the avis asks for it. */
export const IlcoReviewUnscheduled = act({
  type: 'IlcoReviewUnscheduled',
  command: null,
  label: t('Retiré de l’ordre du jour d’une instance', 'Taken off the agenda of a forum'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'measure',
  nature: 'ask',
  afterEnd: true,
  by: CASE_WORKERS,
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    meetingId: ref('meeting', t('réunion', 'meeting')),
  },
  apply(draft, { data }) {
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    if (m.ilco?.meetingId === data.meetingId) delete m.ilco;
  },
});
