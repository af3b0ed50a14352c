import { code, newId, ref } from '../../kernel/fields.js';
import { type Role, ROLE_CODES, SPST_ROLES } from '../../kernel/roles.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { isLetIn } from '../view.js';

/** A caisse is no like of the Service social, of one institution though they are. */
const LIKES: readonly (readonly Role[])[] = [['CPAM'], SPST_ROLES, ['AS', 'CSAM']];

/** An organisation passes its whole part to its like: a caisse after a move, an SPST after a change of employer. */
export const CaseTransferProposed = act({
  type: 'CaseTransferProposed',
  command: 'propose-transfer',
  label: t('Transfert proposé', 'Transfer proposed'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: ['CPAM', 'CPDP', 'MT', 'AS', 'CSAM'],
  fields: {
    transferId: newId('transfer', t('transfert', 'transfer')),
    to: ref('organisation', t('organisation qui reprend', 'organisation that takes over')),
    toRole: code('coordination', t('rôle', 'role'), ROLE_CODES, 'CPAM'),
    motive: code('coordination', t('motif', 'motive'), ['moved', 'employer-changed', 'scope', 'reorganisation']),
  },
  check: ({ before, data, actor, ctx }) => [
    ...(before.transfers.some((h) => !h.answer)
      ? [impossible('handover.pending', t('Un transfert attend déjà sa réponse.', 'A transfer awaits its answer already.'))]
      : []),
    ...(ctx.directory.find(data.to)?.roles.includes(data.toRole) === false
      ? [
          impossible(
            'referral.roleUnknownThere',
            t('Cette organisation n’agit pas dans ce rôle.', 'That organisation does not act in this role.'),
          ),
        ]
      : []),
    ...(LIKES.some((like) => like.includes(actor.role) && like.includes(data.toRole)) && data.to !== actor.organisation
      ? []
      : [forbidden('transfer.notItsLike', 'L.411-3 CASF, convention (D)', t('Une part ne passe qu’à un semblable ; vers une autre institution, orienter.', 'A part passes to its like only; to another institution, refer.'))]),
  ], // prettier-ignore
  apply(draft, fact) {
    const { data, on, by, revision } = fact;
    if (data.transferId === undefined || data.to === undefined) return;
    draft.transfers.push({
      id: data.transferId,
      from: by,
      to: data.to,
      toRole: data.toRole ?? by.role,
      proposedOn: on,
      ...(isLetIn(draft, fact) && { letIn: true }),
      revision,
      ...(data.motive && { motive: data.motive }),
    });
  },
});
