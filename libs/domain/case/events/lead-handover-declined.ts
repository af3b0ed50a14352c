import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { DECLINE_MOTIVES } from '../codes.js';
import { passable } from '../handovers.js';

export const LeadHandoverDeclined = act({
  type: 'LeadHandoverDeclined',
  command: 'decline-handover',
  label: t('Passage de relais décliné', 'Hand-over declined'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: {
    handoverId: ref('handover', t('passage', 'hand-over')),
    motive: code('coordination', t('motif', 'motive'), DECLINE_MOTIVES),
  },
  check: (c) => passable(c.before, c.before.handovers, c.data.handoverId, c.actor),
  apply(draft, { data, on }) {
    const h = draft.handovers.find((x) => x.id === data.handoverId);
    if (h) h.answer = { kind: 'declined', on };
  },
});
