import { type Irregularity } from '../kernel/errors.js';
import { type Slot } from '../kernel/fields.js';
import { type Instant, latest, type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Party, type Role } from '../kernel/roles.js';
import { type Zone } from '../kernel/fields.js';
import { type MeasureType } from '../measures/types.js';

/** What the facts of one case, taken together, say. Derived anew from the events each time; never stored as the truth. */
export interface CaseView {
  caseId: string;
  personId: string | null;
  openedOn?: LocalDate;
  openedAt?: Instant;
  openedBy?: Party;
  /** The CPAM that answers for the case when nobody else does (decision 14). */
  caisse?: OrganisationId;
  person: PersonTraits;
  /** Who told which traits, in the order of recording. `person` is what they amount to. */
  identities: Identity[];
  /** Told of, in the order of their days. */
  deaths: Death[];
  /** In the order of the log. */
  deathAnswers: DeathAnswer[];
  /** By a death that is settled. */
  diedOn?: LocalDate;
  /**
   * Told by somebody who neither leads nor answers for the case: to be confirmed, and everything owed is suspended. Not where it comes
   * `again` from somebody whose word on it was denied.
   */
  deathTold?: { eventId: string; on: LocalDate; toldOn: LocalDate; by: Party; again?: true };
  /** The last day on which a death turned out not to be one: what is owed counts again. */
  resumedOn?: LocalDate;
  activities: Activity[];
  leaves: Leave[];
  consents: Consent[];
  /** What was told of accords after they were given, in the order of the log. */
  accordMarks: AccordMark[];
  /** During the fold: what was told of their end. */
  withdrawals: (Withdrawal & { readonly consentId: string; readonly revision: number })[];
  denials: { consentId: string; on: LocalDate }[];
  /** Where the person can be written to, and who told it: nothing that came with a file that was let in. */
  reach: Reach[];
  objections: Objection[];
  signals: Signal[];
  handshakes: Handshake[];
  handovers: Handover[];
  transfers: Handover[];
  leads: Lead[];
  support?: Support;
  contacts: Contact[];
  appointments: Appointment[];
  assessments: { eventId: string; on: LocalDate; by: Party; fit?: string; timing?: string }[];
  measures: Measure[];
  visits: Visit[];
  liaisons: { id: string; offeredOn?: LocalDate; heldOn?: LocalDate; declinedOn?: LocalDate }[];
  aids: Aid[];
  milestones: { eventId: string; kind: string; on: LocalDate; code?: string }[];
  notes: { eventId: string; type: string; on: LocalDate; by: Party }[];
  missed: Missed[];
  /** Files on the same person that organisations from outside opened. */
  files: OtherFile[];
  /** Numbers that were told, by their characters without the key: a NIR that replaced another one, or an NIA, stands beside it. */
  numbers: { readonly kind: 'NIR' | 'NIA'; readonly value: string; toldAt: Instant; readonly tellers: OrganisationId[] }[];
  /** Cases that are joined to this one now. */
  joins: Join[];
  /** Organisations that came with a file that was parted again. */
  parted: OrganisationId[];
  /** The case in which this one goes on. */
  mergedInto?: string;
  /** It was opened on the wrong person. */
  openedByMistake?: { on: LocalDate; by: Party };
  /** Each closure, and what the call after it told: a reopening takes none of it back. */
  closures: Closure[];
  followUp?: {
    dueOn: LocalDate;
    completedOn?: LocalDate;
    situation?: string;
    unreachableOn?: LocalDate;
    /** Told one by one. */
    attempts: number;
    lastAttempt?: { on: LocalDate; channel?: string; outcome?: string; nextTry?: LocalDate };
    /** As told by whoever gave up. */
    declaredAttempts?: number;
    needsSupport?: string;
  };

  /** Facts that bystanders told, and that nobody has confirmed: what they would end goes on (ADR 0023). */
  unsettled: Unsettled[];
  /** The case without these, where there are any. */
  settled?: CaseView;

  // Derived at the end of each fold, from all of the above.
  status: CaseStatus;
  lead?: Lead;
  accountable?: Accountable;
  participations: Participation[];
  /** Who told of facts, and of which zones; where an accord asks. */
  tellers: Teller[];
  /** Organisations that told of a signed form of accord for themselves, and took that back. */
  formsTakenBack: OrganisationId[];
  /** By the identifier of a fact: whose words it is, where somebody else has corrected it than whose word it was. */
  retold: Readonly<Record<string, readonly Party[]>>;
  /** Organisations that told of facts. */
  toldBy: OrganisationId[];
  /** The last day told of. */
  toldUntil?: LocalDate;
  irregularities: (Irregularity & { eventId: string | null; subject: string })[];
}
/** merged: it goes on in another one; opened-by-mistake: on the wrong person, and undone; signal: nobody supports yet; supported; ended by a triage without support; closed, with its six-month call ahead or not; deceased. */
export type CaseStatus = 'merged' | 'opened-by-mistake' | 'signal' | 'supported' | 'ended-by-triage' | 'closed' | 'deceased';

export interface Identity {
  readonly eventId: string;
  readonly on: LocalDate;
  readonly by: Party;
  readonly recordedBy: Party | null;
  /** The revision of the last word on it. */
  readonly told: number;
  /** It came with a file that was let in. */
  readonly joined?: true;
  readonly traits: PersonTraits;
}
export interface Death {
  eventId: string;
  on: LocalDate;
  /** Whoever entered it. */
  by: Party;
  /** To be confirmed since then; absent when it is settled. */
  toldOn?: LocalDate;
  /** It came with a file that was let in. */
  joined?: true;
  revision: number;
}
export interface Unsettled {
  eventId: string;
  on: LocalDate;
  since: LocalDate;
  /** Whoever entered it. */
  by: Party;
  zone: Zone;
  measureId?: string;
  /** Whose word settles it, beside that of those who have the case. */
  words: readonly OrganisationId[];
  /** What of others it would end: worked out with what is owed. */
  keeps?: readonly { readonly organisation: OrganisationId; readonly role: Role; readonly zone: Zone }[];
}
/** It holds for every death told before; one that came with a file that was let in, for those of that file, and confirms none. */
export interface DeathAnswer {
  kind: 'confirmed' | 'denied';
  on: LocalDate;
  /** Of the death that was confirmed. */
  diedOn?: LocalDate;
  /** Whose word was denied. */
  toldBy?: OrganisationId;
  joined?: true;
  revision: number;
}
/** What it tells is told elsewhere, or is of nobody. */
export const VOID: readonly CaseStatus[] = ['merged', 'opened-by-mistake'];
/** Nobody answers for it, and nothing is owed. */
export const OVER: readonly CaseStatus[] = [...VOID, 'ended-by-triage', 'deceased'];

export interface PersonTraits {
  /** At birth. */
  familyName?: string;
  /** *Nom d'usage*. */
  usedName?: string;
  givenNames?: string;
  birthDate?: LocalDate;
  sex?: string;
  nir?: string;
  phone?: string;
  email?: string;
}
export interface Reach {
  channel: 'sms' | 'email';
  address: string;
  /** Whoever said it. */
  by: Party;
  recordedBy: Party | null;
  /** The revision of the last word on it. */
  told: number;
}
/** An organisation that told facts. */
export interface Teller {
  organisation: OrganisationId;
  role: Role;
  zones: readonly Zone[];
}
export type EmploymentStatus =
  'salarie' | 'interim' | 'apprenti' | 'stagiaireFP' | 'agricole' | 'TI' | 'agentPublic' | 'sansEmploi';
/** Being independent belongs to the leave and to the activity, not to the person. */
export interface Activity {
  id: string;
  status?: EmploymentStatus;
  occupation?: string;
  employerSiret?: string;
  employer?: OrganisationId;
  from?: LocalDate;
  to?: LocalDate;
}
export interface Leave {
  id: string;
  start?: LocalDate;
  expectedEnd?: LocalDate;
  /** Last day of leave, once it has ended. */
  endedOn?: LocalDate;
  /** Told to end sooner than was told before. */
  shortened?: { on: LocalDate; revision: number };
  risk?: 'maladie' | 'AT' | 'MP' | 'maternite';
  rank?: number;
  status?: EmploymentStatus;
}
export interface Consent {
  id: string;
  zones: readonly Zone[];
  recipient?: OrganisationId;
  recipientRole?: Role;
  purpose?: string;
  from: LocalDate;
  to?: LocalDate;
  /** The day on which it was given, whenever it begins. */
  givenOn: LocalDate;
  withdrawnOn?: LocalDate;
  /** Where it was withdrawn by its own name. */
  withdrawal?: Withdrawal;
  /** Of the last word on it, during the fold. */
  revision?: number;
  /** The day after its last one, once that has passed. Derived. */
  lapsedOn?: LocalDate;
  proof?: string;
  /** Of the signed form, as its recorder keeps it. */
  formHash?: string;
  /** Id of the event that told of it. */
  eventId: string;
  /** Whoever entered it. */
  toldBy: Party;
  /** Told by a partner whose part in the case is itself not confirmed. */
  partUnconfirmed?: boolean;
  /** What stands behind it beside the word of whoever told of it. */
  confirmations: readonly Confirmation[];
  /** The first of these. */
  confirmedOn?: LocalDate;
  /** Doubted since then: to whoever told of it, it opens nothing before the person confirms it anew. */
  disputedOn?: LocalDate;
  /** Where it had opened something until then. */
  shut?: { from: LocalDate; on: LocalDate };
  formControl?: { on: LocalDate; outcome: 'shown' | 'missing' };
}
export interface Withdrawal {
  readonly on: LocalDate;
  /** Whoever entered it. */
  readonly toldBy: Party;
  /** The person says that she did not. */
  readonly deniedOn?: LocalDate;
}
/** `before`: told when accords were not confirmed yet; it stands as it did. */
export interface Confirmation {
  on: LocalDate;
  by: Party;
  means: 'code' | 'page' | 'form' | 'source' | 'before';
  zones: readonly Zone[];
}
export interface AccordMark {
  consentId: string;
  revision: number;
  on: LocalDate;
  by: Party;
  kind: 'person' | 'source' | 'disputed' | 'shown' | 'missing';
  means?: 'code' | 'page';
  zones?: readonly Zone[];
}
export interface Objection {
  zones: readonly Zone[];
  recipientRole?: Role;
  on: LocalDate;
}
/** Somebody came, or was found, without a transmission or referral: whoever noted it holds it until its triage. */
export interface Signal {
  id: string;
  holder: Party;
  on: LocalDate;
  origin?: string;
  triage?: Triage;
  /** It came with a file that was let in. */
  letIn?: true;
  /** Told by whoever took part by then. */
  inside?: true;
  /** Told in the case of its caisse, which is its own by law. */
  byLaw?: true;
  /** Its place in the log. */
  revision: number;
  /** Whoever answers for the case has looked at this part. */
  part?: { kind: 'confirmed' | 'ended'; on: LocalDate };
}
export interface Triage {
  on: LocalDate;
  by: Party;
  outcome: 'accompanied' | 'no-need' | 'refused-by-person' | 'unreachable' | 'back-at-work' | 'passed-on';
  revision: number;
}
/** A case that goes on in this one, as all who take part are told. */
export interface Join {
  caseId: string;
  on: LocalDate;
  by: OrganisationId | null;
  /** What it brings lets nobody in, and takes the case from nobody. */
  letIn: boolean;
  /** What it brings ends nothing here before it is confirmed. */
  toConfirm?: true;
  /** Of those who told facts there: whoever led, answered for or paid this case by then. */
  words: readonly OrganisationId[];
  /** Who told facts there and was somebody here by then: their word counts as if it had been told here. */
  known: readonly OrganisationId[];
  /** Whoever had opened it, or has taken that one's part over since: nobody else comes in with it. Unknown before this was told. */
  author?: OrganisationId;
  /** Who took part there, and had none here. */
  guests: readonly OrganisationId[];
  /** The case with which it came here, when it was joined to that one before. */
  within?: string;
  /** The fund that pays since, and the one whose place it took. */
  caisse?: OrganisationId;
  formerCaisse?: OrganisationId;
}
/** What another organisation told of the same person, in a file of its own: to be let in, or to go on apart (ADR 0014). */
export interface OtherFile {
  fileId: string;
  since: LocalDate;
  openedBy?: OrganisationId;
  role?: Role;
  /** It says that it has the case by law: the person moved to it, or works where it is the service. */
  claim?: 'caisse' | 'spst';
  /** The caisse has acted there and not here: which of the two goes on is for the caisse to say, and the line is its own alone. */
  doubt?: true;
  /** The health service that followed the person until then, which is asked whether it is so (ADR 0022). */
  formerSpst?: OrganisationId;
  askedOn?: LocalDate;
  /** Somebody who knows has said that the change is so, and the file is joined; or that it is not, and it is a file like any other. */
  change?: { kind: 'confirmed' | 'denied'; on: LocalDate };
  /** Traits in which the two differ. */
  differs: readonly string[];
  supportedOn?: LocalDate;
  /** How often it was found, or found over. */
  told: number;
  end?: { kind: 'joined' | 'aside' | 'over'; on: LocalDate };
}
/** A transmission or a referral: sent, received, answered. */
export interface Handshake {
  id: string;
  kind: 'transmission' | 'referral';
  from: Party;
  /** Who recorded it for a sender without account, and answers in its place. */
  toldBy?: Party;
  /** It came with a file that was let in: only an accord takes it further. */
  letIn?: true;
  to: { organisation: OrganisationId | null; role: Role };
  sentOn: LocalDate;
  /** Which a transmission is about. */
  leaveId?: string;
  motive?: string;
  consentId?: string;
  conventionId?: string;
  /** The last day of that convention as it stood then, and the day from which it is to be seen coming. */
  conventionTo?: LocalDate;
  conventionNotice?: LocalDate;
  receivedOn?: LocalDate;
  answer?: { kind: 'accepted' | 'declined' | 'redirected' | 'revoked'; on: LocalDate; motive?: string };
  triage?: Triage;
  /** True when it may open the case to its target: same institution, or an accord that stands. Derived. */
  effective: boolean;
  revision: number;
}
/** A lead or an organisation's part offered to another; it passes only when accepted. */
export interface Handover {
  id: string;
  from: Party;
  to: OrganisationId;
  toRole: Role;
  proposedOn: LocalDate;
  /** It came with a file that was let in: only an accord takes it further. */
  letIn?: true;
  motive?: string;
  revision: number;
  answer?: { kind: 'accepted' | 'declined' | 'withdrawn'; on: LocalDate };
}
export interface Lead {
  organisation: OrganisationId;
  role: Role;
  person: string | null;
  from: LocalDate;
  /** It came with a file that was let in. */
  letIn?: true;
}
export interface Support {
  openedOn: LocalDate;
  openedBy: Party;
  origin?: string;
  detection?: string;
  closedOn?: LocalDate;
  closedBy?: Party;
  motive?: string;
  /** The partner that goes on with the measures still open at closure. */
  takenOverBy?: OrganisationId;
  reopenedOn?: LocalDate;
}
export interface Closure {
  on: LocalDate;
  situation?: string;
  call?: { on: LocalDate; situation?: string };
  unreachableOn?: LocalDate;
}
export interface Contact {
  eventId: string;
  kind: 'interview' | 'attempt' | 'group-session';
  on: LocalDate;
  by: Party;
  mode?: string;
  outcome?: string;
  /** Of a group session: the action, if it is planned here. */
  groupId?: string;
}
export interface Appointment {
  id: string;
  by: Party;
  bookedOn: LocalDate;
  date?: LocalDate;
  channel?: string;
  outcome?: 'held' | 'missed' | 'cancelled';
}
export interface Visit {
  id: string;
  kind: 'pre-return' | 'return' | 'mid-career';
  requestedOn?: LocalDate;
  heldOn?: LocalDate;
  by?: Party;
  riskOfUnfitness?: boolean;
  opposed?: boolean;
  outcome?: string;
}
export interface Aid {
  id: string;
  kind: 'financial' | 'technical' | 'rqth' | 'pension';
  requestedOn?: LocalDate;
  funder?: string;
  amount?: number;
  decision?: { kind: 'granted' | 'refused' | 'provided' | 'insufficient'; on: LocalDate };
}
export interface Opinion {
  role: Role;
  on: LocalDate;
  opinion?: 'yes' | 'no' | 'conditions';
  by: Party;
}
export interface Period {
  from?: LocalDate;
  to?: LocalDate;
  slots: readonly Slot[];
}
export interface Measure {
  id: string;
  /** It came with a file that was let in: whom it names comes in by an accord only. */
  letIn?: true;
  type?: MeasureType;
  requestedOn?: LocalDate;
  requestedVia?: Party;
  requestEventId?: string;
  hostSiret?: string;
  host?: OrganisationId;
  employer?: OrganisationId;
  /** PMSMP: what the period is for; a renewal keeps the object. */
  object?: string;
  decider?: OrganisationId;
  asked: { role: Role; organisation: OrganisationId }[];
  /** Of these, the Service médical of the caisse that the case had then. */
  ofCaisse?: readonly OrganisationId[];
  /** First the period that was asked, then each renewal. */
  periods: (Period & { on: LocalDate; eventId: string })[];
  opinions: Opinion[];
  decisions: {
    kind: 'approved' | 'refused';
    on: LocalDate;
    by: Party;
    from?: LocalDate;
    to?: LocalDate;
    motive?: string;
    eventId: string;
  }[];
  /** `meetingId`: of a meeting that is known here. */
  ilcoOpinions: { on: LocalDate; opinion?: string; meetingId?: string }[];
  /** The avis that a forum still owes, and the meeting that is to give it. */
  ilco?: { chair: { organisation: OrganisationId; role: Role }; since: LocalDate; meetingId?: string; date?: LocalDate };
  agreements: { on: LocalDate; signatories: readonly Role[]; from?: LocalDate; to?: LocalDate }[];
  plannedStart?: LocalDate;
  startedOn?: LocalDate;
  startEventId?: string;
  interruptedOn?: LocalDate;
  accidents: { on: LocalDate; declaredOn?: LocalDate }[];
  presences: readonly Slot[];
  reviews: { on: LocalDate; result?: string }[];
  closed?: { on: LocalDate; endedOn?: LocalDate; result?: string; reportReference?: string };
  deliveries: { role: Role; organisation?: OrganisationId; on: LocalDate }[];
  takenOverBy?: OrganisationId;
  status: MeasureStatus;
}
export type MeasureStatus =
  'mentioned' | 'requested' | 'refused' | 'approved' | 'planned' | 'running' | 'ended' | 'interrupted' | 'closed';

export interface Accountable {
  organisation: OrganisationId;
  /** In which it is theirs. */
  role: Role;
  /** Why it is theirs: `lead`, `transmission`, `referral`, `signal`, `declined-to-sender`, `triage`, `passed-on`, `follow-up`, `caisse`. */
  reason: string;
  since: LocalDate;
}
/** Why, and from when to when, an organisation takes part in a case (decision 7). `own`: it does so no more, and reads what it told. */
export interface Participation {
  organisation: OrganisationId;
  basis: 'opened' | 'caisse' | 'sent' | 'received' | 'asked' | 'decides' | 'leads' | 'hosts' | 'accountable' | 'own';
  from: LocalDate;
  to?: LocalDate;
}
/** A duty that the watch found missed. Which one is hidden from whoever may not see what it is about. */
export interface Missed {
  eventId: string;
  on: LocalDate;
  /** Of the duty. */
  zone: Zone;
  rule?: string;
  subject?: string;
  restartedBy?: string;
  owner?: OrganisationId;
  dueOn?: LocalDate;
  step: 1 | 2 | 3;
}

export const emptyView = (caseId: string): CaseView => ({
  caseId, personId: null, person: {}, deaths: [], deathAnswers: [], identities: [], activities: [], leaves: [], consents: [], accordMarks: [], withdrawals: [], denials: [], reach: [], tellers: [], retold: {}, formsTakenBack: [], toldBy: [], objections: [], signals: [], handshakes: [], handovers: [], transfers: [],
  leads: [], contacts: [], appointments: [], assessments: [], measures: [], visits: [], liaisons: [], aids: [], milestones: [], notes: [],
  missed: [], files: [], joins: [], parted: [], numbers: [], closures: [], unsettled: [], status: 'signal', participations: [], irregularities: [],
}); // prettier-ignore

/** The join by which a fact came here. */
export const cameBy = ({ joins }: Pick<CaseView, 'joins'>, { joined }: { readonly joined?: string }): Join | undefined =>
  joins.findLast(({ caseId }) => caseId === joined);

/** It came with a case that was joined to this one, told by somebody who was nobody here: it opens nothing to anybody. */
export function isLetIn(
  v: Pick<CaseView, 'joins'>,
  fact: { readonly joined?: string; readonly by: Party; readonly recordedBy: Party | null },
): boolean {
  const join = cameBy(v, fact);
  return join !== undefined && join.letIn && !join.known.includes((fact.recordedBy ?? fact.by).organisation ?? '');
}

// Entities are found or made, so that facts may arrive in any order.
const entity =
  <T extends { id: string }>(list: T[], make: () => T) =>
  (id: string): T => {
    const found = list.find((e) => e.id === id);
    if (found) return found;
    const made = make();
    list.push(made);
    return made;
  };
export const leaveOf = (v: CaseView, id: string): Leave => entity(v.leaves, () => ({ id }))(id);
/** The later of two ends, but for one that was told before the leave was shortened. */
export const laterEnd = (leave: Leave, told: LocalDate | undefined, revision: number): LocalDate | undefined =>
  leave.shortened && revision < leave.shortened.revision ? leave.expectedEnd : latest(leave.expectedEnd, told);
export const activityOf = (v: CaseView, id: string): Activity => entity(v.activities, () => ({ id }))(id);
/** A missed or held appointment may be known before its booking is: whoever told of it holds it until then. */
export const appointmentOf = (v: CaseView, id: string, by: Party, on: LocalDate): Appointment =>
  entity(v.appointments, () => ({ id, by, bookedOn: on }))(id);
export const visitOf = (v: CaseView, id: string, kind: Visit['kind']): Visit => entity(v.visits, () => ({ id, kind }))(id);
export const aidOf = (v: CaseView, id: string, kind: Aid['kind']): Aid => entity(v.aids, () => ({ id, kind }))(id);
export const liaisonOf = (v: CaseView, id: string): CaseView['liaisons'][number] => entity(v.liaisons, () => ({ id }))(id);
export const newMeasure = (id: string): Measure => ({
  id, asked: [], periods: [], opinions: [], decisions: [], ilcoOpinions: [], agreements: [], accidents: [], presences: [], reviews: [], deliveries: [], status: 'mentioned',
}); // prettier-ignore
export const measureOf = (v: CaseView, id: string): Measure => entity(v.measures, () => newMeasure(id))(id);

export const handshakeIn = (v: CaseView, id: string | undefined): Handshake | undefined => v.handshakes.find((h) => h.id === id);
/** Who sent it, as far as anybody with an account did. */
export const senderOf = (h: Handshake): Party => h.toldBy ?? h.from;
export const measureIn = (v: CaseView, id: string | undefined): Measure | undefined => v.measures.find((m) => m.id === id);

/**
 * The leave that covers a day, if the person was on leave on it. One whose end nobody has told goes on, until another one begins: of
 * several that cover the day the last begun counts.
 */
export const leaveAt = (v: Pick<CaseView, 'leaves'>, on: LocalDate): Leave | undefined =>
  v.leaves
    .filter((l) => l.start !== undefined && l.start <= on && on <= (l.endedOn ?? l.expectedEnd ?? on))
    .reduce<Leave | undefined>((last, l) => (last?.start !== undefined && l.start! <= last.start ? last : l), undefined);
