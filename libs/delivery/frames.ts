import { type RecordedEvent } from '../domain/case/event.js';

/** Names of the frames that are about the stream itself. Those about cases have none, so one `onmessage` hears them all. */
const POSITION = 'position';
const RESYNC = 'resync';

interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}
const frame = ({ id, event, data }: Frame): string =>
  // JSON has no line break of its own, so it is one line of data.
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Milliseconds that a client waits before it connects again. */
export const retryFrame = (ms: number): string => `retry: ${ms}\n\n`;
/** Says nothing; keeps proxies from closing a silent connection. */
export const HEARTBEAT = ':\n\n';

/**
 * Where the stream starts, then, once, that it has caught up: the client's `Last-Event-ID`. A frame with an id alone would do for a browser
 * (WHATWG, "dispatch the event"), but the npm client `eventsource` forgets the id of a frame without data; so it has some, under a name
 * that nobody need listen to.
 */
export const positionFrame = (id: string): string => frame({ id, event: POSITION, data: {} });

/** The log was restored: what the client knows may be wrong. It reads its cases again, and goes on from `id`. */
export const resyncFrame = (id: string): string => frame({ id, event: RESYNC, data: {} });

/** An event as a partner sees it, already redacted. Neither revision nor position, which count events that it may not see. */
export const eventFrame = (id: string, caseId: string, e: RecordedEvent): string =>
  frame({
    id,
    data: {
      caseId,
      id: e.id,
      type: e.type,
      occurredOn: e.occurredOn,
      recordedAt: e.recordedAt,
      actor: e.actor,
      recordedBy: e.recordedBy,
      evidence: e.evidence,
      corrects: e.corrects,
      irregularities: e.irregularities.map(({ code, article }) => ({ code, article })),
      erased: e.erased,
      data: e.data,
    },
  });
