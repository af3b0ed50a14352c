import { randomUUID } from 'node:crypto';
import { type NewEvent } from '../../../libs/event-store/port.js';
import { type PeerEvent } from '../benchmark.js';
import { benchCase } from './cases.js';
import { type Log } from './log.js';

/** Events of a case, before the next case begins. */
const CASE = 15;

/** Sealed events, as they are stored: sealing is not what appending is. */
export async function sealedEvents(log: Pick<Log, 'codec' | 'vault'>, cases = 40): Promise<NewEvent[]> {
  const sealed: NewEvent[] = [];
  for (let n = 0; n < cases; n++) {
    const { personId, events } = benchCase(n);
    await log.vault.ensureKey(personId);
    sealed.push(...(await log.codec.encode(events)));
  }
  return sealed;
}
/** The same events for the other stores, which make JSON of them themselves. */
export const peerEvents = (sealed: readonly NewEvent[]): PeerEvent[] =>
  sealed.map(({ id, type, data, metadata }) => ({ id, type, data: JSON.parse(data) as object, metadata: JSON.parse(metadata) as object })); // prettier-ignore

/** Callers that write case after case, so many events at a time, each at the revision that it left the case at. */
export function writer<E extends { readonly id: string }>(
  append: (stream: string, revision: number, events: readonly E[], caller: number) => Promise<unknown>,
  events: readonly E[],
  batch = 1,
): (caller: number) => Promise<number> {
  const cases: { readonly stream: string; revision: number }[] = [];
  let next = 0;
  return async (caller) => {
    if ((cases[caller]?.revision ?? CASE) >= CASE - 1) cases[caller] = { stream: `case-${randomUUID()}`, revision: -1 };
    const at = cases[caller]!;
    const some = Array.from({ length: batch }, () => ({ ...events[next++ % events.length]!, id: randomUUID() }));
    await append(at.stream, at.revision, some, caller);
    at.revision += batch;
    return batch;
  };
}
