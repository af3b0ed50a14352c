import { type CaseView, type Handshake, type Measure } from '../case/view.js';
import { latest, type LocalDate } from '../kernel/local-date.js';
import { CASE_WORKERS, type OrganisationId, type Role, SPST_ROLES } from '../kernel/roles.js';
import { definitionOf } from '../measures/index.js';
import { type Owner } from './rule.js';

/** Who owes what in a case, as far as the case knows. */

/** The day as of which that is said. An accord that has run out was let go of after the last day told of. */
export const lastDayIn = (v: CaseView): LocalDate | undefined => latest(v.toldUntil, ...v.consents.map((c) => c.lapsedOn));

const lastTarget = (v: CaseView, roles: readonly Role[]): Handshake['to'] | undefined =>
  v.handshakes.filter((h) => h.effective && roles.includes(h.to.role) && h.to.organisation).at(-1)?.to;

export const caisseOf = (v: CaseView): Owner => ({ organisation: v.caisse, role: 'CPAM' });
/** The SPST that follows the person. */
export const spstOf = (v: CaseView): OrganisationId | null | undefined =>
  lastTarget(v, SPST_ROLES)?.organisation ?? [v.lead, v.openedBy].find((o) => o && SPST_ROLES.includes(o.role))?.organisation;
/** The part that a health service has, or had, in the case. */
export const spstIn = (v: CaseView, organisation: OrganisationId): Owner =>
  [...v.handshakes.map((h) => h.to), ...v.leads, ...(v.openedBy ? [v.openedBy] : [])].findLast(
    (o) => o.organisation === organisation && SPST_ROLES.includes(o.role),
  ) ?? { organisation, role: 'CPDP' };
/** The Service social: the lead when it is one, else the last to which the case was referred; else the lead or the caisse sees to one. */
export const socialServiceOf = (v: CaseView): Owner => {
  const lead = v.lead && (v.lead.role === 'AS' || v.lead.role === 'CSAM') ? v.lead : undefined;
  const { organisation, role } = lead ?? lastTarget(v, ['AS', 'CSAM']) ?? v.lead ?? caisseOf(v);
  return { organisation, role };
};
/** Who decides on a measure; whoever follows it sees to the decision of somebody who is not known here. */
export const deciderOfMeasure = (v: CaseView, m: Measure): Owner => {
  const role = definitionOf(m)?.decidedBy ?? 'CPAM';
  if (m.decider) return { organisation: m.decider, role };
  return role === 'CPAM' ? caisseOf(v) : followerOf(v, m);
};
/** Who follows a measure: whoever has taken it over, the partner through which it was asked, else the lead, else the caisse. */
export const followerOf = (v: CaseView, m: Measure): Owner => {
  const taker = m.takenOverBy && partiesIn(v).find((p) => p.organisation === m.takenOverBy && CASE_WORKERS.includes(p.role));
  const { organisation, role } = taker || (m.requestedVia?.organisation ? m.requestedVia : (v.lead ?? caisseOf(v)));
  return { organisation, role };
};
/** Who takes part, in which role. */
const partiesIn = (v: CaseView): Owner[] => [
  ...v.leads,
  ...v.handshakes.flatMap((h) => [h.to, h.from, ...(h.toldBy ? [h.toldBy] : [])]),
  ...[...v.handovers, ...v.transfers].map((o) => ({ organisation: o.to, role: o.toRole })),
  ...v.measures.flatMap((m) => m.asked),
  ...v.signals.map((s) => s.holder),
  ...(v.openedBy ? [v.openedBy] : []),
  caisseOf(v),
];
export const accountableIn = (v: CaseView): Owner | undefined =>
  v.accountable && { organisation: v.accountable.organisation, role: v.accountable.role };
