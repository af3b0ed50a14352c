import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { serverAccount } from '../../libs/platform/embedded/account.js';
import { freshFolder, ROOT } from '../support/cli.js';
import { CPAM, ORGANISATIONS, personOf, TestInstance, TRANSMISSION } from '../support/instance.js';

/** The commands of docs/operations.md, as they stand there. */
const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8').split('## Backup')[1]!.split('## Verify')[0]!;
const [save, restore, dump, reload, forget, ...more] = [...page.matchAll(/```(?:sh|sql)\n(.*?)```/gs)].map(([, text]) => text!);
const MAIN = `'${process.execPath}' '${join(ROOT, 'dist/apps/cli/src/main.js')}'`;
let home: string;
beforeEach(() => (home = freshFolder()));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Built already, and with our folder for the machine's. */
const shell = (text: string, env: Record<string, string>): string =>
  execFileSync('bash', ['-euc', text.replaceAll('/srv/', `${home}/`).replaceAll('npm run fil-rouge --', MAIN)], {
    cwd: home,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'development', FIL_ROUGE_DEMO: 'false', ...env },
  });
const digestIn = (output: string): string => /SHA-256 (\w{64})/.exec(output)![1]!;

/** What `work` gives, on an instance that has a case. */
async function written(instance: TestInstance, work: () => string): Promise<string> {
  try {
    await instance.register(...ORGANISATIONS);
    const opened = await instance.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(1), data: TRANSMISSION });
    expect(opened.status).toBe(201);
    return work();
  } finally {
    await instance.stop();
  }
}

it('has five blocks of commands', () => expect([dump, more]).toEqual([expect.stringContaining('pg_dump'), []]));

it('backup and restore', async () => {
  const data = join(home, 'running');
  mkdirSync(join(home, 'keyring'));
  const sound = await written(await TestInstance.embedded(data), () => {
    // While it runs.
    shell(`${save!.trimEnd()} --keyring /srv/keyring/keyring.json`, { FIL_ROUGE_DATA: data });
    return shell('npm run fil-rouge -- verify', { FIL_ROUGE_DATA: data });
  });
  expect(digestIn(shell(restore!, {}))).toBe(digestIn(sound));
}, 180_000);

/** The machine's own PostgreSQL, whose pg_dump is of its version; the embedded one has none. */
const debian = '/usr/lib/postgresql';
const version = (existsSync(debian) ? readdirSync(debian) : []).find((v) => existsSync(join(debian, v, 'bin/pg_ctl')));
(version ? it : it.skip)(
  `pg_dump and pg_restore, with PostgreSQL ${version ?? '(none on this machine)'}`,
  async () => {
    const bin = join(debian, version!, 'bin');
    const account = serverAccount(join(home, 'cluster'));
    mkdirSync(join(home, 'server'));
    if (account.uid !== undefined) chownSync(join(home, 'server'), account.uid, account.gid);
    const server = (program: string, ...args: string[]) =>
      execFileSync(join(bin, program), ['-D', join(home, 'server/data'), ...args], { ...account, cwd: '/', stdio: 'ignore' });
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const port = String((probe.address() as AddressInfo).port);
    probe.close();
    server('initdb', '-A', 'trust', '-U', 'postgres', '-E', 'UTF8');
    server('pg_ctl', '-w', '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`, '-l', join(home, 'server/log'), 'start'); // prettier-ignore
    const admin = new Client({ host: '127.0.0.1', port: Number(port), user: 'postgres', database: 'postgres' });
    try {
      await admin.connect();
      await admin.query(
        'create role fil_rouge_app nologin; create role pdp_owner login; create role pdp_app login in role fil_rouge_app',
      );
      await admin.query('create database pdp owner pdp_owner');
      const own = {
        DATABASE_URL: `postgresql://pdp_app@127.0.0.1:${port}/pdp`,
        DATABASE_MIGRATION_URL: `postgresql://pdp_owner@127.0.0.1:${port}/pdp`,
        FIL_ROUGE_DATA: join(home, 'data'),
      };
      const tools = { PATH: `${bin}:${process.env['PATH']}`, PGHOST: '127.0.0.1', PGPORT: port };
      const sound = await written(await TestInstance.embedded(own.FIL_ROUGE_DATA, own), () =>
        shell('npm run fil-rouge -- verify', own),
      );
      shell(dump!, { ...tools, PGUSER: 'pdp_owner' });
      await admin.query('alter database pdp rename to gone');
      expect(digestIn(shell(reload!, { ...own, ...tools, PGUSER: 'postgres' }))).toBe(digestIn(sound));
      shell(`psql -v ON_ERROR_STOP=1 -d pdp <<'SQL'\n${forget}SQL`, { ...tools, PGUSER: 'pdp_owner' });
    } finally {
      await admin.end();
      server('pg_ctl', '-m', 'immediate', 'stop');
    }
  },
  180_000,
);
