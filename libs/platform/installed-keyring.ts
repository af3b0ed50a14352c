import { existsSync } from 'node:fs';
import { type Pool } from 'pg';
import { fingerprintOf, KeyringError, type Keyring, openKeyring, readKeyring } from './keyring.js';
import { type Logger } from './logger.js';

/** Beside that of the migrations. */
const LOCK = [0x4652, 3];

/**
 * The keyring of this installation, whole. One process at a time, wherever it runs, so that a key that is made here is the same for all.
 * The database remembers from which key its ids derive, since nothing else would tell that another one is not it: every command that was
 * recorded would be done again.
 */
export async function keyringOf(pool: Pool, path: string, logger: Logger): Promise<Keyring> {
  const db = await pool.connect();
  try {
    await db.query('begin');
    await db.query('select pg_advisory_xact_lock($1, $2)', LOCK);
    const { rows } = await db.query<{ keys: boolean; ids: string | null }>(
      'select exists (select from vault.person_key) as keys, (select fingerprint from app.ids_key) as ids',
    );
    const { keys, ids } = rows[0]!;
    const older = existsSync(path) && !readKeyring(path).ids;
    const keyring = openKeyring(path, { databaseHasKeys: keys, databaseHasIds: ids !== null });
    if (older) logger.warn(`${path} has a new key, "ids": copy it to where you keep the keyring`);
    const own = fingerprintOf(keyring.ids);
    if (ids === null) await db.query('insert into app.ids_key (fingerprint) values ($1)', [own]);
    else if (ids !== own)
      throw new KeyringError(
        `the key "ids" of ${path} is not the one from which the ids in the database derive. Restore the keyring as it was last, or copy it from where the other processes run.`,
      );
    await db.query('commit');
    db.release();
    return keyring;
  } catch (error) {
    db.release(true);
    throw error;
  }
}
