import { isSelfTold, zonesToVouchFor } from '../../libs/domain/case/accord.js';
import { isOpenHandover } from '../../libs/domain/case/handovers.js';
import { cameBack } from '../../libs/domain/case/accountable.js';
import { isOpen, measureEnd } from '../../libs/domain/case/measure-status.js';
import { type CaseView, type Measure, type Missed, OVER, type Triage } from '../../libs/domain/case/view.js';
import { addDays, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { isClockOf } from '../../libs/domain/rules/obligations.js';
import { escalatesOn, type Seen, turnsAhead } from './world.js';

const ID = /[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/g;

/**
 * What of a case decides how it can go on (docs/proof.md): two states with the same sketch are taken for one. Identifiers become their order
 * of appearance; a date is behind us, the next one on which the case turns, or further ahead.
 * @param fine the days ahead in their order, and the clocks that were missed and may come back
 */
export function sketch(s: Seen, fine: boolean): string {
  const { view: v, owed, today } = s;
  if (OVER.includes(v.status)) return v.status;
  const ahead = turnsAhead(s);
  const when = (d: LocalDate | undefined): number | undefined =>
    d && (d <= today ? 0 : Math.min(1 + ahead.indexOf(d), fine ? Infinity : 2));
  /** Of a last day: it is the day after that turns. */
  const until = (d: LocalDate | undefined): number | undefined => when(d && addDays(d, 1));
  // What crosses today rests on the accords and the parts of today.
  const crossing = v.consents.length + v.transfers.length > 0;
  const crossed = (d: LocalDate): boolean => crossing && d === today;
  const who = (p: { organisation: string | null; role: string } | undefined): string | undefined =>
    p && `${p.organisation} ${p.role}`;
  const duties = owed.filter((o) => o.nature === 'duty');
  const isOwed = (m: Missed): boolean => duties.some((o) => isClockOf(m, o));
  const settled = (triage: Triage | undefined): string | undefined => triage && (['accompanied', 'passed-on'].includes(triage.outcome) ? triage.outcome : 'ended'); // prettier-ignore
  const measure = (m: Measure): unknown[] => {
    const common = [m.id, m.type, m.status, isOpen(m), who(m.requestedVia), m.takenOverBy];
    if (m.status === 'refused') return common;
    if (m.status === 'closed') return [...common, m.deliveries.map((d) => d.role)];
    const ends = [until(measureEnd(m)), m.periods.length];
    if (m.status === 'running' || m.status === 'interrupted') return [...common, ...ends];
    const opinions = m.opinions.map((o) => `${o.role} ${o.opinion}`).sort();
    return [...common, ...ends, m.decider, m.agreements.length > 0, m.status === 'requested' && [m.asked.map(who), opinions, m.ilco && [m.ilco.chair.organisation, m.ilco.meetingId !== undefined, when(m.ilco.date)], v.assessments.length > 0, v.contacts.some((c) => c.kind === 'interview')]]; // prettier-ignore
  };
  /** What bystanders told ends nothing: how a case goes on rests on what it is without that too. */
  const keptOf = (v: CaseView): unknown[] => [
    v.status, v.accountable && [who(v.accountable), v.accountable.reason], v.caisse, v.lead && [who(v.lead), crossed(v.lead.from)], v.leads.length > 0,
    v.support && [who(v.support.openedBy), who(v.support.closedBy), v.support.motive, v.support.takenOverBy, v.support.reopenedOn !== undefined],
    v.deathTold && [v.deathTold.again === true], [...new Set(v.deathAnswers.flatMap((a) => (a.kind === 'denied' ? (a.toldBy ?? []) : [])))].sort(),
    v.followUp && [v.followUp.completedOn !== undefined, v.followUp.unreachableOn !== undefined, v.followUp.needsSupport],
    v.signals.map((x) => [x.id, who(x.holder), crossed(x.on), settled(x.triage)]),
    v.handshakes.filter((h) => h.answer?.kind !== 'redirected').map((h) => cameBack(h) ? [who(h.from), crossed(h.sentOn)] : [h.id, h.kind, who(h.from), who(h.to), crossed(h.sentOn), h.receivedOn !== undefined, h.answer?.kind, settled(h.triage), h.effective]),
    v.handovers.filter((o) => isOpenHandover(v, o)).map((o) => [o.id, o.to, o.toRole, crossed(o.proposedOn)]),
    v.transfers.filter((o) => !o.answer || o.answer.kind === 'accepted').map((o) => [o.id, who(o.from), o.to, o.answer && crossed(o.answer.on)]),
    v.consents.filter((c) => !c.withdrawnOn && !c.lapsedOn).map((c) => [c.zones, c.recipient, c.recipientRole, when(c.from), until(c.to), isSelfTold(c) && [who(c.toldBy), c.confirmations.map((k) => [k.zones, k.means === 'source' && who(k.by)]), c.disputedOn !== undefined, c.shut && crossed(c.shut.on), c.formHash !== undefined && (c.formControl?.outcome ?? 'form'), v.tellers.filter((t) => zonesToVouchFor(v, c, t).length > 0).map(who)]]),
    v.objections.length > 0, v.milestones.some((m) => m.kind === 'employment-ended'),
    v.leaves.map((l) => [l.id, l.risk, l.endedOn !== undefined, until(l.endedOn ?? l.expectedEnd)]),
    v.measures.map(measure),
    v.visits.filter((x) => !x.heldOn).map((x) => [x.id, x.kind]),
    v.appointments.filter((a) => !a.outcome).map((a) => [a.id, who(a.by)]),
    v.participations.filter((p) => p.to === undefined || p.to > today).map((p) => `${p.organisation} ${p.basis} ${when(p.from)} ${when(p.to)}`).sort(),
    fine && [...new Set(v.missed.filter((m) => m.step === 3 && m.restartedBy === undefined && !isOwed(m)).map((m) => `${m.rule} ${m.owner}`))].sort(),
  ]; // prettier-ignore
  const kept = [
    keptOf(v), v.settled && keptOf(v.settled), [...new Set(v.unsettled.map((u) => [u.by.organisation, u.zone, u.measureId, ...u.words].join()))].sort(),
    duties.map((o) => [o.rule, o.subject, who(o), when(o.since), until(o.until), o.step === 3 ? 'escalated' : when(escalatesOn(s, o))]),
  ]; // prettier-ignore
  const ids: string[] = [];
  return JSON.stringify(kept).replace(ID, (id) => `#${ids.includes(id) ? ids.indexOf(id) : ids.push(id) - 1}`);
}
