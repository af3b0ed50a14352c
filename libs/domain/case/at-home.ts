import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Role } from '../kernel/roles.js';
import { contradictions, type Traits } from '../person/traits.js';
import { type Directory } from './act.js';
import { takesPart } from './taking-part.js';
import { type CaseView, type Signal, VOID } from './view.js';

/** An organisation in the role in which it comes. */
interface Comer {
  readonly organisation: OrganisationId;
  readonly role: Role;
}

/**
 * In whose case the law itself puts somebody: the Service médical is that of the caisse that pays (L.315-1 CSS), so the case of one is
 * the other's too. An organisation is named here for itself, and for each one whose case is its own by law.
 */
export const kinOf = ({ organisation, role }: Comer, directory: Directory): readonly OrganisationId[] => {
  const own = role === 'MC' ? directory.find(organisation) : undefined;
  const caisse = own && directory.caisseOf(own.territory)?.id;
  return caisse === undefined || caisse === organisation ? [organisation] : [organisation, caisse];
};

/**
 * Whether an organisation is at home in a case (ADR 0014): by what others told, or by law, never by its own word. It opened the case, or
 * was sent, asked or invited by somebody at home whom the law or an accord allows to; or it is the Service médical of its caisse.
 */
export const isAtHome = (v: CaseView, comer: Comer, on: LocalDate, directory: Directory): boolean =>
  takesPart(v, comer.organisation, on) ||
  (v.caisse !== undefined &&
    v.caisse !== comer.organisation &&
    kinOf(comer, directory).includes(v.caisse) &&
    takesPart(v, v.caisse, on));

/**
 * The cases of a person that are hers, but for those that somebody opened who had come with a file, and was parted from the person since:
 * that one was never at home with her.
 */
export const heldOf = (cases: readonly CaseView[]): CaseView[] =>
  cases.filter(({ caseId, openedBy }) =>
    cases.every(
      ({ caseId: id, parted, participations }) =>
        id === caseId ||
        !openedBy?.organisation ||
        !parted.includes(openedBy.organisation) ||
        participations.some(({ organisation }) => organisation === openedBy.organisation),
    ),
  );
/**
 * The case that says who goes on with a person: the last of its cases that stands. One that was undone or joined to another says so only
 * where there is no other.
 * @param cases of which something was told, in the order in which they were opened
 */
export const lastStanding = (cases: readonly CaseView[]): CaseView | undefined =>
  cases.findLast(({ status }) => !VOID.includes(status)) ?? cases.at(-1);
/**
 * Whether an opening act that tells a number goes on with a person that the number leads its author to: nothing contradicts who that is,
 * and the last case there is the author's too, over or not. Otherwise it opens a file apart: the next case of a person that others follow is
 * not for whoever once told its number, or they could open theirs no more. A case that was undone is nobody's, and is in nobody's way.
 */
export const goesOnWith = (last: CaseView, comer: Comer, told: Traits, on: LocalDate, directory: Directory): boolean =>
  contradictions(told, last.person).length === 0 && (VOID.includes(last.status) || isAtHome(last, comer, on, directory));

/** Ways in that somebody else opened. */
const GIVEN: readonly CaseView['participations'][number]['basis'][] = ['caisse', 'received', 'asked', 'decides', 'hosts'];
/** It gave itself that way in: it asked for a measure that names it. */
const byItself = (v: CaseView, organisation: OrganisationId): boolean =>
  v.measures.some((m) => m.requestedVia?.organisation === organisation);
const isGiven = (v: CaseView, organisation: OrganisationId): boolean =>
  v.participations.some(
    (p) =>
      p.organisation === organisation &&
      GIVEN.includes(p.basis) &&
      !((p.basis === 'asked' || p.basis === 'decides' || p.basis === 'hosts') && byItself(v, organisation)),
  );
/** The part of a signal that came into somebody else's case by a number alone, as it could before ADR 0014. */
export const isUnconfirmed = (v: CaseView, { holder, letIn, byLaw, part }: Signal): boolean =>
  letIn === undefined &&
  byLaw === undefined &&
  part === undefined &&
  holder.organisation !== null &&
  v.openedBy !== undefined &&
  holder.organisation !== v.openedBy.organisation &&
  !isGiven(v, holder.organisation);
/** That is the only part that an organisation has. Until it is confirmed it stays as it is, and brings in nobody else. */
export const hasUnconfirmedPart = (v: CaseView, organisation: OrganisationId | null): boolean => {
  const own = v.signals.filter((s) => s.holder.organisation === organisation);
  return own.length > 0 && own.every((s) => isUnconfirmed(v, s));
};
