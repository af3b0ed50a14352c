import { bool, code, codes, date, newId, byProgram, pattern, ref, ZONE_CODES } from '../../kernel/fields.js';
import { EVIDENCE_KINDS, ROLE_CODES } from '../../kernel/roles.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { hasUnconfirmedPart } from '../at-home.js';
import { CONSENT_PURPOSES } from '../codes.js';
import { type Confirmation, isLetIn } from '../view.js';

/**
 * The person agrees that one recipient knows some zones, for a purpose. Never inferred: without this fact the answer is no. The act is
 * the person's own: a partner tells of it and holds the evidence. Told by the very organisation that it opens to, it opens nothing that
 * others told before it is confirmed (ADR 0016): by the hash of a form that the person signed, or by an act that confirms it.
 */
export const ConsentGranted = act({
  type: 'ConsentGranted',
  // Version 1 opened to whoever told of it; those accords stand as they did.
  version: 2,
  upcasters: [(data) => ({ ...data, confirmed: 'before' })],
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
    formHash: pattern(
      'coordination',
      t(
        'empreinte SHA-256 du formulaire signé, gardé chez qui l’enregistre',
        'SHA-256 of the signed form, which its recorder keeps',
      ),
      /^[0-9a-f]{64}$/,
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ).optional(),
    partUnconfirmed: byProgram(
      bool(
        'coordination',
        t('dit par un partenaire dont la participation n’est pas confirmée', 'told by a partner whose part is not confirmed'),
      ).optional(),
    ),
    confirmed: byProgram(
      code('coordination', t('enregistré avant que les accords ne se confirment', 'told before accords were confirmed'), [
        'before',
      ]).optional(),
    ),
  },
  complete: ({ data, actor, recordedBy }, before) =>
    hasUnconfirmedPart(before, (recordedBy ?? actor).organisation) ? { ...data, partUnconfirmed: true } : data,
  check: ({ data, occurredOn, actor, recordedBy, after, ctx }) => {
    const teller = recordedBy ?? actor;
    const roles = ctx.directory.find(teller.organisation ?? '')?.roles ?? [teller.role];
    const forItself = data.partUnconfirmed || (data.recipient === undefined ? data.recipientRole !== undefined && roles.includes(data.recipientRole) : data.recipient === teller.organisation);
    return [
      ...(data.to !== undefined && data.to < (data.from ?? occurredOn)
        ? [impossible('consent.datesReversed', t('L’accord finit avant de commencer.', 'The consent ends before it begins.'))]
        : []),
      ...(data.recipient === undefined && data.recipientRole === undefined
        ? [impossible('consent.noRecipient', t('Un accord nomme son destinataire : une organisation ou un rôle.', 'A consent names its recipient: an organisation or a role.'))]
        : []),
      ...(data.formHash !== undefined && data.proof !== 'form'
        ? [impossible('consent.hashOfNoForm', t('Une empreinte est celle d’un formulaire signé (proof : form).', 'A hash is that of a signed form (proof: form).'))]
        : []),
      ...(forItself && after.consents.some((c) => c.id === data.consentId && c.confirmations.length === 0)
        ? [forbidden('consent.toConfirm', 'L.1110-4 CSP, art. 7(1) RGPD, convention (D)', t('Dit par l’organisation même à qui il ouvre, cet accord n’ouvre rien de ce que d’autres ont dit avant d’être confirmé : par la personne, par un formulaire signé, ou par qui a dit ces faits.', 'Told by the very organisation that it opens to, this consent opens nothing that others told before it is confirmed: by the person, by a signed form, or by whoever told those facts.'))]
        : []),
    ];
  }, // prettier-ignore
  apply(draft, fact) {
    const { id, data, on, by, recordedBy, told } = fact;
    const { consentId, zones = [], confirmed, ...rest } = data;
    if (consentId === undefined) return;
    const toldBy = recordedBy ?? by;
    // Whoever let a file in let in its author, and nobody by its author's word alone.
    const partUnconfirmed = data.partUnconfirmed === true || isLetIn(draft, fact);
    const means: Confirmation['means'] | undefined =
      confirmed ?? (rest.formHash === undefined || partUnconfirmed ? undefined : 'form');
    const confirmations = means ? [{ on: means === 'before' ? (data.from ?? on) : on, by: toldBy, means, zones }] : [];
    draft.consents.push({
      id: consentId, zones, ...rest, from: data.from ?? on, givenOn: on, eventId: id, revision: told, toldBy, confirmations, ...(partUnconfirmed && { partUnconfirmed }),
    }); // prettier-ignore
  },
});
