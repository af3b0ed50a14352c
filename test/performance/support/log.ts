import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { CursorSealer } from '../../../libs/access/sealed-cursor.js';
import { eventRegistry } from '../../../libs/application/event-registry.js';
import { Followed } from '../../../libs/application/followed.js';
import { Homes } from '../../../libs/application/homes.js';
import { ConsentCodes } from '../../../libs/application/consent-codes.js';
import { Idempotency } from '../../../libs/application/idempotency.js';
import { Turns } from '../../../libs/application/turns.js';
import { Ids } from '../../../libs/application/ids.js';
import { type Parts } from '../../../libs/application/parts.js';
import { rulebook } from '../../../libs/domain/rules/delays.js';
import { Codec } from '../../../libs/event-store/codec.js';
import { MovedStore } from '../../../libs/event-store/moved.js';
import { PostgresEventStore } from '../../../libs/event-store/postgres/postgres-event-store.js';
import { frenchCalendar } from '../../../libs/platform/calendar.js';
import { systemClock } from '../../../libs/platform/clock.js';
import { type RebuildHelpers, rebuildHelpers } from '../../../libs/platform/rebuild-helpers.js';
import { PersonIndex } from '../../../libs/vault/person-index.js';
import { Vault } from '../../../libs/vault/vault.js';
import { type Place } from './server.js';

/** The same for every log of the run, so that the copy of a database can be read. */
export const KEYRING = {
  master: { 1: randomBytes(32) },
  index: { 1: randomBytes(32) },
  cursor: randomBytes(32),
  ids: randomBytes(32),
};

/** The product on one database, wired as `libs/platform/wiring.ts` does it. */
export interface Log extends Parts {
  readonly place: Place;
  readonly helpers: RebuildHelpers;
  close(): Promise<void>;
}

export function openLog(place: Place): Log {
  // The server cuts what is left when a database is dropped.
  const pool = new Pool(place.app).on('error', () => undefined);
  const store = new MovedStore(new PostgresEventStore(place.app), pool);
  const vault = new Vault(pool, KEYRING);
  const codec = new Codec(eventRegistry, vault);
  const followed = new Followed(store, codec);
  const persons = new PersonIndex(pool, KEYRING);
  const helpers = rebuildHelpers({ app: place.app, eventStoreUrl: undefined, keyring: KEYRING });
  return {
    place,
    helpers,
    store,
    codec,
    vault,
    followed,
    persons,
    homes: new Homes({ store, codec, persons }, pool),
    idempotency: new Idempotency(pool, Buffer.alloc(32, 7)),
    ids: new Ids(KEYRING.ids),
    rulebook: rulebook(frenchCalendar, followed),
    cursors: new CursorSealer(KEYRING.cursor),
    clock: systemClock,
    asking: { senders: {}, codes: new ConsentCodes(pool, KEYRING.cursor), publicUrl: undefined },
    turns: new Turns(),
    fictitiousPeople: true,
    close: async () => {
      await helpers.close();
      await store.close();
      await pool.end();
    },
  };
}
