import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { withdrawable } from '../handovers.js';

/** Whoever offered it takes it back, for instance because nobody answers. */
export const LeadHandoverWithdrawn = act({
  type: 'LeadHandoverWithdrawn',
  command: 'withdraw-handover',
  label: t('Passage de relais retiré', 'Hand-over withdrawn'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: { handoverId: ref('handover', t('passage', 'hand-over')) },
  available: (v, actor) => withdrawable(v.handovers, undefined, actor),
  check: (c) => withdrawable(c.before.handovers, c.data.handoverId, c.actor),
  apply(draft, { data, on }) {
    const offer = draft.handovers.find((x) => x.id === data.handoverId);
    if (offer) offer.answer ??= { kind: 'withdrawn', on };
  },
});
