import { code, newId, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, ROLE_CODES, sameInstitution } from '../../kernel/roles.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { REFERRAL_MOTIVES } from '../codes.js';
import { conventionFields, conventionFindings, conventionKept, underConvention } from '../conventions.js';
import { actsThere, answerable, awaitingAnswer, isMine } from '../handshakes.js';
import { together } from '../same-leave.js';
import { handshakeIn, isLetIn } from '../view.js';

/** Whoever received it sends it on to a better address: the first handshake is settled, a new one begins, and no day is lost between. */
export const CaseRedirected = act({
  type: 'CaseRedirected',
  command: 'redirect-referral',
  label: t('Réorientation', 'Redirected'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: {
    handshakeId: ref('handshake', t('orientation ou transmission reçue', 'referral or transmission received')),
    referralId: newId('handshake', t('nouvelle orientation', 'new referral')),
    target: ref('organisation', t('nouvelle organisation destinataire', 'new recipient organisation')),
    targetRole: code('coordination', t('rôle destinataire', 'recipient role'), ROLE_CODES, 'AS'),
    motive: code('coordination', t('motif', 'motive'), REFERRAL_MOTIVES),
    consentId: ref('consent', t('accord', 'consent')).optional(),
    ...conventionFields,
  },
  complete: ({ data, actor, occurredOn }, _before, ctx) => underConvention(data, actor, occurredOn, ctx),
  available: awaitingAnswer,
  check: (c) => [
    ...isMine(c, c.data.handshakeId),
    ...answerable(c.before, c.data.handshakeId),
    ...actsThere(c.ctx.directory, c.data.target, c.data.targetRole),
    ...conventionFindings(c.data, c.actor, c.occurredOn, c.ctx),
    ...(handshakeIn(c.after, c.data.referralId)?.effective === false && !sameInstitution(c.actor.role, c.data.targetRole)
      ? [forbidden('referral.consentMissing', 'L.411-3 CASF, convention (D)', t('D’une institution à l’autre, l’orientation demande l’accord de la personne.', 'From one institution to another a referral needs the person’s consent.'))]
      : []),
  ], // prettier-ignore
  apply(draft, fact) {
    const { data, on, by, revision } = fact;
    for (const h of together(draft, data.handshakeId))
      h.answer = { kind: 'redirected', on, ...(data.motive && { motive: data.motive }) };
    if (data.referralId === undefined) return;
    draft.handshakes.push({
      id: data.referralId, kind: 'referral', from: by, to: { organisation: data.target ?? null, role: data.targetRole ?? 'AS' }, sentOn: on, effective: false, revision,
      ...(data.motive && { motive: data.motive }), ...(data.consentId && { consentId: data.consentId }), ...conventionKept(data), ...(isLetIn(draft, fact) && { letIn: true }),
    }); // prettier-ignore
  },
});
