import { hasNoJobToReturnTo } from '../case/return-visits.js';
import { successorOf } from '../case/taking-part.js';
import { type CaseView, type Handshake } from '../case/view.js';
import { type Zone } from '../kernel/fields.js';
import { type LocalDate, localDate, within } from '../kernel/local-date.js';
import { type OrganisationId, type Role, SPST_ROLES } from '../kernel/roles.js';
import { type Viewer } from './redact.js';

/**
 * What an organisation goes on reading after the accord is withdrawn that let it in, because a duty that the law gives it rests on that. Dated,
 * as the matrix is. No accord opens these zones, and none closes them; everything else that others told is closed (art. 7(3) RGPD).
 */
interface LegalDuty {
  readonly article: string;
  readonly roles: readonly Role[];
  readonly zones: readonly Zone[];
  /** The commands by which it is done. */
  readonly doneBy: readonly string[];
  readonly from: LocalDate;
  readonly to?: LocalDate;
  /** Whether it is the organisation's in this case. */
  isOwedBy(v: CaseView, organisation: OrganisationId): boolean;
}

/** A leave of an employee that ends in a visit that the health service holds, as long as it has not held it. */
const returnVisitAhead = (v: CaseView, h: Handshake): boolean => {
  const leave = v.leaves.find((l) => l.id === h.leaveId);
  const held = v.visits.some(
    ({ kind, heldOn }) => kind === 'return' && heldOn !== undefined && heldOn >= (leave?.start ?? heldOn),
  );
  const status = leave?.status ?? v.activities.at(-1)?.status;
  return leave !== undefined && !held && status !== 'TI' && status !== 'sansEmploi' && !hasNoJobToReturnTo(v, leave);
};

/** A transmission that came to it and that it has neither declined nor passed on: the accord for it is gone. */
const isShut = (v: CaseView, h: Handshake, organisation: OrganisationId): boolean =>
  h.kind === 'transmission' &&
  h.receivedOn !== undefined &&
  (h.answer === undefined || h.answer.kind === 'accepted') &&
  !h.effective &&
  successorOf(v, organisation, h.sentOn) === organisation;

const LEGAL_DUTIES: readonly LegalDuty[] = [
  {
    article: 'R.4624-31 CT',
    roles: SPST_ROLES,
    zones: ['identity', 'leave'],
    doneBy: ['hold-return-visit'],
    from: localDate('2000-01-01'),
    isOwedBy: (v, organisation) =>
      v.handshakes.some((h) => h.to.organisation === organisation && isShut(v, h, organisation) && returnVisitAhead(v, h)),
  },
];

const dutiesOf = (v: CaseView, { organisation, role }: Viewer, on: LocalDate): LegalDuty[] =>
  LEGAL_DUTIES.filter((d) => d.roles.includes(role) && within(on, d.from, d.to) && d.isOwedBy(v.settled ?? v, organisation));

/** The zones that a viewer whose part is over goes on reading; none, where no duty of the law is its own. */
export const zonesKept = (v: CaseView, viewer: Viewer, on: LocalDate): readonly Zone[] =>
  dutiesOf(v, viewer, on).flatMap(({ zones }) => zones);
/** Whether it may still do this, since it is how such a duty is done. */
export const mayStillDo = (command: string, v: CaseView, viewer: Viewer, on: LocalDate): boolean =>
  dutiesOf(v, viewer, on).some(({ doneBy }) => doneBy.includes(command));
