import { loadConfig } from '../../../libs/platform/config.js';
import { Logger } from '../../../libs/platform/logger.js';
import { startTelemetry } from '../../../libs/platform/telemetry.js';
import { wire } from '../../../libs/platform/wiring.js';
import { createWorker } from './worker.js';

/** A worker in a process of its own. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = new Logger(config.logLevel);
  await startTelemetry(config, logger);
  const { parts, pool, database, helpers, announcements, close } = await wire(config, logger, { join: true });
  const worker = await createWorker({
    log: parts,
    database: database.app,
    helpers,
    announcements,
    writing: { parts, pool },
    say: (line, isTrouble) => (isTrouble ? logger.warn(line) : logger.log(line)),
  });
  worker.startWatch();
  logger.log('the worker has started');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.stop().then(close));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
