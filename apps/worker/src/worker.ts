import { type Pool, type PoolConfig } from 'pg';
import { type DataSource } from 'typeorm';
import { type Announcements } from '../../../libs/event-store/announced.js';
import { observePools } from '../../../libs/platform/telemetry-pools.js';
import { type Helpers } from '../../../libs/read-models/fill.js';
import { observeViews } from '../../../libs/read-models/metrics.js';
import { type Log } from '../../../libs/read-models/read-cases.js';
import { rebuild } from '../../../libs/read-models/rebuild.js';
import { ReadModelRunner, type RunnerHealth } from '../../../libs/read-models/runner.js';
import { poolOf, viewsDataSource } from '../../../libs/read-models/tables.js';
import { type Parts } from '../../../libs/application/parts.js';
import { Courier, type CourierHealth } from '../../../libs/processes/courier.js';
import { Doublons } from '../../../libs/processes/doublons.js';
import { type FollowerHealth } from '../../../libs/processes/follower.js';
import { Watch, type WatchHealth } from '../../../libs/watch/watch.js';

export interface WorkerParts {
  readonly log: Log;
  /** How the application connects. */
  readonly database: PoolConfig;
  readonly helpers?: Helpers | undefined;
  readonly announcements?: Announcements | undefined;
  /** What those need that write; without it there are none. */
  readonly writing?: { readonly parts: Parts; readonly pool: Pool };
  /** Lines for the operator; `isTrouble`: somebody is to look at it. */
  readonly say: (line: string, isTrouble?: boolean) => void;
}
export interface Worker {
  readonly views: DataSource;
  health(): Promise<RunnerHealth>;
  /** Undefined until the watch has been started. */
  watchHealth(): WatchHealth | undefined;
  /** Apart from the rest: histories that are being told must not be found late on the way. */
  startWatch(): void;
  /** Undefined when nothing is carried from meetings to cases. */
  courierHealth(): Promise<CourierHealth | undefined>;
  /** Undefined when nobody looks for files on the same person. */
  doublonsHealth(): FollowerHealth | undefined;
  /** Resolves when what was under way is done. */
  stop(): Promise<void>;
}

/** What goes on beside the requests. Start as many copies as you like: they share the work, and one that dies is not missed. */
export async function createWorker({ log, database, helpers, announcements, writing, say }: WorkerParts): Promise<Worker> {
  const views = await viewsDataSource({ ...database, max: 2 }).initialize();
  observePools({ views: poolOf(views) });
  const stopping = new AbortController();
  const runner = new ReadModelRunner({
    log,
    views,
    say,
    announcements,
    rebuild: (signal) => rebuild({ log, database, helpers, signal }),
  });
  const running = [runner.start(stopping.signal)];
  const unobserve = observeViews(log, () => runner.health());
  const courier = writing && new Courier(writing.parts, writing.pool, { say });
  const doublons = writing && new Doublons(writing.parts, writing.pool, { say });
  for (const follower of [courier, doublons]) if (follower) running.push(follower.start(stopping.signal));
  let watching: Watch | undefined;
  return {
    views,
    health: () => runner.health(),
    watchHealth: () => watching?.health(),
    startWatch: () => {
      if (!writing || watching) return;
      watching = new Watch(writing.parts, writing.pool, { say });
      running.push(watching.start(stopping.signal));
    },
    courierHealth: async () => courier?.health(),
    doublonsHealth: () => doublons?.state,
    stop: async () => {
      stopping.abort();
      unobserve();
      await Promise.all(running);
      await views.destroy();
    },
  };
}
