import { mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from '../../../../libs/domain/asides.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { parseScenario } from '../../../../libs/scenarios/parse.js';
import { isDemonstration } from '../../../../libs/scenarios/http-door.js';
import { playScenario } from '../../../../libs/scenarios/player.js';
import { type Scenario } from '../../../../libs/scenarios/scenario.js';
import { CommandError } from '../command-error.js';
import { startInstance } from '../instance.js';

/**
 * `fil-rouge play FILE…`: plays histories through the API of a fresh instance, or of one that runs, there as stories of other people each
 * time.
 * @returns the process's exit code
 */
export async function play(files: readonly string[], { url }: { url?: string } = {}): Promise<number> {
  const scenarios = files.map((file) => parseScenario(readFileSync(file, 'utf8'), file, commandOf));
  return url === undefined
    ? onFreshInstance((fresh) => playAll(scenarios, fresh, false))
    : onRunningInstance(url.replace(/\/$/, ''), (running) => playAll(scenarios, running, true));
}

async function playAll(scenarios: readonly Scenario[], baseUrl: string, anew: boolean): Promise<number> {
  for (const scenario of scenarios) {
    const { exitCode, caseId } = await playScenario(scenario, { baseUrl, anew, print: (line) => console.log(line) });
    if (anew && caseId !== undefined) console.log(`  ${baseUrl}/v1/cases/${caseId}`);
    if (exitCode !== 0) return exitCode;
    console.log();
  }
  return 0;
}

async function onRunningInstance(url: string, work: (url: string) => Promise<number>): Promise<number> {
  const demonstration = await isDemonstration(url).catch(() => {
    throw new CommandError(
      `rien ne répond à ${url}. L’instance est-elle démarrée ? Voir l’adresse qu’elle affiche au démarrage.`,
    );
  });
  if (!demonstration)
    throw new CommandError(
      `${url} n’est pas une instance de démonstration : les histoires se jouent avec ses jetons et son horloge, qu’une vraie installation n’a pas.`,
    );
  return work(url);
}

async function onFreshInstance(work: (url: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-play-'));
  // The embedded server may run under another account.
  chmodSync(folder, 0o755);
  const config = loadConfig({
    ...process.env,
    FIL_ROUGE_DATA: folder,
    DATABASE_URL: '',
    DATABASE_MIGRATION_URL: '',
    EVENTSTORE_URL: '',
    FIL_ROUGE_DEMO: 'false',
    PORT: '0',
    HOST: '127.0.0.1',
  });
  const instance = await startInstance(config, new Logger('warn'));
  try {
    return await work(instance.url);
  } finally {
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
