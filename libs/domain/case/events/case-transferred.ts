import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { passable } from '../handovers.js';
import { giveLead } from '../taking-part.js';

/** The new organisation takes the old one's part: as caisse, and as lead if the old one led. */
export const CaseTransferred = act({
  type: 'CaseTransferred',
  command: 'accept-transfer',
  label: t('Transfert accepté', 'Transferred'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: ['CPAM', 'CPDP', 'MT', 'AS', 'CSAM'],
  fields: { transferId: ref('transfer', t('transfert', 'transfer')) },
  check: (c) => passable(c.before, c.before.transfers, c.data.transferId, c.actor),
  apply(draft, fact) {
    const { data, on, by } = fact;
    const offer = draft.transfers.find((x) => x.id === data.transferId);
    if (!offer) return;
    offer.answer = { kind: 'accepted', on };
    if (draft.caisse === offer.from.organisation && offer.toRole === 'CPAM') draft.caisse = offer.to;
    // While another fund stands in its place it passes on what it would come back to.
    for (const join of draft.joins) if (join.formerCaisse === offer.from.organisation) join.formerCaisse = offer.to;
    if (draft.leads.at(-1)?.organisation === offer.from.organisation)
      giveLead(draft, { organisation: offer.to, role: by.role, person: by.person, from: on }, fact);
  },
});
