import { type Pool, type PoolConfig } from 'pg';
import { type DataSource } from 'typeorm';
import { observePools } from '../../../libs/platform/telemetry-pools.js';
import { observeViews } from '../../../libs/read-models/metrics.js';
import { type Log } from '../../../libs/read-models/read-cases.js';
import { rebuild } from '../../../libs/read-models/rebuild.js';
import { ReadModelRunner, type RunnerHealth } from '../../../libs/read-models/runner.js';
import { poolOf, viewsDataSource } from '../../../libs/read-models/tables.js';
import { Watch, type WatchHealth, type WatchParts } from '../../../libs/watch/watch.js';

export interface WorkerParts {
  readonly log: Log;
  /** How the application connects. */
  readonly database: PoolConfig;
  /** What the watch needs; without it there is none. */
  readonly watch?: { readonly parts: WatchParts; readonly pool: Pool };
  /** Lines for the operator. */
  readonly say: (line: string) => void;
}
export interface Worker {
  readonly views: DataSource;
  health(): Promise<RunnerHealth>;
  /** Undefined until the watch has been started. */
  watchHealth(): WatchHealth | undefined;
  /** Apart from the rest: histories that are being told must not be found late on the way. */
  startWatch(): void;
  /** Resolves when what was under way is done. */
  stop(): Promise<void>;
}

/** What goes on beside the requests. Start as many copies as you like: they share the work, and one that dies is not missed. */
export async function createWorker({ log, database, watch, say }: WorkerParts): Promise<Worker> {
  const views = await viewsDataSource({ ...database, max: 2 }).initialize();
  observePools({ views: poolOf(views) });
  const stopping = new AbortController();
  const runner = new ReadModelRunner({ log, views, say, rebuild: (signal) => rebuild({ log, database, signal }) });
  const running = [runner.start(stopping.signal)];
  const unobserve = observeViews(log, () => runner.health());
  let watching: Watch | undefined;
  return {
    views,
    health: () => runner.health(),
    watchHealth: () => watching?.health(),
    startWatch: () => {
      if (!watch || watching) return;
      watching = new Watch(watch.parts, watch.pool, { say });
      running.push(watching.start(stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      unobserve();
      await Promise.all(running);
      await views.destroy();
    },
  };
}
