import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { Client } from 'pg';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { type Instant } from '../../libs/domain/kernel/local-date.js';
import { backUp } from '../../libs/platform/backup/back-up.js';
import { type Backup, BackupError, type Folders, type Manifest, readBackup } from '../../libs/platform/backup/manifest.js';
import { restore } from '../../libs/platform/backup/restore.js';
import { openKeyring, readKeyring } from '../../libs/platform/keyring.js';
import { Logger } from '../../libs/platform/logger.js';
import { migrate, type Migrations } from '../../libs/platform/migrate.js';
import { migrations } from '../../libs/platform/migrations/index.js';
import { Cli, freshFolder } from '../support/cli.js';
import { CPAM, CPDP, ORGANISATIONS, personOf, TestInstance, TRANSMISSION, type Who } from '../support/instance.js';

const folders: string[] = [];
const folder = (): string => {
  folders.push(freshFolder());
  return folders.at(-1)!;
};
afterAll(() => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));
const silent = new Logger('error', () => undefined);
const nothing = (): void => undefined;

const run = async (args: readonly string[], env: Record<string, string>) => {
  const cli = Cli.run(args, { FIL_ROUGE_DEMO: 'false', ...env });
  const code = await cli.exited;
  return { code, output: cli.output };
};
const transmit = async (to: TestInstance, n: number, key?: string) => {
  const reply = await to.act(
    '/v1/cases/transmit-sick-leave',
    CPAM,
    { person: personOf(n), data: TRANSMISSION },
    key ? { key } : {},
  );
  expect(reply.status).toBe(201);
  return reply.body as { caseId: string; cursor: string };
};
const contact = (to: TestInstance, caseId: string) =>
  to.act(`/v1/cases/${caseId}/record-contact-attempt`, CPDP, { data: { channel: 'telephone', outcome: 'no-answer' } });

/** What a client of the stream got, up to where it is told that it has caught up. */
async function stream(from: TestInstance, who: Who, lastEventId?: string) {
  const abort = new AbortController();
  const frames: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (frame) => frames.push(frame) });
  const response = await fetch(`${from.base}/v1/stream${lastEventId ? '' : '?from=start'}`, {
    headers: { authorization: `Bearer ${await from.token(who)}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
    signal: abort.signal,
  });
  // The first one says where it starts; after a restore the stream closes instead.
  const caughtUp = () => frames.filter(({ event }) => event === 'position').length === 2;
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (frames.length > 0 && caughtUp()) break;
  }
  abort.abort();
  const events = frames.filter((f) => f.event === undefined).map((f) => JSON.parse(f.data) as { id: string; caseId: string });
  return { frames, events, last: frames.at(-1)!.id! };
}

/** The rows of every view about some cases, as text, but for the incarnation. */
const viewsOf = async (of: TestInstance, cases: readonly string[]) => {
  const { rows } = await of.wiring.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'views' and column_name = 'case_id' order by 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of rows)
    found[name] = (
      await of.wiring.pool.query(
        `select regexp_replace(t::text, '\\d{19}-(\\d{19})', '\\1', 'g') as row from views.${name} t where case_id = any ($1) order by 1`,
        [cases],
      )
    ).rows;
  return found;
};
const logOf = async (of: TestInstance) =>
  (await of.wiring.pool.query<Record<string, unknown>>('select position, stream, revision, event_id, type, schema_version, data::text, metadata::text, recorded_at from log.event order by position')).rows; // prettier-ignore

const ready = async (it_: TestInstance): Promise<void> => {
  const head = await it_.wiring.parts.store.head();
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) {
    const { rows } = await it_.wiring.pool
      .query<{ position: string }>(
        'select least(v.position, p.position) as position from views.checkpoint v, process.checkpoint p',
      )
      .catch(() => ({ rows: [] }));
    if (rows[0]?.position === head) return;
  }
  throw new Error('the worker never came so far');
};

describe('the drill', () => {
  it('a backup while it runs, more writes, a restore in a fresh data folder: nothing hidden, nothing doubled', async () => {
    const [data, fresh, store] = [join(folder(), 'data'), join(folder(), 'data'), folder()];
    const saved = ['--log', join(store, 'log'), '--keys', join(store, 'keys'), '--keyring', join(store, 'keyring.json')];
    const lost = await TestInstance.embedded(data);
    await lost.register(...ORGANISATIONS);
    const first: { caseId: string; cursor: string }[] = [];
    for (let n = 1; n <= 8; n++) first.push(await transmit(lost, n, `first-${n}`));
    const early = await stream(lost, CPDP);
    for (const { caseId } of first) await contact(lost, caseId);

    // While others write.
    let writing = true;
    const others = [1, 2].map(async (writer) => {
      const cases: string[] = [];
      for (let n = 1000 * writer; writing; n++, await pause(20)) cases.push((await transmit(lost, n)).caseId);
      return cases;
    });
    const made = await run(['backup', ...saved], { FIL_ROUGE_DATA: data });
    writing = false;
    const meanwhile = (await Promise.all(others)).flat();
    expect(made).toEqual({ code: 0, output: expect.stringMatching(/Sauvegarde du 20.*: \d+ événements, tête \d/) });
    expect(made.output).toMatch(/Sauvegarde \[.*\] (\d+)\/\1 lignes/);

    // What comes after the backup is lost with the machine.
    const after = await transmit(lost, 9);
    await contact(lost, first[0]!.caseId);
    const late = await stream(lost, CPDP);
    expect(late.events.at(-1)!.caseId).toBe(first[0]!.caseId);
    const before = { log: await logOf(lost), head: (await lost.wiring.parts.store.head())! };
    const untouched = first.slice(1).map(({ caseId }) => caseId);
    await ready(lost);
    const views = await viewsOf(lost, untouched);
    expect(views['case_file']).toHaveLength(untouched.length);
    const names = await lost.get(`/v1/cases/${untouched[0]}`, CPDP);
    expect(names.text).toContain('MARTIN2');
    await lost.stop();

    const restored = await run(['restore', ...saved], { FIL_ROUGE_DATA: fresh });
    expect(restored).toEqual({ code: 0, output: expect.stringContaining('Le journal est sain') });
    // One snapshot for both parts: each event found its key.
    expect(restored.output).toContain('dont 0 de personnes effacées');
    const it_ = await TestInstance.embedded(fresh);
    try {
      const log = await logOf(it_);
      expect(log.length).toBeGreaterThanOrEqual(first.length * 2);
      expect(log.length).toBeLessThan(before.log.length);
      expect(log).toEqual(before.log.slice(0, log.length));
      const head = (await it_.wiring.parts.store.head())!;
      expect(head > before.head).toBe(true);

      // Whoever followed is told, whether its position is beyond the head or below it.
      for (const last of [late.last, early.last]) {
        const told = await stream(it_, CPDP, last);
        expect([told.events, told.frames.at(-1)!.event]).toEqual([[], 'resync']);
        expect((await stream(it_, CPDP, told.last)).frames.map(({ event }) => event)).toEqual(['position', 'position']);
      }
      for (const { cursor } of [after, first[0]!])
        expect((await it_.get(`/v1/cases/${untouched[0]}?after=${cursor}`, CPDP)).status).toBe(410);
      const again = await stream(it_, CPDP);
      const ids = again.events.map(({ id }) => id);
      expect(ids.length).toBeGreaterThanOrEqual(early.events.length);
      expect(ids).toEqual(late.events.slice(0, ids.length).map(({ id }) => id));
      const kept = new Set(log.map(({ event_id }) => event_id));
      expect(late.events.map(({ id }) => id).filter((id) => kept.has(id))).toEqual(ids);

      // The views are made anew, and are what they were.
      await ready(it_);
      expect(await viewsOf(it_, untouched)).toEqual(views);
      const readAgain = await it_.get(`/v1/cases/${untouched[0]}`, CPDP);
      expect({ ...readAgain.body, asOf: null }).toEqual({ ...names.body, asOf: null });
      expect(readAgain.headers.get('etag')).toBe(names.headers.get('etag'));
      // The person is known by the same number, and what a command answered is known by its key; what was lost is not.
      const sameKey = await transmit(it_, 2, 'first-2');
      expect(sameKey).toEqual(first[1]);
      expect((await transmit(it_, 3)).caseId).toBe(first[2]!.caseId);
      const anew = await transmit(it_, 9);
      expect([after.caseId, ...meanwhile]).not.toContain(anew.caseId);

      // What is written from here on comes after all that was read.
      const next = await stream(it_, CPDP, again.last);
      expect(next.events.map(({ caseId }) => caseId)).toContain(anew.caseId);
      const ordinals = (await logOf(it_)).map(({ position }) => Number(position));
      expect(ordinals).toEqual(ordinals.map((_, i) => i));
      expect((await it_.wiring.parts.store.head())! > head).toBe(true);
    } finally {
      await it_.stop();
    }
  }, 300_000);
});

/** What a later release might add. */
class Later implements MigrationInterface {
  readonly name = 'Later0000000009999';
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table app.later (
      id int generated always as identity primary key, "when" timestamptz not null, bytes bytea, words text[], twice text generated always as (words[1] || words[1]) stored)`);
    await db.query(`insert into app.later ("when", bytes, words) values (now(), '\\x00ff', '{"é\t\\\\N\n", null}')`);
  }
  async down(): Promise<void> {}
}
const withLater: Migrations = [...migrations, Later];

describe('a backup', () => {
  let source: TestInstance;
  let store: string;
  let made: Folders;
  const databases: string[] = [];
  const sql = async <T extends object>(url: string, text: string, values: unknown[] = []): Promise<T[]> => {
    const client = new Client(url);
    await client.connect();
    return client.query<T>(text, values).then(({ rows }) => rows).finally(() => client.end()); // prettier-ignore
  };
  const emptyDatabase = async (): Promise<string> => {
    const url = new URL(process.env['TEST_DATABASE_URL']!);
    databases.push(`restored_${randomUUID().replaceAll('-', '')}`);
    await sql(url.href, `create database ${databases.at(-1)}`);
    url.pathname = `/${databases.at(-1)}`;
    return url.href;
  };
  const migrated = async (): Promise<string> => {
    const url = await emptyDatabase();
    await migrate(url, silent);
    return url;
  };
  const inStore = (name: string): Folders => ({ log: join(store, `${name}-log`), keys: join(store, `${name}-keys`) });
  const keyringFile = () => join(source.dataFolder, 'keys', 'keyring.json');
  const save = (folders: Folders, options: { url?: string; progress?: () => void } = {}) =>
    backUp({
      url: source.databaseUrl,
      folders,
      keyring: readKeyring(keyringFile()),
      now: '2026-11-22T08:00:00.000Z' as Instant,
      ...options,
    });
  const manifestOf = (path: string) => JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
  const read = (folders: Folders = made, known?: Migrations): Promise<Backup> => readBackup(folders, nothing, known);
  /** All that a table holds, in one order; the tables by name, but for the views. */
  const contentOf = async (url: string): Promise<Record<string, string[]>> => {
    const tables = await sql<{ name: string }>(url, `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'views', 'views_next') order by 1`); // prettier-ignore
    const found: Record<string, string[]> = {};
    for (const { name } of tables)
      found[name] = (await sql<{ row: string }>(url, `select t::text as row from ${name} t order by 1`)).map(({ row }) => row);
    return found;
  };
  const faultOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof BackupError ? error.message : `not explained: ${String(error)}`),
    );

  beforeAll(async () => {
    source = await TestInstance.start();
    await source.register(...ORGANISATIONS);
    for (let n = 1; n <= 3; n++) await contact(source, (await transmit(source, n)).caseId);
    await ready(source);
    // What goes behind the log moves its own tables until it has come to the end.
    await source.caughtUp();
    store = folder();
    made = inStore('made');
    await save(made);
  }, 120_000);
  afterAll(async () => {
    await source?.stop();
    for (const name of databases) await sql(process.env['TEST_DATABASE_URL']!, `drop database ${name} with (force)`);
  });

  it('saves every table but the views, and only its owner reads it', async () => {
    const saved = (['log', 'keys'] as const).map((part) => manifestOf(made[part]).tables);
    const there = Object.keys(await contentOf(source.databaseUrl));
    expect(there).toEqual(expect.arrayContaining(['app.idempotency', 'log.event', 'log.incarnation', 'vault.person_key']));
    // The migrations are named in the manifest.
    expect([...saved.flat().map(({ name }) => name), 'public.fil_rouge_migrations'].sort()).toEqual(there);
    expect(saved[1]!.map(({ name }) => name)).toEqual(['vault.person_key', 'vault.person_number']);
    // They are loaded in the order of their names: a foreign key would ask for another one.
    expect(await sql(source.databaseUrl, `select conname from pg_constraint where contype = 'f'`)).toEqual([]);
    for (const path of Object.values(made)) {
      expect(statSync(path).mode & 0o777).toBe(0o700);
      for (const file of readdirSync(path)) expect([file, statSync(join(path, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    const events = gunzipSync(readFileSync(join(made.log, 'log.event.copy.gz')))
      .toString()
      .trimEnd()
      .split('\n');
    const [{ n, head }] = (await sql<{ n: number; head: string }>(source.databaseUrl, 'select count(*)::int as n, max(position) as head from log.event')) as [{ n: number; head: string }]; // prettier-ignore
    expect(events).toHaveLength(n);
    expect(manifestOf(made.log)).toMatchObject({
      format: 1,
      takenAt: '2026-11-22T08:00:00.000Z',
      events: n,
      head: expect.stringMatching(new RegExp(`^\\d{19}-0*${head}$`)),
      migrations: migrations.map((Migration) => new Migration().name),
    });
    // No secret.
    expect(readFileSync(join(made.keys, 'manifest.json'), 'utf8')).not.toContain(
      (JSON.parse(readFileSync(keyringFile(), 'utf8')) as { cursor: string }).cursor,
    );
    expect(readdirSync(store).sort()).toEqual(['made-keys', 'made-log']);
  });

  it('is restored row by row, in a new incarnation', async () => {
    const url = await emptyDatabase();
    const progress: [number, number][] = [];
    expect(await restore(url, await read(), (done, total) => progress.push([done, total]))).toEqual([]);
    const [before, after] = [await contentOf(source.databaseUrl), await contentOf(url)];
    const [last, ...others] = after['log.incarnation']!.reverse();
    expect({ ...after, 'log.incarnation': others }).toEqual(before);
    expect(last! > others[0]!).toBe(true);
    expect(progress.at(-1)![0]).toBe(progress.at(-1)![1]);
    expect(await migrate(url, silent)).toEqual([]);
  });

  it('is of one instant, whatever is written while it is made', async () => {
    const write = `
      const client = new (require('pg').Client)(process.argv[1]);
      client.connect()
        .then(() => client.query("select log.append(array['late'], array[-1], '{1}', array[gen_random_uuid()], '{T}', '{1}', '{1}', '{2}')"))
        .then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });`;
    let written: { status: number | null } | undefined;
    // With the first rows of the first part, and the backup waits until it is done.
    const progress = () => (written ??= spawnSync(process.execPath, ['-e', write, source.databaseUrl], { stdio: 'inherit' }));
    await save(inStore('meanwhile'), { progress });
    expect(written).toMatchObject({ status: 0 });
    expect(await sql(source.databaseUrl, `select from log.event where stream = 'late'`)).toHaveLength(1);
    const tables = (name: string) => manifestOf(inStore(name).log).tables.map(({ sha256 }) => sha256);
    expect(tables('meanwhile')).toEqual(tables('made'));
    await sql(source.databaseUrl, `delete from log.event where stream = 'late'`);
  });

  it('holds what later migrations add, and numbers go on behind it', async () => {
    const later = await emptyDatabase();
    await migrate(later, silent, withLater);
    await sql(later, `insert into app.later ("when") values (now())`);
    await save(inStore('later'), { url: later });
    expect(await faultOf(read(inStore('later')))).toContain('vient d’une version plus récente de Fil rouge (Later0000000009999)');
    const url = await emptyDatabase();
    await restore(url, await read(inStore('later'), withLater), nothing, withLater);
    expect((await contentOf(url))['app.later']).toEqual((await contentOf(later))['app.later']);
    expect(await sql(url, `insert into app.later ("when") values (now()) returning id`)).toEqual([{ id: 3 }]);
  });

  it('of an older release is restored as it was, then migrated', async () => {
    const older = await emptyDatabase();
    await migrate(older, silent, migrations.slice(0, 3));
    await sql(older, `select log.append(array['s'], array[-1], '{1}', array[gen_random_uuid()], '{T}', '{1}', '{1}', '{2}')`);
    await save(inStore('older'), { url: older });
    const url = await emptyDatabase();
    await restore(url, await read(inStore('older'), withLater), nothing, withLater);
    const { 'log.incarnation': _, ...restored } = await contentOf(url);
    const { 'log.incarnation': __, ...saved } = await contentOf(older);
    expect(restored).toEqual(saved);
    expect((await migrate(url, silent, withLater)).at(-1)).toBe('Later0000000009999');
    expect((await contentOf(url))['log.event']).toEqual(saved['log.event']);
  });

  it('leaves aside a table that is nobody’s, and says which', async () => {
    await sql(source.databaseUrl, `create table public."du Voisin" as select 1 as n`);
    await save(inStore('neighbour'));
    await sql(source.databaseUrl, `drop table public."du Voisin"`);
    expect(await restore(await emptyDatabase(), await read(inStore('neighbour')), nothing)).toEqual(['public."du Voisin"']);
  });

  it('is refused, before anything is written, when it is not whole', async () => {
    const copy = (name: string): Folders => {
      for (const part of ['log', 'keys'] as const) cpSync(made[part], inStore(name)[part], { recursive: true });
      return inStore(name);
    };
    const event = (of: Folders) => join(of.log, 'log.event.copy.gz');
    const altered = copy('altered');
    const bytes = readFileSync(event(altered));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(event(altered), bytes);
    expect(await faultOf(read(altered))).toMatch(/log\.event\.copy\.gz est abîmé : SHA-256/);
    const cut = copy('cut');
    truncateSync(event(cut), bytes.length - 1);
    expect(await faultOf(read(cut))).toContain('log.event.copy.gz est abîmé');
    const less = copy('less');
    rmSync(event(less));
    expect(await faultOf(read(less))).toContain('log.event.copy.gz est abîmé');
    const unnamed = copy('unnamed');
    writeFileSync(join(unnamed.keys, 'manifest.json'), '{"form');
    expect(await faultOf(read(unnamed))).toContain('n’est pas une sauvegarde entière');
    await save(inStore('other'));
    expect(await faultOf(read({ log: made.log, keys: inStore('other').keys }))).toContain(
      'ne sont pas les deux parties d’une même',
    );
    expect(await faultOf(read({ log: made.keys, keys: made.log }))).toContain('n’est pas la partie « log »');
    const newer = copy('newer');
    writeFileSync(join(newer.log, 'manifest.json'), JSON.stringify({ ...manifestOf(made.log), format: 2 }));
    expect(await faultOf(read(newer))).toContain('version plus récente de Fil rouge (format 2)');
  });

  it('does not replace another one, nor mix the two parts', async () => {
    expect(await faultOf(save(made))).toContain(`${made.log} existe déjà`);
    expect(await faultOf(save({ log: join(store, 'one'), keys: `${store}/./one` }))).toContain('il faut deux dossiers');
    expect(await faultOf(save(inStore('void'), { url: await emptyDatabase() }))).toContain('rien à sauvegarder');
    expect(readdirSync(store).filter((name) => /one|void/.test(name))).toEqual([]);
  });

  it('that loses its connection leaves nothing behind', async () => {
    const url = new URL(source.databaseUrl);
    const cut = () => terminate(`application_name = 'fil-rouge backup'`, url.pathname.slice(1));
    await expect(save(inStore('lost'), { progress: cut })).rejects.toThrow();
    expect(readdirSync(store).filter((name) => name.startsWith('lost'))).toEqual([]);
  });

  const terminate = (which: string, database: string) =>
    spawnSync(process.execPath, ['-e', `
      const client = new (require('pg').Client)(process.argv[1]);
      client.connect()
        .then(() => client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid() and " + process.argv[2]))
        .then(() => process.exit(0));`, process.env['TEST_DATABASE_URL']!, which]); // prettier-ignore

  it('that is cut in the middle of a restore leaves the database empty', async () => {
    const url = await emptyDatabase();
    await expect(restore(url, await read(), () => terminate('true', databases.at(-1)!))).rejects.toThrow();
    expect(await contentOf(url)).toEqual({});
    expect(await sql(url, `select nspname from pg_namespace where nspname in ('log', 'app', 'vault')`)).toEqual([]);
    await restore(url, await read(), nothing);
  });

  it('is restored into an empty database only', async () => {
    const url = await migrated();
    const before = await contentOf(url);
    expect(await faultOf(restore(url, await read(), nothing))).toMatch(
      /la base restored_\w+ n’est pas vide \(app\.consent_code, app\.idempotency, /,
    );
    expect(await contentOf(url)).toEqual(before);
  });

  describe('at the command line', () => {
    const options = () => ['--log', made.log, '--keys', made.keys];
    it('is refused with another keyring, and nothing is made', async () => {
      const data = join(folder(), 'data');
      const other = join(folder(), 'keyring.json');
      openKeyring(other, { databaseHasKeys: false });
      const refused = await run(['restore', ...options(), '--keyring', other], { FIL_ROUGE_DATA: data });
      expect(refused).toEqual({ code: 1, output: expect.stringContaining('il lui manque master 1, index 1, cursor, ids.') });
      expect(refused.output).not.toMatch(/^\s+at /m);
      const without = await run(['restore', ...options()], { FIL_ROUGE_DATA: data });
      expect(without).toEqual({ code: 1, output: expect.stringContaining('keyring.json does not exist') });
      expect(existsSync(data)).toBe(false);
    });

    it('is refused with a copy of the keyring from before its key of the ids, unless that one is lost and is to be another', async () => {
      const older = join(folder(), 'keyring.json');
      const { ids: _, ...rest } = JSON.parse(readFileSync(keyringFile(), 'utf8')) as Record<string, unknown>;
      writeFileSync(older, JSON.stringify(rest), { mode: 0o600 });
      const env = { DATABASE_URL: await emptyDatabase(), FIL_ROUGE_DATA: join(folder(), 'data'), FIL_ROUGE_KEYRING: older };
      const refused = await run(['restore', ...options()], env);
      expect(refused).toEqual({ code: 1, output: expect.stringContaining('il lui manque ids. Reprendre le trousseau') });
      const restored = await run(['restore', ...options(), '--new-ids'], env);
      expect(restored).toEqual({ code: 0, output: expect.stringContaining('Le journal est sain') });
      expect(readKeyring(older).ids).toBeDefined();
    });

    it('works on a PostgreSQL of one’s own, into another one', async () => {
      const there = inStore('cli');
      const env = { DATABASE_URL: source.databaseUrl, FIL_ROUGE_DATA: source.dataFolder };
      const saved = await run(['backup', '--log', there.log, '--keys', there.keys], env);
      expect(saved).toEqual({ code: 0, output: expect.stringContaining(`non copié : ${keyringFile()}`) });
      const restored = await run(['restore', '--log', there.log, '--keys', there.keys], {
        DATABASE_URL: await emptyDatabase(),
        FIL_ROUGE_DATA: join(folder(), 'data'),
        FIL_ROUGE_KEYRING: keyringFile(),
      });
      expect(restored).toEqual({ code: 0, output: expect.stringContaining('Le journal est sain') });
    });

    it('says that it saves no log that is in EventStoreDB', async () => {
      const there = inStore('esdb');
      const saved = await run(['backup', '--log', there.log, '--keys', there.keys], {
        DATABASE_URL: await migrated(),
        FIL_ROUGE_DATA: source.dataFolder,
        EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
      });
      expect(saved).toEqual({ code: 0, output: expect.stringContaining('le journal est dans EventStoreDB') });
    });

    it('new-incarnation tells whoever reads, and the instance beside it goes on', async () => {
      const before = await stream(source, CPDP);
      const { code, output } = await run(['new-incarnation'], {
        DATABASE_URL: source.databaseUrl,
        FIL_ROUGE_DATA: source.dataFolder,
      });
      expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/commence l’incarnation \d+/) });
      expect((await stream(source, CPDP, before.last)).frames.at(-1)!.event).toBe('resync');
      const { caseId, cursor } = await transmit(source, 50);
      await ready(source);
      expect((await source.get(`/v1/cases/${caseId}?after=${cursor}`, CPDP)).status).toBe(200);
      const again = await stream(source, CPDP);
      expect(again.events.map(({ id }) => id).slice(0, before.events.length)).toEqual(before.events.map(({ id }) => id));
    });
  });
});
