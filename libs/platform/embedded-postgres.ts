import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Account, checkReach, serverAccount } from './embedded/account.js';
import { type Binaries, embeddedBinaries, EmbeddedPostgresError } from './embedded/binaries.js';
import { prepareCluster, serverEnvironment } from './embedded/cluster.js';
import { endStragglers, readPostmaster, shutDown, stopOrphan } from './embedded/orphan.js';
import { openPasswords, passwordFile, type Passwords, readPasswords } from './embedded/passwords.js';
import { type Logger } from './logger.js';
import { ensureEmbeddedDatabase } from './roles.js';

export { EmbeddedPostgresError } from './embedded/binaries.js';

const HOST = '127.0.0.1';
/** Seconds between attempts to restart a lost server: at once first, then less and less often. */
const BACKOFF = [0, 0.2, 1, 2, 5, 10];

const clusterOf = (dataFolder: string): string => join(dataFolder, 'postgres');

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const serverOptions = (port: number): string[] =>
  Object.entries({
    port: String(port),
    listen_addresses: HOST,
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '',
    // Statements and details quote values, and values are personal.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Where a running embedded server is, and how to enter. */
export interface EmbeddedAccess {
  readonly host: string;
  readonly port: number;
  readonly passwords: Passwords;
}
export interface EmbeddedPostgres extends EmbeddedAccess {
  /** Cuts the clients and shuts down, in seconds at most. */
  stop(): Promise<void>;
}

/** The server that another process of ours runs on this folder; undefined when there is none. */
export const runningEmbeddedPostgres = (dataFolder: string): EmbeddedAccess | undefined => {
  const postmaster = readPostmaster(clusterOf(dataFolder));
  return postmaster && { host: HOST, port: postmaster.port, passwords: readPasswords(dataFolder) };
};

class Server implements EmbeddedPostgres {
  readonly host = HOST;
  private child: ChildProcess | undefined;
  private recovery: Promise<void> = Promise.resolve();
  private stopping = false;
  private lastLines: string[] = [];
  private readonly onExit = (): void => {
    this.child?.kill('SIGINT');
  };

  constructor(
    readonly port: number,
    readonly passwords: Passwords,
    private readonly cluster: string,
    private readonly binaries: Binaries,
    private readonly account: Account,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.launch();
    // For a process that ends without stop(): the next start has nothing to clean up.
    process.once('exit', this.onExit);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    process.off('exit', this.onExit);
    await this.recovery;
    if (this.child?.pid) await shutDown(this.child.pid);
    this.child = undefined;
  }

  private async launch(): Promise<void> {
    this.lastLines = [];
    // A group of its own: Ctrl-C reaches a whole group, and the server has to outlive the requests being drained.
    const child = spawn(this.binaries.postgres, ['-D', this.cluster, ...serverOptions(this.port)], {
      ...this.account,
      cwd: this.cluster,
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.lastLines = [...this.lastLines.slice(-9), line];
      this.logger.debug(line, 'postgres');
    });
    let failure: string | undefined;
    child.once('error', (error) => (failure = error.message));
    child.once('close', (code, signal) => (failure ??= `ended with ${signal ?? `code ${code}`}`));
    while (!(await this.answers())) {
      if (failure !== undefined)
        throw new EmbeddedPostgresError(`PostgreSQL does not start: ${[failure, ...this.lastLines].join('\n')}`);
      await sleep(20);
    }
    this.child = child;
    child.once('exit', () => this.lost(child));
    if (child.exitCode !== null || child.signalCode !== null) this.lost(child);
  }

  /** Recovery from a crash takes as long as it takes: as long as the server lives we wait for it. */
  private async answers(): Promise<boolean> {
    const client = new pg.Client({
      host: HOST,
      port: this.port,
      user: 'postgres',
      password: this.passwords.superuser,
      database: 'postgres',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '28P01') {
        const pid = readPostmaster(this.cluster)?.pid;
        if (pid) await shutDown(pid);
        throw new EmbeddedPostgresError(
          `The passwords in ${passwordFile(dirname(this.cluster))} are not those of the cluster in ${this.cluster}. Restore the two together.`,
        );
      }
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private lost(child: ChildProcess): void {
    if (this.stopping || this.child !== child) return;
    this.child = undefined;
    this.logger.error('PostgreSQL ended while we were using it: restarting it on the same port', { port: this.port });
    this.recovery = this.recover();
  }

  private async recover(): Promise<void> {
    for (let attempt = 1; !this.stopping; attempt++) {
      await sleep(1000 * (BACKOFF[attempt - 1] ?? BACKOFF.at(-1)!));
      try {
        await endStragglers(this.cluster);
        await this.launch();
        this.logger.warn('PostgreSQL is back', { port: this.port, attempt });
        return;
      } catch (error) {
        this.logger.error('PostgreSQL could not be restarted; trying again', error, { attempt });
      }
    }
  }
}

/** Another process may take the port between the moment we find it free and the moment the server binds it. */
const startOnFreePort = async (make: (port: number) => Server): Promise<Server> => {
  for (let attempt = 1; ; attempt++) {
    const server = make(await freePort());
    try {
      await server.start();
      return server;
    } catch (error) {
      if (attempt === 3 || !String(error).includes('could not bind')) throw error;
    }
  }
};

/**
 * Starts the persistent server of a data folder that the caller holds, creating it on the first run, and restarts it whenever
 * it is lost. Listens on the loopback only.
 * @throws EmbeddedPostgresError with what to do about it
 */
export const startEmbeddedPostgres = async (dataFolder: string, logger: Logger): Promise<EmbeddedPostgres> => {
  const cluster = clusterOf(dataFolder);
  const binaries = embeddedBinaries();
  const account = serverAccount(cluster);
  checkReach(account, dirname(binaries.postgres), dataFolder);
  const passwords = openPasswords(dataFolder);
  prepareCluster(cluster, binaries, account, passwords.superuser);
  await stopOrphan(cluster, logger);
  const server = await startOnFreePort((port) => new Server(port, passwords, cluster, binaries, account, logger));
  const superuser = new pg.Client({
    host: HOST,
    port: server.port,
    user: 'postgres',
    password: passwords.superuser,
    database: 'postgres',
  });
  try {
    await superuser.connect();
    await ensureEmbeddedDatabase(superuser, passwords);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await superuser.end();
  }
  return server;
};
