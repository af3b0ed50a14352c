import { type CaseView, type Measure } from '../case/view.js';
import { type Elsewhere, type Irregularity } from '../kernel/errors.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { ama } from './ama.js';
import { bilanDeCompetences } from './bilan-de-competences.js';
import { crpe } from './crpe.js';
import { essaiEncadre } from './essai-encadre.js';
import { beginOf, onLeave } from './facts.js';
import { formation } from './formation.js';
import { incluPro } from './inclu-pro.js';
import { type MeasureDefinition, measureFindings, type OpinionAsked } from './measure.js';
import { placement } from './placement.js';
import { pmsmp } from './pmsmp.js';
import { psop } from './psop.js';
import { ptp } from './ptp.js';
import { rqth } from './rqth.js';
import { tempsPartielTherapeutique } from './temps-partiel-therapeutique.js';
import { type MeasureType } from './types.js';
import { vae } from './vae.js';

export const MEASURES: Readonly<Record<MeasureType, MeasureDefinition>> = {
  essaiEncadre, crpe, pmsmp, formation, bilanDeCompetences, incluPro, tempsPartielTherapeutique, ama, rqth, ptp, placement, psop, vae,
}; // prettier-ignore
export const definitionOf = (m: Pick<Measure, 'type'>): MeasureDefinition | undefined =>
  m.type === undefined ? undefined : MEASURES[m.type];

/** Who has to decide on this measure; null when nobody has, as for a PMSMP that begins off leave. `on` stands for a begin that is not known. */
export const deciderOf = (m: Measure, view: CaseView, on: LocalDate): Role | null => {
  const definition = definitionOf(m);
  if (!definition || (definition.decidedOnlyOnLeave && !onLeave(view, beginOf(m, on)))) return null;
  return definition.decidedBy;
};
/** Which opinions this measure needs before its decision, by the law of the day on which it begins, given or not. */
export const opinionsFor = (m: Measure, view: CaseView, on: LocalDate): readonly OpinionAsked[] => {
  const definition = definitionOf(m);
  if (!definition) return [];
  const needed = measureFindings(definition, 'approve', {
    measure: { ...m, opinions: [] },
    view,
    earlier: [],
    on: beginOf(m, on),
  });
  return definition.opinions.filter(({ role }) => needed.some((f) => f.code === `${definition.type}.opinionMissing.${role}`));
};

const ACROSS: ReadonlySet<string> = new Set(Object.values(MEASURES).flatMap(({ type, rules }) => rules.flatMap((r) => (r.acrossCases ? [`${type}.${r.code}`] : [])))); // prettier-ignore
/** Where a rule found what it says, as far as that was kept: of what was recorded before, a rule that looks elsewhere may have found it there. */
export const whereFound = ({ code, elsewhere }: Irregularity): Elsewhere => elsewhere ?? (ACROSS.has(code) ? 'hidden' : 'no');
