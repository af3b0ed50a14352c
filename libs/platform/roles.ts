import pg from 'pg';

/** The role of the application: it may read the log, append through its function, and build its own read models. */
export const APP_ROLE = 'fil_rouge_app';
/** The role that owns the embedded database and migrates it. */
export const MIGRATOR_ROLE = 'fil_rouge_migrator';
/** The embedded database. */
export const DATABASE = 'fil_rouge';

const codeOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);
const ALREADY_THERE = ['42710', '23505'];

/** Roles belong to the whole server: two databases set up at once meet here, and the second finds it done. */
export const ensureRole = async (client: pg.ClientBase, role: string, attributes = 'NOLOGIN'): Promise<void> => {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount) return;
  await client.query(`create role ${pg.escapeIdentifier(role)} ${attributes}`).catch((error: unknown) => {
    if (!ALREADY_THERE.includes(codeOf(error) ?? '')) throw error;
  });
};

/** The embedded server's roles and database, as its superuser. Repeated at every start, so that a first run cut short is completed. */
export const ensureEmbeddedDatabase = async (
  client: pg.ClientBase,
  passwords: { migrator: string; app: string },
): Promise<void> => {
  for (const [role, password] of [
    [MIGRATOR_ROLE, passwords.migrator],
    [APP_ROLE, passwords.app],
  ] as const) {
    await ensureRole(client, role, 'LOGIN');
    await client.query(`alter role ${role} login password ${pg.escapeLiteral(password)}`);
  }
  const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
  if (!rowCount) await client.query(`create database ${DATABASE} owner ${MIGRATOR_ROLE}`);
  await client.query(`revoke all on database ${DATABASE} from public`);
};

/**
 * Makes sure that `member` may become the application's role (SET), or has its rights as they are (USAGE); creates the role when missing.
 * @throws pg.DatabaseError 42501 when the client's own role may not arrange that
 */
export const ensureAppMember = async (client: pg.ClientBase, member: string, how: 'SET' | 'USAGE'): Promise<void> => {
  await ensureRole(client, APP_ROLE);
  const { rows } = await client.query<{ granted: boolean }>(
    // Since 16 a member may be one without SET: so is whoever creates a role, for instance. Before, any member could become it.
    `select pg_has_role($1, $2, case when $3 = 'SET' and current_setting('server_version_num')::int < 160000 then 'MEMBER' else $3 end) as granted`,
    [member, APP_ROLE, how],
  );
  if (!rows[0]!.granted) await client.query(`grant ${APP_ROLE} to ${pg.escapeIdentifier(member)}`);
};
