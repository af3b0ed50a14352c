import { createRequire } from 'node:module';

// Its ESM build doesn't load in Node.
const { PostgresEventStorageAdapter } = createRequire(import.meta.url)('@castore/event-storage-adapter-postgres');

/** @castore/event-storage-adapter-postgres. postgres.js takes its number of connections from the address. */
export async function open(url) {
  const adapter = new PostgresEventStorageAdapter({ connectionString: `${url}?max=32` });
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
      await adapter._sql?.end();
    },
  };
}
