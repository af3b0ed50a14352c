import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandOf } from '../../../libs/domain/asides.js';
import { parseScenario } from '../../../libs/scenarios/parse.js';
import { playScenario } from '../../../libs/scenarios/player.js';
import { progressBar } from './progress.js';

/** From `dist/apps/cli/src`, the project's own folder. */
const ROOT = resolve(__dirname, '../../../..');
export const SCENARIOS = join(ROOT, 'test', 'scenarios');

/** The demonstration cases are the histories of `test/scenarios`, played through the API; once, however often it is interrupted. */
export async function loadDemonstration(dataFolder: string, baseUrl: string): Promise<void> {
  if (existsSync(markOf(dataFolder))) return;
  const files = readdirSync(SCENARIOS)
    .filter((f) => f.endsWith('.yaml'))
    .sort();
  const bar = progressBar('Dossiers de démonstration', 'histoires');
  bar.start(files.length, 0);
  for (const file of files) {
    const said: string[] = [];
    const result = await playScenario(parseScenario(readFileSync(join(SCENARIOS, file), 'utf8'), file, commandOf), {
      baseUrl,
      print: (line) => said.push(line),
      blind: true,
    });
    if (result.failure) throw new Error(`${file}: ${said.slice(-3).join('\n')}`);
    bar.increment();
  }
  bar.stop();
  withoutDemonstration(dataFolder, files);
}

/** From here on none is loaded: `files` are, or the log is somebody's own. */
export function withoutDemonstration(dataFolder: string, files: readonly string[] = []): void {
  writeFileSync(markOf(dataFolder), `${JSON.stringify({ files })}\n`);
}
const markOf = (dataFolder: string): string => join(dataFolder, 'demonstration.json');
