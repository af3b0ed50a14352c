import { createRequire } from 'node:module';

// Its ESM build doesn't load in Node.
const require = createRequire(import.meta.url);
const { PostgresEventStorageAdapter } = require('@castore/event-storage-adapter-postgres');
const postgres = require('postgres');

/** @castore/event-storage-adapter-postgres. It opens ten connections and takes no other number, so its client is replaced by one like it. */
export async function open(url) {
  const adapter = new PostgresEventStorageAdapter({ connectionString: url });
  await adapter._sql.end();
  adapter._sql = postgres(url, { max: 32, types: { bigint: postgres.BigInt } });
  const options = { eventStoreId: 'CASE' };
  await PostgresEventStorageAdapter.createEventTable({ connectionString: url, aggregateId: { type: 'VARCHAR', length: 64 } });
  return {
    async append(stream, revision, [event]) {
      await adapter.pushEvent({ aggregateId: stream, version: revision + 2, type: event.type, payload: event.data, metadata: event.metadata }, options); // prettier-ignore
    },
    async readStream(stream) {
      const { events } = await adapter.getEvents(stream, options);
      return events.length;
    },
    async close() {
      await adapter._sql.end();
    },
  };
}
