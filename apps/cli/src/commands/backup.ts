import { readFileSync } from 'node:fs';
import { backUp } from '../../../../libs/platform/backup/back-up.js';
import { type Folders } from '../../../../libs/platform/backup/manifest.js';
import { systemClock } from '../../../../libs/platform/clock.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { openDatabase } from '../../../../libs/platform/database.js';
import { readKeyring } from '../../../../libs/platform/keyring.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { createPrivateFile } from '../../../../libs/platform/private-file.js';
import { CommandError } from '../command-error.js';
import { withProgress } from '../progress.js';

/** `fil-rouge backup`: log and keys at one instant, in two folders; the keyring too when a file is named for it. */
export async function backup({ keyring: copy, ...folders }: Folders & { keyring?: string }): Promise<void> {
  const config = loadConfig(process.env);
  const keyring = readKeyring(config.keyring);
  const database = await openDatabase(config, new Logger('warn'), { join: true });
  try {
    if (copy !== undefined && !createPrivateFile(copy, readFileSync(config.keyring, 'utf8')))
      throw new CommandError(`${copy} existe déjà : un trousseau n’en remplace pas un autre`);
    const { events, head, takenAt } = await withProgress('Sauvegarde', 'lignes', (progress) =>
      backUp({ url: database.migration, folders, keyring, now: systemClock.now(), progress }),
    );
    const what =
      config.eventStoreUrl === undefined
        ? `${events} événements, tête ${head ?? '(vide)'}`
        : 'seulement ce qui est dans PostgreSQL ; le journal est dans EventStoreDB, à sauvegarder avec ses propres outils, avant';
    console.log(`Sauvegarde du ${takenAt} : ${what}.
  journal    ${folders.log}
  clés       ${folders.keys}   (à part, et moins longtemps : docs/operations.md)
  trousseau  ${copy ?? `non copié : ${config.keyring}, sans lequel rien ne se relit`}`);
  } finally {
    await database.stop();
  }
}
