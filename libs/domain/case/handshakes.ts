import { type Finding, impossible } from '../kernel/errors.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Party, type Role, SPST_ROLES } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type Directory } from './act.js';
import { successorOf } from './taking-part.js';
import { type CaseView, handshakeIn, senderOf } from './view.js';

/** Checks that the answers to a transmission or a referral share. Exactly one answer wins; the others learn which one did. */

/** Nobody is addressed in a role that is not its own: a role said wrongly would take the case out of its institution unseen. */
export const actsThere = (directory: Directory, organisation: OrganisationId, role: Role): Finding[] =>
  directory.find(organisation)?.roles.includes(role) === false
    ? [impossible('referral.roleUnknownThere', t('Cette organisation n’agit pas dans ce rôle.', 'That organisation does not act in this role.'))]
    : []; // prettier-ignore
export const isSpst = (directory: Directory, organisation: OrganisationId | undefined): Finding[] =>
  organisation === undefined || directory.find(organisation)?.roles.some((role) => SPST_ROLES.includes(role)) !== false
    ? []
    : [impossible('transmission.notAnSpst', t('Cette organisation n’est pas un SPST.', 'That organisation is no occupational health service.'), 'L.315-4 CSS')]; // prettier-ignore

export const answerable = (v: CaseView, id: string | undefined): Finding[] => {
  const h = handshakeIn(v, id);
  if (!h)
    return [
      impossible(
        'handshake.unknown',
        t('Transmission ou orientation inconnue dans ce dossier.', 'No such transmission or referral in this case.'),
      ),
    ];
  if (h.answer && h.answer.kind !== 'accepted')
    return [
      impossible(
        `handshake.${h.answer.kind}`,
        t(
          `Déjà réglée : ${ANSWERS[h.answer.kind].fr} le ${h.answer.on}.`,
          `Settled already: ${ANSWERS[h.answer.kind].en} on ${h.answer.on}.`,
        ),
      ),
    ];
  if (h.triage && h.triage.outcome !== 'passed-on')
    return [impossible('handshake.triaged', t('Le tri est déjà conclu.', 'Triage is concluded already.'))];
  return [];
};
export const notYetAccepted = (v: CaseView, id: string | undefined): Finding[] => {
  const h = handshakeIn(v, id);
  return h?.answer?.kind === 'accepted'
    ? [
        impossible(
          'handshake.accepted',
          t(`Déjà réglée : acceptée le ${h.answer.on}.`, `Settled already: accepted on ${h.answer.on}.`),
        ),
      ]
    : [];
};
export const ANSWERS = {
  accepted: t('acceptée', 'accepted'),
  declined: t('déclinée', 'declined'),
  redirected: t('réorientée', 'redirected'),
  revoked: t('révoquée', 'revoked'),
};

/** Whether an organisation opened the case, answers for it, or was turned to in it. Told by a number alone, a letter lets nobody in. */
export const cameBefore = (v: CaseView, organisation: OrganisationId | null): boolean =>
  [
    v.caisse,
    v.openedBy?.organisation,
    ...v.signals.map((s) => s.holder.organisation),
    ...v.handshakes.flatMap((h) => [h.from.organisation, h.to.organisation]),
    ...v.transfers.map((o) => o.to),
  ].includes(organisation ?? undefined);

/** Who has it now, should the organisation have passed its part on. */
export const nowWith = (v: CaseView, organisation: OrganisationId | null, since: LocalDate): OrganisationId | null =>
  organisation && successorOf(v, organisation, since);
/** Only the organisation to which it was sent answers it. */
export const isMine = (c: { before: CaseView; actor: Party }, id: string | undefined): Finding[] => {
  const h = handshakeIn(c.before, id);
  return h && nowWith(c.before, h.to.organisation, h.sentOn) !== c.actor.organisation
    ? [
        impossible(
          'handshake.notYours',
          t(
            'Cette transmission ou orientation est adressée à une autre organisation.',
            'It was addressed to another organisation.',
          ),
        ),
      ]
    : [];
};
/** Only the organisation that sent it takes it back. */
export const isSender = (c: { before: CaseView; actor: Party }, id: string | undefined): Finding[] => {
  const h = handshakeIn(c.before, id);
  return h && nowWith(c.before, senderOf(h).organisation, h.sentOn) !== c.actor.organisation
    ? [impossible('handshake.notSender', t('Seul l’émetteur peut la révoquer.', 'Only its sender may revoke it.'))]
    : [];
};
/** Whether the organisation has anything awaiting its answer. */
export const awaitingAnswer = (v: CaseView, actor: Party): Finding[] =>
  v.handshakes.some(
    (h) =>
      nowWith(v, h.to.organisation, h.sentOn) === actor.organisation && !h.triage && (!h.answer || h.answer.kind === 'accepted'),
  )
    ? []
    : [
        impossible(
          'handshake.none',
          t('Rien n’attend de réponse de votre organisation.', 'Nothing awaits an answer from your organisation.'),
        ),
      ];
