import { type Client } from 'pg';

/** SQL for the database, or what stands in `log.append` and what a naive version has in its place. */
export type Naive = string | readonly (readonly [present: string, naive: string])[];

/** Makes the log of one database naive in one point. */
export async function makeNaive(admin: Client, naive: Naive): Promise<void> {
  const { rows } = await admin.query<{ sql: string }>(`SELECT pg_get_functiondef('log.append'::regproc) AS sql`);
  const change = (text: string, [present, instead]: readonly [string, string]) => {
    if (!text.includes(present)) throw new Error(`log.append no longer has ${present}`);
    return text.replace(present, () => instead);
  };
  await admin.query(typeof naive === 'string' ? naive : naive.reduce(change, rows[0]!.sql));
}

const LOCK = 'PERFORM pg_advisory_xact_lock(1179208786, 1);';
const PINNED = `PERFORM set_config('synchronous_commit', 'on', true);`;
const LOCK_TIMEOUT = `SET lock_timeout TO '5s'`;
const GOOD_MEMBERS = 'WHERE heads[e.member] = expected[e.member];';

/** Given when a row is inserted, seen when its transaction commits. */
export const POSITIONS_FROM_A_SEQUENCE: Naive = [
  ['CREATE OR REPLACE', 'CREATE SEQUENCE log.naive MINVALUE 0; CREATE OR REPLACE'],
  [LOCK, ''],
  ['first - 1 + e.n', `nextval('log.naive')`],
  ['first - 1 + row_number() OVER (ORDER BY e.n)', `nextval('log.naive')`],
];
export const ANY_ISOLATION: Naive = [[`IF current_setting('transaction_isolation') <> 'read committed'`, 'IF false']];
export const DURABLE_AS_THE_SESSION_SAYS: Naive = [[PINNED, '']];
export const WAITS_FOR_EVER: Naive = [[LOCK_TIMEOUT, '']];
export const LOCK_THAT_OTHERS_MAY_USE: Naive = [
  [LOCK, 'PERFORM pg_advisory_xact_lock(1);'],
  [LOCK_TIMEOUT, `SET lock_timeout TO '100ms'`],
];
export const SEARCH_PATH_OF_THE_CALLER: Naive = [[`SET search_path TO 'pg_catalog', 'pg_temp'`, '']];
export const ANY_PLAN: Naive = [[`SET enable_seqscan TO 'off'`, '']];
export const ONE_STALE_FAILS_ALL: Naive = [
  ['IF heads <> expected THEN', `IF heads <> expected THEN RAISE EXCEPTION 'stale' USING ERRCODE = 'check_violation';`],
];
export const LOST_RACE_WITHOUT_A_NAME = 'ALTER TABLE log.event RENAME CONSTRAINT event_stream_revision TO naive';
export const WHAT_IS_FREE_IS_WRITTEN: Naive = [[GOOD_MEMBERS, `${GOOD_MEMBERS.slice(0, -1)} ON CONFLICT DO NOTHING;`]];
export const JSONB = 'ALTER TABLE log.event ALTER COLUMN data TYPE jsonb';
export const UNIQUE_EVENT_IDS = 'CREATE UNIQUE INDEX naive ON log.event (event_id)';
export const RIGHTS_OF_THE_CALLER = 'ALTER FUNCTION log.append SECURITY INVOKER; GRANT INSERT ON log.event TO fil_rouge_app';
export const NO_WAIT_FOR_THE_STANDBY: Naive = [[`PERFORM pg_logical_emit_message(true, 'fil-rouge', 'repeat');`, '']];

/** Not naive, but what brings out what is: each commit comes later than its insert, by up to 30 ms. */
export const SLOW_COMMITS: Naive = [['END IF;\nEND', 'END IF;\nPERFORM pg_sleep(random() * 0.03);\nEND']];
