import { randomUUID } from 'node:crypto';
import { closeSync, fchownSync, fsyncSync, linkSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'; // prettier-ignore
import { dirname } from 'node:path';

/** What was created, renamed or removed in it is on the disk when it returns. */
export const syncFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/** A file beside `path` (mode 0600), on the disk when it returns, to be given its name. */
const draftOf = (path: string, content: string, owner?: number): string => {
  const draft = `${path}.${randomUUID()}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    if (owner !== undefined) fchownSync(file, owner, -1);
    writeSync(file, content);
    fsyncSync(file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return draft;
};

/**
 * Creates `path` whole (mode 0600), on the disk when it returns, or not at all; never replaces a file.
 * @returns false when the file was there already, which another process may have just done
 */
export const createPrivateFile = (path: string, content: string): boolean => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = draftOf(path, content);
  try {
    // link, unlike rename, fails when the name is taken: of two processes that start together one wins, the other reads.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(path));
  return true;
};

/** Puts another content in the place of a file that is there, whole or not at all; its owner stays, whoever does it. */
export const replacePrivateFile = (path: string, content: string): void => {
  const real = realpathSync(path);
  const draft = draftOf(real, content, statSync(real).uid);
  try {
    renameSync(draft, real);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(real));
};
