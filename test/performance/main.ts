import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { BENCHMARKS } from './benchmarks/index.js';
import { markdown } from './markdown.js';
import { run } from './run.js';

const names = BENCHMARKS.map(({ name }) => name);
const FOLDER = 'test/performance';

const program = new Command('npm run bench --')
  .description('Speeds as ratios, measured side by side on one embedded PostgreSQL with fsync on.')
  .option(
    '--quick',
    'a short run: fewer and shorter rounds, smaller logs; its figures are for whoever changes a benchmark',
    false,
  )
  .option('--only <name>', `one of ${names.join(', ')}; may be repeated`, (name, before: string[]) => [...before, name], [])
  .option('--json <file>', 'write the ratios to a file')
  .action(async ({ quick, only, json }: { quick: boolean; only: string[]; json?: string }) => {
    const unknown = only.filter((name) => !names.includes(name));
    if (unknown.length > 0) program.error(`no benchmark ${unknown.join(', ')}: there are ${names.join(', ')}`);
    installPeers();
    const start = Date.now();
    const say = (line: string) => process.stderr.write(`${String(Math.round((Date.now() - start) / 1000)).padStart(4)} s  ${line}\n`); // prettier-ignore
    const chosen = BENCHMARKS.filter(({ name }) => only.length === 0 || only.includes(name));
    process.stdout.write(markdown(await run(chosen, { quick, say, ...(json !== undefined && { json }) })));
  });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
void program.parseAsync();

/** What is compared with is installed beside the product, when it is not there in the versions named. */
function installPeers(): void {
  const read = (file: string) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as object;
  const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
  const isThere = ([name, version]: [string, string]): boolean => {
    const file = `node_modules/${name}/package.json`;
    return existsSync(`${FOLDER}/${file}`) && (read(file) as { version: string }).version === version;
  };
  if (Object.entries(dependencies).every(isThere)) return;
  process.stderr.write(`installing what is compared with: npm ci --prefix ${FOLDER}\n`);
  const { status } = spawnSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' }); // prettier-ignore
  if (status !== 0) process.exit(status ?? 1);
}
