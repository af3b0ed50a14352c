import { type Accountable, type CaseView } from '../domain/case/view.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type OrganisationId, type Party, type Role } from '../domain/kernel/roles.js';
import { definitionOf } from '../domain/measures/index.js';
import { type Obligation } from '../domain/rules/obligations.js';
import { WORKLISTS } from './partners/index.js';
import { kindOf, kindOfCases, type Line, type WorklistView } from './partners/worklist.js';

const ROLES = new WeakMap<CaseView, ReadonlyMap<OrganisationId | null, ReadonlySet<Role>>>();
const NONE: ReadonlySet<Role> = new Set();
/** The roles in which an organisation appears in a case. */
export function rolesIn(v: CaseView, organisation: OrganisationId): ReadonlySet<Role> {
  const roles = ROLES.get(v) ?? allRolesIn(v);
  ROLES.set(v, roles);
  return roles.get(organisation) ?? NONE;
}
function allRolesIn(v: CaseView): ReadonlyMap<OrganisationId | null, ReadonlySet<Role>> {
  const parties: (Pick<Party, 'organisation' | 'role'> | undefined)[] = [
    v.openedBy,
    v.caisse === undefined ? undefined : { organisation: v.caisse, role: 'CPAM' },
    ...v.signals.map((s) => s.holder),
    ...v.handshakes.flatMap((h) => [h.from, h.toldBy, h.to, ...(h.triage ? [h.triage.by] : [])]),
    ...[...v.handovers, ...v.transfers].flatMap((h) => [h.from, { organisation: h.to, role: h.toRole }]),
    ...v.leads,
    v.support?.openedBy,
    v.support?.closedBy,
    ...[...v.appointments, ...v.assessments].map((a) => a.by),
    ...v.measures.flatMap((m) => [
      { organisation: m.decider ?? null, role: definitionOf(m)?.decidedBy ?? 'CPAM' },
      m.requestedVia,
      ...m.asked,
      ...m.opinions.map((o) => o.by),
      ...m.decisions.map((d) => d.by),
    ]),
  ];
  const roles = new Map<OrganisationId | null, Set<Role>>();
  for (const party of parties)
    if (party) roles.set(party.organisation, (roles.get(party.organisation) ?? new Set<Role>()).add(party.role));
  return roles;
}

/** The list in which an organisation finds what is owed in a role; when it never acts in that role here, the list from which it does act. */
const listFor = (role: Role, known: ReadonlySet<Role>): WorklistView | undefined => {
  const usual = WORKLISTS.find((view) => view.roles.includes(role));
  const acts = (view: WorklistView): boolean => view.roles.some((r) => known.has(r));
  return usual && acts(usual) ? usual : (WORKLISTS.find(acts) ?? usual);
};

interface Held {
  readonly role: Role;
  readonly since: LocalDate;
}
/** How an organisation holds a case: as its lead, by a triage that says so, or because it is its move. */
function heldBy(seen: CaseView, accountable: Accountable | undefined, organisation: OrganisationId): Held[] {
  const mine = accountable?.organisation === organisation ? [{ role: accountable.role, since: accountable.since }] : [];
  if (seen.status !== 'signal' && seen.status !== 'supported') return mine;
  const lead = seen.lead?.organisation === organisation ? [{ role: seen.lead.role, since: seen.lead.from }] : [];
  const triaged = [
    ...seen.handshakes.filter((h) => h.effective).map(({ to, triage }) => ({ ...to, triage })),
    ...seen.signals.map(({ holder, triage }) => ({ ...holder, triage })),
  ].flatMap(({ organisation: o, role, triage }) =>
    o === organisation && triage?.outcome === 'accompanied' ? [{ role, since: triage.on }] : [],
  );
  return [...mine, ...lead, ...triaged];
}
/** The lines of one list for one organisation, whenever they are so. */
export function linesOf(
  view: WorklistView,
  seen: CaseView,
  accountable: Accountable | undefined,
  organisation: OrganisationId,
  owed: readonly Obligation[],
): Line[] {
  const known = rolesIn(seen, organisation);
  const here = ({ role }: { role: Role }): boolean => listFor(role, known) === view;
  const own = owed.filter((o) => o.organisation === organisation && here(o)).map((o) => ({ kind: kindOf(view, o), ...o }));
  const held = heldBy(seen, accountable, organisation).filter(here);
  const since = held.map((h) => h.since).sort()[0];
  const lines: Line[] =
    since === undefined ? own : [...own, { kind: kindOfCases(view), subject: seen.caseId, since, article: 'convention (D)' }];
  return lines.filter((line, i) => lines.findIndex((o) => o.rule === line.rule && o.subject === line.subject) === i);
}
