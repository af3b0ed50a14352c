import { Client } from 'pg';
import { loadConfig } from '../../../../libs/platform/config.js';
import { openDatabase } from '../../../../libs/platform/database.js';
import { Logger } from '../../../../libs/platform/logger.js';

/** `fil-rouge new-incarnation`: after another tool than ours restored the log, or a standby was promoted. */
export async function newIncarnation(): Promise<void> {
  const database = await openDatabase(loadConfig(process.env), new Logger('warn'), { join: true });
  const owner = new Client(database.migration);
  try {
    await owner.connect();
    const { rows } = await owner.query<{ id: string }>('select log.start_incarnation() as id');
    console.log(`Le journal commence l’incarnation ${rows[0]!.id} : qui tient une position d’avant est prié de relire.`);
  } finally {
    await owner.end();
    await database.stop();
  }
}
