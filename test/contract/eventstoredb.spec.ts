import { spawnSync } from 'node:child_process';
import { EventStoreDbEventStore } from '../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { ConnectionString } from '../../libs/event-store/eventstoredb/connection-string.js';
import { NO_STREAM } from '../../libs/event-store/port.js';
import { aStream, anEvent, eventStoreContract, eventStoreNotVerified } from './event-store.contract.js';

/**
 * A real server, of one node or several, that may be written to: EVENTSTORE_TEST_URL. EVENTSTORE_TEST_RESTART is a shell command that
 * restarts it; without it that test is skipped.
 */
const { EVENTSTORE_TEST_URL: url, EVENTSTORE_TEST_RESTART: restart } = process.env;
const NAME = 'EventStoreDB';

if (url === undefined) eventStoreNotVerified(NAME, 'no server, EVENTSTORE_TEST_URL is not set');
else if (!answers(url)) eventStoreNotVerified(NAME, `no server at ${new ConnectionString(url)}`);
else
  eventStoreContract(
    NAME,
    async () => {
      const [store, other] = [open(), open()];
      const { position } = await store.append(aStream(), NO_STREAM, [anEvent()]);
      return {
        store,
        other,
        // Of the same place in an older log.
        foreign: position.replace(/^\d+/, ({ length }) => '1'.padStart(length, '0')),
        close: async () => {
          await Promise.all([store, other].map((each) => each.close()));
        },
      };
    },
    restart === undefined ? {} : { restart: async () => void spawnSync(restart, { shell: true, stdio: 'inherit' }) },
  );

function open(): EventStoreDbEventStore {
  return new EventStoreDbEventStore({ connectionString: url! });
}

/** Whether anybody listens; asked before the tests are declared, hence without waiting for a promise. */
function answers(connectionString: string): boolean {
  const probe = `const { EventStoreDBClient, START } = require('@eventstore/db-client');
    const client = EventStoreDBClient.connectionString(process.argv[1]);
    const read = client.readAll({ fromPosition: START, maxCount: 1 });
    read.on('data', () => process.exit(0)).on('error', () => process.exit(1));
    setTimeout(() => process.exit(1), 5000);`;
  return spawnSync(process.execPath, ['-e', probe, connectionString]).status === 0;
}
