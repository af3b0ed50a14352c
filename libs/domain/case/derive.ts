import { irregularityOf } from '../kernel/errors.js';
import { addDays, dateOf, earliest, type LocalDate, latest } from '../kernel/local-date.js';
import { type Zone, ZONE_CODES } from '../kernel/fields.js';
import { type Role } from '../kernel/roles.js';
import { definitionOf } from '../measures/index.js';
import { measureFindings, type Stage } from '../measures/measure.js';
import { accountableOf, cameBack } from './accountable.js';
import { mayBeOwnWord, settleAccords } from './accord.js';
import { settleDeaths } from './deaths.js';
import { personOf } from './identities.js';
import { type ActDefinition, type Fact } from './act.js';
import { type DomainEvent } from './event.js';
import { activeLead, markEffective, participationsOf, Ways } from './taking-part.js';
import { endsBeforeStart } from './measure-acts.js';
import { oneLeaveEach } from './same-leave.js';
import { isUnfinished, measureStatus } from './measure-status.js';
import { type CaseStatus, type CaseView, emptyView, isLetIn, type Measure, type Teller, type Triage } from './view.js';

/** The day on which a case began to be recorded here. */
export const knownOn = ([first]: readonly Pick<DomainEvent, 'recordedAt'>[]): LocalDate | undefined =>
  first && dateOf(first.recordedAt);

/** An event with its place in the case's stream. Events under consideration come after all others. */
export type Placed = DomainEvent & { readonly revision?: number };

/**
 * The case that a set of facts amounts to. First what the log's order decides (answers, leads, closure), then the facts in the order in
 * which they happened, so that any order of arrival gives the same case (decision 13); on one day, of what is of one rank, the last word
 * counts (ADR 0017). Total: fields that are erased, or hidden
 * from a partner, are just missing; so the case file of a partner is this very function over what it may see.
 * @param on the day on which it is looked at: accords that have run out by then let nobody in. Without it none has run out.
 */
export function deriveCase(
  caseId: string,
  events: readonly Placed[],
  actOf: (type: string) => ActDefinition | undefined,
  on?: LocalDate,
): CaseView {
  const draft = emptyView(caseId);
  const facts = effectiveFacts(events);
  const known = facts.flatMap((fact) => {
    const act = actOf(fact.type);
    return act ? [{ act, fact }] : [];
  });
  const byArrival = known.filter(({ act }) => act.order === 'arrival').sort((a, b) => a.fact.revision - b.fact.revision);
  const byDate = known
    .filter(({ act }) => act.order === 'date')
    .sort((a, b) => compare(a.fact.on, b.fact.on) || a.act.rank - b.act.rank || a.fact.told - b.fact.told);
  const inOrder = [...byArrival, ...byDate];
  const leaves = oneLeaveEach(byDate.map(({ fact }) => fact));
  for (const { act, fact } of inOrder) act.apply(draft, aboutOneLeave(fact, leaves));

  draft.personId = events[0]?.personId ?? null;
  const takenBack = latest(...events.map((e) => (e.type === 'FactWithdrawn' && e.corrects?.type === 'PersonDied' ? e.occurredOn : undefined))); // prettier-ignore
  if (takenBack !== undefined) draft.resumedOn = takenBack;
  draft.person = personOf(draft);
  settleDeaths(draft);
  takeBackClosure(draft);
  for (const accord of draft.consents)
    if (on !== undefined && accord.to !== undefined && accord.to < on) accord.lapsedOn = addDays(accord.to, 1);
  settleAccords(draft);
  // What was said of another file is no act in this case.
  draft.toldBy = [
    ...new Set(known.flatMap(({ act, fact: f }) => (act.zone === 'waiting' ? [] : ((f.recordedBy ?? f.by).organisation ?? [])))),
  ].sort();
  // Nothing else asks.
  if (draft.consents.some(mayBeOwnWord)) draft.tellers = tellersOf(known.filter(({ fact }) => !isLetIn(draft, fact)));
  for (const measure of draft.measures) {
    measure.status = measureStatus(measure);
    if (draft.support?.takenOverBy && wasOpen(measure, draft.support.closedOn)) measure.takenOverBy = draft.support.takenOverBy;
  }
  const ways = new Ways(draft);
  markEffective(draft, ways);
  draft.lead = activeLead(draft, ways);
  draft.participations = untilUndone(draft, participationsOf(draft, ways));
  draft.status = statusOf(draft);
  draft.accountable = accountableOf(draft);
  if (draft.accountable) {
    const { organisation, since } = draft.accountable;
    const shut = ways.shutFrom(organisation);
    draft.participations.push({ organisation, basis: 'accountable', from: since, ...(shut && { to: shut }) });
  }
  draft.irregularities = irregularitiesOf(draft, inOrder);
  const told = latest(...facts.map((f) => f.on));
  if (told !== undefined) draft.toldUntil = told;
  return draft;
}

/** Who told of what. Whoever enters the act of another one tells of it. */
function tellersOf(known: readonly { act: ActDefinition; fact: Fact<Record<string, never>> }[]): Teller[] {
  const tellers = new Map<string, { readonly organisation: string; readonly role: Role; readonly zones: Set<Zone> }>();
  for (const { act, fact } of known) {
    const { organisation, role } = fact.recordedBy ?? fact.by;
    if (organisation === null) continue;
    const key = `${organisation} ${role}`;
    const teller = tellers.get(key) ?? { organisation, role, zones: new Set() };
    tellers.set(key, teller);
    teller.zones.add(act.zone);
    for (const name of Object.keys(fact.data)) {
      const zone = act.fields[name]?.zone;
      if (zone) teller.zones.add(zone);
    }
  }
  return [...tellers.keys()].sort().map((key) => {
    const { zones, ...teller } = tellers.get(key)!;
    return { ...teller, zones: ZONE_CODES.filter((zone) => zones.has(zone)) };
  });
}

/** In a case that was opened on the wrong person nobody takes part any more; who did goes on reading what it told. */
const untilUndone = ({ openedByMistake: undone }: CaseView, parts: CaseView['participations']): CaseView['participations'] =>
  undone ? parts.map((p) => ({ ...p, to: earliest(p.to, latest(p.from, undone.on))! })) : parts;

/** A fact about a leave that is told under several identifiers is about that one. */
function aboutOneLeave(fact: Fact<Record<string, never>>, leaves: ReadonlyMap<string, string>): Fact<Record<string, never>> {
  const { leaveId } = fact.data as { readonly leaveId?: string };
  const known = leaveId === undefined ? undefined : leaves.get(leaveId);
  return known === undefined || known === leaveId ? fact : { ...fact, data: { ...fact.data, leaveId: known as never } };
}

/** Not finished by then: what was done of it since was done by whoever had taken it over. */
const wasOpen = (m: Measure, on: LocalDate | undefined): boolean => {
  const done = latest(m.closed?.on, m.interruptedOn, m.decisions.at(-1)?.on);
  return isUnfinished(m) || (on !== undefined && done !== undefined && done >= on);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Corrections replace the whole fact, withdrawals take it away; the last word counts. */
export function effectiveFacts(events: readonly Placed[]): Fact<Record<string, never>>[] {
  const facts = new Map<string, Fact<Record<string, never>>>();
  const apart = partedAgain(events);
  const joined = joinedFrom(events);
  events.forEach((e, index) => {
    if (apart.has(e.id)) return;
    const target = e.corrects ? facts.get(e.corrects.event) : undefined;
    if (e.corrects) {
      if (!target) return;
      if (e.type === 'FactWithdrawn') facts.delete(target.id);
      else
        facts.set(target.id, {
          ...target,
          on: e.corrects.occurredOn ?? target.on,
          data: e.data as Record<string, never>,
          ...(e.corrects.keepsPlace ? {} : { told: e.revision ?? index }),
          ...(sameNumber(target.data, e.data) ? {} : { toldAt: e.recordedAt }),
        });
      return;
    }
    facts.set(e.id, {
      id: e.id, type: e.type, on: e.occurredOn, by: e.actor, recordedBy: e.recordedBy, data: e.data as Record<string, never>, revision: e.revision ?? index, told: e.revision ?? index, toldAt: e.recordedAt, ...(joined.has(e.id) && { joined: joined.get(e.id)! }),
    }); // prettier-ignore
  });
  return [...facts.values()];
}

/** Whatever else is put right, a number was told when it was told first. */
const sameNumber = (one: Placed['data'], other: Placed['data']): boolean =>
  one['nir'] !== undefined && one['nir'] === other['nir'] && one['nia'] === other['nia'];

/** The events that were told in cases that were joined to this one, each with the case from which it came here. */
function joinedFrom(events: readonly Placed[]): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const { type, data } of events)
    if (type === 'CaseAbsorbed') for (const id of takenIn(data)) if (!joined.has(id)) joined.set(id, String(data['caseId']));
  return joined;
}
export const takenIn = (data: Placed['data']): string[] =>
  ((data['events'] ?? []) as readonly { readonly id: string }[]).map(({ id }) => id);

/**
 * The events of cases that were joined to this one and parted from it again, and what those who had come with them told since: they are
 * nobody's here any more.
 */
export function partedAgain(events: readonly Placed[]): ReadonlySet<string> {
  const apart = new Set<string>();
  const joined = new Map<unknown, readonly string[]>();
  for (const { type, data } of events) {
    if (type === 'CaseAbsorbed') {
      const taken = takenIn(data);
      joined.set(data['caseId'], taken);
      for (const id of taken) apart.delete(id);
    }
    if (type === 'CaseAbsorptionUndone')
      for (const id of [...(joined.get(data['caseId']) ?? []), ...takenIn(data)]) apart.add(id);
  }
  return apart;
}

/** A support closed because of a death that turns out not to have happened goes on. */
function takeBackClosure(v: CaseView): void {
  if (v.support?.motive !== 'death' || v.diedOn !== undefined) return;
  const { closedOn: _on, closedBy: _by, motive: _motive, ...support } = v.support;
  v.support = support;
  v.closures.pop();
}

function statusOf(v: CaseView): CaseStatus {
  if (v.mergedInto !== undefined) return 'merged';
  if (v.openedByMistake) return 'opened-by-mistake';
  if (v.diedOn) return 'deceased';
  if (v.support) return v.support.closedOn ? 'closed' : 'supported';
  if (v.lead) return 'supported';
  const asked = [...v.signals, ...v.handshakes];
  const ended = asked.flatMap(({ triage }) => (triage && !GOES_ON.includes(triage.outcome) ? [triage.on] : []));
  /** Settled itself, or come back to a sender who had the case triaged without support since. */
  const over = (s: (typeof asked)[number]): boolean => {
    if (s.triage) return !GOES_ON.includes(s.triage.outcome);
    if (!('sentOn' in s)) return false;
    if (s.answer?.kind === 'revoked' || s.answer?.kind === 'redirected') return true;
    return cameBack(s) && ended.some((on) => on >= (s.answer?.on ?? s.sentOn));
  };
  return ended.length > 0 && asked.every(over) ? 'ended-by-triage' : 'signal';
}
const GOES_ON: readonly string[] = ['accompanied', 'passed-on'] satisfies Triage['outcome'][];

/** What is done because of a death. */
const ABOUT_DEATH: readonly string[] = ['SupportClosed', 'DeathConfirmed', 'DeathDenied'];

/** What is irregular about the facts as they stand now; an act regular in its day may turn out irregular, and the other way round. */
function irregularitiesOf(
  v: CaseView,
  known: readonly { act: ActDefinition; fact: Fact<Record<string, never>> }[],
): CaseView['irregularities'] {
  const found: CaseView['irregularities'] = [];
  for (const measure of v.measures) {
    const definition = definitionOf(measure);
    if (!definition) continue;
    const at = (stage: Stage, on: LocalDate | undefined, eventId: string | undefined, given = measure): void => {
      if (on === undefined) return;
      for (const f of measureFindings(definition, stage, { measure: given, view: v, earlier: [], on }))
        found.push({ ...irregularityOf(f), eventId: eventId ?? null, subject: measure.id });
    };
    for (const d of measure.decisions) if (d.kind === 'approved') at('approve', d.on, d.eventId);
    at('start', measure.startedOn, measure.startEventId);
    at('present', latest(...measure.presences.map((s) => s.date)), undefined);
    for (const p of measure.periods.slice(1)) at('renew', p.from ?? p.on, p.eventId);
    found.push(...endsBeforeStart(measure).map((f) => ({ ...irregularityOf(f), eventId: null, subject: measure.id })));
    if (measure.closed && !measure.startedOn)
      found.push({
        code: 'measure.closedWithoutStart',
        article: 'cohérence du dossier (D)',
        zones: ['measure'],
        eventId: null,
        subject: measure.id,
      });
  }
  for (const { id, start, endedOn } of v.leaves)
    if (start !== undefined && endedOn !== undefined && endedOn < start)
      found.push({
        code: 'leave.datesReversed',
        article: 'cohérence du dossier (D)',
        zones: ['leave'],
        eventId: null,
        subject: id,
      });
  for (const h of v.handshakes)
    if (!h.effective && h.kind === 'referral' && h.answer?.kind !== 'revoked' && h.to.organisation !== null)
      found.push({ code: 'referral.consentMissing', article: 'L.411-3 CASF, convention (D)', eventId: null, subject: h.id });
  if (v.diedOn !== undefined)
    for (const { act, fact } of known)
      if (fact.on > v.diedOn && !ABOUT_DEATH.includes(fact.type))
        found.push({
          code: 'fact.afterDeath',
          article: 'cohérence du dossier (D)',
          zones: [act.zone],
          eventId: fact.id,
          subject: fact.id,
        });
  // One rule may be broken by several stages of one fact: name it once.
  const seen = new Set<string>();
  return found.filter(({ code, eventId, subject }) => {
    const key = `${code}|${eventId}|${subject}`;
    return !seen.has(key) && seen.add(key);
  });
}
