import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Config, loadConfig } from '../../libs/platform/config.js';
import { createPool, DatabaseError, openDatabase } from '../../libs/platform/database.js';
import { readPostmaster } from '../../libs/platform/embedded/orphan.js';
import { Logger } from '../../libs/platform/logger.js';
import { migrate } from '../../libs/platform/migrate.js';
import { migrations } from '../../libs/platform/migrations/index.js';
import { isRunning, processesIn, signal } from '../../libs/platform/processes.js';

const root = process.getuid?.() === 0;
const platform = join(__dirname, '../../dist/libs/platform');
const silent = new Logger('error', () => undefined);

// A whole process of ours, so that it can be killed: answers each line of SQL with the rows or the error, and stops at SIGINT.
const script = `
  const { loadConfig } = require(process.env.PLATFORM + '/config.js');
  const { createPool, openDatabase } = require(process.env.PLATFORM + '/database.js');
  const { Logger } = require(process.env.PLATFORM + '/logger.js');
  const { migrate } = require(process.env.PLATFORM + '/migrate.js');
  const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
  (async () => {
    const logger = new Logger('info', (line) => say({ log: JSON.parse(line).message }), false);
    const database = await openDatabase(loadConfig(process.env), logger, { join: process.env.JOIN === 'yes' });
    await migrate(database.migration, logger);
    const pool = createPool(database.app, logger);
    require('node:readline').createInterface({ input: process.stdin }).on('line', (sql) =>
      pool.query(sql).then(({ rows }) => say({ rows }), ({ message }) => say({ error: message })));
    process.on('SIGINT', async () => {
      // A request in flight when Ctrl-C comes still needs its database.
      await pool.query("select pg_sleep(0.3)").then(() => say({ log: 'drained' }), ({ message }) => say({ log: message }));
      await pool.end();
      await database.stop();
      process.exit(0);
    });
    say({ ready: true });
  })().catch((error) => { say({ refused: error.message }); process.exit(1); });`;

interface Line {
  readonly ready?: true;
  readonly refused?: string;
  readonly rows?: readonly Record<string, unknown>[];
  readonly error?: string;
  readonly log?: string;
}
class Instance {
  readonly logs: string[] = [];
  private readonly waiting: ((line: Line) => void)[] = [];
  readonly exited: Promise<unknown>;
  private constructor(readonly child: ChildProcess) {
    this.exited = once(child, 'exit');
    createInterface({ input: child.stdout! }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.log !== undefined) this.logs.push(line.log);
      else this.waiting.shift()?.(line);
    });
  }
  private next(): Promise<Line> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      void this.exited.then(() => reject(new Error(`the instance ended: ${this.logs.join('; ')}`)));
    });
  }
  static spawn(data: string, env: NodeJS.ProcessEnv = {}): { instance: Instance; first: Promise<Line> } {
    const { PATH } = process.env;
    // A group of its own stands for the terminal's: Ctrl-C is a SIGINT to all of it.
    const child = spawn(process.execPath, ['-e', script], {
      env: { PATH, PLATFORM: platform, FIL_ROUGE_DATA: data, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const instance = new Instance(child);
    instances.push(instance);
    return { instance, first: instance.next() };
  }
  static async start(data: string, env: NodeJS.ProcessEnv = {}): Promise<Instance> {
    const { instance, first } = Instance.spawn(data, env);
    expect(await first).toEqual({ ready: true });
    return instance;
  }
  ask(sql: string): Promise<Line> {
    const answer = this.next();
    this.child.stdin!.write(`${sql}\n`);
    return answer;
  }
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
  /** As a terminal does it. */
  async ctrlC(): Promise<unknown> {
    process.kill(-this.child.pid!, 'SIGINT');
    await this.exited;
    return this.child.exitCode;
  }
}

const instances: Instance[] = [];
let parent: string;
let data: string;
const cluster = (): string => join(data, 'postgres');
const postmaster = (): { pid: number; port: number } => readPostmaster(cluster())!;
const insert = `insert into app.idempotency values (gen_random_uuid(), 'f', 200, '{}')`;
const count = 'select count(*)::int as n from app.idempotency';

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'fil-rouge-platform-'));
  // Run by root, the server is another user, to whom mkdtemp leaves no way in.
  chmodSync(parent, 0o755);
  data = join(parent, 'data');
});
afterEach(async () => {
  for (const instance of instances.splice(0))
    if (instance.child.exitCode === null && instance.child.signalCode === null) await instance.kill();
  for (const pid of processesIn(cluster())) signal(pid, 'SIGKILL');
  for (let tries = 0; processesIn(cluster()).length > 0 && tries < 100; tries++) await sleep(20);
  rmSync(parent, { recursive: true });
});

describe('embedded PostgreSQL', () => {
  it('keeps its rows from one start to the next, and leaves nothing running', async () => {
    const first = await Instance.start(data);
    expect(first.logs).toEqual(migrations.map((Migration) => `migrated the database: ${new Migration().name}`));
    await first.ask(insert);
    expect(await first.ctrlC()).toBe(0);
    expect(processesIn(cluster())).toEqual([]);
    expect(readdirSync(data).sort()).toEqual(['format', 'keys', 'postgres']);

    const second = await Instance.start(data);
    expect(await second.ask(count)).toEqual({ rows: [{ n: 1 }] });
    expect(second.logs).toEqual([]);
  });

  it('outlives Ctrl-C until the work in flight is done', async () => {
    const instance = await Instance.start(data);
    expect(await instance.ctrlC()).toBe(0);
    expect(instance.logs.slice(migrations.length)).toEqual(['drained']);
  });

  it('starts again after a kill -9 of Node, which leaves the server running', async () => {
    const killed = await Instance.start(data);
    await killed.ask(insert);
    const orphan = postmaster().pid;
    await killed.kill();
    expect(isRunning(orphan)).toBe(true);

    const next = await Instance.start(data);
    expect(isRunning(orphan)).toBe(false);
    expect(next.logs).toEqual(['the last run ended without stopping PostgreSQL: stopping it']);
    expect(await next.ask(count)).toEqual({ rows: [{ n: 1 }] });
  });

  it('is restarted on the same port after a kill -9 of the server, even under a statement that never looks up', async () => {
    const instance = await Instance.start(data);
    await instance.ask(insert);
    const lost = postmaster();
    const busy = instance.ask('select count(*) from generate_series(1, 100000000000)');
    await sleep(300);
    process.kill(lost.pid, 'SIGKILL');
    expect(await busy).toEqual({ error: expect.any(String) });

    let answer = await instance.ask(count);
    for (const end = Date.now() + 20_000; answer.error && Date.now() < end; answer = await instance.ask(count)) await sleep(100);
    expect(answer).toEqual({ rows: [{ n: 1 }] });
    expect(postmaster().port).toBe(lost.port);
    expect(postmaster().pid).not.toBe(lost.pid);
    expect(await instance.ctrlC()).toBe(0);
    expect(instance.logs).toEqual(
      expect.arrayContaining(['PostgreSQL ended while we were using it: restarting it on the same port', 'PostgreSQL is back']),
    );
    expect(processesIn(cluster())).toEqual([]);
  });

  it('starts again after a kill -9 of both', async () => {
    const killed = await Instance.start(data);
    await killed.ask(insert);
    process.kill(postmaster().pid, 'SIGKILL');
    await killed.kill();
    const next = await Instance.start(data);
    expect(await next.ask(count)).toEqual({ rows: [{ n: 1 }] });
  });

  it('completes a first run that was cut short at any moment', async () => {
    for (const moment of [250, 500, 750, 1000, 1250]) {
      const { instance, first } = Instance.spawn(data);
      first.catch(() => undefined);
      await sleep(moment);
      await instance.kill();
    }
    const next = await Instance.start(data);
    expect(await next.ask(count)).toEqual({ rows: [{ n: 0 }] });
  });

  it('serves one instance; a second one is refused, or joins when it says so', async () => {
    const holder = await Instance.start(data);
    const { instance, first } = Instance.spawn(data);
    expect(await first).toEqual({
      refused: `The data folder ${data} is in use by another instance (process ${holder.child.pid}). Stop it first, or give this one another folder with FIL_ROUGE_DATA.`,
    });
    await instance.exited;
    expect(instance.child.exitCode).toBe(1);

    const guest = await Instance.start(data, { JOIN: 'yes' });
    await guest.ask(insert);
    await guest.ctrlC();
    expect(await holder.ask(count)).toEqual({ rows: [{ n: 1 }] });
  });

  it('gives the application its own schemas and no way to change the past', async () => {
    const instance = await Instance.start(data);
    expect(await instance.ask(`select current_user::text as "user", date '2026-01-02' as day`)).toEqual({
      rows: [{ user: 'fil_rouge_app', day: '2026-01-02' }],
    });
    expect(await instance.ask('create schema mine')).toEqual({ rows: [] });
    // Of a command that has an outcome nothing is removed or changed (row policies), whatever is asked.
    await instance.ask(`insert into app.idempotency values (gen_random_uuid(), 'asked', 201, '{}')`);
    for (const sql of ['delete from app.idempotency', 'update app.idempotency set status = 500'])
      expect([sql, await instance.ask(sql)]).toEqual([sql, { rows: [] }]);
    expect(await instance.ask('select status from app.idempotency')).toEqual({ rows: [{ status: 201 }] });
    for (const sql of [
      'delete from log.event',
      `insert into log.incarnation (id) values (99)`,
      'drop table log.event',
      'create table public.t ()',
      'set role fil_rouge_migrator',
    ])
      expect([sql, await instance.ask(sql)]).toEqual([sql, { error: expect.stringMatching(/permission denied|must be owner/) }]);
  });

  it('keeps its passwords to itself', async () => {
    const instance = await Instance.start(data);
    const { port } = postmaster();
    const stranger = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: 'postgres', database: 'postgres' });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    await instance.ctrlC();
    const keys = join(data, 'keys', 'postgres.json');
    writeFileSync(keys, readFileSync(keys, 'utf8').replace(/"superuser":"./, '"superuser":"\\u00e9'));
    expect(await Instance.spawn(data).first).toEqual({ refused: expect.stringContaining('Restore the two together') });
  });

  it('refuses a cluster of another major version', async () => {
    await (await Instance.start(data)).ctrlC();
    writeFileSync(join(cluster(), 'PG_VERSION'), '99\n');
    expect(await Instance.spawn(data).first).toEqual({
      refused: expect.stringContaining('was written by PostgreSQL 99; this release brings PostgreSQL'),
    });
  });

  (root ? it : it.skip)('names the closed folder that keeps the server out, when root starts it', async () => {
    chmodSync(parent, 0o700);
    expect(await Instance.spawn(data).first).toEqual({ refused: expect.stringContaining(`may not enter ${parent} (mode 700)`) });
    expect(existsSync(join(data, 'lock'))).toBe(false);
  });
});

describe('existing PostgreSQL', () => {
  const server = (): URL => new URL(process.env['TEST_DATABASE_URL']!);
  const admin = async (sql: string, url: string = server().href): Promise<void> => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const name = `platform_${process.pid}`;
  const [owner, app] = [`${name}_owner`, `${name}_app`];
  const url = (user?: string, database = name): string => {
    const made = server();
    made.pathname = `/${database}`;
    if (user !== undefined) [made.username, made.password] = [user, 'secret'];
    return made.href;
  };
  const config = (DATABASE_URL: string, DATABASE_MIGRATION_URL?: string): Config =>
    loadConfig({ DATABASE_URL, DATABASE_MIGRATION_URL });
  const faultOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof DatabaseError ? error.message : `not explained: ${String(error)}`),
    );

  beforeEach(async () => {
    await admin(`create role ${owner} login password 'secret'`);
    await admin(`create role ${app} login password 'secret'`);
    await admin(`create database ${name} owner ${owner}`);
  });
  afterEach(async () => {
    await admin(`drop database ${name} with (force)`);
    await admin(`drop role ${owner}`);
    await admin(`drop role ${app}`);
  });
  const whoAmI = async (opened: Awaited<ReturnType<typeof openDatabase>>): Promise<unknown> => {
    const pool = createPool(opened.app, silent);
    const { rows } = await pool
      .query(
        `select current_user::text as "user", has_table_privilege('log.event', 'insert') as writes, has_schema_privilege('app', 'usage') as enters`,
      )
      .finally(() => pool.end());
    return rows[0];
  };

  it('with one role: the application lays its rights down', async () => {
    const opened = await openDatabase(config(url()), silent);
    await migrate(opened.migration, silent);
    expect(await whoAmI(opened)).toEqual({ user: 'fil_rouge_app', writes: false, enters: true });
  });

  it('with two roles: each keeps to its own', async () => {
    await openDatabase(config(url()), silent);
    await admin(`grant fil_rouge_app to ${app}`);
    const opened = await openDatabase(config(url(app), url(owner)), silent);
    await migrate(opened.migration, silent);
    expect(await whoAmI(opened)).toEqual({ user: app, writes: false, enters: true });
  });

  it('that cuts a connection in use fails its holder, not the process', async () => {
    const opened = await openDatabase(config(url()), silent);
    const pool = createPool(opened.app, silent);
    const held = await pool.connect();
    const { rows } = await held.query<{ pid: number }>('select pg_backend_pid() as pid');
    // Not events.once: it would listen to the error itself.
    const cut = new Promise<void>((resolve) => held.once('end', () => resolve()));
    await admin(`select pg_terminate_backend(${rows[0]!.pid})`);
    await cut;
    await expect(held.query('select 1')).rejects.toThrow();
    held.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('says what a superuser has to do when rights are lacking', async () => {
    await openDatabase(config(url()), silent);
    expect(await faultOf(openDatabase(config(url(owner)), silent))).toContain(`grant fil_rouge_app to "${owner}";`);
    expect(await faultOf(openDatabase(config(url(app), url(owner)), silent))).toContain(`grant fil_rouge_app to "${app}";`);
    expect(await faultOf(migrate(url(app), silent))).toContain('It has to own the database');
  });

  it('says what is wrong with the address, without the password', async () => {
    const closed = new URL(url(owner));
    closed.port = '1';
    const wrong = new URL(url(owner));
    wrong.password = 'hunter2';
    const faults = [
      await faultOf(openDatabase(config(closed.href), silent)),
      await faultOf(openDatabase(config(wrong.href), silent)),
      await faultOf(openDatabase(config(url(owner, 'nowhere')), silent)),
    ];
    expect(faults).toEqual([
      `DATABASE_URL: can't connect to ${closed.host}/${name}: nothing listens there.`,
      `DATABASE_URL: can't connect to ${wrong.host}/${name}: the password is wrong.`,
      `DATABASE_URL: can't connect to ${server().host}/nowhere: this database does not exist.`,
    ]);
  });

  it('is migrated once when several instances start together', async () => {
    const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(url(), silent)));
    expect(ran.map((names) => names.length).sort()).toEqual([0, 0, 0, migrations.length]);
  });

  it('of a newer release is refused, and left as it is', async () => {
    await migrate(url(), silent);
    await admin(`insert into public.fil_rouge_migrations (timestamp, name) values (9999, 'Later0000000009999')`, url());
    expect(await faultOf(migrate(url(), silent))).toContain('migrated by a newer release of Fil rouge (Later0000000009999)');
  });
});
