import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Account } from './account.js';
import { type Binaries, EmbeddedPostgresError } from './binaries.js';

/** Everything that the server prints is matched or shown as it is: never translated. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C', TZ: 'UTC' });

const run = (program: string, args: string[], account: Account): string => {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...account,
    cwd: '/',
    encoding: 'utf8',
    env: serverEnvironment(),
  });
  if (status === 0) return stdout;
  throw new EmbeddedPostgresError(`${program} failed:\n${error?.message ?? stderr.trim()}`, { cause: error });
};

/** Also proves that the program starts at all on this machine. */
const majorVersion = (binaries: Binaries, account: Account): string =>
  / (\d+)[.\w]*/.exec(run(binaries.postgres, ['--version'], account))![1]!;

const WORKSHOP = '.new-';
/** What first runs cut short have left. Their initdb may still be writing (nobody told it that Node was killed): the next start removes the rest. */
const tidy = (cluster: string): void => {
  const folder = dirname(cluster);
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${basename(cluster)}${WORKSHOP}`)))
    try {
      rmSync(join(folder, name), { recursive: true });
    } catch {
      continue;
    }
};

/**
 * Makes the cluster beside its place and moves it in when it is whole: after a kill in the middle the next start begins again.
 * Text sorts by code point (C.UTF-8, built into PostgreSQL): an upgrade of the machine's libraries can't disorder an index.
 */
const create = (cluster: string, binaries: Binaries, account: Account, password: string): void => {
  const workshop = mkdtempSync(`${cluster}${WORKSHOP}`);
  const passwordFile = join(workshop, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined) for (const path of [workshop, passwordFile]) chownSync(path, account.uid, account.gid);
  run(
    binaries.initdb,
    [
      `--pgdata=${join(workshop, 'cluster')}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    account,
  );
  renameSync(join(workshop, 'cluster'), cluster);
  rmSync(workshop, { recursive: true });
};

/** Creates the cluster on the first run; refuses one that another major version of PostgreSQL wrote. */
export const prepareCluster = (cluster: string, binaries: Binaries, account: Account, password: string): void => {
  tidy(cluster);
  const version = majorVersion(binaries, account);
  if (!existsSync(cluster)) return create(cluster, binaries, account, password);
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (found !== version)
    throw new EmbeddedPostgresError(
      `${cluster} was written by PostgreSQL ${found}; this release brings PostgreSQL ${version}, which can't read it. ` +
        'Back up with the former release, then restore with this one in a new data folder.',
    );
};
