import { t } from '../../kernel/text.js';
import { act } from '../act.js';

export const DisabilityPensionRequested = act({
  type: 'DisabilityPensionRequested',
  command: 'request-disability-pension',
  label: t('Pension d’invalidité demandée', 'Disability pension requested'),
  source: 'convention (D)',
  zone: 'decision',
  rank: 30,
  by: ['ASSURE', 'MC', 'MTR'],
  fields: {},
  apply(draft, { id, on }) {
    draft.milestones.push({ eventId: id, kind: 'disability-pension-requested', on });
  },
});
