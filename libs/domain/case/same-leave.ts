import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { type Fact } from './act.js';
import { type CaseView, handshakeIn, type Handshake, type Leave } from './view.js';

/**
 * One leave is told more than once: by the caisse each month, by a partner, in a case that is joined to this one. It is known by its first
 * day, and by its risk where both say it; a leave that begins on the day after another one ends is another one (convention (D)).
 */
type Known = Pick<Leave, 'start' | 'risk'>;
const isSame = (a: Known, b: Known): boolean =>
  a.start !== undefined && a.start === b.start && (a.risk === undefined || b.risk === undefined || a.risk === b.risk);

/** The leave of the case that is told of again. */
export const leaveTold = (v: Pick<CaseView, 'leaves'>, told: Known): Leave | undefined => v.leaves.find((l) => isSame(l, told));

/** Under which identifier each leave goes on, where one is told under several. Whichever arrived first, the answer is the same. */
export function oneLeaveEach(inOrder: readonly Fact<Record<string, never>>[]): ReadonlyMap<string, string> {
  const kept: (Known & { readonly id: string })[] = [];
  const names = new Map<string, string>();
  for (const { type, data } of inOrder) {
    const { leaveId: id, start, risk } = data as { readonly leaveId?: string } & Known;
    if (type !== 'SickLeaveRecorded' || id === undefined || start === undefined || names.has(id)) continue;
    const known = kept.find((l) => isSame(l, { start, ...(risk && { risk }) }));
    if (!known) kept.push({ id, start, ...(risk && { risk }) });
    names.set(id, known?.id ?? id);
  }
  return names;
}

/** What is to be recorded for a leave whose expected end is told anew. What was told last counts, where `shorter` may be the last word. */
export function endToldAnew(
  leave: Leave | undefined,
  expectedEnd: LocalDate | undefined,
  { shorter }: { readonly shorter: boolean },
): { readonly type: string; readonly data: Record<string, unknown> }[] {
  if (!leave || expectedEnd === undefined || expectedEnd === leave.expectedEnd) return [];
  const data = { leaveId: leave.id, expectedEnd };
  if (leave.expectedEnd === undefined || expectedEnd > leave.expectedEnd) return [{ type: 'SickLeaveExtended', data }];
  return shorter ? [{ type: 'SickLeaveShortened', data }] : [];
}

/** It waits for its answer or its triage, or was taken on: the same leave sent again adds nothing to it. */
const stands = (h: Handshake): boolean =>
  (!h.answer || h.answer.kind === 'accepted') && (!h.triage || h.triage.outcome === 'accompanied');

interface Sent {
  readonly from: OrganisationId | null;
  /** Absent when the sender does not know it. */
  readonly spst: OrganisationId | undefined;
  /** The sender gave a routing code that is nobody's. */
  readonly astray: boolean;
}
/**
 * The transmission that the same leave, sent again by the same sender, is. One that was looking for its SPST finds it so; to another SPST,
 * or after a refusal, or where the accord is gone, it is a new one.
 */
export function transmissionAgain(
  v: CaseView,
  leave: Leave | undefined,
  { from, spst, astray }: Sent,
  now: (organisation: OrganisationId | null, h: Handshake) => OrganisationId | null,
): Handshake | undefined {
  if (!leave) return undefined;
  const sent = v.handshakes.filter(
    (h) =>
      h.kind === 'transmission' && h.leaveId === leave.id && h.from.organisation === from && stands(h) &&
      (h.effective || h.to.organisation === null),
  ); // prettier-ignore
  const lost = sent.find((h) => h.to.organisation === null);
  if (spst === undefined) return astray ? lost : (sent.at(-1) ?? lost);
  return sent.find((h) => h.to.organisation === spst || now(h.to.organisation, h) === spst) ?? lost;
}

/**
 * A transmission or referral, and every other transmission of the same leave from the same sender to the same SPST that still waits: logs
 * from before they were one hold several, and so do two cases that were joined. What settles one settles all.
 */
export function together(v: CaseView, id: string | undefined): Handshake[] {
  const h = handshakeIn(v, id);
  if (!h) return [];
  const others = v.handshakes.filter(
    (o) =>
      o !== h && h.leaveId !== undefined && o.leaveId === h.leaveId && o.kind === h.kind && o.from.organisation === h.from.organisation &&
      o.to.organisation === h.to.organisation && !o.answer && !o.triage,
  ); // prettier-ignore
  return [h, ...others];
}
