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

/** Nothing is sent to the person or the home: she died, or is said to have. */
export const isSilent = (v: Pick<CaseView, 'diedOn' | 'deathTold'>): boolean =>
  v.diedOn !== undefined || v.deathTold !== undefined;

/** What the deaths told, and what was answered since each, in the order of recording, amount to. */
export function settleDeaths(v: CaseView): void {
  const answerTo = (d: Death) => v.deathAnswers.findLast((a) => a.revision > d.revision)?.kind;
  const stands = v.deaths.filter((d) => answerTo(d) !== 'denied');
  const settled = stands.find((d) => d.toldOn === undefined || answerTo(d) === 'confirmed');
  const first = [...stands].sort((a, b) => a.revision - b.revision)[0];
  // Whoever told it may take that back; whoever confirmed it has said so too.
  const last = v.deathAnswers.at(-1);
  const confirmedOn = last?.kind === 'confirmed' ? last.diedOn : undefined;
  if (settled || confirmedOn !== undefined) v.diedOn = settled?.on ?? confirmedOn!;
  else if (first?.toldOn !== undefined)
    v.deathTold = { eventId: first.eventId, on: first.on, toldOn: first.toldOn, by: first.by };
  const resumed = latest(v.resumedOn, ...v.deathAnswers.flatMap((a) => (a.kind === 'denied' ? [a.on] : [])));
  if (resumed !== undefined) v.resumedOn = resumed;
}
