import { addDays, earliest, latest, type LocalDate, localDate, within } from '../kernel/local-date.js';
import { type OrganisationId, type Party, type Role, sameInstitution, SPST_ROLES } from '../kernel/roles.js';
import { definitionOf } from '../measures/index.js';
import { accordOpens, addressedTo, endOf, openedFrom } from './accord.js';
import {
  cameBy,
  type CaseView,
  type Consent,
  type Handover,
  type Handshake,
  type Lead,
  type Measure,
  type Participation,
} from './view.js';

/** The case on its way from one partner to another. */
interface Crossing {
  readonly from: Party;
  readonly to: { readonly organisation: OrganisationId | null; readonly role: Role };
  readonly on: LocalDate;
  readonly consentId?: string | undefined;
  readonly letIn?: true | undefined;
}
const sending = (h: Handshake): Crossing => ({ from: h.from, to: h.to, on: h.sentOn, consentId: h.consentId, letIn: h.letIn });
const offering = (o: Handover): Crossing => ({
  from: o.from,
  to: { organisation: o.to, role: o.toRole },
  on: o.proposedOn,
  letIn: o.letIn,
});

/** The accord on which it rests: among those for this recipient and this day the one that it names, else one that stands. */
const accordOf = (v: CaseView, { to, on, consentId }: Crossing): Consent | undefined => {
  const fit = v.consents.filter(
    (c) => within(on, c.from, c.to) && addressedTo(c, to) && openedFrom(c, to.organisation) !== undefined,
  );
  return fit.find((c) => c.id === consentId) ?? fit.find((c) => endOf(c, to.organisation) === undefined) ?? fit.at(-1);
};
const shutOf = (v: CaseView, x: Crossing): LocalDate | undefined => endOf(accordOf(v, x), x.to.organisation);
/** A case crosses from one institution to another with the person's accord only, and as long as it stands. Silence is no accord. */
const stands = (v: CaseView, x: Crossing): boolean => {
  if (!x.letIn && sameInstitution(x.from.role, x.to.role)) return true;
  const accord = accordOf(v, x);
  return accord !== undefined && endOf(accord, x.to.organisation) === undefined;
};
export function markEffective(v: CaseView): void {
  for (const h of v.handshakes) h.effective = stands(v, sending(h));
}

const waysIn = (v: CaseView, organisation: OrganisationId): Crossing[] => [
  ...v.handshakes.filter((h) => h.to.organisation === organisation).map(sending),
  ...[...v.handovers, ...v.transfers]
    .filter((o) => o.to === organisation && (!o.answer || o.answer.kind === 'accepted'))
    .map(offering),
];
/** It brought the case, or answers for it: no accord let it in. */
const broughtIt = (v: CaseView, organisation: OrganisationId): boolean =>
  v.caisse === organisation ||
  v.openedBy?.organisation === organisation ||
  v.signals.some((s) => s.holder.organisation === organisation && s.part?.kind !== 'ended');
/** It came with a file that was parted again, or its part was ended: what it did meanwhile lets it in no more. */
const isOut = (v: CaseView, organisation: OrganisationId): boolean =>
  v.parted.includes(organisation) || v.signals.some((s) => s.holder.organisation === organisation && s.part?.kind === 'ended');
/** Whether a way into the case stands for an organisation: it brought the case, answers for it, or the person's accord lets it in. */
export function admitted(v: CaseView, organisation: OrganisationId): boolean {
  if (broughtIt(v, organisation)) return true;
  const ways = waysIn(v, organisation);
  return ways.length === 0 ? !isOut(v, organisation) : ways.some((x) => stands(v, x));
}
/** The first day on which no way in stands any more: all accords withdrawn, or past their last day. */
export function shutFrom(v: CaseView, organisation: OrganisationId): LocalDate | undefined {
  const ways = waysIn(v, organisation);
  if (!admitted(v, organisation)) return latest(...ways.map((x) => shutOf(v, x))) ?? ways.map((x) => x.on).sort()[0] ?? NEVER;
  if (broughtIt(v, organisation)) return undefined;
  const ends = ways.filter((x) => stands(v, x)).map((x) => lastDayOf(v, x));
  const last = ends.includes(undefined) ? undefined : latest(...ends);
  return last && addDays(last, 1);
}
const NEVER = localDate('1900-01-01');
const lastDayOf = (v: CaseView, x: Crossing): LocalDate | undefined =>
  sameInstitution(x.from.role, x.to.role) ? undefined : accordOf(v, x)?.to;

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
export function activeLead(v: CaseView): Lead | undefined {
  const lead = v.leads.at(-1);
  return lead && admitted(v, lead.organisation) ? lead : undefined;
}

/**
 * Another fund, or another health service, than the one that the case has: a measure that names it lets it in by an accord of the person
 * only. Who is not known yet may be named by whoever asks: the law ties it to the person (L.4622-2-1 CT).
 */
export function isElsewhere(v: CaseView, m: Pick<Measure, 'type' | 'requestedOn'>, { organisation, role }: { organisation: OrganisationId; role: Role }): boolean {
  const spst = v.handshakes.flatMap((h) => (h.effective && SPST_ROLES.includes(h.to.role) ? (h.to.organisation ?? []) : []));
  const known = SPST_ROLES.includes(role) ? spst : role === 'CPAM' && definitionOf(m)?.decidedBy === 'CPAM' && v.caisse ? [v.caisse] : [];
  const on = m.requestedOn;
  return (
    known.length > 0 && !known.includes(organisation) && !broughtIt(v, organisation) && !waysIn(v, organisation).some((x) => stands(v, x)) &&
    !v.consents.some((c) => on !== undefined && accordOpens(c, { organisation, role }, on))
  );
} // prettier-ignore

/** Named by a measure that came with a file that was let in, and by nothing that stands here. */
const cameWithMeasure = (v: CaseView, m: Measure, to: { organisation: OrganisationId; role: Role }): boolean =>
  m.letIn === true &&
  !broughtIt(v, to.organisation) &&
  !waysIn(v, to.organisation).some((x) => stands(v, x)) &&
  !v.consents.some((c) => m.requestedOn !== undefined && accordOpens(c, to, m.requestedOn));

/** Why, from when and until when each organisation takes part (decision 7). To any other one the case does not exist. */
export function participationsOf(v: CaseView): Participation[] {
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
    if (organisation) add(organisation, basis, from, earliest(to, shutFrom(v, organisation)));
  };
  const passedTo = v.transfers.findLast((o) => o.to === v.caisse && o.toRole === 'CPAM' && o.answer?.kind === 'accepted');
  add(v.caisse, 'caisse', passedTo?.answer?.on ?? v.openedOn);
  for (const s of v.signals)
    add(
      s.holder.organisation,
      'opened',
      s.on,
      earliest(s.triage?.outcome === 'passed-on' ? s.triage.on : undefined, s.part?.kind === 'ended' ? s.part.on : undefined),
    );
  for (const h of v.handshakes) {
    addAdmitted(h.from.organisation, 'sent', h.sentOn);
    addAdmitted(h.toldBy?.organisation, 'sent', h.sentOn);
    const accord = accordOf(v, sending(h));
    const last = lastDayOf(v, sending(h));
    const left =
      h.answer && h.answer.kind !== 'accepted'
        ? h.answer.on
        : h.triage && h.triage.outcome !== 'accompanied'
          ? h.triage.on
          : undefined;
    const since = latest(h.sentOn, accord && openedFrom(accord, h.to.organisation));
    const shut = accord?.withdrawnOn ?? accord?.shut?.on;
    if (h.effective) add(h.to.organisation, 'received', since, earliest(left, last && addDays(last, 1)));
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
    const isNamed = (to: { organisation: OrganisationId; role: Role }): boolean =>
      !isElsewhere(v, m, to) && !cameWithMeasure(v, m, to);
    if (m.decider !== undefined && isNamed({ organisation: m.decider, role: 'CPAM' }))
      add(m.decider, 'decides', m.requestedOn ?? m.decisions[0]?.on, over);
    for (const a of m.asked) if (isNamed(a)) add(a.organisation, 'asked', m.requestedOn, over);
    const agreed = m.agreements[0]?.on ?? m.startedOn;
    if (m.host === undefined || !cameWithMeasure(v, m, { organisation: m.host, role: 'HOST' }))
      add(m.host, 'hosts', agreed, over);
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
