import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './binaries.js';

/** The account that the server runs under; empty for our own. */
export type Account = { readonly uid: number; readonly gid: number } | Record<string, never>;

const named = (name: string): Account | undefined => {
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([login]) => login === name);
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) };
};

/**
 * PostgreSQL refuses to run as root. Root's cluster runs under the account that owns it already, else under `postgres`.
 * @param cluster folder of the cluster, which may not exist yet
 */
export const serverAccount = (cluster: string): Account => {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = named('postgres');
  if (!account)
    throw new EmbeddedPostgresError(
      'PostgreSQL refuses to run as root, and this machine has no account named postgres to run it under. Start as an ordinary user; ' +
        'or create the account (useradd --system --no-create-home postgres); or set DATABASE_URL to an existing PostgreSQL.',
    );
  return account;
};

const ancestors = (path: string): string[] => (dirname(path) === path ? [path] : [...ancestors(dirname(path)), path]);

/** Names the folder that keeps the account out, where the server itself would only say "permission denied". */
export const checkReach = (account: Account, ...folders: string[]): void => {
  if (account.uid === undefined) return;
  const script = 'for folder in "$@"; do test -x "$folder" || { echo "$folder"; exit; }; done';
  for (const folder of folders) {
    const probe = spawnSync('/bin/sh', ['-c', script, 'sh', ...ancestors(folder)], { ...account, cwd: '/', encoding: 'utf8' });
    const closed = probe.stdout?.trim();
    if (closed)
      throw new EmbeddedPostgresError(
        `You are root, so PostgreSQL runs under another account (uid ${account.uid}), which may not enter ${closed} ` +
          `(mode ${(statSync(closed).mode & 0o777).toString(8)}) and so can't reach ${folder}. ` +
          `Start as an ordinary user; or keep Fil rouge and FIL_ROUGE_DATA outside ${closed} (/srv, /var/lib); or chmod o+x ${closed}.`,
      );
  }
};
