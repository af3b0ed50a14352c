import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The log: its table, its incarnations, and the one function that writes to it (ADR 0003). */
export class Log0001 implements MigrationInterface {
  readonly name = 'Log0000000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(ROLE);
    await db.query(TABLES);
    await db.query(APPEND);
    await db.query(START_INCARNATION);
    await db.query(RIGHTS);
  }

  async down(db: QueryRunner): Promise<void> {
    // The role stays: it belongs to the cluster, and other databases of it may use it.
    await db.query('DROP SCHEMA log CASCADE');
  }
}

// Two databases of one cluster may be migrated at the same moment, hence the exception; and a migrator that may not
// create roles passes when the operator has made this one beforehand.
const ROLE = `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fil_rouge_app') THEN CREATE ROLE fil_rouge_app NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`;

// json, not jsonb: jsonb reorders keys and drops duplicates, and the stored bytes are evidence.
// No index on event_id: the same id at the same revision is the same event, and (stream, revision) finds it.
const TABLES = `
CREATE SCHEMA log;
CREATE TABLE log.incarnation (
  id bigint PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE log.incarnation IS 'The greatest id is the present one. A restore, or the promotion of an asynchronous standby, starts another.';
CREATE TABLE log.event (
  position bigint PRIMARY KEY,
  stream text NOT NULL,
  revision integer NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  schema_version integer NOT NULL,
  data json NOT NULL,
  metadata json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT event_stream_revision UNIQUE (stream, revision)
);
COMMENT ON COLUMN log.event.position IS '0, 1, 2 … without a hole: given by log.append under its lock, in the order of commits.';
COMMENT ON COLUMN log.event.recorded_at IS 'For the operator only: the recording instant that counts is in the metadata.'`;

// - The check comes before the lock, since nothing is ever deleted: a head that moves in between takes the revision, and
//   the unique constraint refuses the group, which its caller runs once more.
// - The check is a scalar sub-select: an anti-join left the index once the plan was generic, and speed halved in seconds.
// - The lock is held to the end of the transaction, and PostgreSQL makes a commit visible before it lets its locks go:
//   whoever sees position n sees all those before.
// - lock_timeout and search_path end with the function; synchronous_commit must still hold at the commit, hence set_config.
const APPEND = `
CREATE FUNCTION log.append(
  streams text[], expected integer[],
  members integer[], ids uuid[], types text[], versions integer[], data json[], metadata json[]
) RETURNS TABLE (incarnation bigint, revision integer, "position" bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  heads integer[];
  stale boolean;
  last bigint := -1;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'log.append runs under READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM set_config('synchronous_commit', 'on', true);

  SELECT array_agg(coalesce((SELECT e.revision FROM log.event e WHERE e.stream = m.stream ORDER BY e.revision DESC LIMIT 1), -1) ORDER BY m.n)
    INTO heads FROM unnest(streams) WITH ORDINALITY m(stream, n);
  stale := heads <> expected;

  -- A stale member may be a repeat, of events whose way to the standby was not confirmed: this record waits behind them.
  IF stale AND current_setting('synchronous_standby_names') <> '' THEN
    PERFORM pg_logical_emit_message(true, 'fil-rouge', 'repeat');
  END IF;

  IF NOT stale OR EXISTS (SELECT FROM unnest(heads, expected) m(head, expected) WHERE m.head = m.expected) THEN
    PERFORM pg_advisory_xact_lock(1179208786, 1); -- 'FILR', 1: the log
    SELECT e.position INTO last FROM log.event e ORDER BY e.position DESC LIMIT 1;
    last := coalesce(last, -1);
  END IF;

  RETURN QUERY
    WITH written AS (
      INSERT INTO log.event AS t (position, stream, revision, event_id, type, schema_version, data, metadata)
      SELECT last + row_number() OVER (ORDER BY e.n),
             streams[e.member],
             expected[e.member] + row_number() OVER (PARTITION BY e.member ORDER BY e.n),
             e.id, e.type, e.version, e.data, e.metadata
      FROM unnest(members, ids, types, versions, data, metadata) WITH ORDINALITY e(member, id, type, version, data, metadata, n)
      WHERE heads[e.member] = expected[e.member]
      RETURNING t.stream, t.revision, t.position
    )
    SELECT (SELECT max(i.id) FROM log.incarnation i), coalesce(w.revision, heads[m.n]), w.position
    FROM unnest(streams) WITH ORDINALITY m(stream, n)
    LEFT JOIN (SELECT t.stream, max(t.revision) AS revision, max(t.position) AS position FROM written t GROUP BY t.stream) w
      ON w.stream = m.stream
    ORDER BY m.n;
END $$;
COMMENT ON FUNCTION log.append IS
  'Appends a group; alone in its transaction. Event i belongs to member members[i] (from 1), a stream and its expected revision (-1: none), at most one per stream. One row per member: its last revision and position, or, when it is stale, the present revision and no position.'`;

// Microseconds since 1970, so that two restores of one backup differ; never below an earlier one, so that positions sort.
const START_INCARNATION = `
CREATE FUNCTION log.start_incarnation() RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO log.incarnation (id)
  SELECT greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, coalesce((SELECT max(id) FROM log.incarnation), 0) + 1)
  RETURNING id
$$;
SELECT log.start_incarnation()`;

const RIGHTS = `
REVOKE ALL ON FUNCTION log.append, log.start_incarnation FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO fil_rouge_app;
GRANT SELECT ON log.event, log.incarnation TO fil_rouge_app;
GRANT EXECUTE ON FUNCTION log.append TO fil_rouge_app`;
