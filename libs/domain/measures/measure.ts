import { type Finding } from '../kernel/errors.js';
import { type LocalDate, within } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { type Zone } from '../kernel/fields.js';
import { type Text } from '../kernel/text.js';
import { knownOn, type MeasureCheck } from './facts.js';
import { type MeasureType } from './types.js';

/** The moment of a measure's life that a rule speaks of. */
export type Stage = 'request' | 'approve' | 'plan' | 'start' | 'renew' | 'present';

/** One rule of law or convention, in force between two dates. */
export interface MeasureRule {
  /** Without the measure's name: `tiExcluded`. */
  readonly code: string;
  readonly article: string;
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  readonly stages: readonly Stage[];
  readonly message: Text;
  /** What it looks at, when that is not just leave, measure and decision. */
  readonly zones?: readonly Zone[];
  /** It counts what was done in the person's other cases too; any other rule is blind to them. */
  readonly acrossCases?: true;
  broken(c: MeasureCheck): boolean;
}
/** An accord or avis that the law of some days asks for. */
export interface OpinionAsked {
  readonly role: Role;
  readonly article: string;
  readonly from?: LocalDate;
  readonly to?: LocalDate;
}
export interface MeasureDefinition {
  readonly type: MeasureType;
  readonly label: Text;
  /** The text that creates the measure. */
  readonly article: string;
  /** Whose decision it is; null when nobody has to decide. */
  readonly decidedBy: Role | null;
  /** The decision is needed only where the measure begins in a leave; `deciderOf` says so for a given measure. */
  readonly decidedOnlyOnLeave?: true;
  /** Opinions that today's law asks for; `opinionsFor` says which of them a given measure needs. */
  readonly opinions: readonly OpinionAsked[];
  /** The Service social writes its évaluation globale first. */
  readonly assessed: boolean;
  /** Who always signs; empty when nothing is signed. Parties that depend on the person (an employer) are rules. */
  readonly signatories: readonly Role[];
  /** Recipients of the bilan by law. Empty when no text names any: anybody else needs the person's accord. */
  readonly reportTo: readonly Role[];
  /** Something has to be reported at the end. */
  readonly reviewed: boolean;
  /** The text that asks for that, where one does; else it is practice. */
  readonly reviewArticle?: string;
  readonly rules: readonly MeasureRule[];
}

/** The article of one of its rules, by the rule's code. */
export const articleOf = (definition: MeasureDefinition | undefined, code: string): string | undefined =>
  definition?.rules.find((rule) => rule.code === code)?.article;
/** Rules that speak of a stage, by the law of a day. */
export const rulesOf = ({ rules }: MeasureDefinition, stage: Stage, on: LocalDate): MeasureRule[] =>
  rules.filter((rule) => rule.stages.includes(stage) && within(on, rule.from, rule.to));
export const zonesOf = ({ zones }: MeasureRule): readonly Zone[] => zones ?? ['leave', 'measure', 'decision'];

/** Rules that the measure breaks at a stage, by the law of the day. */
export const measureFindings = (definition: MeasureDefinition, stage: Stage, check: MeasureCheck): Finding[] => {
  const c = { ...check, measure: knownOn(check.measure, check.on) };
  return rulesOf(definition, stage, c.on)
    .filter((rule) => rule.broken(c))
    .map((rule) => ({
      code: `${definition.type}.${rule.code}`,
      article: rule.article,
      severity: 'forbidden',
      message: rule.message,
      zones: zonesOf(rule),
      ...(rule.acrossCases && { elsewhere: 'no' }),
    }));
};
