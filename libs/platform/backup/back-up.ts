import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type Instant } from '../../domain/kernel/local-date.js';
import { toPosition } from '../../event-store/position.js';
import { fingerprintsOf, type SavedKeyring } from '../keyring.js';
import { MIGRATIONS_TABLE } from '../migrate.js';
import { createPrivateFile, syncFolder } from '../private-file.js';
import { BackupError, type Folders, FORMAT, type Manifest, MANIFEST, partOf, type SavedTable, type Snapshot } from './manifest.js'; // prettier-ignore
import { countingRows } from './rows.js';
import { sequencesOf, type Table, tablesOf } from './tables.js';

/** The log is put in its place last: as long as it is not there, there is no backup. */
const PARTS = ['keys', 'log'] as const;

export interface BackUpOptions {
  /** Of the role that owns the database. */
  readonly url: string;
  readonly folders: Folders;
  readonly keyring: SavedKeyring;
  readonly now: Instant;
  /** Rows saved, of how many. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Saves what can't be made anew: everything but the views. Both parts are of one instant, and the instance may run meanwhile.
 * @throws BackupError when a folder is there already, or there is nothing to save
 */
export const backUp = async ({ url, folders, keyring, now, progress }: BackUpOptions): Promise<Snapshot> => {
  const places = { log: resolve(folders.log), keys: resolve(folders.keys) };
  if (places.log === places.keys) throw new BackupError('il faut deux dossiers : le journal se garde sans les clés');
  for (const place of Object.values(places))
    if (existsSync(place)) throw new BackupError(`${place} existe déjà : une sauvegarde n’en remplace pas une autre`);
  const drafts = { log: `${places.log}.${randomUUID()}`, keys: `${places.keys}.${randomUUID()}` };
  const client = new pg.Client({ connectionString: url, application_name: 'fil-rouge backup' });
  // A connection that breaks fails its query, which is where it is handled.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const tables = await openSnapshot(client);
    const total = tables.reduce((sum, { rows }) => sum + rows, 0);
    const snapshot = await describe(client, keyring, now);
    let done = 0;
    for (const part of PARTS) {
      mkdirSync(drafts[part], { recursive: true, mode: 0o700 });
      const saved: SavedTable[] = [];
      for (const table of tables.filter((one) => partOf(one) === part))
        saved.push(await save(client, table, drafts[part], (rows) => progress?.((done += rows), total)));
      const manifest: Manifest = { format: FORMAT, part, ...snapshot, tables: saved };
      createPrivateFile(join(drafts[part], MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    }
    for (const part of PARTS) {
      renameSync(drafts[part], places[part]);
      syncFolder(dirname(places[part]));
    }
    return snapshot;
  } catch (error) {
    for (const draft of Object.values(drafts)) rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end();
  }
};

interface CountedTable extends Table {
  readonly rows: number;
}
const openSnapshot = async (client: pg.Client): Promise<readonly CountedTable[]> => {
  const migrations = `public.${MIGRATIONS_TABLE}`;
  const made = (await tablesOf(client)).filter(({ rebuilt }) => !rebuilt);
  if (!made.some(({ name }) => name === migrations))
    throw new BackupError('cette base ne contient rien de Fil rouge : il n’y a rien à sauvegarder');
  // What COPY writes must not depend on the settings of the server.
  await client.query(`set datestyle = 'ISO'; set timezone = 'UTC'; set intervalstyle = 'postgres'; set bytea_output = 'hex'`);
  await client.query('begin isolation level repeatable read read only');
  // Before the first query, which takes the snapshot: a migration that rewrites a table empties it for the snapshots of before.
  await client.query(`lock table ${made.map(({ name }) => name).join(', ')} in access share mode`);
  const tables: CountedTable[] = [];
  for (const table of await tablesOf(client)) {
    // The migrations are named in the manifest, and run again by a restore.
    if (table.rebuilt || table.name === migrations) continue;
    const { rows } = await client.query<{ rows: number }>(`select count(*)::float8 as rows from ${table.name}`);
    tables.push({ ...table, rows: rows[0]!.rows });
  }
  return tables;
};

const describe = async (client: pg.Client, keyring: SavedKeyring, takenAt: Instant): Promise<Snapshot> => {
  const { rows: ran } = await client.query<{ name: string }>(`select name from public.${MIGRATIONS_TABLE} order by id`);
  const { rows } = await client.query<{ incarnation: string; events: number; head: string | null }>(
    `select (select max(id)::text from log.incarnation) as incarnation, count(*)::float8 as events, max(position)::text as head from log.event`,
  );
  const { incarnation, events, head } = rows[0]!;
  return {
    id: randomUUID(),
    takenAt,
    migrations: ran.map(({ name }) => name),
    events,
    head: head === null ? null : toPosition(incarnation, head),
    keyring: fingerprintsOf(keyring),
    // They are outside the snapshot: read after it, they are beyond every number in it.
    sequences: await sequencesOf(client),
  };
};

const save = async (
  client: pg.Client,
  { name, columns, rows }: CountedTable,
  folder: string,
  progress: (rows: number) => void,
): Promise<SavedTable> => {
  const file = `${name}.copy.gz`;
  const hash = createHash('sha256');
  let copied = 0;
  // Open before anything fails: a file that appears after a failure would outlive the folder's removal.
  const handle = await open(join(folder, file), 'wx', 0o600);
  await pipeline(
    client.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`)),
    countingRows((more) => {
      copied += more;
      progress(more);
    }),
    createGzip(),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    },
    handle.createWriteStream({ flush: true }),
  );
  if (copied !== rows) throw new BackupError(`${name} : ${copied} lignes sauvées sur ${rows}`);
  return { name, columns, rows, file, sha256: hash.digest('hex') };
};
