import { mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actOfCommand } from '../../../../libs/domain/case/acts.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { parseScenario } from '../../../../libs/scenarios/parse.js';
import { playScenario } from '../../../../libs/scenarios/player.js';
import { startInstance } from '../instance.js';

/** `fil-rouge play FILE…`: plays histories through the API of a fresh instance. @returns the process's exit code */
export async function play(files: readonly string[]): Promise<number> {
  const scenarios = files.map((file) => parseScenario(readFileSync(file, 'utf8'), file, actOfCommand));
  const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-play-'));
  // The embedded server may run under another account.
  chmodSync(folder, 0o755);
  const config = loadConfig({
    ...process.env,
    FIL_ROUGE_DATA: folder,
    DATABASE_URL: '',
    DATABASE_MIGRATION_URL: '',
    FIL_ROUGE_DEMO: 'false',
    PORT: '0',
    HOST: '127.0.0.1',
  });
  const instance = await startInstance(config, new Logger('warn'));
  try {
    for (const scenario of scenarios) {
      const { exitCode } = await playScenario(scenario, { baseUrl: instance.url, print: (line) => console.log(line) });
      if (exitCode !== 0) return exitCode;
      console.log();
    }
    return 0;
  } finally {
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
