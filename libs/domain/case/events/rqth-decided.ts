import { code, date } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** Decided by the CDAPH; without end date where the disability is irreversible (L.5213-2 CT). */
export const RqthDecided = act({
  type: 'RqthDecided',
  command: 'decide-rqth',
  label: t('RQTH : décision', 'Disabled worker status decided'),
  source: 'L.5213-2 CT',
  zone: 'decision',
  rank: 40,
  by: ['MDPH'],
  fields: {
    decision: code('decision', t('décision', 'decision'), ['granted', 'refused']),
    until: date('decision', t('valable jusqu’au', 'valid until'), '2028-03-31').optional(),
  },
  apply(draft, { id, data, on }) {
    draft.milestones.push({ eventId: id, kind: 'rqth-decided', on, ...(data.decision && { code: data.decision }) });
  },
});
