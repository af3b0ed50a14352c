import { isSuspended } from '../case/deaths.js';
import { successorOf, takesPart } from '../case/taking-part.js';
import { type CaseView, type Missed, OVER, type Unsettled } from '../case/view.js';
import { maySee } from '../confidentiality/redact.js';
import { type Zone } from '../kernel/fields.js';
import { type LocalDate, within } from '../kernel/local-date.js';
import { CASE_WORKERS, type OrganisationId, type Role } from '../kernel/roles.js';
import { type Delays, type Rulebook } from './delays.js';
import { deathToConfirm } from './duties/death-to-confirm.js';
import { escalationToHandle } from './duties/escalation-to-handle.js';
import { factToConfirm } from './duties/fact-to-confirm.js';
import { type KnownRule, type RuleCode, RULES } from './index.js';
import { accountableIn, caisseOf, lastDayIn } from './owners.js';
import { type Found, type Nature, type Owner } from './rule.js';

/** What a rule asks of an organisation in a case, or shows it. */
export interface Obligation {
  readonly nature: Nature;
  readonly rule: RuleCode;
  /** What it is about: the id of a handshake, measure, appointment …, or of the case. */
  readonly subject: string;
  /** Whose existence it tells of. */
  readonly zone: Zone;
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
  /** Of a duty whose day was fixed by somebody: no delay was counted. */
  readonly fixed?: true;
  readonly restartedBy?: string;
  /** How many there are, where one line stands for several. */
  readonly count?: number;
  readonly article: string;
  /** Of a duty: how far the watch has gone. 0: not missed. 1: its owner was told; 2: its organisation; 3: the coordinator. */
  readonly step: 0 | 1 | 2 | 3;
}

/**
 * All that the rules find in a case, for any day: what is so today is `current(…, today)`. Nothing once the person has died or a triage
 * has ended it; while a death is told and not confirmed, nothing but the duty to say whether it is so. A duty goes with the part, to whoever took that over. One whose owner is not known, has left, or may not see what it is
 * about is the accountable partner's, else the caisse's (decision 14): no duty is nobody's.
 * @param knownOn the day on which the case began to be recorded here: what was due before is past, not missed
 * @param whole the case in full, where `v` is what one partner sees: only there can be told whether a missed duty was done since
 * @param rules all of them; the proof takes one away, to see that it finds the hole
 */
export function obligations(v: CaseView, book: Rulebook, knownOn?: LocalDate, whole = v, rules = RULES): Obligation[] {
  if (OVER.includes(v.status)) return [];
  const delays = book.for(v.caisse);
  const of = (rule: KnownRule, given: CaseView, view = given): Obligation[] =>
    rule.find(given, delays).flatMap((one) => owed(view, rule, one, delays, knownOn));
  const inForce = (view: CaseView): readonly KnownRule[] =>
    rules.filter(
      (rule) =>
        rule !== escalationToHandle &&
        rule !== factToConfirm &&
        (view.status !== 'closed' || rule.afterClosure) &&
        (!isSuspended(view) || rule === deathToConfirm),
    );
  const foundIn = (view: CaseView): Obligation[] => {
    const all = inForce(view).flatMap((rule) => of(rule, view));
    if (!view.settled || isSuspended(view)) return all;
    const { settled } = view;
    const kept = keptAlive(
      view,
      all,
      inForce(settled).flatMap((rule) => of(rule, settled)),
    );
    const toConfirm = rules.includes(factToConfirm) ? of(factToConfirm, { ...view, unsettled: keeping(view, kept) }, view) : [];
    return [...all.filter((o) => !kept.some((k) => isSameDuty(k, o))), ...kept, ...toConfirm];
  };
  const found = foundIn(v);
  const open = whole === v || v.missed.every((m) => m.step < 3) ? found : foundIn(whole);
  // A missed duty that was done since is nobody's any more.
  const missed = v.missed.filter((m) => open.some((o) => isClockOf(m, o)));
  return [...found, ...of(escalationToHandle, { ...v, missed }, v)];
}

const isSameDuty = (a: Obligation, b: Obligation): boolean =>
  a.rule === b.rule && a.subject === b.subject && a.organisation === b.organisation && a.role === b.role;
/**
 * The duties of others that bystanders' words would end, or give another day: they go on as they were without these (ADR 0023). Whoever told
 * it ends its own.
 */
function keptAlive({ unsettled }: CaseView, found: readonly Obligation[], settled: readonly Obligation[]): Obligation[] {
  const isTheSame = (a: Obligation, b: Obligation): boolean =>
    isSameDuty(a, b) && a.since === b.since && a.due === b.due && a.restartedBy === b.restartedBy;
  return settled.filter(
    (s) =>
      s.nature === 'duty' && !found.some((o) => isTheSame(o, s)) && unsettled.some((u) => u.by.organisation !== s.organisation),
  );
}
/** Of a measure, what is about it; anything else may end whatever is owed. */
const keeping = ({ unsettled }: CaseView, kept: readonly Obligation[]): Unsettled[] =>
  unsettled.map((u) => ({
    ...u,
    keeps: kept.filter((k) => k.organisation !== u.by.organisation && (u.measureId === undefined || u.measureId === k.subject)),
  }));

/** What is so on a day. */
export const current = (all: readonly Obligation[], today: LocalDate): Obligation[] =>
  all.filter((o) => within(today, o.since, o.until));

/** The same rule, about the same thing, since the same start, with the same owner. */
export const isClockOf = (
  m: Pick<Missed, 'rule' | 'subject' | 'restartedBy' | 'owner'>,
  o: Pick<Obligation, 'rule' | 'subject' | 'restartedBy' | 'organisation'>,
): boolean => m.rule === o.rule && m.subject === o.subject && m.restartedBy === o.restartedBy && m.owner === o.organisation;

/** The first one that has an account, takes part and may see what it is about. */
function ownerOf(v: CaseView, rule: KnownRule, found: Found): Pick<Obligation, 'organisation' | 'role'> | undefined {
  const { owner = accountableIn(v), cameOn = found.since, zone = rule.zone } = found;
  const on = lastDayIn(v);
  if (on === undefined) return undefined;
  const isOne = (o: Owner | undefined, isParty: boolean): Pick<Obligation, 'organisation' | 'role'> | undefined => {
    if (!o?.organisation || !CASE_WORKERS.includes(o.role)) return undefined;
    const { role } = o;
    const one = { organisation: successorOf(v, o.organisation, cameOn), role };
    return takesPart(v, one.organisation, on) && (rule.nature !== 'duty' || maySee(one, zone, v, isParty, on)) ? one : undefined;
  };
  // Whoever a rule names is a party to what it asks.
  return (
    isOne(owner, found.owner !== undefined) ??
    (rule.nature === 'duty' ? (isOne(accountableIn(v), false) ?? isOne(caisseOf(v), false)) : undefined)
  );
}

function owed(v: CaseView, rule: KnownRule, found: Found, delays: Delays, knownOn: LocalDate | undefined): Obligation[] {
  const { owner: _owner, cameOn: _cameOn, due, ...rest } = found;
  const owner = ownerOf(v, rule, found);
  if (!owner || !within(found.since, rule.from, rule.to)) return [];
  const { nature, code, article, zone } = rule;
  // What is spread comes last: an object made the other way round takes thirty times as long, and there are many.
  const common = { nature, rule: code, article, zone, ...owner, ...rest } as const;
  if (rule.nature !== 'duty') return [{ step: 0, ...common, ...(due && { due }) }];
  const past = due !== undefined && knownOn !== undefined && due < knownOn ? due : undefined;
  const last = past === undefined ? due : delays.dueBy(rule.delay, knownOn!);
  const step = v.missed.reduce<Obligation['step']>((most, m) => (isClockOf(m, common) && m.step > most ? m.step : most), 0);
  return [
    {
      step,
      ...common,
      ...(last && { due: last, graceUntil: rule.grace ? delays.dueBy(rule.grace, last) : last }),
      ...(past && { past }),
    },
  ];
}
