import { code, date, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, type Role } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { measureOf } from '../view.js';

/** A meeting has the request on its agenda, on that day; told again when the meeting moves. Copied from the meeting. */
export const IlcoReviewScheduled = act({
  type: 'IlcoReviewScheduled',
  command: null,
  label: t('Inscrit à l’ordre du jour d’une instance', 'On the agenda of a forum'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'measure',
  nature: 'ask',
  afterEnd: true,
  by: CASE_WORKERS,
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    meetingId: ref('meeting', t('réunion', 'meeting')),
    date: date('measure', t('date de la réunion', 'date of the meeting'), '2023-11-14'),
    chair: ref('organisation', t('organisation qui tient l’instance', 'who chairs it')),
    chairRole: code(
      'measure',
      t('rôle dans lequel elle la tient', 'role in which it does'),
      CASE_WORKERS as readonly [Role, ...Role[]],
      'CPAM',
    ),
  },
  apply(draft, { data, on }) {
    if (data.measureId === undefined || data.chair === undefined) return;
    const m = measureOf(draft, data.measureId);
    const goesOn = m.ilco && (m.ilco.meetingId ?? data.meetingId) === data.meetingId;
    m.ilco = {
      chair: { organisation: data.chair, role: data.chairRole ?? 'CPAM' },
      since: goesOn ? m.ilco!.since : on,
      ...(data.meetingId && { meetingId: data.meetingId }),
      ...(data.date && { date: data.date }),
    };
  },
});
