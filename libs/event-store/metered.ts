import { metrics } from '@opentelemetry/api';
import { type EventStore } from './port.js';

/** Tells how long the appends of a store take, what waits and is tried again included, and how they end. */
export function metered<S extends EventStore>(store: S): S {
  const duration = metrics.getMeter('fil-rouge').createHistogram('fil_rouge.append.duration', {
    unit: 's',
    description: 'From asking to the answer, by outcome.',
    advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  const append = store.append.bind(store);
  store.append = async (...asked) => {
    const begun = performance.now();
    let outcome = 'done';
    try {
      return await append(...asked);
    } catch (error) {
      outcome = (error as Error).constructor.name;
      throw error;
    } finally {
      duration.record((performance.now() - begun) / 1000, { outcome });
    }
  };
  return store;
}
