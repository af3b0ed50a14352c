import { code, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { DECLINE_MOTIVES } from '../codes.js';
import { passable } from '../handovers.js';

/** The old organisation keeps its part. */
export const CaseTransferDeclined = act({
  type: 'CaseTransferDeclined',
  command: 'decline-transfer',
  label: t('Transfert décliné', 'Transfer declined'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: ['CPAM', 'CPDP', 'MT', 'AS', 'CSAM'],
  fields: {
    transferId: ref('transfer', t('transfert', 'transfer')),
    motive: code('coordination', t('motif', 'motive'), DECLINE_MOTIVES),
  },
  check: (c) => passable(c.before, c.before.transfers, c.data.transferId, c.actor),
  apply(draft, { data, on }) {
    const offer = draft.transfers.find((x) => x.id === data.transferId);
    if (offer) offer.answer ??= { kind: 'declined', on };
  },
});
