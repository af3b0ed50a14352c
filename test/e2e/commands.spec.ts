import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli, freshFolder, ROOT } from '../support/cli.js';
import { processesIn, signal } from '../../libs/platform/processes.js';

/** The README's commands, as somebody with Node and nothing else runs them. */
const folders: string[] = [];
const folder = (): string => {
  folders.push(freshFolder());
  return folders.at(-1)!;
};
afterAll(() => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));

const get = async (url: string, token?: string) => {
  const answer = await fetch(url, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  return { status: answer.status, text: await answer.text() };
};

describe('start', () => {
  it('from nothing to the demonstration; survives kill -9 of all of it; refuses a second instance; stops on Ctrl-C', async () => {
    const data = join(folder(), 'data');
    const env = { FIL_ROUGE_DATA: data, PORT: '0' };
    const first = Cli.run(['start'], env);
    const curl = await first.prints(
      /curl -s -H 'Authorization: Bearer (\S+)' (http:\/\/127\.0\.0\.1:\d+)\/v1\/worklists\/social-worker/,
      240_000,
    );
    // What the demonstration asks of the API does not hide it.
    expect(first.output).not.toContain('request');
    const [, token, url] = curl as unknown as [string, string, string];
    expect((await get(`${url}/health/live`)).status).toBe(200);
    expect((await get(`${url}/health/ready`)).status).toBe(200);
    expect(JSON.parse((await get(`${url}/openapi.json`)).text)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
    expect((await get(`${url}/docs`)).text).toContain('swagger');
    const listed = async () =>
      (JSON.parse((await get(`${url}/v1/worklists/social-worker`, token)).text) as { items: { overdue?: boolean; escalation?: number }[] }).items; // prettier-ignore
    // The demonstration lies years back: the watch tells at once what nobody has done since.
    let items = await listed();
    for (let i = 0; i < 600 && items.some(({ overdue, escalation }) => overdue && !escalation); i++, items = await listed())
      await new Promise((r) => setTimeout(r, 100));
    expect(items.length).toBeGreaterThan(0);

    const second = Cli.run(['start'], env);
    expect(await second.exited).toBe(1);
    expect(second.output).toMatch(/in use by another instance/);

    for (const pid of processesIn(data)) signal(pid, 'SIGKILL');
    first.child.kill('SIGKILL');
    await first.exited;
    const again = Cli.run(['start'], env);
    const [, token2, url2] = (await again.prints(/Bearer (\S+)' (http:\/\/127\.0\.0\.1:\d+)\/v1/)) as unknown as [
      string,
      string,
      string,
    ];
    const after = JSON.parse((await get(`${url2}/v1/worklists/social-worker`, token2)).text) as { items: unknown[] };
    expect(after.items).toEqual(items);

    // Beside the running instance, on its database.
    const rebuilt = Cli.run(['rebuild'], env);
    expect([await rebuilt.exited, rebuilt.output]).toEqual([0, expect.stringContaining('Les vues sont reconstruites.')]);
    const made = Cli.run(['token', '--organisation', 'carsat-bfc', '--role', 'AS'], env);
    expect(await made.exited).toBe(0);
    const served = JSON.parse((await get(`${url2}/v1/worklists/social-worker`, made.output.trim())).text) as { items: unknown[] };
    expect(served.items).toEqual(items);

    const asked = Date.now();
    again.child.kill('SIGINT');
    expect(await again.exited).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(processesIn(data)).toEqual([]);
  }, 400_000);

  it('names every fault of its settings, and refuses the demonstration’s issuer in production', async () => {
    const wrong = Cli.run(['start'], { PORT: '70000', FIL_ROUGE_DMEO: 'true', NODE_ENV: 'production' });
    expect(await wrong.exited).toBe(1);
    for (const name of ['PORT', 'FIL_ROUGE_DMEO', 'FIL_ROUGE_ISSUER']) expect(wrong.output).toContain(name);
  });
});

describe('what the operator can put right is told in a sentence', () => {
  const told = async (args: readonly string[], env: Record<string, string> = {}): Promise<string> => {
    const cli = Cli.run(args, { FIL_ROUGE_DATA: join(folder(), 'data'), FIL_ROUGE_DEMO: 'false', ...env });
    expect(await cli.exited).toBe(1);
    // No stack.
    expect(cli.output).not.toMatch(/^\s+at /m);
    return cli.output;
  };

  it('a port that is taken, an address that is not ours', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = await told(['start'], { PORT: String(port) });
    other.close();
    expect(taken).toContain(`impossible d’écouter sur 127.0.0.1, port ${port} : un autre programme s’y trouve déjà`);
    // TEST-NET-1: nobody's.
    expect(await told(['start'], { PORT: '0', HOST: '192.0.2.1' })).toContain('cette machine n’a pas cette adresse');
  }, 120_000);

  it('arguments', async () => {
    const token = (...more: string[]): Promise<string> => told(['token', '--organisation', 'carsat-bfc', ...more]);
    expect(await token('--role', 'XX')).toMatch(/XX.*CPDP/);
    expect(await token('--role', 'AS', '--hours', 'abc')).toContain('--hours');
    for (const command of [['play'], ['import', '--organisation', 'cpam-39']])
      expect(await told([...command, 'nulle-part'])).toContain('Ce fichier n’existe pas.');
  });
});

describe('play', () => {
  it('exits non-zero at the first step whose outcome differs from what the file expects, naming the line', async () => {
    const file = join(folder(), 'faux.yaml');
    const right = readFileSync(join(ROOT, 'test/scenarios/07-commercant-sans-arret.yaml'), 'utf8');
    const lines = right.split('\n');
    const at = lines.findIndex((line) => /refus:/.test(line));
    lines[at] = lines[at]!.replace(/refus: [\w.]+/, 'refus: essaiEncadre.capExceeded');
    writeFileSync(file, lines.join('\n'));
    const played = Cli.run(['play', file]);
    expect(await played.exited).toBe(1);
    expect(played.output).toMatch(new RegExp(`faux\\.yaml:${at + 1} `));
  }, 120_000);
});
