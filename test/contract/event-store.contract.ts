import { randomUUID } from 'node:crypto';
import {
  type AppendResult,
  NO_STREAM,
  Resync,
  WrongExpectedRevision,
  type EventStore,
  type Filter,
  type NewEvent,
  type Page,
  type Position,
  type StoredEvent,
} from '../../libs/event-store/port.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  /** Another client of the same log, as another process would be. */
  readonly other: EventStore;
  /** A position that another log gave. */
  readonly foreign: Position;
  close(): Promise<void>;
}
/** What a test can't do to every server. What is missing is shown as skipped. */
export interface Interference {
  /** The server goes away and comes back, with what it holds. */
  restart?(): Promise<void>;
  /** From now on commits take their time, each another. */
  delayCommits?(): Promise<void>;
}

export const anEvent = (over: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'CaseReferred.V1',
  schemaVersion: 1,
  data: '{"partner":"spst"}',
  metadata: '{}',
  ...over,
});
export const someEvents = (n: number, over: Partial<NewEvent> = {}) => Array.from({ length: n }, () => anEvent(over));
export const aStream = (prefix = 'case') => `${prefix}-${randomUUID()}`;
export const ids = (events: readonly NewEvent[]) => events.map(({ id }) => id);

/** All that a store must do to hold the log: one body of tests, run on every adapter. The log may be shared with other tests. */
export function eventStoreContract(name: string, open: () => Promise<StoreUnderTest>, interference: Interference = {}): void {
  const { restart, delayCommits } = interference;
  describe(`${name} as an event store`, () => {
    let under: StoreUnderTest;
    let store: EventStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(() => under?.close());

    /** The whole log after `after`, page by page. */
    async function readOn(after: Position | undefined, limit = 100, filter?: Filter): Promise<StoredEvent[]> {
      const events: StoredEvent[] = [];
      for (let page: Page | undefined; !page?.atHead; after = page.next) {
        page = await store.readAll(after, limit, filter);
        expect(page.events.length).toBeLessThanOrEqual(limit);
        events.push(...page.events);
      }
      return events;
    }
    /** What a subscription gives until it has given `count` events. */
    async function follow(after: Position | undefined, count: number, filter: Filter = {}, from = store) {
      const stop = new AbortController();
      const events: StoredEvent[] = [];
      const pages: Page[] = [];
      for await (const page of from.subscribe(after, filter, stop.signal)) {
        pages.push(page);
        events.push(...page.events);
        if (events.length >= count) stop.abort();
      }
      return { events, pages };
    }

    describe('append and readStream', () => {
      it('gives revisions 0, 1, 2 … and the events as they were', async () => {
        const stream = aStream();
        const first = [anEvent(), anEvent({ type: 'MeasureProposed.V2', schemaVersion: 2, metadata: '{"actor":"cap-emploi"}' })];
        const second = [anEvent()];
        expect(await store.append(stream, NO_STREAM, first)).toMatchObject({ revision: 1 });
        const last = await store.append(stream, 1, second);
        const read = await store.readStream(stream);
        expect(read).toEqual(
          [...first, ...second].map((event, revision) => ({ ...event, stream, revision, position: expect.any(String) })),
        );
        expect(last).toEqual({ revision: 2, position: read[2]!.position });
      });

      it('reads from a revision; nothing past the end, nothing of a stream that is not there', async () => {
        const stream = aStream();
        const events = someEvents(3);
        await store.append(stream, NO_STREAM, events);
        expect(ids(await store.readStream(stream, 1))).toEqual(ids(events.slice(1)));
        expect(await store.readStream(stream, 3)).toEqual([]);
        expect(await store.readStream(aStream())).toEqual([]);
      });

      it('keeps the very bytes of data and metadata', async () => {
        const stream = aStream();
        const texts = [
          '{"b":1,  "a":2,"a":3}',
          ' [1.0, 1e2, -0,12345678901234567890.123456789] ',
          '"l’été à Noël \u00e9 e\u0301 🧵 \\u00e9 \\ud83e\\uddf5 \\u0000 \\/ \\"\u2028"',
          '{"\\\\":"{\\"\\\\,}","":null}',
          'null',
        ];
        const events = texts.map((text) => anEvent({ data: text, metadata: `{"m":\t${text}}` }));
        await store.append(stream, NO_STREAM, events);
        const read = await store.readStream(stream);
        expect(read.map(({ data }) => data)).toEqual(texts);
        expect(read.map(({ metadata }) => metadata)).toEqual(events.map(({ metadata }) => metadata));
      });

      it('takes an event of almost 1 MB', async () => {
        const stream = aStream();
        const data = JSON.stringify({ text: 'é'.repeat(500_000) });
        await store.append(stream, NO_STREAM, [anEvent({ data })]);
        expect((await store.readStream(stream))[0]!.data).toBe(data);
      });

      it('takes 1000 events at once, and again', async () => {
        const stream = aStream();
        const [first, second] = [someEvents(1000), someEvents(1000)];
        expect(await store.append(stream, NO_STREAM, first)).toMatchObject({ revision: 999 });
        expect(await store.append(stream, 999, second)).toMatchObject({ revision: 1999 });
        const read = await store.readStream(stream);
        expect(ids(read)).toEqual(ids([...first, ...second]));
        expect(read.map(({ revision }) => revision)).toEqual(read.map((_, i) => i));
      });

      it('takes an event that another stream has too', async () => {
        const event = anEvent();
        const streams = [aStream(), aStream()];
        for (const stream of streams) expect(await store.append(stream, NO_STREAM, [event])).toMatchObject({ revision: 0 });
        for (const stream of streams) expect(ids(await store.readStream(stream))).toEqual([event.id]);
      });

      it.each<[string, (good: NewEvent) => readonly NewEvent[]]>([
        ['no event', () => []],
        ['an id that is no UUID', (good) => [good, anEvent({ id: 'referral-1' })]],
        ['data that is no JSON', (good) => [good, anEvent({ data: '{partner:1}' })]],
        ['metadata that is no JSON', (good) => [good, anEvent({ metadata: '' })]],
        ['text that UTF-8 can not hold', (good) => [good, anEvent({ data: '"\ud83e"' })]],
        ['an event without a type', (good) => [good, anEvent({ type: '' })]],
        ['a schema version below 1', (good) => [good, anEvent({ schemaVersion: 0 })]],
      ])('refuses %s, and writes nothing', async (_, events) => {
        const stream = aStream();
        await expect(store.append(stream, NO_STREAM, events(anEvent()))).rejects.toThrow(RangeError);
        expect(await store.readStream(stream)).toEqual([]);
      });

      it('refuses more bytes than it says it takes, and writes nothing', async () => {
        const stream = aStream();
        const data = JSON.stringify('x'.repeat(store.traits.maxAppendBytes));
        await expect(store.append(stream, NO_STREAM, [anEvent({ data })])).rejects.toThrow(RangeError);
        expect(await store.readStream(stream)).toEqual([]);
      });

      it('refuses what is no stream and no revision', async () => {
        await expect(store.append('', NO_STREAM, [anEvent()])).rejects.toThrow(RangeError);
        for (const revision of [-2, 0.5, NaN])
          await expect(store.append(aStream(), revision, [anEvent()])).rejects.toThrow(RangeError);
      });
    });

    describe('optimistic concurrency', () => {
      it('refuses a stale revision, and one that is ahead, and says where the stream is', async () => {
        const stream = aStream();
        await store.append(stream, NO_STREAM, someEvents(3));
        for (const expected of [NO_STREAM, 0, 1, 3, 10]) {
          const conflict = await store.append(stream, expected, [anEvent()]).catch((error: unknown) => error);
          expect(conflict).toBeInstanceOf(WrongExpectedRevision);
          expect(conflict).toMatchObject({ stream, expected, current: 2 });
        }
        expect(await store.readStream(stream)).toHaveLength(3);
        await expect(store.append(aStream(), 0, [anEvent()])).rejects.toMatchObject({ expected: 0, current: NO_STREAM });
      });

      it('writes all the events of an append, or none', async () => {
        const stream = aStream();
        const [kept, ...lost] = someEvents(4);
        await store.append(stream, NO_STREAM, [kept!]);
        await expect(store.append(stream, NO_STREAM, lost)).rejects.toBeInstanceOf(WrongExpectedRevision);
        expect(ids(await store.readStream(stream))).toEqual([kept!.id]);
      });

      it('lets one of 32 racing writers win at each revision; the losers learn it', async () => {
        const stream = aStream();
        const rounds = 5;
        const outcomes = await Promise.all(
          Array.from({ length: 32 }, async (_, writer) => {
            const won: string[] = [];
            const mine = writer % 2 ? store : under.other;
            for (let expected = NO_STREAM; expected < rounds - 1;) {
              const event = anEvent();
              try {
                expected = (await mine.append(stream, expected, [event])).revision;
                won.push(event.id);
              } catch (error) {
                if (!(error instanceof WrongExpectedRevision)) throw error;
                expect(error.current).toBeGreaterThan(expected);
                expected = error.current;
              }
            }
            return won;
          }),
        );
        const read = await store.readStream(stream);
        expect(read.map(({ revision }) => revision)).toEqual(read.map((_, i) => i));
        expect(read.length).toBeGreaterThanOrEqual(rounds);
        expect(outcomes.flat().sort()).toEqual(ids(read).sort());
      });

      it('does not let a stale caller fail the good ones beside it', async () => {
        const taken = Array.from({ length: 10 }, () => aStream());
        await Promise.all(taken.map((stream) => store.append(stream, NO_STREAM, [anEvent()])));
        const fresh = Array.from({ length: 10 }, () => aStream());
        const both = fresh.flatMap((stream, i) => [stream, taken[i]!]);
        const outcomes = await Promise.allSettled(both.map((stream) => store.append(stream, NO_STREAM, someEvents(2))));
        expect(outcomes.map(({ status }) => status)).toEqual(fresh.flatMap(() => ['fulfilled', 'rejected']));
        for (const stream of fresh) expect(await store.readStream(stream)).toHaveLength(2);
        for (const stream of taken) expect(await store.readStream(stream)).toHaveLength(1);
      });

      it('keeps the order of appends to one stream that were not awaited', async () => {
        const stream = aStream();
        const events = someEvents(20);
        const results = await Promise.all(events.map((event, i) => store.append(stream, i - 1, [event])));
        expect(results.map(({ revision }) => revision)).toEqual(events.map((_, i) => i));
        expect(ids(await store.readStream(stream))).toEqual(ids(events));
      });
    });

    describe('a repeat', () => {
      let stream: string;
      let events: NewEvent[];
      let first: AppendResult;
      beforeEach(async () => {
        stream = aStream();
        events = someEvents(3);
        first = await store.append(stream, NO_STREAM, events);
      });

      it('is a success that writes nothing, with the answer of the first time', async () => {
        expect(await store.append(stream, NO_STREAM, events)).toEqual(first);
        expect(await store.readStream(stream)).toHaveLength(3);
      });

      it('is one after later events too, from another client, whatever the case of its ids', async () => {
        await store.append(stream, 2, someEvents(2));
        const shouted = events.map((event) => ({ ...event, id: event.id.toUpperCase() }));
        expect(await under.other.append(stream, NO_STREAM, shouted)).toEqual(first);
        expect(await store.readStream(stream)).toHaveLength(5);
      });

      it('may be of the first events only, or of the last: the last of them answers', async () => {
        const [, second, third] = await store.readStream(stream);
        expect(await store.append(stream, NO_STREAM, events.slice(0, 2))).toEqual({
          revision: 1,
          position: second!.position,
        });
        expect(await store.append(stream, 1, events.slice(2))).toEqual({
          revision: 2,
          position: third!.position,
        });
      });

      it.each<[string, (events: NewEvent[]) => NewEvent[], number]>([
        ['has one event more', (e) => [...e, anEvent()], NO_STREAM],
        ['has another order', ([a, b, c]) => [b!, a!, c!], NO_STREAM],
        ['has the ids at other revisions', ([, b]) => [b!], NO_STREAM],
        ['has one other id', ([a, , c]) => [a!, anEvent(), c!], NO_STREAM],
        ['has the ids one revision later', (e) => e, 0],
      ])('is none, but a conflict, when it %s', async (_, change, expected) => {
        await expect(store.append(stream, expected, change(events))).rejects.toMatchObject({ expected, current: 2 });
        expect(ids(await store.readStream(stream))).toEqual(ids(events));
      });

      it('sent twice at once is written once', async () => {
        const twice = aStream();
        const results = await Promise.all(
          [store, under.other, store, under.other].map((each) => each.append(twice, NO_STREAM, events)),
        );
        expect(new Set(results.map(({ position }) => position)).size).toBe(1);
        expect(ids(await store.readStream(twice))).toEqual(ids(events));
      });
    });

    describe('readAll', () => {
      it('gives every event once, in the order of positions, whatever the size of the page', async () => {
        const before = await store.head();
        const streams = Array.from({ length: 5 }, () => aStream());
        for (let i = 0; i < 4; i++) for (const stream of streams) await store.append(stream, i - 1, [anEvent({ data: `${i}` })]);
        const whole = await readOn(before);
        const mine = whole.filter(({ stream }) => streams.includes(stream));
        expect(mine.map(({ stream, revision }) => [stream, revision])).toEqual(
          [0, 1, 2, 3].flatMap((revision) => streams.map((stream) => [stream, revision])),
        );
        const positions = whole.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort());
        for (const limit of [1, 3, 7]) expect(await readOn(before, limit)).toEqual(whole);
        expect(await store.head()).toBe(positions.at(-1));
      });

      it('stays where it was at the head', async () => {
        await store.append(aStream(), NO_STREAM, [anEvent()]);
        const head = await store.head();
        expect(await store.readAll(head, 10)).toEqual({ events: [], next: head, atHead: true });
      });

      it('filters by type and by the beginning of the stream, both if both are asked', async () => {
        const before = await store.head();
        const mark = randomUUID();
        const [type, prefix] = [`Type-${mark}`, `case_${mark}%`];
        const streams = { both: aStream(prefix), other: aStream(prefix), typed: aStream('person') };
        // What a pattern of LIKE would take for the prefix.
        await store.append(aStream(`case-${mark}-`), NO_STREAM, [anEvent()]);
        await store.append(streams.both, NO_STREAM, [anEvent({ type }), anEvent(), anEvent({ type })]);
        await store.append(streams.other, NO_STREAM, [anEvent()]);
        await store.append(streams.typed, NO_STREAM, [anEvent({ type })]);
        const found = async (filter: Filter) =>
          (await readOn(before, 2, filter)).map(({ stream, revision }) => [stream, revision] as const);
        const { both, other, typed } = streams;
        expect(await found({ types: ['Nothing', type] })).toEqual([[both, 0], [both, 2], [typed, 0]]); // prettier-ignore
        expect(await found({ streamPrefixes: ['nothing-', prefix] })).toEqual([[both, 0], [both, 1], [both, 2], [other, 0]]); // prettier-ignore
        expect(await found({ types: [type], streamPrefixes: [prefix] })).toEqual([[both, 0], [both, 2]]); // prettier-ignore
        expect(await found({ types: [] })).toEqual([]);
        expect(await found({ streamPrefixes: [] })).toEqual([]);
      });

      it('goes on past what the filter left out', async () => {
        const before = await store.head();
        const type = `Rare-${randomUUID()}`;
        await store.append(aStream(), NO_STREAM, [anEvent({ type }), ...someEvents(30)]);
        let page = await store.readAll(before, 5, { types: [type] });
        while (!page.atHead) page = await store.readAll(page.next, 5, { types: [type] });
        expect(page.next! > before!).toBe(true);
        // Nothing that the filter wants is left between there and the head; what comes later is found from there.
        const last = await store.append(aStream(), NO_STREAM, [anEvent({ type })]);
        expect((await readOn(page.next, 5, { types: [type] })).map(({ position }) => position)).toEqual([last.position]);
      });

      it('serves no position that the log never gave', async () => {
        const { position } = await store.append(aStream(), NO_STREAM, [anEvent()]);
        const beyond = position.replace(/\d+$/, (ordinal) => `0${'9'.repeat(ordinal.length - 1)}`);
        for (const unknown of ['', 'x', '-', position.slice(1), `${position}0`, position.replace('-', ' '), beyond]) {
          await expect(store.readAll(unknown, 10)).rejects.toBeInstanceOf(Resync);
          await expect(follow(unknown, 1)).rejects.toBeInstanceOf(Resync);
        }
      });

      it('does not serve a position of another log', async () => {
        await expect(store.readAll(under.foreign, 10)).rejects.toBeInstanceOf(Resync);
        await expect(follow(under.foreign, 1)).rejects.toBeInstanceOf(Resync);
      });

      it('refuses a limit that is no number of events', async () => {
        for (const limit of [0, -1, 1.5]) await expect(store.readAll(undefined, limit)).rejects.toThrow(RangeError);
      });
    });

    describe('subscribe', () => {
      const race = async () => {
        const before = await store.head();
        const prefix = `race-${randomUUID()}`;
        const [writers, appends] = [32, 20];
        const tail = follow(before, writers * appends * 2, { streamPrefixes: [prefix] }, under.other);
        await Promise.all(
          Array.from({ length: writers }, async (_, writer) => {
            const stream = aStream(prefix);
            const mine = writer % 2 ? store : under.other;
            for (let i = 0; i < appends; i++) await mine.append(stream, i * 2 - 1, someEvents(2));
          }),
        );
        const { events, pages } = await tail;
        const again = await readOn(before, 1000, { streamPrefixes: [prefix] });
        expect(again).toHaveLength(writers * appends * 2);
        expect(ids(events)).toEqual(ids(again));
        const positions = events.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort());
        expect(pages.map(({ next }) => next)).toEqual([...new Set(pages.map(({ next }) => next))].sort());
      };
      it('shows a tail reader each event once, in order, none skipped, while 32 writers race', race);

      it('resumes after any position', async () => {
        const before = await store.head();
        const type = `Resumed-${randomUUID()}`;
        await store.append(aStream(), NO_STREAM, someEvents(6, { type }));
        const all = await readOn(before, 100, { types: [type] });
        for (const [i, { position }] of all.slice(0, -1).entries()) {
          const { events } = await follow(position, all.length - i - 1, { types: [type] });
          expect(events).toEqual(all.slice(i + 1));
        }
      });

      (restart ? it : it.skip)('goes on from any position once the server is back, and so do appends', async () => {
        const before = await store.head();
        const type = `Restarted-${randomUUID()}`;
        const stream = aStream();
        await store.append(stream, NO_STREAM, someEvents(3, { type }));
        const stop = new AbortController();
        const seen: string[] = [];
        for await (const { events, atHead } of store.subscribe(before, { types: [type] }, stop.signal)) {
          seen.push(...ids(events));
          if (seen.length === 3 && atHead) {
            await restart!();
            await store.append(stream, 2, someEvents(3, { type }));
          }
          if (seen.length === 6) stop.abort();
        }
        const all = await readOn(before, 100, { types: [type] });
        expect(seen).toEqual(ids(all));
        for (const [i, { position }] of all.slice(0, -1).entries())
          expect((await follow(position, all.length - i - 1, { types: [type] })).events).toEqual(all.slice(i + 1));
      });

      it('catches up, says so, then follows', async () => {
        const before = await store.head();
        const type = `Followed-${randomUUID()}`;
        const stream = aStream();
        await store.append(stream, NO_STREAM, [anEvent({ type })]);
        const seen: number[] = [];
        const stop = new AbortController();
        for await (const page of store.subscribe(before, { types: [type] }, stop.signal)) {
          seen.push(...page.events.map(({ revision }) => revision));
          if (page.atHead && seen.length < 4) await store.append(stream, seen.length - 1, [anEvent({ type })]);
          if (seen.length === 4) stop.abort();
        }
        expect(seen).toEqual([0, 1, 2, 3]);
      });

      it('begins at the first event of the log', async () => {
        await store.append(aStream(), NO_STREAM, [anEvent()]);
        const { events } = await follow(undefined, 1);
        expect(events[0]).toEqual((await store.readAll(undefined, 1)).events[0]);
      });

      it('ends soon once its signal aborts, at rest or before it began', async () => {
        const stop = new AbortController();
        const pages = store.subscribe(await store.head(), {}, stop.signal)[Symbol.asyncIterator]();
        expect((await pages.next()).value).toMatchObject({ events: [], atHead: true });
        const rest = pages.next();
        setTimeout(() => stop.abort(), 20);
        const start = performance.now();
        expect(await rest).toEqual({ done: true, value: undefined });
        expect(performance.now() - start).toBeLessThan(1000);
        for await (const page of store.subscribe(undefined, {}, AbortSignal.abort())) throw new Error(`gave ${page.next}`);
      });

      // The last: the server stays slow.
      (delayCommits ? it : it.skip)('skips and doubles nothing either while commits overtake each other', async () => {
        await delayCommits!();
        await race();
      });
    });
  });
}

/** In place of the contract where no server is: the run must not look as if it had been kept. */
export function eventStoreNotVerified(name: string, why: string): void {
  describe(`${name} as an event store`, () => {
    it.skip(`skipped, not verified: ${why}`, () => undefined);
  });
}
