import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDemonstration } from '../../apps/cli/src/demonstration.js';
import { startInstance } from '../../apps/cli/src/instance.js';
import { progressBar } from '../../apps/cli/src/progress.js';
import { loadConfig } from '../../libs/platform/config.js';
import { Logger } from '../../libs/platform/logger.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { fuzz } from './fuzz.js';
import { type OpenApi } from './operations.js';

/** As whom: one of each role that acts, in the demonstration's directory. */
export const CALLERS: readonly (readonly [organisation: string, role: Role])[] = [
  ['cpam-39', 'CPAM'], ['ast-39', 'CPDP'], ['ast-39', 'MT'], ['carsat-bfc', 'AS'], ['elsm-39', 'MC'], ['cap-emploi-39', 'CAP_EMPLOI'], ['operator', 'OPERATOR'], ['auditor', 'AUDITOR'],
]; // prettier-ignore

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run fuzz -- --requests N --seed S`: nearly right requests to the whole product, on a database of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const [count, seed] = [Number(values.requests), Number(values.seed)];
  const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-fuzz-'));
  const rejections: unknown[] = [];
  process.on('unhandledRejection', (reason) => void rejections.push(reason));
  const instance = await startInstance(
    loadConfig({ FIL_ROUGE_DATA: folder, PORT: '0', LOG_LEVEL: 'error' }),
    new Logger('error'),
  );
  const bar = progressBar('Requêtes', 'requêtes');
  try {
    await loadDemonstration(folder, instance.url);
    const issuer = instance.wiring.localIssuer!;
    const tokens = await Promise.all(
      CALLERS.map(([organisation, role]) => issuer.issue({ organisation, role, person: 'fuzz', ttl: 86_400 })),
    );
    const document = (await (await fetch(`${instance.url}/openapi.json`)).json()) as OpenApi;
    bar.start(count, 0);
    const memory: number[] = [];
    const outcome = await fuzz({ base: instance.url, tokens: [...tokens, 'none'], document }, count, seed, (done) => {
      bar.update(done);
      if (done % Math.ceil(count / 10) === 0) memory.push(Math.round(process.memoryUsage().rss / 2 ** 20));
    });
    bar.stop();
    for (const failure of outcome.failures.slice(0, 20)) say(JSON.stringify(failure));
    say(
      JSON.stringify({
        seed,
        requests: outcome.requests,
        byStatus: outcome.byStatus,
        operations: outcome.operations,
        taken: outcome.taken,
      }),
    );
    say(`RSS, MiB, at each tenth: ${memory.join(' ')}`);
    say(`${outcome.failures.length} answers of 500 and more, or none; ${rejections.length} unhandled rejections`);
    process.exitCode = outcome.failures.length + rejections.length > 0 ? 1 : 0;
  } finally {
    bar.stop();
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
void main();
