import { randomUUID } from 'node:crypto';
import { type DomainEvent } from '../../../libs/domain/case/event.js';
import { type NewEvent } from '../../../libs/event-store/port.js';
import { type PeerEvent } from '../benchmark.js';
import { benchCase } from './cases.js';
import { type Log } from './log.js';

/** Events of a case, before the next case begins. */
const CASE = 15;

/** Of people who have a key. */
export async function domainEvents({ vault }: Pick<Log, 'vault'>, cases = 40): Promise<DomainEvent[]> {
  const made = Array.from({ length: cases }, (_, n) => benchCase(n));
  for (const { personId } of made) await vault.ensureKey(personId);
  return made.flatMap(({ events }) => events);
}
/** Sealed, as they are stored: all sides write the same bytes. */
export const sealedEvents = async (log: Pick<Log, 'codec' | 'vault'>): Promise<NewEvent[]> =>
  log.codec.encode(await domainEvents(log));
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
