import { type Pool, type PoolConfig } from 'pg';
import { Column, DataSource, Entity, type EntityTarget, type ObjectLiteral, PrimaryColumn } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { type Position } from '../event-store/port.js';
import { FIGURES } from './figures/index.js';
import { CaseFile } from './partners/case-file.js';
import { WORKLISTS } from './partners/index.js';

/** Raise it whenever the tables, or what is computed into them, change: the worker then builds them anew. */
export const VERSION = 7;

export const LIVE = 'views';
/** Where a rebuild prepares the next tables while the live ones serve. */
export const NEXT = 'views_next';

/** How far the views have come. One row; whoever holds its lock writes. */
@Entity({ name: 'checkpoint' })
export class Checkpoint {
  @PrimaryColumn('text')
  name: string;

  @Column('int')
  version: number;

  /** How many changes of delays the rows rest on. */
  @Column('int')
  rules: number;

  /** Null before the first event. */
  @Column({ type: 'text', nullable: true })
  position: Position | null;
}

/** A case that can't be worked out as it stands. It is kept as it was before the event that broke it, and tried again at its next one. */
@Entity({ name: 'parked_case' })
export class ParkedCase {
  @PrimaryColumn({ type: 'text', name: 'case_id', collation: 'C' })
  caseId: string;

  /** Of the first event that could not be taken in. */
  @Column('int')
  revision: number;

  @Column('text')
  error: string;
}

const ENTITIES = [Checkpoint, ParkedCase, CaseFile, ...[...WORKLISTS, ...FIGURES].map(({ entity }) => entity)];

/**
 * The tables of the views, in one schema. They are made from the entities and dropped at will: nothing is in them that the log does
 * not hold, so they have no migrations.
 */
export const viewsDataSource = (config: PoolConfig, schema: string = LIVE): DataSource =>
  new DataSource({ type: 'postgres', schema, entities: ENTITIES, logging: false, installExtensions: false, extra: config, poolErrorHandler: () => undefined }); // prettier-ignore

/** Once initialised. */
export const poolOf = (views: DataSource): Pool => (views.driver as PostgresDriver).master as Pool;

/** In which the tables are. */
export const schemaOf = (views: DataSource): string => (views.driver as PostgresDriver).schema!;

/** `views.case_file`: the name to write in a statement. */
export const tableOf = (views: DataSource, entity: EntityTarget<ObjectLiteral>): string => views.getMetadata(entity).tablePath;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
/** The schema or a table, or a column, is not there. */
export const isMissing = (error: unknown): boolean => ['3F000', '42P01', '42703'].includes(codeOf(error) ?? '');
