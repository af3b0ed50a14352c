import { type Finding, impossible } from '../kernel/errors.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type CaseView, type Closure } from './view.js';

/** Who makes the six-month call: whoever closed, or the caisse when that one may not see the case any more. */
export const CALLERS: readonly Role[] = ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST', 'CPAM'];

/** The closure after which a call was made, or tried. A call may be told once the case is reopened: it was made all the same. */
export const closureBefore = (v: CaseView, on: LocalDate): Closure | undefined => v.closures.findLast((c) => c.on <= on);

/** Whether a six-month call is to be told: one is due since the last closure, reopened or not, and was not made. */
export const callUntold = ({ closures, diedOn }: CaseView): Finding[] => {
  const last = closures.at(-1);
  return diedOn === undefined && last && !last.call
    ? []
    : [impossible('followUp.none', t('Aucun rappel n’est dû.', 'No follow-up is due.'))];
};
/** Made while the case was closed, whenever it is told. */
export const whileClosed = (v: CaseView, on: LocalDate): Finding[] =>
  closureBefore(v, on) && (v.status === 'closed' || on <= (v.support?.reopenedOn ?? on))
    ? []
    : [impossible('followUp.notClosed', t('Le dossier n’était pas clos ce jour-là.', 'The case was not closed on that day.'))];

/** An attempt to reach the person counts for the call that is due; none made before the closure does. */
export function tried(
  { followUp, support }: CaseView,
  attempt: NonNullable<NonNullable<CaseView['followUp']>['lastAttempt']>,
): void {
  if (!followUp || support?.closedOn === undefined || attempt.on < support.closedOn) return;
  followUp.attempts += 1;
  followUp.lastAttempt = attempt;
}
