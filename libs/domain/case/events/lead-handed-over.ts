import { ref } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { admitted, giveLead } from '../taking-part.js';
import { isOffered, LEADS, passable } from '../handovers.js';

/** Taken over: the lead passes in one event, without a gap. */
export const LeadHandedOver = act({
  type: 'LeadHandedOver',
  command: 'accept-handover',
  label: t('Relais repris', 'Lead handed over'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: LEADS,
  fields: { handoverId: ref('handover', t('passage', 'hand-over')) },
  check: (c) => [
    ...passable(c.before, c.before.handovers, c.data.handoverId, c.actor),
    ...(c.before.handovers.some((h) => h.id === c.data.handoverId && !h.answer && !isOffered(c.before, h))
      ? [impossible('handover.lapsed', t('Qui proposait ce relais n’est plus le référent.', 'Whoever offered it does not lead any more.'))]
      : []),
    // The old lead stays until the new one may see the case: no gap between the two.
    ...(admitted(c.after, c.actor.organisation ?? '')
      ? []
      : [impossible('handover.consentMissing', t('L’accord qui vous ouvrait le dossier est retiré.', 'The consent that let you in is withdrawn.'), 'L.411-3 CASF, convention (D)')]),
  ], // prettier-ignore
  apply(draft, fact) {
    const { data, on, by } = fact;
    const h = draft.handovers.find((x) => x.id === data.handoverId);
    if (!h) return;
    h.answer = { kind: 'accepted', on };
    giveLead(draft, { organisation: by.organisation ?? h.to, role: by.role, person: by.person, from: on }, fact);
  },
});
