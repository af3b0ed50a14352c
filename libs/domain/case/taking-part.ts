import { addDays, earliest, latest, type LocalDate, localDate, within } from '../kernel/local-date.js';
import { INSTITUTIONS, type OrganisationId, type Party, type Role, sameInstitution, SPST_ROLES } from '../kernel/roles.js';
import { definitionOf } from '../measures/index.js';
import { addressedTo, endOf, openedFrom } from './accord.js';
import {
  cameBy,
  type CaseView,
  type Consent,
  type Handover,
  type Handshake,
  type Lead,
  type Measure,
  type Participation,
  type Signal,
} from './view.js';

/** The case on its way from one partner to another. */
interface Crossing {
  /** Missing where only an accord takes it there. */
  readonly from?: Party | undefined;
  readonly to: { readonly organisation: OrganisationId | null; readonly role: Role };
  readonly on: LocalDate;
  readonly consentId?: string | undefined;
  readonly revision?: number | undefined;
}
const sending = (h: Handshake): Crossing => ({ from: h.letIn ? undefined : h.from, to: h.to, on: h.sentOn, consentId: h.consentId, revision: h.revision }); // prettier-ignore
const offering = (o: Handover): Crossing => ({ from: o.letIn ? undefined : o.from, to: { organisation: o.to, role: o.toRole }, on: o.proposedOn, revision: o.revision }); // prettier-ignore
const asking = ({ requestedOn: on }: Pick<Measure, 'requestedOn'>, to: Named): Crossing[] =>
  on === undefined ? [] : [{ to, on }];

/** The accord on which it rests: among those for this recipient and this day the one that it names, else one that stands. */
const accordOf = (v: CaseView, { to, on, consentId }: Crossing): Consent | undefined => {
  const fit = v.consents.filter(
    (c) => within(on, c.from, c.to) && addressedTo(c, to) && openedFrom(c, to.organisation) !== undefined,
  );
  return fit.find((c) => c.id === consentId) ?? fit.find((c) => endOf(c, to.organisation) === undefined) ?? fit.at(-1);
};
/** Within one institution a case needs no accord of its own to pass on. But nobody comes back so whose own accord is gone. */
const passesFreely = (v: CaseView, { from, to }: Crossing): boolean =>
  from !== undefined &&
  sameInstitution(from.role, to.role) &&
  (INSTITUTIONS[to.role] === 'assurance-maladie' ||
    !crossingsTo(v, to.organisation).some(
      (x) => !(x.from && sameInstitution(x.from.role, x.to.role)) && endOf(accordOf(v, x), to.organisation) !== undefined,
    ));
const accordStands = (v: CaseView, x: Crossing): boolean => {
  const accord = accordOf(v, x);
  return accord !== undefined && endOf(accord, x.to.organisation) === undefined;
};

const crossingsTo = (v: CaseView, organisation: OrganisationId | null): Crossing[] => [
  ...v.handshakes.filter((h) => h.to.organisation === organisation).map(sending),
  ...[...v.handovers, ...v.transfers]
    .filter((o) => o.to === organisation && (!o.answer || o.answer.kind === 'accepted'))
    .map(offering),
];
/** Whether it has let anybody in, be it shut by now. */
const onceStood = (v: CaseView, x: Crossing): boolean => passesFreely(v, x) || accordOf(v, x) !== undefined;
const waysIn = (v: CaseView, organisation: OrganisationId): Crossing[] => [
  ...crossingsTo(v, organisation),
  ...v.measures.flatMap((m) =>
    namedBy(m).flatMap((to) =>
      to.organisation === organisation && !comesByLaw(v, m, to) ? asking(m, to).filter((x) => accordOf(v, x)) : [],
    ),
  ),
];
/**
 * Its teller had no way in by then. What is told by whoever an accord has let in does not outlast that accord. Before `inside` was kept, the
 * order of the log says it.
 */
const brought = (v: CaseView, { holder: { organisation }, part, letIn, byLaw, inside, revision }: Signal): boolean =>
  part?.kind !== 'ended' &&
  !(letIn && isGuest(v, organisation)) &&
  (letIn === true ||
    byLaw === true ||
    organisation === null ||
    (!inside && !crossingsTo(v, organisation).some((x) => (x.revision ?? 0) < revision && onceStood(v, x))));
/** It took part in a file that was let in, which somebody else had opened: only that one comes in with it. */
const isGuest = (v: CaseView, organisation: OrganisationId | null): boolean =>
  organisation !== null && v.joins.some(({ guests }) => guests.includes(organisation));
/** It brought the case, or answers for it: no accord let it in. */
const broughtIt = (v: CaseView, organisation: OrganisationId): boolean =>
  v.caisse === organisation ||
  v.openedBy?.organisation === organisation ||
  v.joins.some(({ author }) => author === organisation) ||
  v.signals.some((s) => s.holder.organisation === organisation && brought(v, s));
/** It came with a file that was parted again, or its part was ended: what it did meanwhile lets it in no more. */
const isOut = (v: CaseView, organisation: OrganisationId): boolean =>
  v.parted.includes(organisation) ||
  isGuest(v, organisation) ||
  v.signals.some((s) => s.holder.organisation === organisation && s.part?.kind === 'ended');
const NEVER = localDate('1900-01-01');
/** Sorts after every day: no end is known. */
const OPEN = '9999-12-31';
const last = (...days: readonly string[]): string => days.reduce((a, b) => (a < b ? b : a), '');

/**
 * Which ways into a case stand, and until when. A case crosses from one institution to another with the person's accord only, and as long as
 * it stands; silence is no accord. Within one institution it stands as long as that of whoever passed it on: she can't withdraw from the
 * second what she had agreed to for the first. So it is worked out from those who brought the case outwards; what was passed round and
 * back again rests on nothing.
 */
export class Ways {
  readonly #brought = new Map<OrganisationId, boolean>();
  readonly #ways = new Map<OrganisationId, readonly Crossing[]>();
  #grounded: ReadonlySet<OrganisationId> | undefined;
  #ends: ReadonlyMap<OrganisationId, string> | undefined;

  /** @param v of which who opened it, was sent it and agreed to what changes no more while this is in use */
  constructor(private readonly v: CaseView) {}

  stands(x: Crossing): boolean {
    const from = x.from?.organisation;
    const passed = passesFreely(this.v, x) && (!from || this.grounded.has(from));
    return passed || accordStands(this.v, x);
  }
  /** It brought the case, answers for it, or is let in by a way that stands. */
  admits(organisation: OrganisationId): boolean {
    if (this.brought(organisation)) return true;
    const ways = this.to(organisation);
    return ways.length === 0 ? !isOut(this.v, organisation) : ways.some((x) => this.stands(x));
  }
  /** The first day on which no way in stands any more: all accords withdrawn, or past their last day. */
  shutFrom(organisation: OrganisationId): LocalDate | undefined {
    const admitted = this.admits(organisation);
    if (this.brought(organisation)) return undefined;
    const ways = this.to(organisation);
    const end = this.#endOf(organisation, this.ends);
    if (end === OPEN) return admitted ? undefined : (first(ways) ?? NEVER);
    return end === '' ? (first(ways) ?? NEVER) : localDate(end);
  }
  /** The first day on which one way does not stand any more, where that is known. */
  shutOf(x: Crossing): LocalDate | undefined {
    const end = this.#endOfWay(x, this.ends);
    return end === OPEN || end === '' ? undefined : localDate(end);
  }

  /** It brought the case, or answers for it: no accord let it in. */
  brought(organisation: OrganisationId): boolean {
    const known = this.#brought.get(organisation) ?? broughtIt(this.v, organisation);
    this.#brought.set(organisation, known);
    return known;
  }

  private to(organisation: OrganisationId): readonly Crossing[] {
    const ways = this.#ways.get(organisation) ?? waysIn(this.v, organisation);
    this.#ways.set(organisation, ways);
    return ways;
  }
  /** Whoever passes the case on, or has been passed it. */
  private get all(): readonly OrganisationId[] {
    const { handshakes, handovers, transfers } = this.v;
    const crossings = [...handshakes.map(sending), ...[...handovers, ...transfers].map(offering)];
    return [...new Set(crossings.flatMap(({ from, to }) => [from?.organisation ?? [], to.organisation ?? []].flat()))];
  }
  private get grounded(): ReadonlySet<OrganisationId> {
    if (this.#grounded) return this.#grounded;
    const grounded = (this.#grounded = new Set<OrganisationId>());
    const { all } = this;
    for (let before = -1; before < grounded.size;) {
      before = grounded.size;
      for (const o of all)
        if (this.brought(o) || this.to(o).length === 0 || this.to(o).some((x) => this.stands(x)) || this.#goesOnIn(o, grounded))
          grounded.add(o);
    }
    return grounded;
  }
  /** It has passed its part on to one whose way stands: what rested on it rests on that one. */
  #goesOnIn(organisation: OrganisationId, grounded: ReadonlySet<OrganisationId>): boolean {
    return this.v.transfers.some(
      ({ from, to, answer }) =>
        from.organisation === organisation && answer?.kind === 'accepted' && (grounded.has(to) || this.brought(to)),
    );
  }
  private get ends(): ReadonlyMap<OrganisationId, string> {
    if (this.#ends) return this.#ends;
    const ends = new Map<OrganisationId, string>();
    const { all } = this;
    for (let changed = true; changed;) {
      changed = false;
      for (const o of all) {
        const end = this.#endOf(o, ends);
        changed ||= end > (ends.get(o) ?? '');
        ends.set(o, last(end, ends.get(o) ?? ''));
      }
    }
    return (this.#ends = ends);
  }
  #endOf(organisation: OrganisationId, ends: ReadonlyMap<OrganisationId, string>): string {
    const ways = this.to(organisation);
    if (this.brought(organisation)) return OPEN;
    if (ways.length === 0) return isOut(this.v, organisation) ? '' : OPEN;
    const standing = ways.filter((x) => this.stands(x));
    return last(...(standing.length > 0 ? standing : ways).map((x) => this.#endOfWay(x, ends)));
  }
  #endOfWay(x: Crossing, ends: ReadonlyMap<OrganisationId, string>): string {
    const accord = accordOf(this.v, x);
    const own = accord ? (endOf(accord, x.to.organisation) ?? (accord.to && addDays(accord.to, 1)) ?? OPEN) : '';
    if (!passesFreely(this.v, x)) return own;
    const from = x.from?.organisation;
    return last(own, from ? (ends.get(from) ?? '') : OPEN);
  }
}
const first = (ways: readonly Crossing[]): LocalDate | undefined => ways.map((x) => x.on).sort()[0];

/** Whether a way into the case stands for an organisation: it brought the case, answers for it, or the person's accord lets it in. */
export const admitted = (v: CaseView, organisation: OrganisationId): boolean => new Ways(v).admits(organisation);
/**
 * Who is in the case without any word of one organisation: its caisse, whoever opened it or has it by law, and whom these sent it to, each
 * by a way that stands. Not who was let in with a file of its own, nor by what that organisation told, asked or sent (ADR 0016).
 */
export function inWithout(v: CaseView, organisation: OrganisationId): ReadonlySet<OrganisationId> {
  const rest = { ...v, consents: v.consents.filter((c) => c.toldBy.organisation !== organisation) };
  const byLaw = v.signals.filter((s) => s.byLaw || s.part?.kind === 'confirmed').map((s) => s.holder.organisation);
  const found = new Set([v.caisse, v.openedBy?.organisation, ...byLaw].filter((o) => o !== undefined && o !== null));
  found.delete(organisation);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const x of v.handshakes.map(sending)) {
      const { organisation: to } = x.to;
      const sent = found.has(x.from?.organisation ?? '') && to !== null && to !== organisation;
      if (sent && (passesFreely(rest, x) || accordStands(rest, x))) found.add(to);
    }
  }
  return found;
}
export function markEffective(v: CaseView, ways: Ways): void {
  for (const h of v.handshakes) h.effective = ways.stands(sending(h));
}

/** Who has the part that an organisation had on a day: itself, or the one to which it has passed it since. */
export const successorOf = (v: CaseView, organisation: OrganisationId, since: LocalDate): OrganisationId =>
  v.transfers.reduce(
    (holder, { from, to, answer }) =>
      from.organisation === holder && answer?.kind === 'accepted' && answer.on >= since ? to : holder,
    organisation,
  );

/** From a day on somebody leads. The lead of a file that was let in goes before: it takes the case from nobody who leads it. */
export function giveLead(v: CaseView, lead: Lead, fact: { readonly joined?: string }): void {
  if (!cameBy(v, fact)?.letIn) v.leads.push(lead);
  else v.leads.splice(v.leads.filter((l) => l.letIn).length, 0, { ...lead, letIn: true });
}

/** The last lead given, unless its organisation was let in by an accord that is gone. */
export function activeLead(v: CaseView, ways: Ways): Lead | undefined {
  const lead = v.leads.at(-1);
  return lead && ways.admits(lead.organisation) ? lead : undefined;
}

/** Somebody whom a measure names: to give an opinion, or to decide. */
interface Named {
  readonly organisation: OrganisationId;
  readonly role: Role;
}
type Naming = Pick<Measure, 'type' | 'requestedOn' | 'ofCaisse' | 'letIn'>;
const namedBy = (m: Measure): Named[] => [
  ...(m.decider === undefined ? [] : [{ organisation: m.decider, role: definitionOf(m)?.decidedBy ?? ('CPAM' as const) }]),
  ...m.asked,
];
/**
 * Whom a measure may name without the person's accord: whoever has the case anyway; the fund of the case, and the Service médical that
 * is that fund's own (L.315-1 CSS); a health service, as long as the case has never known any, since the law ties it to the person
 * (L.4622-2-1 CT). Never one whose own way in has ended, nor in a role that the measure does not foresee.
 */
function comesByLaw(v: CaseView, m: Naming, { organisation, role }: Named): boolean {
  if (v.caisse === organisation || v.openedBy?.organisation === organisation) return true;
  // What came with a file that was let in names nobody here.
  if (m.letIn) return false;
  const definition = definitionOf(m);
  const foreseen = !definition || definition.decidedBy === role || definition.opinions.some((o) => o.role === role);
  const ended = v.signals.some((s) => s.holder.organisation === organisation && s.part?.kind === 'ended');
  if (!foreseen || ended || crossingsTo(v, organisation).some((x) => onceStood(v, x))) return false;
  if (role === 'CPAM' || role === 'MC') return v.caisse === undefined || m.ofCaisse?.includes(organisation) === true;
  return !SPST_ROLES.includes(role) || !knowsAnSpst(v);
}
const knowsAnSpst = (v: CaseView): boolean =>
  (v.openedBy !== undefined && SPST_ROLES.includes(v.openedBy.role)) ||
  [...v.handshakes.map(sending), ...[...v.handovers, ...v.transfers].map(offering)].some(
    (x) => x.to.organisation !== null && SPST_ROLES.includes(x.to.role) && onceStood(v, x),
  );
/** A measure names somebody whom only an accord of the person lets in, and there is none that stands. */
export function isElsewhere(v: CaseView, m: Naming, to: Named): boolean {
  if (comesByLaw(v, m, to) || broughtIt(v, to.organisation)) return false;
  const ways = new Ways(v);
  return ![...waysIn(v, to.organisation), ...asking(m, to)].some((x) => ways.stands(x));
}

/** Why, from when and until when each organisation takes part (decision 7). To any other one the case does not exist. */
export function participationsOf(v: CaseView, ways: Ways): Participation[] {
  const parts: Participation[] = [];
  const add = (
    organisation: OrganisationId | null | undefined,
    basis: Participation['basis'],
    from: LocalDate | undefined,
    to?: LocalDate,
  ): void => {
    if (organisation && from !== undefined) parts.push({ organisation, basis, from, ...(to !== undefined && { to }) });
  };
  /** A part that lasts no longer than the way in of whoever has it. */
  const addAdmitted: typeof add = (organisation, basis, from, to) => {
    if (organisation) add(organisation, basis, from, earliest(to, ways.shutFrom(organisation)));
  };
  /** The same for whom a measure names. It may have come by law alone: no way in that could end. */
  const addNamed = (
    m: Measure,
    to: Named,
    basis: 'asked' | 'decides' | 'hosts',
    from: LocalDate | undefined,
    end?: LocalDate,
  ) => {
    const otherwise = crossingsTo(v, to.organisation).some((x) => onceStood(v, x));
    if ((basis === 'hosts' && !m.letIn) || comesByLaw(v, m, to) || ways.brought(to.organisation))
      (otherwise ? addAdmitted : add)(to.organisation, basis, from, end);
    else {
      const accords = asking(m, to).flatMap((x) => accordOf(v, x) ?? []);
      const opened = otherwise ? undefined : earliest(...accords.map((c) => openedFrom(c, to.organisation)));
      if (otherwise || accords.length > 0) addAdmitted(to.organisation, basis, latest(from, opened), end);
    }
  };
  const passedTo = v.transfers.findLast((o) => o.to === v.caisse && o.toRole === 'CPAM' && o.answer?.kind === 'accepted');
  add(v.caisse, 'caisse', passedTo?.answer?.on ?? v.openedOn);
  for (const s of v.signals)
    add(
      s.holder.organisation,
      'opened',
      s.on,
      earliest(
        s.triage?.outcome === 'passed-on' ? s.triage.on : undefined,
        s.part?.kind === 'ended' ? s.part.on : s.holder.organisation === null ? undefined : ways.shutFrom(s.holder.organisation),
      ),
    );
  for (const h of v.handshakes) {
    addAdmitted(h.from.organisation, 'sent', h.sentOn);
    addAdmitted(h.toldBy?.organisation, 'sent', h.sentOn);
    const accord = accordOf(v, sending(h));
    const left =
      h.answer && h.answer.kind !== 'accepted'
        ? h.answer.on
        : h.triage && h.triage.outcome !== 'accompanied'
          ? h.triage.on
          : undefined;
    const since = latest(h.sentOn, accord && openedFrom(accord, h.to.organisation));
    const shut = ways.shutOf(sending(h));
    if (h.effective) add(h.to.organisation, 'received', since, earliest(left, shut));
    else if (shut !== undefined) add(h.to.organisation, 'received', since, earliest(left, shut));
  }
  v.leads.forEach((lead, i) => addAdmitted(lead.organisation, 'leads', lead.from, v.leads[i + 1]?.from));
  for (const p of v.handovers) addAdmitted(p.to, 'asked', p.proposedOn, p.answer?.on);
  for (const p of v.transfers) {
    addAdmitted(p.to, 'asked', p.proposedOn, p.answer?.on);
    if (p.answer?.kind === 'accepted') addAdmitted(p.to, 'received', p.answer.on);
  }
  for (const m of v.measures) {
    const refusedOn = m.status === 'refused' ? m.decisions.at(-1)?.on : undefined;
    const over = m.closed?.on ?? refusedOn;
    for (const to of namedBy(m))
      if (to.organisation === m.decider && !m.asked.includes(to))
        addNamed(m, to, 'decides', m.requestedOn ?? m.decisions[0]?.on, over);
      else addNamed(m, to, 'asked', m.requestedOn, over);
    const agreed = m.agreements[0]?.on ?? m.startedOn;
    if (m.host !== undefined) addNamed(m, { organisation: m.host, role: 'HOST' }, 'hosts', agreed, over);
  }
  return parts.flatMap((part) => passedOn(v, part));
}
/** Whoever passed its part on has none from that day; whoever took it over goes on with what was still under way. */
function passedOn(v: CaseView, part: Participation): Participation[] {
  const transfer = v.transfers.find(
    ({ from, answer }) =>
      from.organisation === part.organisation &&
      answer?.kind === 'accepted' &&
      part.from <= answer.on &&
      (part.to === undefined || part.to > answer.on) &&
      !(part.from === answer.on && part.basis === 'caisse'),
  );
  return transfer?.answer ? [{ ...part, to: transfer.answer.on }] : [part];
}

/** Whether an organisation takes part on a day. One that goes on reading what it told, and nothing else, does not. */
export const takesPart = (v: Pick<CaseView, 'participations'>, organisation: OrganisationId, on: LocalDate): boolean =>
  v.participations.some(
    (p) =>
      p.basis !== 'own' && p.organisation === organisation && within(on, p.from, undefined) && (p.to === undefined || on < p.to),
  );
