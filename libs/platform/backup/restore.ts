import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { MigrationExecutor } from 'typeorm';
import { type Migrations, MIGRATIONS_TABLE, nameOf, onSchema } from '../migrate.js';
import { migrations as all } from '../migrations/index.js';
import { type Backup, BackupError } from './manifest.js';
import { countingRows } from './rows.js';
import { tablesOf } from './tables.js';

/** Rows loaded, of how many. */
type Progress = (done: number, total: number) => void;

/**
 * Loads a backup into an empty database, at the migrations of the backup, and starts a new incarnation of the log: all of it in one
 * transaction, so that whatever fails, or is killed, leaves the database empty. Migrate next.
 * @param url of the role that owns the database
 * @returns tables of the backup that are not Fil rouge's own: left out
 * @throws BackupError when the database is not empty
 */
export const restore = (
  url: string,
  backup: Backup,
  progress: Progress,
  migrations: Migrations = all,
): Promise<readonly string[]> => {
  const level = migrations.filter((Migration) => backup.migrations.includes(nameOf(Migration)));
  return onSchema(url, level, async (source, { database }) => {
    const runner = source.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      const found = (await tablesOf(client)).map(({ name }) => name);
      if (found.length > 0)
        throw new BackupError(
          `la base ${database} n’est pas vide (${found.slice(0, 5).join(', ')}…) : restaurer dans une base neuve, ou avec un dossier de données neuf (FIL_ROUGE_DATA)`,
        );
      await runner.startTransaction();
      await new MigrationExecutor(source, runner).executePendingMigrations();
      const leftOut = await load(client, backup, progress);
      await client.query('select log.start_incarnation()');
      await runner.commitTransaction();
      return leftOut;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  });
};

const load = async (client: PoolClient, backup: Backup, progress: Progress): Promise<readonly string[]> => {
  const ours = (await tablesOf(client)).map(({ name }) => name).filter((name) => name !== `public.${MIGRATIONS_TABLE}`);
  const missing = ours.filter((name) => !backup.tables.some((table) => table.name === name));
  if (missing.length > 0) throw new BackupError(`il manque à la sauvegarde ${missing.join(', ')}`);
  // What the migrations wrote in them is in the backup too.
  await client.query(`truncate ${ours.join(', ')}`);
  const total = backup.tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { name, columns, path } of backup.tables.filter((table) => ours.includes(table.name)))
    await pipeline(
      createReadStream(path),
      createGunzip(),
      countingRows((rows) => progress((done += rows), total)),
      client.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`)),
    );
  for (const { name, value } of backup.sequences)
    await client.query('select setval(to_regclass($1), $2) where to_regclass($1) is not null', [name, value]);
  // Plans made for empty tables would be slow ones.
  await client.query(`analyze ${ours.join(', ')}`);
  return backup.tables.map(({ name }) => name).filter((name) => !ours.includes(name));
};
