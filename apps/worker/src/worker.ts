import { type PoolConfig } from 'pg';
import { type DataSource } from 'typeorm';
import { type Log } from '../../../libs/read-models/read-cases.js';
import { rebuild } from '../../../libs/read-models/rebuild.js';
import { ReadModelRunner, type RunnerHealth } from '../../../libs/read-models/runner.js';
import { viewsDataSource } from '../../../libs/read-models/tables.js';

export interface WorkerParts {
  readonly log: Log;
  /** How the application connects. */
  readonly database: PoolConfig;
  /** Lines for the operator. */
  readonly say: (line: string) => void;
}
export interface Worker {
  readonly views: DataSource;
  health(): Promise<RunnerHealth>;
  /** Resolves when what was under way is done. */
  stop(): Promise<void>;
}

/** What goes on beside the requests. Start as many copies as you like: they share the work, and one that dies is not missed. */
export async function createWorker({ log, database, say }: WorkerParts): Promise<Worker> {
  const views = await viewsDataSource({ ...database, max: 2 }).initialize();
  const stopping = new AbortController();
  const runner = new ReadModelRunner({ log, views, say, rebuild: (signal) => rebuild({ log, database, signal }) });
  const running = runner.start(stopping.signal);
  return {
    views,
    health: () => runner.health(),
    stop: async () => {
      stopping.abort();
      await running;
      await views.destroy();
    },
  };
}
