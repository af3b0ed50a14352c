import { type DataSource } from 'typeorm';
import { type CursorSealer } from '../access/sealed-cursor.js';
import { type Directory } from '../domain/case/act.js';
import { type Rulebook } from '../domain/rules/delays.js';
import { type Family, type PastAside } from '../domain/kernel/aside.js';
import { type Instant, type LocalDate } from '../domain/kernel/local-date.js';
import { type Position } from '../event-store/port.js';

/** Why a case was not told what a meeting said of it; codes only. */
export interface RefusedCopy {
  readonly caseId: string;
  readonly reasons: readonly string[];
}
/** What the query handlers work with; each process builds it once. */
export abstract class ReadModelParts {
  abstract readonly views: DataSource;
  abstract readonly cursors: CursorSealer;
  abstract readonly clock: { now(): Instant; today(): LocalDate };
  abstract readonly directory: Directory;
  abstract readonly rulebook: Rulebook;
  /** What is recorded beside the cases, up to this instant, without what is personal in it. */
  abstract histories(family: Exclude<Family, 'satisfaction'>): Promise<ReadonlyMap<string, readonly PastAside[]>>;
  /** The history of a meeting, read from the log. */
  abstract meeting(id: string): Promise<readonly PastAside[]>;
  /** What a stream says of cases, and they refused. */
  abstract refusedCopies(stream: string): Promise<readonly RefusedCopy[]>;
  /** Somebody has said that two cases are two persons'. */
  abstract keptApart(caseId: string, otherCaseId: string): Promise<boolean>;
  /** Of the last event of the log; undefined when it is empty, or can't be asked just now. */
  abstract head(): Promise<Position | undefined>;
  /** Where a position of before a move of the log is now; undefined: before the first event. */
  abstract present(position: Position): Promise<Position | undefined>;
}
