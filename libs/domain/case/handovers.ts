import { type Finding, impossible } from '../kernel/errors.js';
import { type OrganisationId, type Party, type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { admitted, successorOf } from './taking-part.js';
import { type CaseView, type Handover } from './view.js';

/** Who may lead a case. */
export const LEADS: readonly Role[] = ['CPDP', 'MT', 'IDEST', 'AS', 'CSAM', 'CEP', 'CAP_EMPLOI'];

/** Not answered yet, and still the active lead's to give. */
export const isOffered = (v: CaseView, offer: Handover): boolean =>
  !offer.answer && v.lead !== undefined && v.lead.organisation === offer.from.organisation;
/** And to somebody whose way into the case stands: nobody answers what it may not see. */
export const isOpenHandover = (v: CaseView, offer: Handover): boolean => isOffered(v, offer) && admitted(v, offeredTo(v, offer));
/** Whoever was offered it, or has that one's part now. */
export const offeredTo = (v: CaseView, { to, proposedOn }: Handover): OrganisationId => successorOf(v, to, proposedOn);

/** An offered lead, or an offered part, that this organisation may still answer. */
export const passable = (v: CaseView, offers: readonly Handover[], id: string, actor: Party): Finding[] => {
  const offer = offers.find((h) => h.id === id);
  if (!offer) return [impossible('handover.unknown', t('Passage inconnu dans ce dossier.', 'No such hand-over in this case.'))];
  if (offeredTo(v, offer) !== actor.organisation)
    return [
      impossible(
        'handover.notYours',
        t('Ce passage est proposé à une autre organisation.', 'It is offered to another organisation.'),
      ),
    ];
  return offer.answer
    ? [impossible(`handover.${offer.answer.kind}`, t('Ce passage a déjà sa réponse.', 'It has its answer already.'))]
    : [];
};

/** What this organisation offered, and may still take back. Without an id: whether there is anything. */
export const withdrawable = (offers: readonly Handover[], id: string | undefined, actor: Party): Finding[] =>
  offers.some((o) => (id === undefined || o.id === id) && o.from.organisation === actor.organisation && !o.answer)
    ? []
    : [impossible('handover.nothingOffered', t('Rien de ce que vous avez proposé n’attend de réponse.', 'Nothing that you offered awaits an answer.'))]; // prettier-ignore
