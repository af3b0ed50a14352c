import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger } from '../logger.js';
import { commandOf, isRunning, processesIn, signal } from '../processes.js';
import { EmbeddedPostgresError } from './binaries.js';

/** What the server writes about itself in its folder while it runs. */
export const readPostmaster = (cluster: string): { pid: number; port: number } | undefined => {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** @returns false when it still runs after `milliseconds` */
export const hasEnded = async (pid: number, milliseconds: number): Promise<boolean> => {
  for (const end = Date.now() + milliseconds; isRunning(pid); await sleep(20)) if (Date.now() > end) return false;
  return true;
};

/** Fast shutdown (clients are cut, a checkpoint is written); after ten seconds an immediate one, which the next start recovers from. */
export const shutDown = async (pid: number): Promise<void> => {
  for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signal(pid, name);
    if (await hasEnded(pid, 10_000)) return;
  }
  throw new EmbeddedPostgresError(`PostgreSQL (process ${pid}) does not end, even when killed.`);
};

/** Its children outlive a killed postmaster while a statement runs, and no other may touch the cluster until they have ended. */
export const endStragglers = async (cluster: string): Promise<void> => {
  const children = (): number[] => processesIn(cluster).filter((pid) => commandOf(pid)?.startsWith('postgres: '));
  const ended = async (milliseconds: number): Promise<boolean> => {
    for (const end = Date.now() + milliseconds; children().length > 0; await sleep(20)) if (Date.now() > end) return false;
    return true;
  };
  if (await ended(1000)) return;
  children().forEach((pid) => signal(pid, 'SIGQUIT'));
  if (!(await ended(10_000)))
    throw new EmbeddedPostgresError(`Processes of a former PostgreSQL on ${cluster} do not end: ${children().join(', ')}.`);
};

/**
 * Leaves the cluster without any process of a former run: a kill -9 of Node leaves its server running, with our folder and a port.
 * Only call it while holding the data folder.
 */
export const stopOrphan = async (cluster: string, logger: Logger): Promise<void> => {
  const pid = readPostmaster(cluster)?.pid;
  // The id may have passed to another process: only a server started on our folder, or moved with it, is ours to end.
  if (pid && isRunning(pid) && (commandOf(pid)?.includes(`-D ${cluster} `) || processesIn(cluster).includes(pid))) {
    logger.warn('the last run ended without stopping PostgreSQL: stopping it', { pid });
    await shutDown(pid);
  }
  await endStragglers(cluster);
  // PostgreSQL takes any process of that id for a server and refuses to start: a zombie, or in a container, where ids are few, us.
  if (pid && process.platform === 'linux' && !commandOf(pid)?.includes('postgres'))
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
};
