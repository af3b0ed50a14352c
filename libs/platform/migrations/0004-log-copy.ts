import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A log that is being copied from another store says so, and a new incarnation can be made greater than that store's (ADR 0003). */
export class LogCopy0004 implements MigrationInterface {
  readonly name = 'LogCopy0000000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(COPY);
    await db.query('DROP FUNCTION log.start_incarnation()');
    await db.query(START_INCARNATION);
  }

  async down(): Promise<void> {
    throw new Error('a log goes only forward: restore a backup instead');
  }
}

const COPY = `
CREATE TABLE log.copy (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  source_position text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE log.copy IS 'Its row is there while the log is being copied from another store: up to which position of that store. Nobody else may append then.';
GRANT SELECT ON log.copy TO fil_rouge_app`;

// Microseconds since 1970, so that two restores of one backup differ; never below an earlier one, so that positions sort.
const START_INCARNATION = `
CREATE FUNCTION log.start_incarnation(above bigint DEFAULT 0) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO log.incarnation (id)
  SELECT greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, coalesce((SELECT max(id) FROM log.incarnation), 0) + 1, above + 1)
  RETURNING id
$$;
REVOKE ALL ON FUNCTION log.start_incarnation FROM PUBLIC`;
