import { type DataSource } from 'typeorm';
import { type CursorSealer } from '../access/sealed-cursor.js';
import { type Directory } from '../domain/case/act.js';
import { type Instant, type LocalDate } from '../domain/kernel/local-date.js';

/** What the query handlers work with; each process builds it once. */
export abstract class ReadModelParts {
  abstract readonly views: DataSource;
  abstract readonly cursors: CursorSealer;
  abstract readonly clock: { now(): Instant; today(): LocalDate };
  abstract readonly directory: Directory;
}
