import { code, codes, date, newId, ref, ZONE_CODES } from '../../kernel/fields.js';
import { EVIDENCE_KINDS, ROLE_CODES } from '../../kernel/roles.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { CONSENT_PURPOSES } from '../codes.js';

/**
 * The person agrees that one recipient knows some zones, for a purpose. Never inferred: without this fact the answer is no. The act is
 * the person's own: a partner tells of it and holds the evidence, or it would open zones to itself by its word alone.
 */
export const ConsentGranted = act({
  type: 'ConsentGranted',
  command: 'grant-consent',
  label: t('Accord de la personne', 'Consent of the person'),
  source: 'L.315-4 CSS, L.4622-2-1 CT',
  zone: 'coordination',
  rank: 2,
  by: ['ASSURE'],
  fields: {
    consentId: newId('consent', t('accord', 'consent')),
    zones: codes('coordination', t('zones ouvertes', 'zones opened'), ZONE_CODES, ['identity', 'leave']),
    recipient: ref('organisation', t('organisation destinataire', 'recipient organisation')).optional(),
    recipientRole: code('coordination', t('rôle destinataire', 'recipient role'), ROLE_CODES, 'CPDP').optional(),
    purpose: code('coordination', t('finalité', 'purpose'), CONSENT_PURPOSES, 'referral'),
    from: date('coordination', t('valable à partir du', 'valid from'), '2023-03-14').optional(),
    to: date('coordination', t('valable jusqu’au', 'valid until'), '2025-03-14').optional(),
    proof: code('coordination', t('preuve', 'proof'), EVIDENCE_KINDS, 'form'),
  },
  check: ({ data, occurredOn }) => [
    ...(data.to !== undefined && data.to < (data.from ?? occurredOn)
      ? [impossible('consent.datesReversed', t('L’accord finit avant de commencer.', 'The consent ends before it begins.'))]
      : []),
    ...(data.recipient === undefined && data.recipientRole === undefined
      ? [
          impossible(
            'consent.noRecipient',
            t(
              'Un accord nomme son destinataire : une organisation ou un rôle.',
              'A consent names its recipient: an organisation or a role.',
            ),
          ),
        ]
      : []),
  ],
  apply(draft, { data, on }) {
    const { consentId, zones, ...rest } = data;
    if (consentId !== undefined) draft.consents.push({ id: consentId, zones: zones ?? [], ...rest, from: data.from ?? on });
  },
});
