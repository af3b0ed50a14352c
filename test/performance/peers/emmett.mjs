import { getPostgreSQLEventStore, postgreSQLEventStoreConsumer } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

/** @event-driven-io/emmett-postgresql, as its documentation sets it up. */
export async function open(url) {
  // The server may cut a connection that is about to be closed.
  const pool = new pg.Pool({ connectionString: url, max: 32 }).on('error', () => undefined);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  return {
    async append(stream, revision, events) {
      await store.appendToStream(
        stream,
        events.map(({ type, data, metadata }) => ({ type, data, metadata })),
        { expectedStreamVersion: revision < 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(revision + 1) },
      );
    },
    async readStream(stream) {
      const { events } = await store.readStream(stream);
      return events.length;
    },
    async consume(milliseconds, pulling) {
      const consumer = postgreSQLEventStoreConsumer({ connectionString: url, ...(pulling && { pulling }) });
      let seen = 0;
      let first = 0;
      let last = 0;
      consumer.reactor({
        processorId: `bench-${process.hrtime.bigint()}`,
        startFrom: 'BEGINNING',
        eachMessage: () => {
          last = performance.now();
          if (seen++ === 0) first = last;
        },
      });
      const running = consumer.start();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await consumer.close();
      await running.catch(() => undefined);
      return (seen / (last - first)) * 1000;
    },
    async close() {
      await store.close();
      await pool.end();
    },
  };
}
