import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type INestApplication, type LoggerService } from '@nestjs/common';
import { createApi } from '../../api/src/app.js';
import { createWorker } from '../../worker/src/worker.js';
import { type Config } from '../../../libs/platform/config.js';
import { type LogFields, type Logger } from '../../../libs/platform/logger.js';
import { startTelemetry } from '../../../libs/platform/telemetry.js';
import { observePools } from '../../../libs/platform/telemetry-pools.js';
import { wire, type Wiring } from '../../../libs/platform/wiring.js';
import { poolOf, viewsDataSource } from '../../../libs/read-models/tables.js';
import { CommandError } from './command-error.js';
import { healthChecksFor, moduleFor } from './modules.js';

/** API and worker in one process. */
export interface Instance {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  readonly wiring: Wiring;
  /** Once the demonstration is told: it lies years back, and would be found late on the way. */
  startWatch(): void;
  /** Stops taking requests, ends the streams, lets what is under way finish, then stops the database. */
  stop(): Promise<void>;
}

export async function startInstance(config: Config, logger: Logger): Promise<Instance> {
  const closing: (() => Promise<unknown>)[] = [await startTelemetry(config, logger)];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const wiring = await wire(config, logger);
    closing.push(() => wiring.close());
    const { parts, pool, database, helpers, announcements, verifier, localIssuer, kept } = wiring;
    const worker = config.worker
      ? await createWorker({
          log: parts,
          database: database.app,
          helpers,
          announcements,
          writing: { parts, pool },
          say: (line, isTrouble) => (isTrouble ? logger.warn(line) : logger.log(line)),
        })
      : undefined;
    if (worker) closing.push(() => worker.stop());
    const views = await viewsDataSource(database.app).initialize();
    closing.push(() => views.destroy());
    observePools({ lists: poolOf(views) });
    await parts.followed.catchUp();
    // The demonstration's own requests would hide what the operator is to read.
    let told = false;
    const app = await createApi({
      module: moduleFor(wiring, views),
      healthChecks: healthChecksFor(wiring, worker),
      verifier,
      logger: withoutChatter(logger),
      access: (line) => (told ? accessLine(logger, line) : logger.debug('request', line)),
      ...(localIssuer && { localIssuer }),
      ...(kept && { kept }),
    });
    closing.push(() => app.close());
    await app.listen(config.port, config.host).catch((error: unknown) => {
      throw cannotListen(config, error);
    });
    return { url: urlOf(config.host, app), wiring, startWatch: () => ((told = true), worker?.startWatch()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const LISTEN_FAULTS: Record<string, string> = {
  EADDRINUSE: 'un autre programme s’y trouve déjà. L’arrêter, ou choisir un autre port avec PORT (0 : le premier libre)',
  EADDRNOTAVAIL: 'cette machine n’a pas cette adresse. Voir HOST',
  ENOTFOUND: 'aucune machine ne porte ce nom. Voir HOST',
  EACCES: 'ce compte n’y a pas droit ; les ports sous 1024 sont réservés. Voir PORT',
};
const isListenFault = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.syscall === 'listen';
function cannotListen({ host, port }: Config, error: unknown): unknown {
  const fault = LISTEN_FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
  return fault ? new CommandError(`impossible d’écouter sur ${host}, port ${port} : ${fault}.`) : error;
}

function urlOf(host: string, app: INestApplication): string {
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** One line a request; those that only ask whether the process is well, several times a minute, where they were not answered that it is. */
function accessLine(logger: Logger, line: LogFields): void {
  if (line.route?.startsWith('/health/') && line.status === 200) logger.debug('request', line);
  else logger.log('request', line);
}

/** Nest names each of its routes when it starts; an operator reads what it must know. */
const withoutChatter = (logger: Logger): LoggerService => ({
  log: (message: unknown, ...rest: unknown[]) => logger.debug(message, ...rest),
  warn: (message: unknown, ...rest: unknown[]) => logger.warn(message, ...rest),
  // Why it can't listen is told by whoever asked for it, once.
  error: (message: unknown, ...rest: unknown[]) =>
    isListenFault(message) ? logger.debug(message, ...rest) : logger.error(message, ...rest),
});
