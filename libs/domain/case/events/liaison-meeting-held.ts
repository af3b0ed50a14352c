import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { liaisonOf } from '../view.js';
import { absentThirtyDays } from './liaison-meeting-offered.js';
import { AGAIN } from '../same-day.js';

export const LiaisonMeetingHeld = act({
  type: 'LiaisonMeetingHeld',
  command: 'hold-liaison-meeting',
  label: t('Rendez-vous de liaison tenu', 'Liaison meeting held'),
  source: 'L.1226-1-3 et D.1226-8-1 CT',
  zone: 'coordination',
  rank: 50,
  by: ['EMPLOYER', 'ASSURE'],
  fields: {
    liaisonId: ref('liaison', t('rendez-vous proposé, s’il l’a été', 'meeting that was offered, if it was')).optional(),
    again: AGAIN,
  },
  complete: ({ data }, before) => {
    const liaisonId = data.liaisonId ?? before.liaisons.findLast((l) => l.offeredOn && !l.heldOn && !l.declinedOn)?.id;
    return liaisonId === undefined ? data : { ...data, liaisonId };
  },
  check: absentThirtyDays,
  once: { what: 'liaison', alike: () => [] },
  apply(draft, { id, data, on }) {
    liaisonOf(draft, data.liaisonId ?? id).heldOn = on;
  },
});
