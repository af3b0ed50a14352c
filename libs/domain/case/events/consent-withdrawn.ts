import { ref } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** Closes what the accord had opened, and whatever else was agreed to for the same purpose and recipient; what was logged before stays. */
export const ConsentWithdrawn = act({
  type: 'ConsentWithdrawn',
  command: 'withdraw-consent',
  label: t('Retrait d’accord', 'Consent withdrawn'),
  source: 'art. 7(3) RGPD',
  zone: 'coordination',
  rank: 3,
  by: ['ASSURE'],
  afterEnd: true,
  fields: { consentId: ref('consent', t('accord retiré', 'consent withdrawn')) },
  check: ({ data, occurredOn, before }) => {
    if (!before.consents.some((c) => c.id === data.consentId))
      return [impossible('consent.unknown', t('Accord inconnu dans ce dossier.', 'No such consent in this case.'))];
    return before.consents.some((c) => c.id === data.consentId && c.givenOn > occurredOn)
      ? [impossible('consent.withdrawnBeforeGiven', t('L’accord a été donné après ce jour.', 'The consent was given after that day.'))]
      : [];
  }, // prettier-ignore
  apply(draft, { data, on, by, recordedBy, told }) {
    if (data.consentId !== undefined)
      draft.withdrawals.push({ consentId: data.consentId, on, toldBy: recordedBy ?? by, revision: told });
  },
});

/** The person says that she did not withdraw it. Nothing reopens by that: she is asked again, and agrees anew. */
export const ConsentWithdrawalDenied = act({
  type: 'ConsentWithdrawalDenied',
  command: 'deny-withdrawal',
  label: t('Retrait d’accord démenti par la personne', 'Withdrawal of a consent denied by the person'),
  source: 'art. 5(1)(d) RGPD, convention (D)',
  zone: 'coordination',
  rank: 4,
  by: ['ASSURE'],
  afterEnd: true,
  fields: { consentId: ref('consent', t('accord dont le retrait est démenti', 'consent whose withdrawal is denied')) },
  check: ({ data, before }) =>
    before.consents.some((c) => c.id === data.consentId && c.withdrawal)
      ? []
      : [impossible('consent.notWithdrawn', t('Le retrait de cet accord n’a été dit par personne.', 'Nobody has told that this consent was withdrawn.'))], // prettier-ignore
  apply(draft, { data, on }) {
    if (data.consentId !== undefined) draft.denials.push({ consentId: data.consentId, on });
  },
});
