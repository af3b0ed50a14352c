import { type Irregularity } from '../kernel/errors.js';
import { type Fields } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Party, SPST_ROLES } from '../kernel/roles.js';
import { definitionOf } from '../measures/index.js';
import { followerOf, spstOf } from '../rules/owners.js';
import { type ActDefinition, type Fact } from './act.js';
import { answersForDeath } from './deaths.js';
import { successorOf } from './taking-part.js';
import { cameBy, type CaseView, measureIn } from './view.js';

/**
 * What a bystander tells is recorded and shown, and ends nothing that others answer for before somebody says that it is so (ADR 0023). A
 * bystander neither leads, nor answers for the case, nor is one whose word settles that very thing (`settledBy`, on the act).
 */
export const tellerOf = ({ by, recordedBy }: { readonly by: Party; readonly recordedBy: Party | null }): Party =>
  recordedBy ?? by;
/** The lead, the accountable partner, the caisse: theirs is the case, a death included. */
export const hasTheWord = answersForDeath;

/** The health service that follows the person; where none is known, any that takes part. */
export const wordOfSpst = (
  v: CaseView,
  told: { readonly by: Party; readonly recordedBy: Party | null },
): readonly (OrganisationId | null | undefined)[] => {
  const { organisation, role } = tellerOf(told);
  return [spstOf(v) ?? (SPST_ROLES.includes(role) ? organisation : undefined)];
};
/** Of a measure: who asked for it or follows it, who decides, who hosts. */
export function wordOnMeasure(
  v: CaseView,
  { data: { measureId } }: { readonly data: { readonly measureId?: string } },
): readonly (OrganisationId | null | undefined)[] {
  const m = measureIn(v, measureId);
  if (!m) return [];
  const since = m.requestedOn ?? m.startedOn ?? v.openedOn;
  const now = (organisation: OrganisationId | null | undefined) =>
    organisation && since ? successorOf(v, organisation, since) : organisation;
  const byCaisse = definitionOf(m)?.decidedBy === 'CPAM' ? v.caisse : undefined;
  return [now(m.requestedVia?.organisation), followerOf(v, m).organisation, now(m.decider ?? byCaisse), m.host, m.employer];
}

/** Of an opinion: whoever was asked for it in that role, and the health service. A treating physician owes none, and speaks through anybody. */
export const wordOnOpinion = (
  v: CaseView,
  told: Pick<Fact<Fields>, 'by' | 'recordedBy' | 'on'> & { readonly data: { readonly measureId?: string } },
): readonly (OrganisationId | null | undefined)[] => {
  const { role } = told.by;
  if (role === 'MTR') return [tellerOf(told).organisation];
  const m = measureIn(v, told.data.measureId);
  const asked = (m?.asked ?? [])
    .filter((a) => a.role === role)
    .map((a) => successorOf(v, a.organisation, m?.requestedOn ?? told.on));
  return [...asked, ...(role === 'MT' ? wordOfSpst(v, told) : []), ...wordOnMeasure(v, told)];
};
/** Of an appointment: whoever booked it. */
export const wordOnAppointment = (
  v: CaseView,
  { data: { appointmentId } }: { readonly data: { readonly appointmentId?: string } },
): readonly (OrganisationId | null | undefined)[] =>
  v.appointments.flatMap((a) =>
    a.id === appointmentId && a.by.organisation ? [successorOf(v, a.by.organisation, a.bookedOn)] : [],
  );

type Told = Pick<Fact<Record<string, never>>, 'by' | 'recordedBy' | 'data' | 'on'>;
/** Told by somebody who is nobody to what it is about. In the case as it is without what others like it told. */
export function isBystander(act: ActDefinition, v: CaseView, told: Told): boolean {
  const { organisation } = tellerOf(told);
  return act.settledBy !== undefined && organisation !== null && !act.settledBy(v, told).includes(organisation);
}

/** Since when a fact waits for somebody's word; undefined where it needs none, or has had it. */
export function toConfirmSince(v: CaseView, act: ActDefinition, fact: Fact<Record<string, never>>): LocalDate | undefined {
  if (act.settledBy === undefined || (fact.confirmed && !waitsFromJoin(v, fact.confirmed))) return undefined;
  return fact.toConfirmSince ?? waitsFromJoin(v, fact);
}
/**
 * The day of the join, where something was said in another case by somebody whose word needed confirming in this one: a partner of this one
 * gets round nobody by telling it in a file of its own. What was confirmed there is no word of those who let the file in either.
 */
function waitsFromJoin(
  v: CaseView,
  said: { readonly by: Party; readonly recordedBy: Party | null; readonly joined?: string },
): LocalDate | undefined {
  const join = cameBy(v, said);
  return join?.toConfirm && !join.words.includes(tellerOf(said).organisation ?? '') ? join.on : undefined;
}

export const TO_CONFIRM: Irregularity = { code: 'fact.toConfirm', article: 'convention (D)' };
