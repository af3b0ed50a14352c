import { successorOf, takesPart } from '../case/taking-part.js';
import { type CaseView, type Missed } from '../case/view.js';
import { type LocalDate, within } from '../kernel/local-date.js';
import { type OrganisationId, type Role } from '../kernel/roles.js';
import { type Delays, type Rulebook } from './delays.js';
import { escalationToHandle } from './duties/escalation-to-handle.js';
import { type KnownRule, type RuleCode, RULES } from './index.js';
import { accountableIn } from './owners.js';
import { type Found, type Nature } from './rule.js';

/** What a rule asks of an organisation in a case, or shows it. */
export interface Obligation {
  readonly nature: Nature;
  readonly rule: RuleCode;
  /** What it is about: the id of a handshake, measure, appointment …, or of the case. */
  readonly subject: string;
  readonly organisation: OrganisationId;
  readonly role: Role;
  /** First day on which it is so; may be ahead. */
  readonly since: LocalDate;
  /** Last day on which it is so, where time alone ends it. */
  readonly until?: LocalDate;
  /** Of a duty, the last day to do it; of a horizon, the day to see coming. */
  readonly due?: LocalDate;
  /** Of a duty, the last day before it counts as missed. */
  readonly graceUntil?: LocalDate;
  /** Of a duty that was due before the case was known here: that day. It was not missed here, and has a new `due`. */
  readonly past?: LocalDate;
  readonly restartedBy?: string;
  readonly article: string;
  /** Of a duty: how far the watch has gone. 0: not missed. 1: its owner was told; 2: its organisation; 3: the coordinator. */
  readonly step: 0 | 1 | 2 | 3;
}

/**
 * All that the rules find in a case, for any day: what is so today is `current(…, today)`. Nothing once the person has died or a triage
 * has ended it. A duty goes with the part: to whoever took that over, and to nobody who has left.
 * @param knownOn the day on which the case began to be recorded here: what was due before is past, not missed
 * @param rules all of them; the proof takes one away, to see that it finds the hole
 */
export function obligations(v: CaseView, book: Rulebook, knownOn?: LocalDate, rules = RULES): Obligation[] {
  if (v.status === 'deceased' || v.status === 'ended-by-triage' || v.status === 'merged') return [];
  const delays = book.for(v.caisse);
  const of = (rule: KnownRule, view: CaseView): Obligation[] =>
    rule.find(view, delays).flatMap((found) => owed(v, rule, found, delays, knownOn));
  const found = rules
    .filter((rule) => rule !== escalationToHandle && (v.status !== 'closed' || rule.afterClosure))
    .flatMap((rule) => of(rule, v));
  // A missed duty that was done since is nobody's any more.
  const missed = v.missed.filter((m) => found.some((o) => isClockOf(m, o)));
  return [...found, ...of(escalationToHandle, { ...v, missed })];
}

/** What is so on a day. */
export const current = (all: readonly Obligation[], today: LocalDate): Obligation[] =>
  all.filter((o) => within(today, o.since, o.until));

/** The same rule, about the same thing, since the same start. */
export const isClockOf = (m: Pick<Missed, 'rule' | 'subject' | 'restartedBy'>, o: Obligation): boolean =>
  m.rule === o.rule && m.subject === o.subject && m.restartedBy === o.restartedBy;

function owed(v: CaseView, rule: KnownRule, found: Found, delays: Delays, knownOn: LocalDate | undefined): Obligation[] {
  const { owner = accountableIn(v), cameOn, due, ...rest } = found;
  const organisation = owner?.organisation && successorOf(v, owner.organisation, cameOn ?? found.since);
  if (!organisation || !within(found.since, rule.from, rule.to)) return [];
  if (v.toldUntil === undefined || !takesPart(v, organisation, v.toldUntil)) return [];
  const { nature, code, article } = rule;
  const common = { ...rest, nature, rule: code, organisation, role: owner.role, article, step: 0 } as const;
  if (rule.nature !== 'duty') return [{ ...common, ...(due && { due }) }];
  const past = due !== undefined && knownOn !== undefined && due < knownOn ? due : undefined;
  const last = past === undefined ? due : delays.dueBy(rule.delay, knownOn!);
  const duty: Obligation = {
    ...common,
    ...(last && { due: last, graceUntil: rule.grace ? delays.dueBy(rule.grace, last) : last }),
    ...(past && { past }),
  };
  return [
    { ...duty, step: v.missed.reduce<Obligation['step']>((step, m) => (isClockOf(m, duty) && m.step > step ? m.step : step), 0) },
  ];
}
