import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  EventStoreDbEventStore,
  type EventStoreDbOptions,
} from '../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { ForeignEvent } from '../../libs/event-store/eventstoredb/failure.js';
import { appendBytes } from '../../libs/event-store/guard.js';
import { NO_STREAM, OutcomeUnknown, Resync, WrongExpectedRevision, type Filter, type Page } from '../../libs/event-store/port.js';
import { Cable } from '../support/eventstoredb-double/cable.js';
import { EventStoreDbDouble, faults, type Call, type Fault } from '../support/eventstoredb-double/double.js';
import { aStream, anEvent, eventStoreContract, ids, someEvents } from './event-store.contract.js';

const DOUBLE = 'EventStoreDB (in-process double, not a real server)';

let contracted: EventStoreDbDouble;
eventStoreContract(
  DOUBLE,
  async () => {
    contracted = await EventStoreDbDouble.start();
    const elsewhere = await EventStoreDbDouble.start();
    const open = ({ connectionString }: EventStoreDbDouble) => new EventStoreDbEventStore({ connectionString, probeMs: 100 });
    const [store, other, another] = [open(contracted), open(contracted), open(elsewhere)];
    const { position: foreign } = await another.append(aStream(), NO_STREAM, [anEvent()]);
    return {
      store,
      other,
      foreign,
      close: async () => {
        await Promise.all([store, other, another].map((each) => each.close()));
        for (const double of [contracted, elsewhere]) double.stop();
      },
    };
  },
  {
    restart: () => contracted.restart(),
    delayCommits: async () => {
      contracted.commitDelay = () => Math.random() * 20;
    },
  },
);

/** What the client does to its users was seen on real servers: docs/eventstoredb.md. One test for each point that it lists. */
describe(`${DOUBLE}: what the adapter survives`, () => {
  let double: EventStoreDbDouble;
  let store: EventStoreDbEventStore;
  const opened: EventStoreDbEventStore[] = [];
  const open = (options: Partial<EventStoreDbOptions> = {}) => {
    const made = new EventStoreDbEventStore({
      connectionString: double.connectionString,
      // Long for a busy machine; what is about the limit itself says a shorter one.
      timeoutMs: 5000,
      patienceMs: 10_000,
      retryMs: 20,
      probeMs: 100,
      ...options,
    });
    opened.push(made);
    return made;
  };
  beforeEach(async () => {
    double = await EventStoreDbDouble.start();
    store = open();
    // So that the faults of a test do not hit the start of the first incarnation.
    await store.head();
  });
  afterEach(async () => {
    double.thaw();
    await Promise.all(opened.splice(0).map((each) => each.close()));
    double.stop();
  });

  /** Looks until it is so; a test that waits in vain must fail, not hang. */
  async function until(isSo: () => boolean): Promise<void> {
    for (const end = Date.now() + 20_000; !isSo(); await pause(5)) if (Date.now() > end) throw new Error('waited in vain');
  }
  /** A subscription, and what it has given so far. */
  function follow(filter: Filter = {}, from: EventStoreDbEventStore = store) {
    const stop = new AbortController();
    const seen: string[] = [];
    const pages: Page[] = [];
    const over = (async () => {
      for await (const page of from.subscribe(undefined, filter, stop.signal)) {
        pages.push(page);
        seen.push(...ids(page.events));
      }
    })();
    return { seen, pages, end: () => (stop.abort(), over) };
  }
  const written = async (stream: string) => ids(await store.readStream(stream));

  describe('the batch append, whose table of pending calls all clients share', () => {
    it('is not used, though the server offers it', async () => {
      await Promise.all([store, open()].map((each) => each.append(aStream(), NO_STREAM, someEvents(3))));
      expect([double.batchAppends, double.counts.append]).toEqual([0, 3]);
    });

    it('so every append of many settles when the connection breaks under them, and is found once', async () => {
      double.commitDelay = () => 20;
      const streams = Array.from({ length: 100 }, () => aStream());
      const events = streams.map(() => anEvent());
      const appends = streams.map((stream, i) => store.append(stream, NO_STREAM, [events[i]!]));
      await until(() => double.counts.append > 20);
      await double.restart();
      await Promise.all(appends);
      for (const [i, stream] of streams.entries()) expect(await written(stream)).toEqual([events[i]!.id]);
    });
  });

  describe('a server that is frozen', () => {
    it('is told to the caller within our own limits, and served again once it is back', async () => {
      const hasty = open({ timeoutMs: 300, patienceMs: 500 });
      const following = follow({}, hasty);
      await until(() => double.openSubscriptions === 1);
      const [stream, events] = [aStream(), someEvents(2)];
      double.freeze();
      const outcomes = await Promise.allSettled([hasty.append(stream, NO_STREAM, events), hasty.readStream(stream), hasty.readAll(undefined, 10), hasty.head()]); // prettier-ignore
      expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'rejected'));
      expect(outcomes[0]).toMatchObject({ reason: expect.any(OutcomeUnknown) });
      double.thaw();
      // The appends that waited in it are now done, in the order in which they came; this one finds itself there.
      expect(await store.append(stream, NO_STREAM, events)).toMatchObject({ revision: 1 });
      expect(await written(stream)).toEqual(ids(events));
      await until(() => following.seen.length >= 2);
      await following.end();
      expect(following.seen).toEqual(ids(events));
    });

    it('does not hold a subscription that ends', async () => {
      const following = follow();
      await until(() => double.openSubscriptions === 1);
      double.freeze();
      await pause(150);
      const start = performance.now();
      await following.end();
      expect(performance.now() - start).toBeLessThan(3000);
    });
  });

  it('a connection that carries nothing more is left for another', async () => {
    const cable = await Cable.to(double.port);
    const behind = open({ connectionString: `esdb://127.0.0.1:${cable.port}?tls=false`, timeoutMs: 500 });
    const stream = aStream();
    await behind.append(stream, NO_STREAM, [anEvent()]);
    const following = follow({}, behind);
    await until(() => following.seen.length === 1);
    const { connections } = cable;
    cable.forgetConnections();
    expect(await behind.append(stream, 0, [anEvent()])).toMatchObject({ revision: 1 });
    expect(cable.connections).toBeGreaterThan(connections);
    await until(() => following.seen.length === 2);
    await following.end();
    await behind.close();
    cable.close();
  });

  describe('an outcome that is unknown', () => {
    it.each<[string, Fault]>([
      ['the answer is lost behind the commit', 'lost'],
      ['no answer comes', 'mute'],
      ['the commit timed out', faults.timedOut],
      ['the deadline passed', faults.deadline],
      ['the server is too busy', faults.unavailable],
      ['the call was cancelled', faults.cancelled],
      ['the server is not ready', faults.notReady],
    ])('is settled by sending the same again when %s', async (_, fault) => {
      const [stream, events] = [aStream(), someEvents(3)];
      const hasty = open({ timeoutMs: fault === 'mute' ? 500 : 5000 });
      double.next('append', fault);
      expect(await hasty.append(stream, NO_STREAM, events)).toMatchObject({ revision: 2 });
      expect(await written(stream)).toEqual(ids(events));
    });

    it('is told to the caller who was patient enough', async () => {
      const before = double.counts.append;
      double.next('append', ...Array.from({ length: 100 }, () => faults.timedOut));
      await expect(open({ patienceMs: 500 }).append(aStream(), NO_STREAM, [anEvent()])).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(double.counts.append - before).toBeGreaterThan(2);
    });

    it.each([
      ['one host', 'esdb://127.0.0.1:1?tls=false'],
      ['several', 'esdb://127.0.0.1:1,127.0.0.1:2?tls=false&maxDiscoverAttempts=1'],
    ])('is told where nobody listens, on %s', async (_, connectionString) => {
      const nobody = open({ connectionString, patienceMs: 300 });
      await expect(nobody.append(aStream(), NO_STREAM, [anEvent()])).rejects.toBeInstanceOf(OutcomeUnknown);
      await expect(nobody.head()).rejects.toThrow();
    });
  });

  describe('a refusal', () => {
    it.each<[string, Fault, unknown]>([
      ['of the user', faults.accessDenied, expect.objectContaining({ type: 'access-denied' })],
      ['of the size', faults.tooLarge, expect.any(RangeError)],
    ])('%s is told at once, and costs no connection', async (_, fault, reason) => {
      const before = double.counts.append;
      double.next('append', fault);
      await expect(store.append(aStream(), NO_STREAM, [anEvent()])).rejects.toEqual(reason);
      expect(double.counts.append - before).toBe(1);
    });

    it('is a conflict, also when the operator asks the client not to throw', async () => {
      const lenient = open({ connectionString: `${double.connectionString}&throwOnAppendFailure=false` });
      const stream = aStream();
      await lenient.append(stream, NO_STREAM, someEvents(3));
      const conflict = await lenient.append(stream, 0, [anEvent()]).catch((error: unknown) => error);
      expect(conflict).toBeInstanceOf(WrongExpectedRevision);
      expect(conflict).toMatchObject({ expected: 0, current: 2 });
    });

    it('of a repeat that the server does not recognise is none', async () => {
      const [stream, events] = [aStream(), someEvents(2)];
      const first = await store.append(stream, NO_STREAM, events);
      double.next('append', 'conflict');
      expect(await store.append(stream, NO_STREAM, events)).toEqual(first);
    });
  });

  it('asks again when a repeat has no position yet', async () => {
    const [stream, events] = [aStream(), someEvents(2)];
    const first = await store.append(stream, NO_STREAM, events);
    double.next('append', 'noPosition');
    expect(await store.append(stream, NO_STREAM, events)).toEqual(first);
  });

  describe('a subscription', () => {
    const interruptions: [string, () => Promise<void> | void][] = [
      ['whose connection breaks', () => double.restart()],
      ['that the server ends with an error', () => double.endSubscriptions(faults.unavailable)],
      ['that the server finds too slow', () => double.endSubscriptions(faults.timedOut)],
      ['that the server ends', () => double.endSubscriptions()],
      ['that hears nothing more', () => double.deafen()],
    ];
    it.each(interruptions)('%s goes on behind the last event', async (_, interrupt) => {
      const following = follow();
      const stream = aStream();
      const events = someEvents(9);
      for (const [i, event] of events.entries()) {
        await store.append(stream, i - 1, [event]);
        if (i % 3 !== 2) continue;
        await until(() => following.seen.length === i + 1 && double.openSubscriptions === 1);
        await interrupt();
      }
      await until(() => following.seen.length === events.length);
      await following.end();
      expect(following.seen).toEqual(ids(events));
      const nexts = following.pages.map(({ next }) => next ?? '');
      expect(nexts).toEqual([...new Set(nexts)].sort());
    });

    it('is opened again where the server is not ready', async () => {
      double.next('subscribe', faults.notReady, faults.unavailable);
      const following = follow();
      await until(() => double.openSubscriptions === 1);
      await store.append(aStream(), NO_STREAM, [anEvent()]);
      await until(() => following.seen.length === 1);
      await following.end();
    });

    it('waits an outage out, longer than a call does', async () => {
      const following = follow({}, open({ patienceMs: 100 }));
      await until(() => double.openSubscriptions === 1);
      double.stop();
      await expect(open({ patienceMs: 300 }).head()).rejects.toThrow();
      await double.listen();
      const { position } = await store.append(aStream(), NO_STREAM, [anEvent()]);
      await until(() => following.pages.at(-1)?.next === position);
      await following.end();
    });

    it('ends at a refusal', async () => {
      double.next('subscribe', faults.accessDenied);
      const following = follow();
      await expect(following.end()).resolves.toBeUndefined();
      double.next('subscribe', faults.accessDenied);
      await expect(
        (async () => {
          for await (const page of store.subscribe(undefined, {}, new AbortController().signal)) expect(page.events).toEqual([]);
        })(),
      ).rejects.toMatchObject({ type: 'access-denied' });
    });

    it('is left filtered to the server, and advances by its checkpoints past what that leaves out', async () => {
      const patient = open({ probeMs: 60_000 });
      for (const filter of [{ types: ['Rare'] }, { streamPrefixes: ['rare-'] }]) {
        const following = follow(filter, patient);
        await until(() => double.openSubscriptions === 1);
        const { next } = following.pages.at(-1)!;
        const sent = double.sent.subscribe;
        await store.append(aStream(), NO_STREAM, someEvents(100));
        await until(() => following.pages.at(-1)!.next !== next);
        const rare = anEvent({ type: 'Rare' });
        await store.append(aStream('rare'), NO_STREAM, [rare]);
        await until(() => following.seen.includes(rare.id));
        expect(double.sent.subscribe - sent).toBe(1);
        await following.end();
        await until(() => double.openSubscriptions === 0);
      }
    });

    it('advances without checkpoints too, by looking', async () => {
      const following = follow({ types: ['Rare'] });
      await until(() => following.pages.length > 0);
      const { position } = await store.append(aStream(), NO_STREAM, someEvents(3));
      await until(() => following.pages.at(-1)!.next === position);
      await following.end();
    });

    it('leaves with the server what its reader does not ask for', async () => {
      await store.append('case-1', NO_STREAM, [anEvent()]);
      const [kept] = double.log.stream('case-1');
      for (let i = 0; i < 5000; i++) double.log.write(`case-${i + 2}`, kept!);
      const sent = double.sent.read;
      const pages = store.subscribe(undefined, {}, new AbortController().signal)[Symbol.asyncIterator]();
      const first = await pages.next();
      await pause(300);
      expect(first.value).toMatchObject({ atHead: false });
      expect(double.sent.read - sent).toBeLessThan(2500);
      await pages.return!();
    });
  });

  it.each<[string, Call]>([
    ['read', 'read'],
    ['append', 'append'],
  ])('a server that is not ready is asked again: %s', async (_, call) => {
    double.next(call, faults.notReady, faults.unavailable, faults.notReady);
    const stream = aStream();
    await store.append(stream, NO_STREAM, [anEvent()]);
    expect(await written(stream)).toHaveLength(1);
  });

  it('a search for the leader that outlasts our limits does no harm when it ends', async () => {
    const connectionString = `esdb://127.0.0.1:${double.port},127.0.0.1:${double.port}?tls=false`;
    const searching = open({ connectionString, timeoutMs: 500 });
    const [stream, events] = [aStream(), someEvents(2)];
    await searching.append(stream, NO_STREAM, events.slice(0, 1));
    // The append that waits for it then begins on a connection that nobody needs any more. What it throws nobody could catch.
    double.gossipDelay = 700;
    double.next('append', faults.unavailable);
    const append = searching.append(stream, 0, events.slice(1)).catch((error: unknown) => error);
    await pause(650);
    double.gossipDelay = 0;
    expect(await append).toMatchObject({ revision: 1 });
    await pause(700);
    expect(await written(stream)).toEqual(ids(events));
  });

  describe('a node that does not lead', () => {
    let follower: EventStoreDbDouble;
    beforeEach(async () => {
      follower = await EventStoreDbDouble.start(double.log);
      follower.leader = double;
      follower.nodes = double.nodes = [follower, double];
    });
    afterEach(() => follower.stop());

    it('sends to the leader', async () => {
      const sent = open({ connectionString: follower.connectionString });
      const { position } = await sent.append(aStream(), NO_STREAM, [anEvent()]);
      expect(await sent.head()).toBe(position);
      expect(follower.counts.append).toBe(0);
    });

    it('is not chosen among several, not even if the operator prefers it', async () => {
      const hosts = [follower, double].map(({ port }) => `127.0.0.1:${port}`).join(',');
      const choosing = open({ connectionString: `esdb://${hosts}?tls=false&nodePreference=follower` });
      await choosing.append(aStream(), NO_STREAM, [anEvent()]);
      expect(follower.counts).toEqual({ append: 0, read: 0, subscribe: 0 });
    });

    it('takes over: appends and subscriptions go on there', async () => {
      const hosts = [follower, double].map(({ port }) => `127.0.0.1:${port}`).join(',');
      const cluster = open({ connectionString: `esdb://${hosts}?tls=false` });
      const following = follow({}, cluster);
      const [stream, events] = [aStream(), someEvents(2)];
      await cluster.append(stream, NO_STREAM, events.slice(0, 1));
      await until(() => following.seen.length === 1);
      [follower.leader, double.leader] = [undefined, follower];
      await cluster.append(stream, 0, events.slice(1));
      // The old leader hears of no more, and does not say so.
      double.deafen();
      await until(() => following.seen.length === 2);
      await following.end();
      double.leader = undefined;
      expect(following.seen).toEqual(ids(events));
      expect(follower.counts.append).toBe(1);
    });
  });

  it('gives nothing that JSON does not hold', async () => {
    const result = await store.append('case-1', NO_STREAM, [anEvent()]);
    const page = await store.readAll(undefined, 10);
    for (const given of [result, page]) expect(JSON.parse(JSON.stringify(given))).toEqual(given);
  });

  it('once closed takes nothing more, and has ended its subscriptions and finished its appends', async () => {
    const closed = open();
    const following = follow({}, closed);
    await until(() => double.openSubscriptions === 1);
    const append = closed.append('case-1', NO_STREAM, [anEvent()]);
    await closed.close();
    expect(await append).toMatchObject({ revision: 0 });
    await following.end();
    await until(() => double.openSubscriptions === 0);
    await expect(closed.append('case-1', 0, [anEvent()])).rejects.toThrow('closed');
    await expect(closed.readStream('case-1')).rejects.toThrow('closed');
  });

  it('once closed keeps no process alive, neither by its subscriptions nor by the clients that it has replaced', async () => {
    const adapter = join(__dirname, '../../libs/event-store/eventstoredb/eventstoredb-event-store.ts');
    const script = `const { EventStoreDbEventStore } = require(process.argv[1]);
      const store = new EventStoreDbEventStore({ connectionString: process.argv[2], retryMs: 20 });
      (async () => {
        for await (const { events } of store.subscribe(undefined, {}, new AbortController().signal))
          if (events.length > 0) void store.close();
          else void store.append('case-1', -1, [JSON.parse(process.argv[3])]);
      })();`;
    double.next('append', faults.unavailable, faults.unavailable);
    const args = ['--require', join(__dirname, '../support/typescript.cjs'), '-e', script, adapter];
    const child = spawn(process.execPath, [...args, double.connectionString, JSON.stringify(anEvent())], {
      stdio: 'inherit',
      timeout: 30_000,
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await written('case-1')).toHaveLength(1);
  });

  it.each(['kurrentdb', 'kurrentdb+discover', 'esdb+discover'])('is found by %s://', async (scheme) => {
    const renamed = open({ connectionString: double.connectionString.replace('esdb', scheme) });
    await renamed.append('case-1', NO_STREAM, [anEvent()]);
    expect(await written('case-1')).toHaveLength(1);
  });

  it('takes as much as it says, in one event or in many', async () => {
    const { maxAppendBytes } = store.traits;
    for (const [i, count] of [1, 500].entries()) {
      const bytes = Math.floor((maxAppendBytes - appendBytes(someEvents(count, { data: '""' }))) / count);
      const events = someEvents(count, { data: JSON.stringify('x'.repeat(bytes)) });
      await store.append(`case-${i}`, NO_STREAM, events);
      const stored = double.log.stream(`case-${i}`);
      expect(
        stored.reduce((sum, kept) => sum + kept.data.length + kept.metadata.length + 2 * kept.type.length, 0),
      ).toBeLessThanOrEqual(maxAppendBytes);
    }
  });

  it.each<[string, string, string]>([
    ['a stream of the server', '$settings', 'T'],
    ['the stream of the log itself', 'fil-rouge-log', 'T'],
    ['a type of the server', 'case-1', '$metadata'],
  ])('refuses to write to %s', async (_, stream, type) => {
    await expect(store.append(stream, NO_STREAM, [anEvent({ type })])).rejects.toThrow(RangeError);
  });

  it('stops at an event that Fil rouge did not write', async () => {
    await store.append('case-1', NO_STREAM, [anEvent()]);
    const [kept] = double.log.stream('case-1');
    double.log.write('case-1', { ...kept!, type: 'WithoutVersion' });
    await expect(store.readStream('case-1')).rejects.toBeInstanceOf(ForeignEvent);
    await expect(store.readAll(undefined, 10)).rejects.toBeInstanceOf(ForeignEvent);
    double.log.loseEnd(1);
    double.log.write('case-1', { ...kept!, metadata: Buffer.from('{}') });
    await expect(store.readAll(undefined, 10)).rejects.toBeInstanceOf(ForeignEvent);
  });

  describe('incarnations', () => {
    it('of a later restore refuse the positions of before, also to a client that stayed, and to its subscriptions', async () => {
      const { position } = await store.append(aStream(), NO_STREAM, [anEvent()]);
      const ended = expect(
        (async () => {
          for await (const page of store.subscribe(position, {}, new AbortController().signal)) expect(page.events).toEqual([]);
        })(),
      ).rejects.toBeInstanceOf(Resync);
      await open().startIncarnation();
      await ended;
      await expect(store.readAll(position, 10)).rejects.toBeInstanceOf(Resync);
      const { events, next } = await store.readAll(undefined, 10);
      expect(next! > position).toBe(true);
      expect(await store.readAll(next, 10)).toEqual({ events: [], next, atHead: true });
      expect(events[0]!.position).toBe(await store.head());
    });

    it('never go back, and begin above the one that they are told', async () => {
      const above = 9_000_000_000_000_000_000n;
      await store.startIncarnation(above);
      const first = await store.append('case-1', NO_STREAM, [anEvent()]);
      expect(first.position.split('-')[0]).toBe(`${above + 1n}`);
      await store.startIncarnation();
      expect((await store.append('case-1', 0, [anEvent()])).position.split('-')[0]).toBe(`${above + 2n}`);
    });

    it('are one, however many clients begin at once', async () => {
      const fresh = await EventStoreDbDouble.start();
      const clients = Array.from({ length: 8 }, () => open({ connectionString: fresh.connectionString }));
      const positions = await Promise.all(
        clients.map(async (client) => (await client.append(aStream(), NO_STREAM, [anEvent()])).position),
      );
      expect(new Set(positions.map((position) => position.split('-')[0])).size).toBe(1);
      await Promise.all(clients.map((client) => client.close()));
      fresh.stop();
    });

    it('whose log lost its end, or has other events there, refuse the positions of before', async () => {
      await store.append('case-1', NO_STREAM, someEvents(2));
      const end = await store.head();
      double.log.loseEnd(1);
      await expect(store.readAll(end, 10)).rejects.toBeInstanceOf(Resync);
      await store.append('case-1', 0, [anEvent({ data: '"longer than before"' }), anEvent()]);
      await store.append('case-2', NO_STREAM, [anEvent()]);
      const other = await store.head();
      double.log.loseEnd(2);
      await store.append('case-1', 1, [anEvent({ data: '"longer than before"' }), anEvent()]);
      await expect(store.readAll(other, 10)).rejects.toBeInstanceOf(Resync);
    });
  });

  it('reads an empty log', async () => {
    expect(await store.head()).toBeUndefined();
    expect(await store.readAll(undefined, 10)).toEqual({ events: [], next: undefined, atHead: true });
  });

  it('steps over what the server writes for itself, and stands on it while it is there or gone', async () => {
    const { position } = await store.append('case-1', NO_STREAM, [anEvent()]);
    for (let i = 0; i < 50; i++) double.log.writeStatistics();
    expect(await store.head()).toBe(position);
    expect(await store.readAll(position, 10)).toEqual({ events: [], next: position, atHead: true });
    const standing = position.replace(/\d+$/, ({ length }) => `${double.log.events.at(-1)!.position}`.padStart(length, '0'));
    expect(await store.readAll(standing, 10)).toEqual({ events: [], next: standing, atHead: true });
    const later = await store.append('case-1', 0, [anEvent()]);
    double.log.scavenge();
    expect((await store.readAll(standing, 10)).next).toBe(later.position);
  });

  it('advances over a long stretch that the filter leaves out, page by page', async () => {
    await store.append('case-1', NO_STREAM, [anEvent()]);
    const [kept] = double.log.stream('case-1');
    for (let i = 1; i < 12_000; i++) double.log.write(`case-${i}`, { ...kept!, type: i === 11_000 ? 'Rare@1' : 'T@1' });
    const pages: Page[] = [];
    for (let page: Page | undefined; !page?.atHead; pages.push(page))
      page = await store.readAll(page?.next, 10, { types: ['Rare'] });
    expect(pages.map(({ events }) => events.length)).toEqual([0, 1]);
    expect(pages.at(-1)!.next).toBe(await store.head());
  });
});
