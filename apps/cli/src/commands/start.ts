import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { loadDemonstration } from '../demonstration.js';
import { type Instance, startInstance } from '../instance.js';
import { untilStopped } from '../signals.js';

/** `fil-rouge start`: the database, the API and the worker, until Ctrl-C. */
export async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = new Logger(config.logLevel);
  const stopped = untilStopped();
  const instance = await startInstance(config, logger);
  try {
    if (config.demo && instance.wiring.localIssuer)
      await Promise.race([loadDemonstration(config.dataFolder, instance.url), stopped.signal]);
    instance.startWatch();
    if (!stopped.yet) console.log(await welcome(instance));
    await stopped.signal;
  } finally {
    logger.log('stopping');
    await instance.stop();
    logger.log('stopped');
  }
}

async function welcome({ url, wiring }: Instance): Promise<string> {
  const lines = [
    '',
    'Fil rouge est prêt.',
    '',
    `  API            ${url}/v1`,
    `  Documentation  ${url}/docs   (OpenAPI : ${url}/openapi.json)`,
    `  Santé          ${url}/health/ready`,
  ];
  await wiring.parts.followed.catchUp();
  const social = wiring.parts.followed.all().find((o) => o.roles.includes('AS'));
  if (wiring.localIssuer && social) {
    const token = await wiring.localIssuer.issue({ organisation: social.id, role: 'AS', person: 'demonstration', ttl: 8 * 3600 });
    lines.push('', `  La file active d’une assistante sociale (${social.name}), à coller dans un terminal :`, '', `curl -s -H 'Authorization: Bearer ${token}' ${url}/v1/worklists/social-worker`);
  } // prettier-ignore
  return [...lines, '', 'Ctrl-C pour arrêter ; les données restent.', ''].join('\n');
}
