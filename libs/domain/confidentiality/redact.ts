import { accordOpens, type Source, sourceOf } from '../case/accord.js';
import { type ActDefinition } from '../case/act.js';
import { type DomainEvent } from '../case/event.js';
import { type CaseView } from '../case/view.js';
import { type Field, type Fields, type Zone } from '../kernel/fields.js';
import { veiledIrregularity } from '../kernel/errors.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Role } from '../kernel/roles.js';
import { whereFound } from '../measures/index.js';
import { type Condition, conditionOf } from './matrix.js';
import { mayUseNir, restsOnNumber } from './nir-use.js';

/** Whoever looks: an organisation in a role, on a day. */
export interface Viewer {
  readonly organisation: OrganisationId;
  readonly role: Role;
}
/** What access rests on: consents and objections as facts. A whole view serves; so does this much of it. */
export type AccessFacts = Pick<
  CaseView,
  'consents' | 'objections' | 'measures' | 'accountable' | 'caisse' | 'files' | 'toldBy' | 'retold'
>;

/** All of a zone; or what these tell of it, where an accord opens that of each. */
const consented = (facts: AccessFacts, viewer: Viewer, zone: Zone, on: LocalDate, sources: readonly Source[] = []): boolean =>
  facts.consents.some((c) => accordOpens(c, viewer, on, zone)) ||
  (sources.length > 0 && sources.every((source) => facts.consents.some((c) => accordOpens(c, viewer, on, zone, source))));
/** Whose words a fact is: more than one's, where somebody else has corrected it. A fact goes with what corrects it, or would be told wrong. */
export const sourcesOf = (
  { id, actor, recordedBy, corrects }: DomainEvent,
  { retold }: Pick<AccessFacts, 'retold'>,
): readonly Source[] => retold[corrects?.event ?? id] ?? [sourceOf({ by: actor, recordedBy })];
const objected = (facts: AccessFacts, viewer: Viewer, zone: Zone, on: LocalDate): boolean =>
  facts.objections.some(
    (o) => o.zones.includes(zone) && o.on <= on && (o.recipientRole === undefined || o.recipientRole === viewer.role),
  );

/** The accountable organisation, and the caisse, to which everything falls in the end (decision 14). */
export const answersFor = (facts: Pick<AccessFacts, 'accountable' | 'caisse'>, viewer: Viewer): boolean =>
  facts.accountable?.organisation === viewer.organisation || isCaisse(facts, viewer);
export const isCaisse = ({ caisse }: Pick<AccessFacts, 'caisse'>, viewer: Viewer): boolean =>
  viewer.role === 'CPAM' && caisse === viewer.organisation;
/** The fund that pays has acted in it: what the law ties to the person is there. */
export const isFirm = ({ caisse, toldBy }: Pick<AccessFacts, 'caisse' | 'toldBy'>): boolean =>
  caisse !== undefined && toldBy.includes(caisse);
/** Another fund has acted in a file that it was told of, and its own never has: which of the two goes on is its fund's to say. */
export const isInDoubt = (facts: Pick<AccessFacts, 'caisse' | 'files' | 'toldBy'>): boolean =>
  !isFirm(facts) && facts.files.some((f) => f.doubt && f.end?.kind !== 'over');
/**
 * To whom it falls what becomes of other files on the person: the fund, and the accountable organisation unless the case is in doubt. Whoever
 * was the first to tell a number learns nothing by that of the person's own case.
 */
export const mindsFiles = (facts: Pick<AccessFacts, 'accountable' | 'caisse' | 'files' | 'toldBy'>, viewer: Viewer): boolean =>
  isCaisse(facts, viewer) || (answersFor(facts, viewer) && !isInDoubt(facts));

/**
 * Whether a viewer may see a zone on a day: all that anybody tells of it, or what these sources do. No fact of consent means refused.
 */
export function maySee(
  viewer: Viewer,
  zone: Zone,
  facts: AccessFacts,
  isParty: boolean,
  on: LocalDate,
  sources?: readonly Source[],
): boolean {
  const condition: Condition = conditionOf(viewer.role, zone, on);
  switch (condition) {
    case 'A':
      return true;
    case 'C':
      return consented(facts, viewer, zone, on, sources);
    case 'O':
      return !objected(facts, viewer, zone, on);
    case 'P':
      return isParty;
    case 'R':
      // What names the caisse, or is done by it, is not told thereby to the Service médical that may share its organisation, and is never asked.
      return (isParty && viewer.role !== 'MC') || mindsFiles(facts, viewer);
    case 'F':
      return false;
    default:
      return condition satisfies never;
  }
}

/** Fields without those that the viewer may not see, its own facts whole; undefined when it may not even know that the event exists. */
export function redact<E extends DomainEvent>(
  event: E,
  viewer: Viewer,
  facts: AccessFacts,
  on: LocalDate,
  actOf: (type: string) => ActDefinition | undefined,
): E | undefined {
  const act = actOf(event.corrects?.type ?? event.type);
  if (!act) return undefined;
  const party = isParty(event, viewer, facts);
  const sources = sourcesOf(event, facts);
  const see = (zone: Zone): boolean => maySee(viewer, zone, facts, party, on);
  const reads = (zone: Zone): boolean => maySee(viewer, zone, facts, party, on, sources);
  const { organisation, role } = event.recordedBy ?? event.actor;
  const isRecorder = organisation === viewer.organisation && role === viewer.role;
  return inZones(event, act, see, mayUseNir(viewer.role, on), isOwn(event, viewer) ? () => true : reads, isRecorder);
}

/**
 * An event as it is told to whoever sees some zones only; undefined when they may not even know that it exists.
 * @param number whether they may use the person's number: it is in the zone of the identity, and told to fewer than that
 * @param reads the zones that they see of this fact: more than of others', where it is theirs, or its teller has let it go. What the program
 *   found about it may rest on what they may not see
 * @param isRecorder whether they recorded it, which not all do who did it
 */
export function inZones<E extends DomainEvent>(
  event: E,
  act: ActDefinition,
  see: (zone: Zone) => boolean,
  number: boolean,
  reads: (zone: Zone) => boolean = see,
  isRecorder = false,
): E | undefined {
  if (!reads(act.zone)) return undefined;
  const whole = () => Object.values<Field>(act.fields).every(({ zone }) => zone === null || reads(zone));
  return {
    ...event,
    type: act.veiledAs === undefined || whole() ? event.type : act.veiledAs,
    data: visible(
      act.fields,
      event.data,
      (field) => (field.zone === null || reads(field.zone)) && (number || field.kind !== 'nir'),
    ),
    irregularities: event.irregularities
      .filter((i) => (i.zones ?? []).every(see) && (number || !restsOnNumber(i)))
      .map((i) => veiledIrregularity(i, whereFound(i), isRecorder)),
  };
}

function visible(
  fields: Fields,
  data: Readonly<Record<string, unknown>>,
  told: (field: Field) => boolean,
): Record<string, unknown> {
  const seen: Record<string, unknown> = {};
  for (const name of Object.keys(data)) {
    const field = fields[name];
    if (field !== undefined && told(field)) seen[name] = data[name];
  }
  return seen;
}

/** What was said of a fact by whom: all that tells whose it is. */
type Told = Pick<DomainEvent, 'actor' | 'recordedBy'>;

/**
 * Whoever did or recorded a fact goes on reading it whole, whatever the matrix says and whether or not it still takes part (ADR 0020). The
 * same organisation in the same role: what a médecin conseil has said is the Service médical's, not the rest of the caisse's.
 */
export const isOwn = ({ actor, recordedBy }: Told, { organisation, role }: Viewer): boolean =>
  [actor, recordedBy].some((party) => party?.organisation === organisation && party.role === role);

/** An organisation is a party to what it did, recorded, received or is named in, and to the measures that it hosts or employs for. */
export function isParty(event: DomainEvent, viewer: Viewer, facts: AccessFacts): boolean {
  if (event.actor.organisation === viewer.organisation || event.recordedBy?.organisation === viewer.organisation) return true;
  // Whoever opened another file is no party to the case that is told of it.
  if (Object.entries(event.data).some(([name, value]) => value === viewer.organisation && name !== 'openedBy')) return true;
  const measure = facts.measures.find((m) => m.id === event.data['measureId']);
  return measure !== undefined && (measure.host === viewer.organisation || measure.employer === viewer.organisation);
}
