import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { withdrawable } from '../handovers.js';

export const CaseTransferWithdrawn = act({
  type: 'CaseTransferWithdrawn',
  command: 'withdraw-transfer',
  label: t('Transfert retiré', 'Transfer withdrawn'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: ['CPAM', 'CPDP', 'MT', 'AS', 'CSAM'],
  fields: { transferId: ref('transfer', t('transfert', 'transfer')) },
  available: (v, actor) => withdrawable(v.transfers, undefined, actor),
  check: (c) => withdrawable(c.before.transfers, c.data.transferId, c.actor),
  apply(draft, { data, on }) {
    const offer = draft.transfers.find((x) => x.id === data.transferId);
    if (offer) offer.answer ??= { kind: 'withdrawn', on };
  },
});
