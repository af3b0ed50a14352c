import { randomUUID } from 'node:crypto';
import { NO_STREAM, OutcomeUnknown, type EventStore } from '../../libs/event-store/port.js';

/**
 * One writer: appends to a stream of its own, one event or several, as an application does (an unknown outcome is sent again as it
 * was), until it is told to stop.
 * @param acknowledged is told the ids of each append that the store has confirmed
 */
export async function write(store: EventStore, acknowledged: (ids: string[]) => void, stop: () => boolean): Promise<void> {
  const stream = `case-${randomUUID()}`;
  for (let revision = NO_STREAM; !stop();) {
    const events = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => ({
      id: randomUUID(),
      type: 'CaseReferred.V1',
      schemaVersion: 1,
      data: '{"partner":"spst"}',
      metadata: '{}',
    }));
    for (let answer; answer === undefined;)
      answer = await store.append(stream, revision, events).catch((error: unknown) => {
        if (!(error instanceof OutcomeUnknown)) throw error;
      });
    revision += events.length;
    acknowledged(events.map(({ id }) => id));
  }
}
