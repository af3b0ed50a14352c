import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * `log.append` at half the cost, with plans that nothing can spoil; a log that is being copied from another store says so, and a
 * new incarnation can be made greater than that store's (ADR 0003).
 */
export class Log0004 implements MigrationInterface {
  readonly name = 'Log0000000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(COLLATION);
    await db.query('DROP FUNCTION log.append');
    await db.query(APPEND);
    await db.query(COPY);
    await db.query('DROP FUNCTION log.start_incarnation()');
    await db.query(START_INCARNATION);
  }

  async down(): Promise<void> {
    throw new Error('a log goes only forward: restore a backup instead');
  }
}

// By bytes: another version of the machine's libraries sorts words otherwise, and an index that is then out of order finds
// no stream, and lets a revision in twice.
const COLLATION = `ALTER TABLE log.event ALTER COLUMN stream TYPE text COLLATE "C"`;

// - The check comes before the lock, since nothing is ever deleted: a head that moves in between takes the revision, and
//   the unique constraint refuses the group, which its caller runs once more.
// - The lock is held to the end of the transaction, and PostgreSQL makes a commit visible before it lets its locks go:
//   whoever sees position n sees all those before.
// - Plans: the arrays look larger to the planner than they are, so it would plan again at each call, at twice the cost; and a
//   plan made while the log was empty would read the whole of it ever after. Hence generic ones, on the index.
// - The answer is one row: as rows, joined to the streams, it cost as much as the insert.
// - All these settings end with the function; synchronous_commit must still hold at the commit, hence set_config.
const APPEND = `
CREATE FUNCTION log.append(
  streams text[], expected integer[],
  members integer[], ids uuid[], types text[], versions integer[], data json[], metadata json[],
  OUT incarnation bigint, OUT first bigint, OUT heads integer[]
) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'log.append runs under READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM set_config('synchronous_commit', 'on', true);

  heads := ARRAY(
    SELECT coalesce((SELECT e.revision FROM log.event e WHERE e.stream = m.stream ORDER BY e.revision DESC LIMIT 1), -1)
    FROM unnest(streams) WITH ORDINALITY m(stream, n) ORDER BY m.n);
  IF heads <> expected THEN
    -- A stale member may be a repeat, of events whose way to the standby was not confirmed: this record waits behind them.
    IF current_setting('synchronous_standby_names') <> '' THEN
      PERFORM pg_logical_emit_message(true, 'fil-rouge', 'repeat');
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(heads, expected) m(head, expected) WHERE m.head = m.expected) THEN RETURN; END IF;
  END IF;

  PERFORM pg_advisory_xact_lock(1179208786, 1); -- 'FILR', 1: the log
  SELECT coalesce(max(e.position) + 1, 0), (SELECT max(i.id) FROM log.incarnation i) INTO first, incarnation FROM log.event e;
  INSERT INTO log.event (position, stream, revision, event_id, type, schema_version, data, metadata)
  SELECT first - 1 + row_number() OVER (ORDER BY e.n),
         streams[e.member],
         expected[e.member] + row_number() OVER (PARTITION BY e.member ORDER BY e.n),
         e.id, e.type, e.version, e.data, e.metadata
  FROM unnest(members, ids, types, versions, data, metadata) WITH ORDINALITY e(member, id, type, version, data, metadata, n)
  WHERE heads[e.member] = expected[e.member];
END $$;
COMMENT ON FUNCTION log.append IS
  'Appends a group; alone in its transaction. Event i belongs to member members[i] (from 1, ascending), a stream and its expected revision (-1: none), at most one per stream. A member whose head is not the expected one is stale; the events of the others have the positions from first on, in turn, which is null when there are none.';
REVOKE ALL ON FUNCTION log.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.append TO fil_rouge_app`;

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
