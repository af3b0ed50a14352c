import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { liaisonOf } from '../view.js';

/** No consequence may be drawn from a refusal (L.1226-1-3 CT): it is noted, and changes nothing else. */
export const LiaisonMeetingDeclined = act({
  type: 'LiaisonMeetingDeclined',
  command: 'decline-liaison-meeting',
  label: t('Rendez-vous de liaison décliné', 'Liaison meeting declined'),
  source: 'L.1226-1-3 CT',
  zone: 'coordination',
  rank: 40,
  by: ['EMPLOYER', 'ASSURE'],
  fields: { liaisonId: ref('liaison', t('rendez-vous de liaison', 'liaison meeting')) },
  apply(draft, { data, on }) {
    if (data.liaisonId !== undefined) liaisonOf(draft, data.liaisonId).declinedOn = on;
  },
});
