import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Format } from '../../libs/application/import/import-transmissions.js';
import { Cli, freshFolder } from '../support/cli.js';
import { CPAM, nirOf, ORGANISATIONS, TestInstance } from '../support/instance.js';

/** `fil-rouge import`, killed and started again. */
const folder = freshFolder();
const instances: TestInstance[] = [];
afterAll(async () => {
  for (const instance of instances) await instance.stop();
  rmSync(folder, { recursive: true });
});
const instance = async (): Promise<TestInstance> => {
  instances.push(await TestInstance.start());
  await instances.at(-1)!.register(...ORGANISATIONS);
  return instances.at(-1)!;
};
const start = (file: string, on: TestInstance): Cli =>
  Cli.run(['import', file, '--organisation', 'cpam-39'], { DATABASE_URL: on.databaseUrl, FIL_ROUGE_DATA: on.dataFolder });
/** Its last words. */
const finish = async (cli: Cli): Promise<string | undefined> => {
  await cli.exited;
  return /\d+ lignes lues : .* rejetées/.exec(cli.output)?.[0] ?? cli.output;
};
const written = async (on: TestInstance): Promise<unknown[]> => {
  const client = new Client(on.databaseUrl);
  await client.connect();
  const { rows } = await client.query('SELECT type, count(*)::int FROM log.event GROUP BY type ORDER BY type');
  await client.end();
  return rows as unknown[];
};

type Row = Record<string, string>;
const good = (n: number): Row => ({
  nir: nirOf(n), nom: `NOM${n}`, prenoms: 'Jeanne', date_naissance: '1979-05-21', debut_arret: '2026-02-02', fin_prevue: '2026-12-31', risque: 'maladie',
  code_spst: 'MT39', date_accord: '2026-02-10', preuve_accord: 'form',
}); // prettier-ignore
/** Good ones, ones that can't be read, ones that a rule refuses, and ones that say what a line near or far above has said. */
const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, n) => {
    if (n % 7 === 6) return { ...good(n), date_accord: '' };
    if (n % 11 === 10) return { ...good(n), date_accord: '2199-01-01' };
    if (n % 13 === 12) return good(n - 4);
    return n % 17 === 16 && n > 150 ? good(n - 150) : good(n);
  });
const textOf = (lines: readonly Row[], format: Format): string =>
  (format === 'ndjson'
    ? lines.map((line) => JSON.stringify(line))
    : [Object.keys(lines[0]!).join(';'), ...lines.map((line) => Object.values(line).join(';'))]
  ).join('\n');
/** The last line that was sent, as the journal tells. */
const lastSent = (file: string): number => {
  const path = `${file}.import-progress`;
  const sent = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => /^\d+$/.test(line)) : []; // prettier-ignore
  return Math.max(0, ...sent.map(Number));
};

it.each<[Format, readonly number[], NodeJS.Signals]>([
  ['csv', [1, 130, 330], 'SIGKILL'],
  ['ndjson', [230], 'SIGTERM'],
])(
  '%s: killed again and again, or told to stop, it goes on where it was, and ends like one that was left alone',
  async (format, instants, signal) => {
    const file = join(folder, `arrets.${format}`);
    const text = textOf(rows(360), format);
    writeFileSync(file, text);
    const alone = await instance();
    const summary = await finish(start(file, alone));
    const rejects = readFileSync(`${file}.rejets.${format}`, 'utf8');
    expect(summary).toMatch(/^360 lignes lues : \d{3} prises, \d\d déjà là, \d\d rejetées/);
    expect(existsSync(`${file}.import-progress`)).toBe(false);

    const killed = await instance();
    for (const instant of instants) {
      const cli = start(file, killed);
      while (lastSent(file) < instant && cli.child.exitCode === null) await new Promise((r) => setTimeout(r, 2));
      cli.child.kill(signal);
      if (signal === 'SIGTERM') {
        const stopped = /Import arrêté : \d+ lignes lues : .* La même commande reprend où il en était/;
        expect([await cli.exited, cli.output]).toEqual([143, expect.stringMatching(stopped)]);
        continue;
      }
      await cli.exited;
      expect(cli.child.signalCode).toBe(signal);
    }
    const last = start(file, killed);
    expect(await finish(last)).toBe(summary);
    expect(last.output).toMatch(/import interrompu, repris après [1-3]\d\d lignes/);
    expect(await last.exited).toBe(2);
    expect(readFileSync(`${file}.rejets.${format}`, 'utf8')).toBe(rejects);
    expect(await written(killed)).toEqual(await written(alone));
    expect(existsSync(`${file}.import-progress`)).toBe(false);
    if (format === 'csv') return;
    // The rejected lines are there as they came.
    const originals = rejects.trim().split('\n').map((line) => JSON.parse(line) as { original: string; line: number }); // prettier-ignore
    for (const { original, line } of originals) expect(original).toBe(text.split('\n')[line - 1]);
  },
  400_000,
);

it('starts over, and says so, when what it has read is not what is there now; and refuses to be two', async () => {
  const on = await instance();
  const file = join(folder, 'change.csv');
  writeFileSync(file, textOf(rows(250), 'csv'));
  const first = start(file, on);
  while (lastSent(file) < 130) await new Promise((r) => setTimeout(r, 2));
  first.child.kill('SIGSTOP');
  const second = start(file, on);
  expect([await second.exited, second.output]).toEqual([1, expect.stringContaining(`en cours (processus ${first.child.pid})`)]);
  first.child.kill('SIGKILL');
  await first.exited;

  // After what was read: no reason to start over.
  appendFileSync(file, `\n${Object.values(good(9_000)).join(';')}`);
  const third = start(file, on);
  await third.prints(/import interrompu, repris après 100 lignes/);
  third.child.kill('SIGKILL');
  await third.exited;

  writeFileSync(file, readFileSync(file, 'utf8').replace('NOM3;', 'NOM3BIS;'));
  const fourth = start(file, on);
  expect(await finish(fourth)).toMatch(/^251 lignes lues/);
  expect(fourth.output).toContain('import interrompu, repris depuis le début (le fichier a changé)');
  writeFileSync(`${file}.import-progress`, '{"of":"\0\0\n');
  const again = start(file, on);
  expect(await finish(again)).toMatch(/^251 lignes lues : 0 prises/);
  expect(again.output).toContain('(le fichier de progression est illisible)');
  const numbers = [...readFileSync(`${file}.rejets.csv`, 'utf8').matchAll(/^(\d+);/gm)].map(([, n]) => Number(n));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));

  // By the API, the service stops while its client is still sending.
  const sending = request(`${on.base}/v1/imports/sick-leave-transmissions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await on.token(CPAM)}`, 'content-type': 'text/csv' },
  });
  sending.on('error', () => undefined);
  const answered = new Promise<IncomingMessage>((resolve) => sending.once('response', resolve));
  const lines = Array.from({ length: 40 }, (_, n) => (n === 0 ? { ...good(n), date_accord: '' } : good(20_000 + n)));
  sending.write(`${textOf(lines, 'csv')}\n`);
  const answer = (await answered).setEncoding('utf8');
  let halting: Promise<void> | undefined;
  let told = '';
  for await (const words of answer) {
    told += words as string;
    if (told.includes('"rejected","line"')) halting ??= on.halt();
  }
  const last = JSON.parse(told.trim().split('\n').at(-1)!) as Record<string, number>;
  expect(last).toMatchObject({ type: 'stopped', reason: 'stopping', already: 0, rejected: 1, taken: last['read']! - 1 });
  expect(last['bytes']).toBe(Buffer.byteLength(`${textOf(lines.slice(0, last['read']), 'csv')}\n`));
  await halting;
  sending.destroy();
}, 300_000);
