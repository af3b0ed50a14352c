import { code, newId, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, ROLE_CODES, sameInstitution } from '../../kernel/roles.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { ORIGINS, REFERRAL_MOTIVES } from '../codes.js';
import { conventionFields, conventionFindings, conventionKept, underConvention } from '../conventions.js';
import { actsThere, cameBefore } from '../handshakes.js';
import { takesPart } from '../taking-part.js';
import { handshakeIn, isLetIn } from '../view.js';

/** One partner sends the person on to another. From one institution to another it takes the person's accord. */
export const CaseReferred = act({
  type: 'CaseReferred',
  command: 'refer-case',
  label: t('Orientation vers un partenaire', 'Referral'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  opens: true,
  by: [...CASE_WORKERS, 'MTR', 'EMPLOYER', 'ASSURE', 'FRANCE_TRAVAIL'],
  fields: {
    referralId: newId('handshake', t('orientation', 'referral')),
    target: ref('organisation', t('organisation destinataire', 'recipient organisation'), 'carsat-bfc'),
    targetRole: code('coordination', t('rôle destinataire', 'recipient role'), ROLE_CODES, 'AS'),
    motive: code('coordination', t('motif (jamais de santé)', 'motive (never a health one)'), REFERRAL_MOTIVES),
    origin: code('coordination', t('origine', 'origin'), ORIGINS).optional(),
    consentId: ref('consent', t('accord', 'consent')).optional(),
    ...conventionFields,
  },
  complete: ({ data, actor, occurredOn }, _before, ctx) => underConvention(data, actor, occurredOn, ctx),
  check: ({ data, actor, recordedBy, occurredOn, after, before, ctx }) => {
    const h = handshakeIn(after, data.referralId);
    // To whoever does not take part yet, a refusal would tell that the person has a case, and who is in it.
    const pending =
      takesPart(before, actor.organisation ?? recordedBy?.organisation ?? '', ctx.today) &&
      before.handshakes.some(
        (x) => x.to.organisation === data.target && x.to.role === data.targetRole && x.effective && !x.answer && !x.triage,
      );
    return [
      ...actsThere(ctx.directory, data.target, data.targetRole),
      ...conventionFindings(data, actor, occurredOn, ctx),
      ...(pending ? [impossible('referral.pending', t('Une orientation vers ce partenaire attend déjà sa réponse.', 'A referral to this partner awaits its answer already.'))] : []),
      ...(h && !h.effective && !sameInstitution(actor.role, data.targetRole)
        ? [forbidden('referral.consentMissing', 'L.411-3 CASF, convention (D)', t('D’une institution à l’autre, l’orientation demande l’accord de la personne.', 'From one institution to another a referral needs the person’s consent.'))]
        : []),
    ]; // prettier-ignore
  },
  apply(draft, fact) {
    const { data, on, by, recordedBy, joined, revision } = fact;
    if (data.referralId === undefined) return;
    // A letter of the treating physician, a call of the employer: without a part, whoever records it could do nothing about it.
    const toldBy = recordedBy && !CASE_WORKERS.includes(by.role) && (joined || cameBefore(draft, recordedBy.organisation)) ? recordedBy : undefined; // prettier-ignore
    draft.handshakes.push({
      id: data.referralId, kind: 'referral', from: by, to: { organisation: data.target ?? null, role: data.targetRole ?? 'AS' }, sentOn: on, effective: false, revision,
      ...(toldBy && { toldBy }), ...(data.motive && { motive: data.motive }), ...(data.consentId && { consentId: data.consentId }), ...conventionKept(data), ...(isLetIn(draft, fact) && { letIn: true }),
    }); // prettier-ignore
  },
});
