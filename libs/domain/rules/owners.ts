import { type CaseView, type Handshake, type Measure } from '../case/view.js';
import { type OrganisationId, type Role, SPST_ROLES } from '../kernel/roles.js';
import { type Owner } from './rule.js';

/** Who owes what in a case, as far as the case knows. */

const lastTarget = (v: CaseView, roles: readonly Role[]): Handshake['to'] | undefined =>
  v.handshakes.filter((h) => h.effective && roles.includes(h.to.role) && h.to.organisation).at(-1)?.to;

export const caisseOf = (v: CaseView): Owner => ({ organisation: v.caisse, role: 'CPAM' });
/** The SPST that follows the person. */
export const spstOf = (v: CaseView): OrganisationId | null | undefined =>
  lastTarget(v, SPST_ROLES)?.organisation ?? [v.lead, v.openedBy].find((o) => o && SPST_ROLES.includes(o.role))?.organisation;
/** The Service social: the lead when it is one, else the last to which the case was referred; else the lead or the caisse sees to one. */
export const socialServiceOf = (v: CaseView): Owner => {
  const lead = v.lead && (v.lead.role === 'AS' || v.lead.role === 'CSAM') ? v.lead : undefined;
  const { organisation, role } = lead ?? lastTarget(v, ['AS', 'CSAM']) ?? v.lead ?? caisseOf(v);
  return { organisation, role };
};
export const deciderOfMeasure = (v: CaseView, m: Measure): Owner => ({ organisation: m.decider ?? v.caisse, role: 'CPAM' });
/** Who follows a measure: the partner through which it was asked, else the lead, else the fund that decides. */
export const followerOf = (v: CaseView, m: Measure): Owner => {
  const { organisation, role } = m.requestedVia?.organisation ? m.requestedVia : (v.lead ?? deciderOfMeasure(v, m));
  return { organisation, role };
};
export const accountableIn = (v: CaseView): Owner | undefined =>
  v.accountable && { organisation: v.accountable.organisation, role: v.accountable.role };
