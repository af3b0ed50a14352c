import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { answerable, awaitingAnswer, isMine, notYetAccepted } from '../handshakes.js';
import { together } from '../same-leave.js';

export const ReferralAccepted = act({
  type: 'ReferralAccepted',
  command: 'accept-referral',
  label: t('Orientation acceptée', 'Referral accepted'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: { referralId: ref('handshake', t('orientation', 'referral')) },
  available: awaitingAnswer,
  check: (c) => [
    ...isMine(c, c.data.referralId),
    ...answerable(c.before, c.data.referralId),
    ...notYetAccepted(c.before, c.data.referralId),
  ],
  apply(draft, { data, on }) {
    for (const h of together(draft, data.referralId)) {
      h.receivedOn ??= on;
      h.answer ??= { kind: 'accepted', on };
    }
  },
});
