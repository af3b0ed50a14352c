import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { DECLINE_MOTIVES } from '../codes.js';
import { answerable, awaitingAnswer, isMine, notYetAccepted } from '../handshakes.js';
import { together } from '../same-leave.js';

/** Gives the case back to its sender. */
export const ReferralDeclined = act({
  type: 'ReferralDeclined',
  command: 'decline-referral',
  label: t('Orientation déclinée', 'Referral declined'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: {
    referralId: ref('handshake', t('orientation', 'referral')),
    motive: code('coordination', t('motif', 'motive'), DECLINE_MOTIVES),
  },
  available: awaitingAnswer,
  check: (c) => [
    ...isMine(c, c.data.referralId),
    ...answerable(c.before, c.data.referralId),
    ...notYetAccepted(c.before, c.data.referralId),
  ],
  apply(draft, { data, on }) {
    for (const h of together(draft, data.referralId)) {
      h.receivedOn ??= on;
      h.answer ??= { kind: 'declined', on, ...(data.motive && { motive: data.motive }) };
    }
  },
});
