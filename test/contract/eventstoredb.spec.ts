import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionString } from '../../libs/event-store/eventstoredb/connection-string.js';
import { EventStoreDbEventStore } from '../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { NO_STREAM, OutcomeUnknown, type Page } from '../../libs/event-store/port.js';
import { aStream, anEvent, eventStoreContract, eventStoreNotVerified, ids } from './event-store.contract.js';

/**
 * A real server, of one node or several, that may be written to: EVENTSTORE_TEST_URL. What is to be done to it is a shell command:
 * EVENTSTORE_TEST_RESTART (ends when it is back), EVENTSTORE_TEST_KILL (the leader, with -9; something else starts it again),
 * EVENTSTORE_TEST_FREEZE and EVENTSTORE_TEST_THAW (the leader, or all). Without its command a test is skipped.
 */
const { EVENTSTORE_TEST_URL: url, ...env } = process.env;
const NAME = 'EventStoreDB';
const open = () => new EventStoreDbEventStore({ connectionString: url! });

if (url === undefined) eventStoreNotVerified(NAME, 'no server at EVENTSTORE_TEST_URL, which is not set');
else if (!answers(url)) eventStoreNotVerified(NAME, `no server at ${new ConnectionString(url)}`);
else {
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
    env.EVENTSTORE_TEST_RESTART === undefined ? {} : { restart: async () => run(env.EVENTSTORE_TEST_RESTART!) },
  );

  describe(`${NAME} under faults`, () => {
    const { EVENTSTORE_TEST_KILL: kill, EVENTSTORE_TEST_FREEZE: freeze, EVENTSTORE_TEST_THAW: thaw } = env;

    (kill === undefined ? it.skip : it)(
      'loses and doubles nothing that it acknowledged to 16 writers while it is killed',
      () => underLoad(async () => run(kill!)),
      300_000,
    );
    (freeze === undefined || thaw === undefined ? it.skip : it)(
      'nor while it is frozen for half a minute',
      () =>
        underLoad(async () => {
          run(freeze!);
          await pause(30_000);
          run(thaw!);
        }),
      300_000,
    );
  });
}

const WRITERS = 16;
/** Milliseconds before the fault, and after it. */
const [BEFORE, AFTER] = [5_000, 20_000];

/** Writers that send the same again as long as they are told that the outcome is unknown, and a subscription that looks on. */
async function underLoad(fault: () => Promise<void>): Promise<void> {
  const [writer, reader] = [open(), open()];
  const prefix = `load-${randomUUID()}`;
  const before = await reader.head();
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { events } of reader.subscribe(before, { streamPrefixes: [prefix] }, stop.signal)) seen.push(...ids(events));
  })();

  let over = false;
  let [last, outage, unknown] = [performance.now(), 0, 0];
  const write = async (stream: string): Promise<string[]> => {
    const acknowledged: string[] = [];
    while (!over) {
      const event = anEvent();
      for (let done = false; !done;)
        try {
          await writer.append(stream, acknowledged.length - 1, [event]);
          done = true;
        } catch (error) {
          // Anything else, a conflict above all, would be a lie about what was written.
          if (!(error instanceof OutcomeUnknown)) throw error;
          unknown++;
        }
      acknowledged.push(event.id);
      outage = Math.max(outage, performance.now() - last);
      last = performance.now();
    }
    return acknowledged;
  };
  const streams = Array.from({ length: WRITERS }, () => aStream(prefix));
  const writing = Promise.all(streams.map(write));
  await pause(BEFORE);
  await fault();
  await pause(AFTER);
  over = true;
  const acknowledged = await writing;

  for (const [i, stream] of streams.entries()) expect(ids(await reader.readStream(stream))).toEqual(acknowledged[i]);
  const log: string[] = [];
  for (let page: Page | undefined; !page?.atHead; log.push(...ids(page.events)))
    page = await reader.readAll(page?.next ?? before, 1000, { streamPrefixes: [prefix] });
  expect([...log].sort()).toEqual(acknowledged.flat().sort());
  for (const end = Date.now() + 60_000; seen.length < log.length && Date.now() < end;) await pause(50);
  stop.abort();
  await following;
  expect(seen).toEqual(log);
  await Promise.all([writer, reader].map((store) => store.close()));
  process.stdout.write(
    `\n${log.length} events acknowledged, each found once and seen once; longest silence ${Math.round(outage)} ms; told "unknown" ${unknown} times\n`,
  );
}

function run(command: string): void {
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  expect(status).toBe(0);
}

/** Whether anybody answers; asked before the tests are declared, hence without waiting for a promise. */
function answers(connectionString: string): boolean {
  const probe = `const { EventStoreDBClient, START } = require('@eventstore/db-client');
    const read = EventStoreDBClient.connectionString(process.argv[1]).readAll({ fromPosition: START, maxCount: 1 });
    read.on('data', () => process.exit(0)).on('error', () => process.exit(1));
    setTimeout(() => process.exit(1), 10_000);`;
  return (
    spawnSync(process.execPath, ['-e', probe, new ConnectionString(connectionString).with({ nodePreference: 'leader' })])
      .status === 0
  );
}
