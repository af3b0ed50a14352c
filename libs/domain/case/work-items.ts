import { addDays, type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Role, SPST_ROLES } from '../kernel/roles.js';
import { deciderOf, definitionOf } from '../measures/index.js';
import { dueBy, sourceOf } from '../rules/delays.js';
import { callAhead } from './accountable.js';
import { isOpenHandover } from './handovers.js';
import { measureEnd } from './measure-status.js';
import { successorOf, takesPart } from './taking-part.js';
import { type CaseView, type Handshake, type Measure, type WorkItem } from './view.js';

type Owed = Omit<WorkItem, 'organisation'> & {
  readonly organisation: OrganisationId | null | undefined;
  /** When the owner came to it, if before `since`. */
  readonly cameOn?: LocalDate;
};
/** Who owes: an organisation, in a role in which it acts in this case. */
interface Owner {
  readonly organisation: OrganisationId | null | undefined;
  readonly role: Role;
}

/**
 * What each organisation has to do, or to keep in view, for this case. Nothing once the person has died or a triage has ended it; after
 * closure only the call. A task goes with the part: to whoever took that over, and to nobody who has left by `on`, the last day told of.
 */
export function itemsOf(v: CaseView, on: LocalDate | undefined): WorkItem[] {
  if (v.status === 'deceased' || v.status === 'ended-by-triage') return [];
  const owed = v.status === 'closed' ? callOwed(v) : [...answersOwed(v), ...workOwed(v)];
  return owed.flatMap((item) => {
    const organisation = item.organisation && successorOf(v, item.organisation, item.cameOn ?? item.since);
    const { cameOn: _, ...rest } = item;
    return organisation && on !== undefined && takesPart(v, organisation, on) ? [{ ...rest, organisation }] : [];
  });
}

function answersOwed(v: CaseView): Owed[] {
  const offers = [...v.handovers.filter((o) => isOpenHandover(v, o)), ...v.transfers.filter((o) => !o.answer)];
  return [
    ...v.signals
      .filter((s) => !s.triage)
      .map((s): Owed => ({ kind: 'signal-to-triage', subject: s.id, organisation: s.holder.organisation, role: s.holder.role, since: s.on, due: dueBy('referral.answer', s.on), article: 'convention (D)' })),
    ...v.handshakes.flatMap((h) => handshakeOwed(v, h)),
    ...offers.map((o): Owed => ({ kind: 'handover-to-answer', subject: o.id, organisation: o.to, role: o.toRole, since: o.proposedOn, due: dueBy('referral.answer', o.proposedOn), article: 'convention (D)' })),
  ];
} // prettier-ignore

function handshakeOwed(v: CaseView, h: Handshake): Owed[] {
  if (h.triage || (h.answer && h.answer.kind !== 'accepted')) return [];
  const { to, sentOn: since } = h;
  const acknowledged = dueBy('transmission.acknowledge', since);
  if (h.kind === 'transmission' && to.organisation === null)
    return [{ kind: 'spst-to-identify', subject: h.id, organisation: v.caisse, role: 'CPAM', since, due: acknowledged, article: 'L.315-4 CSS' }];
  if (!h.effective) return [];
  if (h.kind === 'transmission') return [{ kind: 'transmission-to-triage', subject: h.id, ...to, since, due: acknowledged, article: 'L.4622-2-1 CT' }];
  if (!h.answer) return [{ kind: 'referral-to-answer', subject: h.id, ...to, since, due: dueBy('referral.answer', since), article: sourceOf('referral.answer') }];
  if (v.lead) return [];
  return [{ kind: 'referral-to-triage', subject: h.id, ...to, since: h.answer.on, due: dueBy('referral.appointment', h.answer.on), article: sourceOf('referral.appointment') }];
} // prettier-ignore

function callOwed(v: CaseView): Owed[] {
  const { accountable, followUp, support } = v;
  if (!callAhead(v) || !accountable || !followUp || !support?.closedOn) return [];
  const role = accountable.reason === 'follow-up' && support.closedBy ? support.closedBy.role : 'CPAM';
  return [{ kind: 'six-month-call', subject: v.caseId, organisation: accountable.organisation, role, since: support.closedOn, due: followUp.dueOn, article: sourceOf('support.followUp') }];
} // prettier-ignore

function workOwed(v: CaseView): Owed[] {
  const { accountable } = v;
  const triaged = [...v.handshakes, ...v.signals].find((s) => s.triage?.outcome === 'accompanied' && s.triage.by.organisation === accountable?.organisation);
  return [
    ...(accountable?.reason === 'triage' && triaged?.triage
      ? [{ kind: 'lead-to-assign', subject: v.caseId, ...triaged.triage.by, since: accountable.since, due: dueBy('referral.appointment', accountable.since), article: 'convention (D)' } as const].map(plain)
      : []),
    ...v.appointments.flatMap((a): Owed[] =>
      !a.outcome && a.date ? [{ kind: 'appointment', subject: a.id, organisation: a.by.organisation, role: a.by.role, since: a.bookedOn, due: a.date, article: sourceOf('referral.appointment') }] : [],
    ),
    ...v.visits.flatMap((visit): Owed[] =>
      visit.requestedOn && !visit.heldOn ? [{ kind: 'visit-to-hold', subject: visit.id, organisation: spstOf(v), role: 'MT', since: visit.requestedOn, article: 'R.4624-29 CT' }] : [],
    ),
    ...v.measures.flatMap((m) => (m.takenOverBy ? [] : [...requestOwed(v, m), ...runningOwed(v, m)])),
  ];
} // prettier-ignore
const plain = ({ kind, subject, organisation, role, since, due, article }: Owed): Owed => ({
  kind, subject, organisation, role, since, article, ...(due !== undefined && { due }),
}); // prettier-ignore

function requestOwed(v: CaseView, m: Measure): Owed[] {
  const definition = definitionOf(m);
  if (!definition || m.status !== 'requested' || !m.requestedOn) return [];
  const since = m.requestedOn;
  const about = { subject: m.id, since, article: definition.article };
  const due = dueBy('measure.decision', since);
  return [
    ...(deciderOf(m, v, since) === 'CPAM' ? [{ ...about, kind: 'request-to-decide', organisation: m.decider ?? v.caisse, role: 'CPAM', due } as const] : []),
    ...m.asked
      .filter(({ role }) => !m.opinions.some((o) => o.role === role))
      .map(({ role, organisation }): Owed => ({ ...about, kind: 'opinion-to-give', organisation, role, article: definition.opinions.find((o) => o.role === role)?.article ?? definition.article })),
    ...(definition.assessed && v.assessments.length === 0 ? [{ ...about, kind: 'assessment-to-write', ...socialServiceOf(v), due } as const] : []),
  ];
} // prettier-ignore

function runningOwed(v: CaseView, m: Measure): Owed[] {
  const definition = definitionOf(m);
  if (!definition || m.closed) return [];
  const decider: Owner = { organisation: m.decider ?? v.caisse, role: 'CPAM' };
  const follower: Owner = m.requestedVia?.organisation ? m.requestedVia : (v.lead ?? decider);
  const about = { subject: m.id, article: definition.article };
  const watchers = [v.lead, follower, decider].filter((o, i, all) => o !== undefined && all.findIndex((x) => x?.organisation === o.organisation) === i) as Owner[];
  const end = measureEnd(m);
  return [
    ...(m.status === 'running' && m.startedOn
      ? watchers.map(({ organisation, role }): Owed => ({ ...about, kind: 'measure-running', organisation, role, since: m.startedOn! }))
      : []),
    ...(definition.reviewed && end !== undefined && (m.status === 'running' || m.status === 'interrupted')
      ? [{ ...about, kind: 'measure-to-review', organisation: follower.organisation, role: follower.role, since: addDays(end, 1), due: dueBy('measure.review', end) } as const]
      : []),
  ];
} // prettier-ignore

const lastTarget = (v: CaseView, roles: readonly Role[]): Handshake['to'] | undefined =>
  v.handshakes.filter((h) => h.effective && roles.includes(h.to.role) && h.to.organisation).at(-1)?.to;
/** The SPST that follows the person, as far as the case knows it. */
const spstOf = (v: CaseView): OrganisationId | null | undefined =>
  lastTarget(v, SPST_ROLES)?.organisation ?? [v.lead, v.openedBy].find((o) => o && SPST_ROLES.includes(o.role))?.organisation;
/** The Service social of the case: the lead when it is one, else the last to which it was referred; else the lead or the caisse sees to one. */
const socialServiceOf = (v: CaseView): Owner => {
  const lead = v.lead && (v.lead.role === 'AS' || v.lead.role === 'CSAM') ? v.lead : undefined;
  const { organisation, role } = lead ?? lastTarget(v, ['AS', 'CSAM']) ?? v.lead ?? { organisation: v.caisse, role: 'CPAM' };
  return { organisation, role };
};
