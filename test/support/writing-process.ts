import { writeSync } from 'node:fs';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { write } from './writing.js';

// A process of its own that appends until its input ends; it prints the id of each event that the store has confirmed.
const [url, writers] = process.argv.slice(2);
const store = new PostgresEventStore({ connectionString: url });
let stopping = false;
process.stdin.once('end', () => (stopping = true)).resume();
void Promise.all(
  Array.from({ length: Number(writers) }, () =>
    write(
      store,
      (ids) => writeSync(1, ids.map((id) => `${id}\n`).join('')),
      () => stopping,
    ),
  ),
).finally(() => store.close());
