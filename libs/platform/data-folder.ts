import { randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateFile } from './private-file.js';
import { isRunning, startOf } from './processes.js';

/** Raise it when an older release could no longer use the folder. */
const FORMAT = 1;

export class DataFolderError extends Error {}
/** Another instance uses the folder. */
export class DataFolderInUse extends DataFolderError {
  constructor(
    path: string,
    readonly pid: number,
  ) {
    super(
      `The data folder ${path} is in use by another instance (process ${pid}). Stop it first, or give this one another folder with FIL_ROUGE_DATA.`,
    );
  }
}

interface Holder {
  readonly pid: number;
  readonly start: string | undefined;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

const readHolder = (path: string): Holder | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DataFolderError(`${path} can't be read as a lock. If no instance of Fil rouge runs, delete it.`, { cause: error });
  }
};
const isAlive = ({ pid, start }: Holder): boolean => isRunning(pid) && startOf(pid) === start;

/** Takes a dead holder's lock out of the way; puts it back when it turns out to be the fresh one of a rival. */
const removeStale = (lock: string, dead: Holder): void => {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    if (readHolder(aside)?.token !== dead.token) linkSync(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside);
  }
};

/** @returns what gives it back */
const takeLock = (folder: string): (() => void) => {
  const lock = join(folder, 'lock');
  const mine: Holder = { pid: process.pid, start: startOf(process.pid), token: randomUUID() };
  const draft = `${lock}.${mine.token}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o644 });
  try {
    for (;;) {
      try {
        // A link appears with its content; a file opened `wx` would be empty for a moment.
        linkSync(draft, lock);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = readHolder(lock);
        if (holder && isAlive(holder)) throw new DataFolderInUse(folder, holder.pid);
        if (holder) removeStale(lock, holder);
        continue;
      }
      const holder = readHolder(lock);
      if (holder?.token === mine.token) break;
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (readHolder(lock)?.token === mine.token) rmSync(lock, { force: true });
  };
};

const checkFormat = (folder: string): void => {
  const path = join(folder, 'format');
  createPrivateFile(path, `${FORMAT}\n`);
  const found = readFileSync(path, 'utf8').trim();
  if (!/^\d+$/.test(found))
    throw new DataFolderError(`${path} should hold a version number. Is ${folder} a data folder of Fil rouge?`);
  if (Number(found) > FORMAT)
    throw new DataFolderError(
      `The data folder ${folder} was written by a newer release of Fil rouge (format ${found}, this release knows ${FORMAT}). Start that release, or restore a backup from before the upgrade.`,
    );
};

const prepare = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // PostgreSQL refuses to run as root and runs under another account then, which has to pass through this folder.
  if (process.getuid?.() === 0) chmodSync(path, statSync(path).mode | 0o011);
  mkdirSync(join(path, 'keys'), { recursive: true, mode: 0o700 });
  checkFormat(path);
};

const explain = (path: string, error: unknown): unknown => {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code))
    return new DataFolderError(
      `The data folder ${path} can't be written (${code}): it may belong to another account, root for instance. ` +
        'Start under the account that owns it, or give another folder with FIL_ROUGE_DATA.',
      { cause: error },
    );
  if (['ENOTDIR', 'EEXIST'].includes(code))
    return new DataFolderError(`The data folder ${path} can't be created: a file has that name.`, { cause: error });
  return error;
};

export interface DataFolder {
  /** Without symbolic links. */
  readonly path: string;
  release(): void;
}
/**
 * Creates the folder when missing and holds it until `release`, or until the process dies.
 * @throws DataFolderInUse, or DataFolderError when it can't be used, or is of a newer release
 */
export const openDataFolder = (path: string): DataFolder => {
  try {
    prepare(path);
    const real = realpathSync(path);
    return { path: real, release: takeLock(real) };
  } catch (error) {
    throw explain(path, error);
  }
};
