import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { BENCHMARKS } from './benchmarks/index.js';
import { isMet, type Results, run } from './run.js';

const names = BENCHMARKS.map(({ name }) => name);
const FOLDER = 'test/performance';

const program = new Command('npm run bench --')
  .description('Speeds as ratios, measured side by side on one embedded PostgreSQL with fsync on.')
  .option('--quick', 'a short run: fewer and shorter rounds, smaller logs', false)
  .option('--only <name>', `one of ${names.join(', ')}; may be repeated`, (name, before: string[]) => [...before, name], [])
  .option('--json <file>', 'write the ratios to a file')
  .action(async ({ quick, only, json }: { quick: boolean; only: string[]; json?: string }) => {
    const unknown = only.filter((name) => !names.includes(name));
    if (unknown.length > 0) program.error(`no benchmark ${unknown.join(', ')}: there are ${names.join(', ')}`);
    installPeers();
    const start = Date.now();
    const say = (line: string) => process.stderr.write(`${String(Math.round((Date.now() - start) / 1000)).padStart(4)} s  ${line}\n`); // prettier-ignore
    const chosen = BENCHMARKS.filter(({ name }) => only.length === 0 || only.includes(name));
    print(await run(chosen, { quick, say, ...(json !== undefined && { json }) }));
  });
void program.parseAsync();

/** What is compared with is installed beside the product, at the first run or when its lock has changed. */
function installPeers(): void {
  const installed = `${FOLDER}/node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${FOLDER}/package-lock.json`).mtimeMs) return;
  const { status } = spawnSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], { stdio: 'inherit', shell: process.platform === 'win32' }); // prettier-ignore
  if (status !== 0) process.exit(status ?? 1);
}

function print({ ratios, others }: Results): void {
  const rows = [
    ...ratios.map((r) => [r.name, r.value.toFixed(2), `${r.lowerIsBetter ? '≤' : '≥'} ${r.goal}`, isMet(r) ? 'met' : 'NOT MET']),
    ...others.map(({ name, value }) => [name, value.toFixed(2), '', '']),
  ];
  const table = [['ratio (medians of rounds, sides in turn)', '×', 'goal', ''], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table) process.stdout.write(`| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |\n`);
}
