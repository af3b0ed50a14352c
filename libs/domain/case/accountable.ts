import { type LocalDate } from '../kernel/local-date.js';
import { CASE_WORKERS } from '../kernel/roles.js';
import { hasNoSpst } from '../rules/waiting.js';
import { admitted, successorOf } from './taking-part.js';
import { type Accountable, type CaseView, type Handshake, OVER, senderOf } from './view.js';

/**
 * Whose move it is (decision 14): the active lead; before there is one, whoever holds the oldest transmission or referral not yet
 * answered (the caisse, as long as nobody knows to which SPST it goes); a decline gives it back to its sender; when nobody else is left, the caisse. After closure, whoever closed keeps the case
 * until the six-month call is done. Nobody, once the case is over. Always a partner with an account, whose way into the case stands.
 */
export function accountableOf(v: CaseView): Accountable | undefined {
  if (OVER.includes(v.status)) return undefined;
  const caisse: Accountable | undefined =
    v.caisse && v.openedOn ? { organisation: v.caisse, role: 'CPAM', reason: 'caisse', since: v.openedOn } : undefined;
  if (v.status === 'closed') {
    const { support } = v;
    if (!(callAhead(v) || needAhead(v)) || !support?.closedOn) return undefined;
    return (support.closedBy && current(v, support.closedBy, support.closedOn, 'follow-up')[0]) ?? caisse;
  }
  if (v.lead) return { organisation: v.lead.organisation, role: v.lead.role, reason: 'lead', since: v.lead.from };
  const held = [...v.handshakes.flatMap((h) => holderOf(v, h)), ...signalsHeld(v)].sort(
    (a, b) => a.rank - b.rank || (a.since < b.since ? -1 : a.since > b.since ? 1 : 0),
  );
  const first = held[0] ?? givenBack(v);
  if (!first) return caisse;
  const { organisation, role, reason, since } = first;
  return { organisation, role, reason, since };
}
/** The six-month call is due and not made. */
export const callAhead = (v: CaseView): boolean =>
  v.status === 'closed' && v.followUp !== undefined && !v.followUp.completedOn && !v.followUp.unreachableOn;
/** The call was made, and showed a need that nobody has taken up. */
export const needAhead = (v: CaseView): boolean =>
  v.status === 'closed' && v.followUp?.completedOn !== undefined && v.followUp.needsSupport === 'reopen';

/** A partner that came to it on a day, or the one that has its part now, as long as it may see the case. */
function current(
  v: CaseView,
  was: Pick<Handshake['to'], 'organisation' | 'role'>,
  cameOn: LocalDate,
  reason: string,
  since = cameOn,
): Accountable[] {
  if (!was.organisation) return [];
  const organisation = successorOf(v, was.organisation, cameOn);
  const role =
    organisation === was.organisation ? was.role : (v.transfers.findLast((o) => o.to === organisation)?.toRole ?? was.role);
  return admitted(v, organisation) ? [{ organisation, role, reason, since }] : [];
}

/** Who decided to accompany comes first, then who has yet to answer, and last who passed the case on and still waits for a taker. */
const RANK = { accompanies: 0, answers: 1, passedOn: 2 } as const;
type Held = Accountable & { readonly rank: number };
const ranked = (rank: number, holders: readonly Accountable[]): Held[] => holders.map((holder) => ({ ...holder, rank }));

/** Who has to move on a transmission or referral: its target, as long as it may see the case and has an account to move in. */
function holderOf(v: CaseView, h: Handshake): Held[] {
  if (hasNoSpst(h) && v.caisse)
    return ranked(RANK.answers, [{ organisation: v.caisse, role: 'CPAM', reason: h.kind, since: h.sentOn }]);
  if (!h.effective || !CASE_WORKERS.includes(h.to.role)) return [];
  const target = (reason: string, since?: LocalDate): Accountable[] => current(v, h.to, h.sentOn, reason, since);
  if (h.triage?.outcome === 'accompanied') return ranked(RANK.accompanies, target('triage', h.triage.on));
  if (h.answer && h.answer.kind !== 'accepted') return [];
  if (h.triage?.outcome === 'passed-on') return ranked(RANK.passedOn, target('passed-on', h.triage.on));
  return h.triage ? [] : ranked(RANK.answers, target(h.kind));
}
const signalsHeld = (v: CaseView): Held[] =>
  v.signals.flatMap((s) => {
    const holder = (reason: string, since?: LocalDate): Accountable[] => current(v, s.holder, s.on, reason, since);
    if (!s.triage) return ranked(RANK.answers, holder('signal'));
    if (s.triage.outcome === 'accompanied') return ranked(RANK.accompanies, holder('triage', s.triage.on));
    return s.triage.outcome === 'passed-on' ? ranked(RANK.passedOn, holder('passed-on', s.triage.on)) : [];
  });

/** It came back to its sender: declined, revoked, its accord gone, or its target without an account to answer in. */
export const cameBack = (h: Handshake): boolean =>
  !h.triage &&
  h.to.organisation !== null &&
  (h.answer?.kind === 'declined' || h.answer?.kind === 'revoked' || !h.effective || !CASE_WORKERS.includes(h.to.role));
const givenBack = (v: CaseView): Accountable | undefined =>
  v.handshakes
    .filter((h) => CASE_WORKERS.includes(senderOf(h).role) && cameBack(h))
    .flatMap((h) => current(v, senderOf(h), h.sentOn, 'declined-to-sender', h.answer?.on))
    .at(-1);
