import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** `log.append` says itself which stale member is a repeat, and a caller that comes alone pays for no group (ADR 0003). */
export class Append0008 implements MigrationInterface {
  readonly name = 'Append0000000000008';

  async up(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION log.append');
    await db.query(APPEND);
  }

  async down(): Promise<void> {
    throw new Error('a log goes only forward: restore a backup instead');
  }
}

// - The check comes before the lock, since nothing is ever deleted: a head that moves in between takes the revision, and
//   the unique constraint refuses the group, which its caller runs once more.
// - The lock is held to the end of the transaction, and PostgreSQL makes a commit visible before it lets its locks go:
//   whoever sees position n sees all those before.
// - Plans: the arrays look larger to the planner than they are, so it would plan again at each call, at twice the cost; and a
//   plan made while the log was empty would read the whole of it ever after. Hence generic ones, on the index.
// - Whether a stale member is a repeat is answered here too: asked afterwards, each by itself, four stale callers took half of the
//   speed of thirty-two good ones.
// - When nobody is stale, the events of a single caller, and those of callers with one each, need no window to be numbered: a tenth to
//   a fifth of the time.
// - The answer is one row: as rows, joined to the streams, it cost as much as the insert.
// - All these settings end with the function; synchronous_commit must still hold at the commit, hence set_config.
const APPEND = `
CREATE FUNCTION log.append(
  streams text[], expected integer[],
  members integer[], ids uuid[], types text[], versions integer[], data json[], metadata json[],
  OUT incarnation bigint, OUT first bigint, OUT heads integer[], OUT repeats bigint[]
) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'log.append runs under READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM set_config('synchronous_commit', 'on', true);

  IF cardinality(streams) = 1 THEN
    heads := ARRAY[coalesce((SELECT e.revision FROM log.event e WHERE e.stream = streams[1] ORDER BY e.revision DESC LIMIT 1), -1)];
  ELSE
    heads := ARRAY(
      SELECT coalesce((SELECT e.revision FROM log.event e WHERE e.stream = m.stream ORDER BY e.revision DESC LIMIT 1), -1)
      FROM unnest(streams) WITH ORDINALITY m(stream, n) ORDER BY m.n);
  END IF;
  IF heads <> expected THEN
    SELECT max(i.id), ARRAY(
      SELECT CASE WHEN heads[m.n] <> m.expected THEN (
        SELECT CASE WHEN count(e.position) = count(*) THEN max(e.position) END
        FROM unnest(members, ids) WITH ORDINALITY x(member, id, n) LEFT JOIN log.event e
          ON e.stream = m.stream AND e.revision = m.expected + 1 + x.n - array_position(members, x.member) AND e.event_id = x.id
        WHERE x.member = m.n) END
      FROM unnest(streams, expected) WITH ORDINALITY m(stream, expected, n) ORDER BY m.n)
    INTO incarnation, repeats FROM log.incarnation i;
    -- The way of what is repeated to the standby may not have been confirmed: this record waits behind it.
    IF current_setting('synchronous_standby_names') <> '' THEN
      PERFORM pg_logical_emit_message(true, 'fil-rouge', 'repeat');
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(heads, expected) m(head, expected) WHERE m.head = m.expected) THEN RETURN; END IF;
  END IF;

  PERFORM pg_advisory_xact_lock(1179208786, 1); -- 'FILR', 1: the log
  SELECT coalesce(max(e.position) + 1, 0), (SELECT max(i.id) FROM log.incarnation i) INTO first, incarnation FROM log.event e;
  IF repeats IS NULL AND (cardinality(streams) = 1 OR cardinality(streams) = cardinality(members)) THEN
    INSERT INTO log.event (position, stream, revision, event_id, type, schema_version, data, metadata)
    SELECT first - 1 + e.n, streams[e.member], expected[e.member] + CASE cardinality(streams) WHEN 1 THEN e.n ELSE 1 END,
           e.id, e.type, e.version, e.data, e.metadata
    FROM unnest(members, ids, types, versions, data, metadata) WITH ORDINALITY e(member, id, type, version, data, metadata, n);
  ELSE
    INSERT INTO log.event (position, stream, revision, event_id, type, schema_version, data, metadata)
    SELECT first - 1 + row_number() OVER (ORDER BY e.n),
           streams[e.member],
           expected[e.member] + row_number() OVER (PARTITION BY e.member ORDER BY e.n),
           e.id, e.type, e.version, e.data, e.metadata
    FROM unnest(members, ids, types, versions, data, metadata) WITH ORDINALITY e(member, id, type, version, data, metadata, n)
    WHERE heads[e.member] = expected[e.member];
  END IF;
END $$;
COMMENT ON FUNCTION log.append IS
  'Appends a group; alone in its transaction. Event i belongs to member members[i] (from 1, ascending), a stream and its expected revision (-1: none), at most one per stream. A member whose head is not the expected one is stale; the events of the others have the positions from first on, in turn, which is null when there are none. repeats[i] is the position of the last event of member i, when it is stale and all its events were there already, in their places.';
REVOKE ALL ON FUNCTION log.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.append TO fil_rouge_app`;
