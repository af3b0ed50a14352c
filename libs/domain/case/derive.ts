import { irregularityOf } from '../kernel/errors.js';
import { addDays, dateOf, earliest, type LocalDate, latest } from '../kernel/local-date.js';
import { type Zone, ZONE_CODES } from '../kernel/fields.js';
import { type Party, type Role } from '../kernel/roles.js';
import { definitionOf } from '../measures/index.js';
import { measureFindings, type Stage } from '../measures/measure.js';
import { accountableOf, cameBack } from './accountable.js';
import { mayBeOwnWord, settleAccords, sourceOf } from './accord.js';
import { settleDeaths } from './deaths.js';
import { personOf } from './identities.js';
import { type ActDefinition, type Fact } from './act.js';
import { type DomainEvent } from './event.js';
import { type Joined, joinedTo } from './joined.js';
import { activeLead, markEffective, participationsOf, Ways } from './taking-part.js';
import { endsBeforeStart } from './measure-acts.js';
import { oneLeaveEach } from './same-leave.js';
import { isUnfinished, measureStatus } from './measure-status.js';
import { type CaseStatus, type CaseView, emptyView, isLetIn, type Measure, type Participation, type Teller, type Triage, type Unsettled } from './view.js'; // prettier-ignore
import { isBystander, tellerOf, toConfirmSince } from './whose-word.js';

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
  const joined = joinedTo(events);
  const told = toldFacts(events, joined);
  const facts = told.filter(({ denied }) => !denied);
  const known = facts.flatMap((fact): Known[] => {
    const act = actOf(fact.type);
    return act ? [{ act, fact: act.settledBy ? withItsMark(fact) : fact }] : [];
  });
  const toldUntil = latest(...facts.map((f) => f.on));
  const live = events.filter(({ id }) => joined.live.has(id));
  const whole = fold(caseId, live, known, toldUntil, on);
  whole.irregularities.push(...deniedIn(told, actOf));
  const marked = known.filter(({ act, fact }) => toConfirmSince(whole, act, fact) !== undefined);
  if (marked.length === 0) return whole;
  const without = (some: readonly Known[]): CaseView => fold(caseId, live, known.filter((k) => !some.includes(k)), toldUntil, on); // prettier-ignore
  const bare = without(marked);
  const open = marked.filter(({ act, fact }) => isBystander(act, bare, fact));
  if (open.length === 0) return whole;
  const settled = open.length === marked.length ? bare : without(open);
  const unsettled = open.map((k) => unsettledIn(whole, bare, k));
  return { ...whole, settled, unsettled, participations: goingOn(whole, settled, unsettled) };
}
interface Known {
  readonly act: ActDefinition;
  readonly fact: Fact<Record<string, never>>;
}

function deniedIn(
  told: readonly Known['fact'][],
  actOf: (type: string) => ActDefinition | undefined,
): CaseView['irregularities'] {
  return told.flatMap(({ id, type, denied }) => {
    const act = denied && actOf(type);
    return act ? [{ code: 'fact.denied', article: 'convention (D)', zones: [act.zone], eventId: id, subject: id }] : [];
  });
}

/** The mark is about the fact, and no part of what it tells. */
function withItsMark(fact: Known['fact']): Known['fact'] {
  const { toConfirmSince, ...data } = fact.data as { readonly toConfirmSince?: LocalDate };
  return toConfirmSince === undefined ? fact : { ...fact, data: data as Known['fact']['data'], toConfirmSince };
}
function unsettledIn(whole: CaseView, bare: CaseView, { act, fact }: Known): Unsettled {
  const { measureId } = fact.data as { readonly measureId?: string };
  const words = (act.settledBy?.(bare, fact) ?? []).flatMap((organisation) => organisation ?? []);
  return {
    eventId: fact.id, on: fact.on, since: toConfirmSince(whole, act, fact) ?? fact.on, by: tellerOf(fact), zone: act.zone, words: [...new Set(words)],
    ...(measureId !== undefined && { measureId }),
  }; // prettier-ignore
}
/** Whoever owes what goes on takes part as long; by its own word one's own part may end. */
function goingOn(whole: CaseView, settled: CaseView, unsettled: readonly Unsettled[]): CaseView['participations'] {
  const isOne = (a: Participation, b: Participation): boolean =>
    a.organisation === b.organisation && a.basis === b.basis && a.from === b.from;
  const longer = settled.participations.filter(
    (p) =>
      unsettled.some(({ by }) => by.organisation !== p.organisation) &&
      !whole.participations.some((w) => isOne(w, p) && w.to === p.to),
  );
  return [...whole.participations.filter((w) => !longer.some((p) => isOne(w, p) && w.to !== undefined)), ...longer];
}

function fold(
  caseId: string,
  events: readonly Placed[],
  known: readonly Known[],
  toldUntil: LocalDate | undefined,
  on: LocalDate | undefined,
): CaseView {
  const draft = emptyView(caseId);
  const byArrival = known.filter(({ act }) => act.order === 'arrival').sort((a, b) => a.fact.revision - b.fact.revision);
  const byDate = known
    .filter(({ act }) => act.order === 'date')
    .sort((a, b) => compare(a.fact.on, b.fact.on) || a.act.rank - b.act.rank || a.fact.told - b.fact.told);
  const inOrder = [...byArrival, ...byDate];
  const leaves = oneLeaveEach(byDate.map(({ fact }) => fact));
  for (const { act, fact } of inOrder) act.apply(draft, aboutOneLeave(fact, leaves));

  numberedSince(draft, events);
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
  if (draft.consents.some(mayBeOwnWord)) {
    draft.tellers = tellersOf(known.filter(({ fact }) => !isLetIn(draft, fact)));
    draft.retold = retoldIn(events);
    draft.formsTakenBack = formsTakenBackIn(events);
  }
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
  if (toldUntil !== undefined) draft.toldUntil = toldUntil;
  return draft;
}

function formsTakenBackIn(events: readonly Placed[]): CaseView['formsTakenBack'] {
  const taken = new Set(
    events.flatMap((e) => (e.type === 'FactWithdrawn' && e.corrects?.type === 'ConsentGranted' ? [e.corrects.event] : [])),
  );
  const forms = taken.size === 0 ? [] : events.filter((e) => taken.has(e.id) && e.data['formHash'] !== undefined);
  return [...new Set(forms.flatMap((e) => (e.recordedBy ?? e.actor).organisation ?? []))].sort();
}

function retoldIn(events: readonly Placed[]): CaseView['retold'] {
  const sources = new Map(events.map((e) => [e.id, sourceOf({ by: e.actor, recordedBy: e.recordedBy })]));
  const retold: Record<string, Party[]> = {};
  for (const { id, type, corrects } of events) {
    const [was, is] = [sources.get(corrects?.event ?? ''), sources.get(id)!];
    // That it is so, or not, is told to whoever may know of the fact.
    if (was && VERDICTS[type]) retold[corrects!.event] ??= [was];
    else if (was && (was.organisation !== is.organisation || was.role !== is.role)) (retold[corrects!.event] ??= [was]).push(is);
  }
  return retold;
}

/** Who told of what. */
function tellersOf(known: readonly Known[]): Teller[] {
  const tellers = new Map<string, { readonly organisation: string; readonly role: Role; readonly zones: Set<Zone> }>();
  for (const { act, fact } of known) {
    const { organisation, role } = sourceOf(fact);
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

/** What stands: corrections replace the whole fact, withdrawals and denials take it away; the last word counts. */
export const effectiveFacts = (events: readonly Placed[], joined?: Pick<Joined, 'live' | 'cameWith'>): Known['fact'][] =>
  toldFacts(events, joined).filter(({ denied }) => !denied);

/** The same, with what was denied. */
export function toldFacts(
  events: readonly Placed[],
  { live, cameWith }: Pick<Joined, 'live' | 'cameWith'> = joinedTo(events),
): Fact<Record<string, never>>[] {
  const facts = new Map<string, Fact<Record<string, never>>>();
  events.forEach((e, index) => {
    if (!live.has(e.id)) return;
    const target = e.corrects ? facts.get(e.corrects.event) : undefined;
    if (e.corrects) {
      if (!target) return;
      if (e.type === 'FactWithdrawn') facts.delete(target.id);
      else if (VERDICTS[e.type])
        facts.set(target.id, {
          ...withoutVerdict(target),
          [VERDICTS[e.type]!]: {
            by: e.actor,
            recordedBy: e.recordedBy,
            ...(cameWith.has(e.id) && { joined: cameWith.get(e.id)! }),
          },
        });
      else
        facts.set(target.id, {
          // What is corrected is another thing than what was confirmed or denied.
          ...withoutVerdict(target),
          on: e.corrects.occurredOn ?? target.on,
          data: e.data as Record<string, never>,
          ...(e.corrects.keepsPlace ? {} : { told: e.revision ?? index }),
          toldAt: e.recordedAt,
        });
      return;
    }
    facts.set(e.id, {
      id: e.id, type: e.type, on: e.occurredOn, by: e.actor, recordedBy: e.recordedBy, data: e.data as Record<string, never>, revision: e.revision ?? index, told: e.revision ?? index, toldAt: e.recordedAt, ...(cameWith.has(e.id) && { joined: cameWith.get(e.id)! }),
    }); // prettier-ignore
  });
  return [...facts.values()];
}

const VERDICTS: Readonly<Record<string, 'confirmed' | 'denied'>> = { FactConfirmed: 'confirmed', FactDenied: 'denied' };
const withoutVerdict = ({ confirmed: _confirmed, denied: _denied, ...fact }: Known['fact']): Known['fact'] => fact;

/** Whatever was put right since, a number was told when it was told first. */
function numberedSince(draft: CaseView, events: readonly Placed[]): void {
  for (const number of draft.numbers)
    for (const { data, recordedAt } of events)
      if (
        recordedAt < number.toldAt &&
        [data['nir'], data['nia']].some((told) => String(told ?? '').slice(0, 13) === number.value)
      )
        number.toldAt = recordedAt;
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
function irregularitiesOf(v: CaseView, known: readonly Known[]): CaseView['irregularities'] {
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
