import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { answerable, isSender, notYetAccepted } from '../handshakes.js';
import { together } from '../same-leave.js';
import { senderOf } from '../view.js';

/** The sender takes it back before it was accepted; of a revocation and an acceptance at the same instant, the log keeps one. */
export const ReferralRevoked = act({
  type: 'ReferralRevoked',
  command: 'revoke-referral',
  label: t('Orientation révoquée', 'Referral revoked'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: {
    referralId: ref('handshake', t('orientation ou transmission envoyée', 'referral or transmission sent')),
    motive: code('coordination', t('motif', 'motive'), ['mistake', 'person-declined', 'no-longer-needed', 'other-partner']),
  },
  available: (v, actor) =>
    v.handshakes.some((h) => senderOf(h).organisation === actor.organisation && !h.answer && !h.triage)
      ? []
      : [
          impossible(
            'handshake.none',
            t(
              'Votre organisation n’a rien envoyé qui attende encore sa réponse.',
              'Nothing that your organisation sent still awaits its answer.',
            ),
          ),
        ],
  check: (c) => [
    ...isSender(c, c.data.referralId),
    ...answerable(c.before, c.data.referralId),
    ...notYetAccepted(c.before, c.data.referralId),
  ],
  apply(draft, { data, on }) {
    for (const h of together(draft, data.referralId))
      h.answer ??= { kind: 'revoked', on, ...(data.motive && { motive: data.motive }) };
  },
});
