import { measureEnd } from '../case/measure-status.js';
import { type CaseView, type Measure } from '../case/view.js';
import { type LocalDate } from '../kernel/local-date.js';
import { definitionOf } from '../measures/index.js';
import { type MeasureDefinition } from '../measures/measure.js';

export interface Known {
  readonly measure: Measure;
  readonly definition: MeasureDefinition;
}
/** The measures that somebody answers for, whose type is known: once the case is closed, those that another partner has taken over. */
export const measuresOf = (v: CaseView): Known[] =>
  v.measures.flatMap((measure) => {
    const definition = definitionOf(measure);
    return definition && (v.status !== 'closed' || measure.takenOverBy) ? [{ measure, definition }] : [];
  });
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
