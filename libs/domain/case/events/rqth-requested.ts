import { t } from '../../kernel/text.js';
import { act } from '../act.js';

export const RqthRequested = act({
  type: 'RqthRequested',
  command: 'request-rqth',
  label: t('RQTH demandée', 'Disabled worker status requested'),
  source: 'L.5213-2 CT',
  zone: 'decision',
  rank: 30,
  by: ['ASSURE'],
  fields: {},
  apply(draft, { id, on }) {
    draft.milestones.push({ eventId: id, kind: 'rqth-requested', on });
  },
});
