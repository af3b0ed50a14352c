import { type Finding, impossible } from '../kernel/errors.js';
import { inFrench } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { type DomainEvent } from './event.js';

/** What ends the part of whoever does it. A triage that goes on accompanying is followed by other acts. */
const ENDING: readonly string[] = ['ReferralDeclined', 'CaseRedirected', 'TriageConcluded', 'LeadHandoverDeclined', 'CaseTransferDeclined']; // prettier-ignore

/**
 * Why whoever takes no part any more can't act here. Its part is said to have ended by what it did itself, where that came last; what others
 * told (an accord withdrawn, an offer accepted) it is not told.
 * @param own its own facts, all that it reads
 */
export function partEnded(own: readonly Pick<DomainEvent, 'type' | 'occurredOn'>[]): Finding {
  const last = own.at(-1);
  const [fr, en] =
    last && ENDING.includes(last.type)
      ? [`, par votre réponse du ${inFrench(last.occurredOn)}`, `, by your answer of ${last.occurredOn}`]
      : ['', ''];
  return impossible(
    'part.ended',
    t(
      `Votre participation à ce dossier a pris fin${fr} : vous y lisez et corrigez ce que vous avez enregistré, rien d’autre.`,
      `Your part in this case is over${en}: you read and correct what you recorded there, and nothing else.`,
    ),
    'L.1110-4 CSP, convention (D)',
  );
}
