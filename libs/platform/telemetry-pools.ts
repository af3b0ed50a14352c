import { metrics } from '@opentelemetry/api';
import { type Pool } from 'pg';

/** Connections of the pools, by name, and who waits for one; nothing is told of a pool that has ended. */
export function observePools(pools: Readonly<Record<string, Pool>>): void {
  const meter = metrics.getMeter('fil-rouge');
  const connections = meter.createObservableGauge('db.client.connection.count', { description: 'Connections to PostgreSQL, by state.' }); // prettier-ignore
  const pending = meter.createObservableGauge('db.client.connection.pending_requests', {
    description: 'Waiting for a connection.',
  });
  const limit = meter.createObservableGauge('db.client.connection.max', { description: 'Connections that the pool may open.' });
  meter.addBatchObservableCallback(
    (result) => {
      for (const [name, pool] of Object.entries(pools)) {
        if (pool.ended) continue;
        const of = { 'db.client.connection.pool.name': name };
        result.observe(connections, pool.idleCount, { ...of, 'db.client.connection.state': 'idle' });
        result.observe(connections, pool.totalCount - pool.idleCount, { ...of, 'db.client.connection.state': 'used' });
        result.observe(pending, pool.waitingCount, of);
        result.observe(limit, pool.options.max, of);
      }
    },
    [connections, pending, limit],
  );
}
