import { Client } from 'pg';
import { EventStoreDbEventStore } from '../../../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { type Config, loadConfig } from '../../../../libs/platform/config.js';
import { openDatabase } from '../../../../libs/platform/database.js';
import { Logger } from '../../../../libs/platform/logger.js';

/** `fil-rouge new-incarnation`: after another tool than ours restored the log, or a standby was promoted. */
export async function newIncarnation(): Promise<void> {
  const config = loadConfig(process.env);
  const started = config.eventStoreUrl === undefined ? await inPostgres(config) : await inEventStoreDb(config.eventStoreUrl);
  console.log(`Le journal commence l’incarnation ${started} : qui tient une position d’avant est prié de relire.`);
}

async function inEventStoreDb(connectionString: string): Promise<string> {
  const store = new EventStoreDbEventStore({ connectionString });
  try {
    return `${await store.startIncarnation()}`;
  } finally {
    await store.close();
  }
}

async function inPostgres(config: Config): Promise<string> {
  const database = await openDatabase(config, new Logger('warn'), { join: true });
  const owner = new Client(database.migration);
  try {
    await owner.connect();
    const { rows } = await owner.query<{ id: string }>('select log.start_incarnation() as id');
    return rows[0]!.id;
  } finally {
    await owner.end();
    await database.stop();
  }
}
