import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type TestInstance, type Who } from './instance.js';

/** What a client of the stream gets, from the start or behind what it had, up to where it is told that it has caught up. */
export async function subscribed(to: TestInstance, who: Who, lastEventId?: string) {
  const abort = new AbortController();
  const frames: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (frame) => frames.push(frame) });
  const response = await fetch(`${to.base}/v1/stream${lastEventId ? '' : '?from=start'}`, {
    headers: { authorization: `Bearer ${await to.token(who)}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
    signal: abort.signal,
  });
  // The first one says where it starts.
  const caughtUp = () => frames.filter(({ event }) => event === 'position').length === 2;
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (frames.length > 0 && caughtUp()) break;
  }
  abort.abort();
  return { events: frames.filter(({ event }) => event === undefined), last: frames.at(-1)!.id! };
}
