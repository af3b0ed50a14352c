import { join } from 'node:path';
import { type Pool } from 'pg';
import { LocalIssuer } from '../access/authentication/local-issuer.js';
import { TokenVerifier } from '../access/authentication/token-verifier.js';
import { CursorSealer } from '../access/sealed-cursor.js';
import { eventRegistry } from '../application/event-registry.js';
import { ConsentCodes } from '../application/consent-codes.js';
import { Followed } from '../application/followed.js';
import { Homes } from '../application/homes.js';
import { Idempotency } from '../application/idempotency.js';
import { Ids } from '../application/ids.js';
import { type Parts } from '../application/parts.js';
import { rulebook } from '../domain/rules/delays.js';
import { announced, Announcements } from '../event-store/announced.js';
import { Codec } from '../event-store/codec.js';
import { EventStoreDbEventStore } from '../event-store/eventstoredb/eventstoredb-event-store.js';
import { metered } from '../event-store/metered.js';
import { MovedStore } from '../event-store/moved.js';
import { type EventStore } from '../event-store/port.js';
import { assertNoLogOfItsOwn, assertNotBeingCopied, LogNotLoadable } from '../event-store/postgres/log-loader.js';
import { PostgresEventStore } from '../event-store/postgres/postgres-event-store.js';
import { Turns } from '../application/turns.js';
import { type Log } from '../read-models/read-cases.js';
import { PersonIndex } from '../vault/person-index.js';
import { Vault } from '../vault/vault.js';
import { frenchCalendar } from './calendar.js';
import { systemClock } from './clock.js';
import { type Config } from './config.js';
import { createPool, type Database, openDatabase } from './database.js';
import { keyringOf } from './installed-keyring.js';
import { Logger } from './logger.js';
import { type KeptMessages } from './messages/kept.js';
import { sendersOf } from './messages/senders.js';
import { migrate } from './migrate.js';
import { type LogPlace, type RebuildHelpers, rebuildHelpers } from './rebuild-helpers.js';
import { observePools } from './telemetry-pools.js';

/** Everything that a process works with, wired once. */
export interface Wiring {
  readonly parts: Parts;
  readonly pool: Pool;
  readonly database: Database;
  /** For a rebuild of the views. */
  readonly helpers: RebuildHelpers;
  readonly announcements: Announcements;
  readonly verifier: TokenVerifier;
  /** Only in a demonstration. */
  readonly localIssuer: LocalIssuer | undefined;
  /** Of the messages to persons, in a demonstration. */
  readonly kept: KeptMessages | undefined;
  /** Ends the connections, then the embedded server. */
  close(): Promise<void>;
}

/**
 * @param options.join use the embedded server of an instance that already runs on the data folder (for the commands beside it)
 */
export async function wire(config: Config, logger: Logger, options: { join?: boolean } = {}): Promise<Wiring> {
  const database = await openDatabase(config, logger, options);
  const pool = createPool(database.app, logger);
  try {
    await migrate(database.migration, logger);
    const keyring = await keyringOf(pool, config.keyring, logger);
    observePools({ commands: pool });
    const announcements = new Announcements();
    const store = new MovedStore(announced(metered(await openLog(config, database, pool)), announcements), pool);
    const vault = new Vault(pool, keyring);
    const ids = new Ids(keyring.ids);
    const codec = new Codec(eventRegistry, vault, (person) => ids.professional(person));
    const followed = new Followed(store, codec);
    const persons = new PersonIndex(pool, keyring);
    const { senders, kept } = sendersOf(config);
    const parts: Parts = {
      store,
      codec,
      vault,
      persons,
      homes: new Homes({ store, codec, persons }, pool, (line) => logger.log(line)),
      idempotency: new Idempotency(pool, keyring.cursor),
      ids,
      turns: new Turns(),
      followed,
      rulebook: rulebook(frenchCalendar, followed),
      cursors: new CursorSealer(keyring.cursor),
      clock: systemClock,
      asking: { senders, codes: new ConsentCodes(pool, keyring.cursor), publicUrl: config.publicUrl },
      fictitiousPeople: config.identity.kind === 'demonstration',
    };
    const helpers = rebuildHelpers({ app: database.app, eventStoreUrl: config.eventStoreUrl, keyring });
    return {
      parts,
      pool,
      database,
      helpers,
      announcements,
      kept,
      ...identityOf(config),
      close: async () => {
        await helpers.close();
        await store.close();
        await pool.end();
        await database.stop();
      },
    };
  } catch (error) {
    await pool.end();
    await database.stop();
    throw error;
  }
}

/** @throws LogNotLoadable when it is, or may be, elsewhere */
async function openLog({ eventStoreUrl }: Config, database: Database, pool: Pool): Promise<EventStore> {
  if (eventStoreUrl === undefined) {
    await assertNotBeingCopied(pool);
    const store = new PostgresEventStore(database.app);
    observePools({ append: store.writes, read: store.reads });
    return store;
  }
  await assertNoLogOfItsOwn(pool);
  const store = new EventStoreDbEventStore({ connectionString: eventStoreUrl });
  const { rowCount: moved } = await pool.query('SELECT FROM log.copy WHERE source_position IS NOT NULL');
  if (moved !== 0 && (await store.head()) === undefined) {
    await store.close();
    throw new LogNotLoadable(
      'EVENTSTORE_URL mène à un EventStoreDB vide, et le journal de cette base a été déplacé vers un autre',
    );
  }
  return store;
}

/** The log once more, for a thread that only reads: whether it is the right one was looked at when the process was wired. */
export function openReading({ app, eventStoreUrl, keyring }: LogPlace): { readonly log: Log; close(): Promise<void> } {
  const pool = createPool(app, new Logger('warn'));
  const store =
    eventStoreUrl === undefined ? new PostgresEventStore(app) : new EventStoreDbEventStore({ connectionString: eventStoreUrl });
  const ids = new Ids(keyring.ids);
  const codec = new Codec(eventRegistry, new Vault(pool, keyring), (person) => ids.professional(person));
  return {
    log: { store, codec, rulebook: rulebook(frenchCalendar, new Followed(store, codec)) },
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}

/** Who vouches for callers: the installation's identity provider, or the demonstration's own. */
export function identityOf(config: Config): Pick<Wiring, 'verifier' | 'localIssuer'> {
  const { organisationClaim, roleClaim } = config;
  const claims = { organisationClaim, roleClaim };
  if (config.identity.kind === 'oidc') {
    const { issuer, audience, jwksUrl } = config.identity;
    return { verifier: new TokenVerifier({ ...claims, issuer, audience, jwks: new URL(jwksUrl) }), localIssuer: undefined };
  }
  const local = { ...claims, issuer: 'urn:fil-rouge:demonstration', audience: 'fil-rouge' };
  const localIssuer = new LocalIssuer({ ...local, folder: join(config.dataFolder, 'keys') });
  return { verifier: new TokenVerifier({ ...local, jwks: localIssuer.jwks() }), localIssuer };
}
