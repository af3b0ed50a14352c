import { latest } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { type CaseView, type Death } from './view.js';

/**
 * A death that somebody told of (ADR 0020). From that minute nothing is owed in the case and nothing goes to the person or the home; whether
 * it is so is said by whoever answers for the case, or by the caisse. False, everything comes back with its dates.
 */

/** Whose word is enough: the lead, the accountable partner, the caisse. */
export const answersForDeath = (v: CaseView, organisation: OrganisationId | null): boolean =>
  organisation !== null && [v.lead?.organisation, v.accountable?.organisation, v.caisse].includes(organisation);

/** A death that is told and not confirmed suspends all that is owed; one told again by somebody whose word was denied does not. */
export const isSuspended = ({ deathTold }: Pick<CaseView, 'deathTold'>): boolean =>
  deathTold !== undefined && deathTold.again !== true;
/** Nothing is sent to the person or the home: she died, or is said to have. */
export const isSilent = (v: Pick<CaseView, 'diedOn' | 'deathTold'>): boolean => v.diedOn !== undefined || isSuspended(v);

/** What the deaths told, and what was answered since each, in the order of recording, amount to. */
export function settleDeaths(v: CaseView): void {
  const own = v.deathAnswers.filter((a) => !a.joined);
  const answerTo = (d: Death) =>
    v.deathAnswers.findLast((a) => a.revision > d.revision && (!a.joined || (a.kind === 'denied' && d.joined)))?.kind;
  const stands = v.deaths.filter((d) => answerTo(d) !== 'denied');
  const settled = stands.filter((d) => d.toldOn === undefined || answerTo(d) === 'confirmed');
  // The day is the one that was confirmed, whatever its teller makes of it afterwards; whoever answers for that may tell another one since.
  const last = own.at(-1);
  const confirmed = last?.kind === 'confirmed' && last.diedOn !== undefined ? last : undefined;
  const since = confirmed && inOrder(settled.filter((d) => d.toldOn === undefined && d.revision > confirmed.revision)).at(-1);
  const diedOn = since?.on ?? confirmed?.diedOn ?? settled[0]?.on;
  if (diedOn !== undefined) v.diedOn = diedOn;
  else {
    const told = inOrder(stands);
    const isAgain = (d: Death): boolean => wasDenied(v, d);
    const first = told.find((d) => !isAgain(d)) ?? told[0];
    if (first?.toldOn !== undefined)
      v.deathTold = { eventId: first.eventId, on: first.on, toldOn: first.toldOn, by: first.by, ...(isAgain(first) && { again: true }) }; // prettier-ignore
  }
  const resumed = latest(v.resumedOn, ...own.flatMap((a) => (a.kind === 'denied' ? [a.on] : [])));
  if (resumed !== undefined) v.resumedOn = resumed;
}
const inOrder = (deaths: readonly Death[]): Death[] => [...deaths].sort((a, b) => a.revision - b.revision);

/** Whoever tells it has told it before, and somebody who answers for the case has said that it is not so. */
const wasDenied = (v: CaseView, { by: { organisation }, revision }: Death): boolean =>
  organisation !== null &&
  v.deathAnswers.some(
    (a) =>
      a.kind === 'denied' &&
      a.revision < revision &&
      (a.toldBy === organisation || v.deaths.some((d) => d.by.organisation === organisation && d.revision < a.revision)),
  );
