import { ref, slots } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { ruled } from '../measure-acts.js';
import { measureOf } from '../view.js';

/** The slots on which the person was really there; a day counts once against a cap. */
export const PresenceRecorded = act({
  type: 'PresenceRecorded',
  command: 'record-presence',
  label: t('Présence constatée', 'Presence recorded'),
  source: 'D.323-6-5 CSS (D)',
  zone: 'measure',
  rank: 56,
  by: [...CASE_WORKERS, 'HOST', 'EMPLOYER', 'PROVIDER'],
  fields: { measureId: ref('measure', t('mesure', 'measure')), slots: slots(t('jours de présence', 'days of presence')) },
  check: (c) => ruled(c, 'present', c.data.measureId),
  apply(draft, { data }) {
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    m.presences = [...m.presences, ...(data.slots ?? [])];
  },
});
