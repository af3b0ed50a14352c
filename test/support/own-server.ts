import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/platform/embedded-postgres.js';
import { readPostmaster } from '../../libs/platform/embedded/orphan.js';
import { Logger } from '../../libs/platform/logger.js';
import { until } from './log-under-test.js';

/** A server for one suite, as the product runs it: it writes to the disk, it may be killed, and it comes back. */
export class OwnServer {
  private constructor(
    private readonly folder: string,
    private readonly postgres: EmbeddedPostgres,
  ) {}

  static async start(): Promise<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-own-'));
    // Run by root, the server is another user, to whom mkdtemp leaves no way in.
    chmodSync(folder, 0o755);
    // That it was lost is what the test wants.
    const quiet = Object.assign(new Logger('error'), { error: () => undefined });
    return new OwnServer(folder, await startEmbeddedPostgres(folder, quiet));
  }

  /** Of its superuser. */
  get url(): string {
    const { host, port, passwords } = this.postgres;
    return `postgres://postgres:${passwords.superuser}@${host}:${port}/postgres`;
  }

  /** It crashes, and is back. */
  async restart(): Promise<void> {
    const before = this.pid;
    this.crash();
    await until(async () => {
      if (this.pid === undefined || this.pid === before) return;
      const client = new Client(this.url);
      return client
        .connect()
        .then(() => client.end())
        .then(() => true)
        .catch(() => undefined);
    });
  }

  /** All at once, as in a power cut but for what the kernel holds: what was not written to a file is gone. */
  crash(): void {
    process.kill(this.pid!, 'SIGQUIT');
  }

  private get pid(): number | undefined {
    return readPostmaster(join(this.folder, 'postgres'))?.pid;
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
