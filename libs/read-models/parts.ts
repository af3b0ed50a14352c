import { type DataSource } from 'typeorm';
import { type CursorSealer } from '../access/sealed-cursor.js';
import { type Directory } from '../domain/case/act.js';
import { type Rulebook } from '../domain/rules/delays.js';
import { type Instant, type LocalDate } from '../domain/kernel/local-date.js';
import { type Position } from '../event-store/port.js';

/** What the query handlers work with; each process builds it once. */
export abstract class ReadModelParts {
  abstract readonly views: DataSource;
  abstract readonly cursors: CursorSealer;
  abstract readonly clock: { now(): Instant; today(): LocalDate };
  abstract readonly directory: Directory;
  abstract readonly rulebook: Rulebook;
  /** Somebody has said that two cases are two persons'. */
  abstract keptApart(caseId: string, otherCaseId: string): Promise<boolean>;
  /** Where a position of before a move of the log is now; undefined: before the first event. */
  abstract present(position: Position): Promise<Position | undefined>;
}
