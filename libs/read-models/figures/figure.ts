import { PrimaryColumn } from 'typeorm';
import { type CaseView, VOID } from '../../domain/case/view.js';

/** Something that is counted. Organisations, codes and days: nothing in it tells who the person is. */
export abstract class FigureRow {
  @PrimaryColumn({ type: 'text', name: 'case_id', collation: 'C' })
  caseId: string;

  /** Its place among the rows of its case: identifiers that a caller chose may come twice once two cases are joined. */
  @PrimaryColumn('int')
  n: number;
}

/** A table of figures: one file each. */
export interface Figure {
  readonly entity: new () => FigureRow;
  /** What a case counts for, from all of its facts. */
  rowsOf(view: CaseView): readonly FigureRow[];
}

/** A case that was joined to another one counts there, and one that was opened on the wrong person nowhere. */
export const figure = <R extends FigureRow>(
  entity: new () => R,
  rowsOf: (view: CaseView) => readonly Omit<R, keyof FigureRow>[],
): Figure => ({
  entity,
  rowsOf: (view) => (VOID.includes(view.status) ? [] : rowsOf(view).map((row, n) => ({ caseId: view.caseId, n, ...row }))),
});
