import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { answerable, isMine } from '../handshakes.js';
import { together } from '../same-leave.js';

export const ReceiptAcknowledged = act({
  type: 'ReceiptAcknowledged',
  command: 'acknowledge-receipt',
  label: t('Accusé de réception', 'Receipt acknowledged'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  by: CASE_WORKERS,
  fields: { handshakeId: ref('handshake', t('transmission ou orientation reçue', 'transmission or referral received')) },
  check: (c) => [...isMine(c, c.data.handshakeId), ...answerable(c.before, c.data.handshakeId)],
  apply(draft, { data, on }) {
    for (const h of together(draft, data.handshakeId)) h.receivedOn ??= on;
  },
});
