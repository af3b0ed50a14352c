import { type RecordedEvent } from '../domain/case/event.js';
import { type Rulebook } from '../domain/rules/delays.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore, type StoredEvent } from '../event-store/port.js';
import { caseOf, project, type Projection, streamOf } from './project.js';

/** The log and how to read it. */
export interface Log {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly rulebook: Rulebook;
}
/** Streams read at once; the store has few connections, and commands need them too. */
const AT_ONCE = 4;

/**
 * Each case worked out from its whole stream, as the log holds it now.
 * @throws UnknownEvent when one of them has an event of a newer version of this program
 */
export async function projectCases({ store, codec, rulebook }: Log, caseIds: readonly string[]): Promise<Projection[]> {
  const stored: StoredEvent[] = [];
  const waiting = [...caseIds];
  const reader = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) stored.push(...(await store.readStream(streamOf(id))));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  const histories = new Map<string, RecordedEvent[]>(caseIds.map((id) => [id, []]));
  for (const event of await codec.decode(stored)) histories.get(caseOf(event))!.push(event);
  return [...histories].map(([caseId, history]) => project(caseId, history, rulebook));
}
