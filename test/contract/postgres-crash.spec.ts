import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { LogUnderTest, until } from '../support/log-under-test.js';
import { DURABLE_AS_THE_SESSION_SAYS, makeNaive, POSITIONS_FROM_A_SEQUENCE, SLOW_COMMITS } from '../support/naive-append.js';
import { OwnServer } from '../support/own-server.js';
import { write } from '../support/writing.js';

/** Follows a log as a subscriber does, from the first event on. */
class Reader {
  readonly seen: { id: string; ordinal: number }[] = [];
  failure: unknown;
  private readonly stopping = new AbortController();
  private readonly store: PostgresEventStore;
  private readonly reading: Promise<void>;

  constructor(connectionString: string) {
    this.store = new PostgresEventStore({ connectionString, pollMs: 1 });
    this.reading = this.read().catch((error: unknown) => void (this.failure = error));
  }
  private async read(): Promise<void> {
    for await (const { events } of this.store.subscribe(undefined, {}, this.stopping.signal))
      this.seen.push(...events.map(({ id, position }) => ({ id, ordinal: Number(position.split('-')[1]) })));
  }
  async comeTo(id: string | undefined): Promise<void> {
    await until(async () => this.failure !== undefined || this.seen.at(-1)?.id === id || undefined);
  }
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.reading;
    await this.store.close();
  }
}

/** What became of the events that were acknowledged, in the log and for the reader. */
async function account(log: LogUnderTest, acknowledged: ReadonlySet<string>, reader: Reader) {
  // The server may still be coming back.
  const client = await until(() => log.connect().catch(() => undefined));
  const { rows } = await client.query<{ position: string; stream: string; revision: number; id: string }>(
    'SELECT position, stream, revision, event_id AS id FROM log.event ORDER BY position',
  );
  await reader.comeTo(rows.at(-1)?.id);
  const revisions = new Map<string, number>();
  const inTurn = ({ stream, revision }: (typeof rows)[number]) => {
    const before = revisions.get(stream) ?? -1;
    revisions.set(stream, revision);
    return revision === before + 1;
  };
  const [stored, shown] = [new Set(rows.map(({ id }) => id)), new Set(reader.seen.map(({ id }) => id))];
  return {
    lost: [...acknowledged].filter((id) => !stored.has(id)).length,
    doubled: rows.length - stored.size,
    holes: rows.filter(({ position }, i) => Number(position) !== i).length,
    revisionsOutOfTurn: rows.filter((row) => !inTurn(row)).length,
    notShown: [...acknowledged].filter((id) => !shown.has(id)).length,
    shownTwice: reader.seen.length - shown.size,
    shownOutOfTurn: reader.seen.filter(({ ordinal }, i) => ordinal !== i).length,
    readerFailed: reader.failure,
  };
}
const ALL_IS_WELL = {
  lost: 0,
  doubled: 0,
  holes: 0,
  revisionsOutOfTurn: 0,
  notShown: 0,
  shownTwice: 0,
  shownOutOfTurn: 0,
  readerFailed: undefined,
};

describe('four processes that append, two of which are killed', () => {
  let log: LogUnderTest;
  let reader: Reader;
  let processes: ChildProcess[];
  beforeEach(async () => {
    log = await LogUnderTest.create();
    await makeNaive(log.admin, SLOW_COMMITS);
    reader = new Reader(log.database.appUrl);
    const [hook, script] = ['typescript.cjs', 'writing-process.ts'].map((file) => join(__dirname, '../support', file));
    processes = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--require', hook!, script!, log.database.appUrl, '16'], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
  });
  afterEach(async () => {
    for (const each of processes) each.kill('SIGKILL');
    await reader.stop();
    await log.close();
  });

  async function run() {
    const acknowledged = new Set<string>();
    const counts = processes.map(() => 0);
    processes.forEach(({ stdout }, i) =>
      createInterface({ input: stdout! }).on('line', (id) => {
        acknowledged.add(id);
        counts[i]!++;
      }),
    );
    const ended = Promise.all(processes.map((each) => once(each, 'close')));
    const further = async (from: number) => {
      const goals = counts.map((count, i) => (i < from ? count : count + 200));
      await until(async () => counts.every((count, i) => count >= goals[i]!) || undefined);
    };
    await further(0);
    for (const each of processes.slice(0, 2)) each.kill('SIGKILL');
    await further(2);
    for (const each of processes.slice(2)) each.stdin!.end();
    await ended;
    return account(log, acknowledged, reader);
  }

  it('leave every acknowledged event in the log, once, and show it to a reader, once and in its turn', async () => {
    expect(await run()).toEqual(ALL_IS_WELL);
  });

  it('hide some from the reader of a naive log', async () => {
    await makeNaive(log.admin, POSITIONS_FROM_A_SEQUENCE);
    const { notShown, shownOutOfTurn } = await run();
    expect(notShown).toBeGreaterThan(0);
    expect(shownOutOfTurn).toBeGreaterThan(0);
  });
});

describe('a server that is killed under load', () => {
  let server: OwnServer;
  let log: LogUnderTest;
  let reader: Reader;
  beforeEach(async () => {
    server = await OwnServer.start();
    log = await LogUnderTest.create(server.url);
    reader = new Reader(log.database.appUrl);
  });
  afterEach(async () => {
    await reader.stop();
    await log.close();
    await server.stop();
  });

  /** First one of its backends, which makes it end them all and recover; then the whole of it. */
  async function run() {
    const acknowledged = new Set<string>();
    const givenUp: string[] = [];
    let stopping = false;
    const writers = Array.from({ length: 32 }, () =>
      write(
        log.store,
        (ids) => ids.forEach((id) => acknowledged.add(id)),
        () => stopping,
      ).catch((error: Error) => givenUp.push(error.message)),
    );
    const further = () => {
      const goal = acknowledged.size + 500;
      return until(async () => acknowledged.size >= goal || givenUp.length === writers.length || undefined);
    };
    await further();
    process.kill((await log.backends(`application_name = 'fil-rouge append'`))[0]!, 'SIGKILL');
    await further();
    server.crash();
    await further();
    stopping = true;
    await Promise.all(writers);
    return { ...(await account(log, acknowledged, reader)), givenUp };
  }

  it('loses nothing that it has acknowledged, and doubles nothing', async () => {
    expect(await run()).toEqual({ ...ALL_IS_WELL, givenUp: [] });
  });

  it('does lose, when a commit is as durable as the session says', async () => {
    await makeNaive(log.admin, DURABLE_AS_THE_SESSION_SAYS);
    await log.admin.query('ALTER SYSTEM SET synchronous_commit = off');
    await log.admin.query(`ALTER SYSTEM SET wal_writer_delay = '10s'`);
    await log.admin.query('SELECT pg_reload_conf()');
    const { lost, givenUp } = await run();
    expect(lost).toBeGreaterThan(0);
    expect(givenUp.join()).toContain('expected revision');
  });
});
