import { type Finding, forbidden, impossible } from '../kernel/errors.js';
import { type Slot } from '../kernel/fields.js';
import { earliest, latest, type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId, type Party, type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { definitionOf } from '../measures/index.js';
import { measureFindings, type Stage } from '../measures/measure.js';
import { type Context } from './act.js';
import { successorOf } from './taking-part.js';
import { type CaseView, type Measure, measureIn, type Period } from './view.js';

interface Considered {
  readonly before: CaseView;
  readonly after: CaseView;
  readonly occurredOn: LocalDate;
  readonly ctx: Context;
}
/** What the measure's own rules say of a stage, on the case as it would be. */
export const ruled = (c: Considered, stage: Stage, measureId: string | undefined, on: LocalDate = c.occurredOn): Finding[] => {
  const measure = measureIn(c.after, measureId);
  const definition = measure && definitionOf(measure);
  return measure && definition ? measureFindings(definition, stage, { measure, view: c.after, earlier: c.ctx.earlier, on }) : [];
};
/** For what is asked of a measure that must be there already. */
export const known = (c: Pick<Considered, 'before'>, measureId: string | undefined): Finding[] =>
  measureIn(c.before, measureId)
    ? []
    : [impossible('measure.unknown', t('Mesure inconnue dans ce dossier.', 'No such measure in this case.'))];

/** A decision is taken by whom the type's text names, and by the organisation that was asked for it. */
export const decides = (c: Considered & { readonly actor: Party }, measureId: string | undefined): Finding[] => {
  const measure = measureIn(c.after, measureId);
  const definition = measure && definitionOf(measure);
  if (!measure || !definition || definition.decidedBy === null) return [];
  const { organisation, role } = c.actor;
  const asked = measure.decider && successorOf(c.after, measure.decider, measure.requestedOn ?? c.occurredOn);
  const theirs = asked === undefined || organisation === null || asked === organisation;
  return role === definition.decidedBy && theirs
    ? []
    : [forbidden('measure.notDecider', definition.article, t('Cette mesure est décidée par un autre partenaire.', 'Another partner decides on this measure.'), ['measure', 'decision'])]; // prettier-ignore
};
/** Whoever hosts sees the measure, so it is an organisation that hosts. */
export const hosts = ({ ctx }: Considered, host: OrganisationId | undefined): Finding[] =>
  host === undefined || ctx.directory.find(host)?.roles.some((role) => HOSTS.includes(role)) !== false
    ? []
    : [impossible('measure.notAHost', t('Cette organisation n’est pas une structure d’accueil.', 'That organisation does not host.'))]; // prettier-ignore
const HOSTS: readonly Role[] = ['HOST', 'EMPLOYER', 'PROVIDER'];

/** Its days contradict each other: a fact of the two is to be corrected. */
export const endsBeforeStart = (m: Measure | undefined): Finding[] => {
  const end = earliest(m?.interruptedOn, m?.closed?.endedOn);
  return m?.startedOn !== undefined && end !== undefined && end < m.startedOn
    ? [forbidden('measure.endedBeforeStart', 'cohérence du dossier (D)', t('La mesure finirait avant d’avoir commencé : corriger l’un des deux faits.', 'It would end before it began: correct one of the two facts.'), ['measure'])]
    : [];
}; // prettier-ignore

/** The period that an act gives, by bounds or by slots. */
export const periodOf = (data: { from?: LocalDate; to?: LocalDate; slots?: readonly Slot[] }): Period | undefined => {
  const slots = data.slots ?? [];
  const from = data.from ?? earliest(...slots.map((s) => s.date));
  const to = data.to ?? latest(...slots.map((s) => s.date));
  return from === undefined && to === undefined ? undefined : { ...(from && { from }), ...(to && { to }), slots };
};
