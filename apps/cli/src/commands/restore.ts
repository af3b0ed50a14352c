import { existsSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { assertOpens, lacksIds, readBackup, type Folders } from '../../../../libs/platform/backup/manifest.js';
import { restore } from '../../../../libs/platform/backup/restore.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { openDatabase } from '../../../../libs/platform/database.js';
import { readKeyring } from '../../../../libs/platform/keyring.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { createPrivateFile } from '../../../../libs/platform/private-file.js';
import { withoutDemonstration } from '../demonstration.js';
import { withProgress } from '../progress.js';
import { verify } from './verify.js';

/** `fil-rouge restore`: into a fresh data folder or an empty database; the keyring too, when a file is named and none is there. */
export async function restoreBackup({
  keyring: copy,
  newIds = false,
  ...folders
}: Folders & { keyring?: string; newIds?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const backup = await withProgress('Contrôle des fichiers', 'octets', (progress) => readBackup(folders, progress));
  const keyring = copy !== undefined && !existsSync(config.keyring) ? copy : config.keyring;
  const keys = readKeyring(keyring);
  const idsLost = newIds && lacksIds(keys, backup);
  assertOpens(keys, backup, { idsLost });
  const database = await openDatabase(config, new Logger('warn'));
  try {
    if (keyring !== config.keyring) createPrivateFile(config.keyring, readFileSync(keyring, 'utf8'));
    const leftOut = await withProgress('Restauration', 'lignes', (progress) => restore(database.migration, backup, progress));
    if (idsLost) await forgetIds(database.migration);
    if (leftOut.length > 0) console.log(`Laissées de côté, n’étant pas de Fil rouge : ${leftOut.join(', ')}.`);
    if (config.database.kind === 'embedded') withoutDemonstration(config.dataFolder);
  } finally {
    await database.stop();
  }
  await verify();
  console.log(`La sauvegarde du ${backup.takenAt} est restaurée. Ensuite :
  1. refaire les effacements de personnes demandés depuis le ${backup.takenAt} ;
  2. démarrer : les vues se reconstruisent, et qui tient une position d’avant est prié de relire.`);
}

/** From which key the ids derive: the next start takes the keyring's, or makes one. */
async function forgetIds(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query('delete from app.ids_key').finally(() => client.end());
}
