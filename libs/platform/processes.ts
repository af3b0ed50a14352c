import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const proc = process.platform === 'linux';
const ps = (pid: number, column: string): string | undefined =>
  spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  }).stdout?.trim() || undefined;
const readProc = (pid: number, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
};
/** State and the fields after it; the name before them, in brackets, may itself hold brackets and spaces. */
const statOf = (pid: number): string[] | undefined => readProc(pid, 'stat')?.split(') ').at(-1)?.split(' ');

/** True when a process has this id and still runs. A zombie holds nothing any more. */
export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return !proc || !['Z', 'X'].includes(statOf(pid)?.[0] ?? 'X');
};

/** When a process began, in a form that only serves comparing: ids are used again (in a container node is nearly always process 1). */
export const startOf = (pid: number): string | undefined => (proc ? statOf(pid)?.[19] : ps(pid, 'lstart'));

export const commandOf = (pid: number): string | undefined =>
  proc ? readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() : ps(pid, 'command');

/** Processes whose current folder is `folder`; only Linux tells. */
export const processesIn = (folder: string): number[] => {
  if (!proc) return [];
  const isIn = (pid: string): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isIn(name))
    .map(Number);
};

/** Sends a signal to a process that may have ended. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
