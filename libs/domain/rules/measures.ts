import { measureEnd } from '../case/measure-status.js';
import { type CaseView, type Measure } from '../case/view.js';
import { type LocalDate } from '../kernel/local-date.js';
import { definitionOf } from '../measures/index.js';
import { type MeasureDefinition } from '../measures/measure.js';

export interface Known {
  readonly measure: Measure;
  /** Undefined where nobody has told the type, or whoever did has withdrawn it: what goes on has its duties all the same. */
  readonly definition: MeasureDefinition | undefined;
}
/** The measures that somebody answers for: once the case is closed, those that another partner has taken over. */
export const measuresOf = (v: CaseView): Known[] =>
  v.measures
    .filter((measure) => v.status !== 'closed' || measure.takenOverBy)
    .map((measure) => ({ measure, definition: definitionOf(measure) }));
/** Those asked for, and not decided on. */
export const requested = (v: CaseView): (Known & { readonly since: LocalDate })[] =>
  measuresOf(v).flatMap((known) =>
    known.measure.status === 'requested' && known.measure.requestedOn ? [{ ...known, since: known.measure.requestedOn }] : [],
  );
/** Those under way or broken off, with the last day that is known of them. */
export const begun = (v: CaseView): (Known & { readonly end: LocalDate | undefined })[] =>
  measuresOf(v)
    .filter(({ measure }) => measure.status === 'running' || measure.status === 'interrupted')
    .map((known) => ({ ...known, end: measureEnd(known.measure) }));
