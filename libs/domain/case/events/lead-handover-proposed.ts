import { code, newId, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, ROLE_CODES } from '../../kernel/roles.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { isLetIn } from '../view.js';
import { isOpenHandover, LEADS } from '../handovers.js';
import { admitted } from '../taking-part.js';

/** The lead offers the case to another organisation, or to a colleague in another role. Nothing passes before it is accepted. */
export const LeadHandoverProposed = act({
  type: 'LeadHandoverProposed',
  command: 'propose-handover',
  label: t('Passage de relais proposé', 'Hand-over proposed'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: {
    handoverId: newId('handover', t('passage', 'hand-over')),
    to: ref('organisation', t('organisation qui reprend', 'organisation that takes over')),
    toRole: code('coordination', t('rôle qui reprend', 'role that takes over'), ROLE_CODES, 'AS'),
    motive: code('coordination', t('motif', 'motive'), ['departure', 'moved', 'scope', 'load', 'person-request']),
  },
  available: (v, actor) =>
    v.lead?.organisation === actor.organisation
      ? []
      : [impossible('lead.notYours', t('Seul le référent actif passe le relais.', 'Only the active lead hands over.'))],
  check: ({ before, after, data, ctx }) => [
    ...(before.handovers.some((h) => isOpenHandover(before, h))
      ? [impossible('handover.pending', t('Un passage attend déjà sa réponse.', 'A hand-over awaits its answer already.'))]
      : []),
    ...(ctx.directory.find(data.to)?.roles.includes(data.toRole) === false
      ? [impossible('referral.roleUnknownThere', t('Cette organisation n’agit pas dans ce rôle.', 'That organisation does not act in this role.'))]
      : []),
    ...(LEADS.includes(data.toRole) ? [] : [impossible('lead.notForRole', t('Ce rôle ne peut pas être référent.', 'This role may not lead.'))]),
    ...(admitted(after, data.to)
      ? []
      : [forbidden('handover.consentMissing', 'L.411-3 CASF, convention (D)', t('D’une institution à l’autre, le relais demande l’accord de la personne.', 'From one institution to another a hand-over needs the person’s consent.'))]),
  ], // prettier-ignore
  apply(draft, fact) {
    const { data, on, by, revision } = fact;
    if (data.handoverId === undefined || data.to === undefined) return;
    draft.handovers.push({
      id: data.handoverId,
      from: by,
      to: data.to,
      toRole: data.toRole ?? 'AS',
      proposedOn: on,
      ...(isLetIn(draft, fact) && { letIn: true }),
      revision,
      ...(data.motive && { motive: data.motive }),
    });
  },
});
