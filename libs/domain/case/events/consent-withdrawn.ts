import { ref } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** Closes what the accord had opened; what was logged before stays. */
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
  check: ({ data, before, after }) => {
    if (!before.consents.some((c) => c.id === data.consentId))
      return [impossible('consent.unknown', t('Accord inconnu dans ce dossier.', 'No such consent in this case.'))];
    // Folded by date, it would come before what it withdraws, and be lost.
    return after.consents.some((c) => c.id === data.consentId && c.withdrawnOn === undefined)
      ? [impossible('consent.withdrawnBeforeGiven', t('L’accord a été donné après ce jour.', 'The consent was given after that day.'))]
      : [];
  }, // prettier-ignore
  apply(draft, { data, on }) {
    const consent = draft.consents.find((c) => c.id === data.consentId);
    if (consent) consent.withdrawnOn ??= on;
  },
});
