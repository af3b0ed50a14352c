import { binaryEvent, type BinaryEventData, type RecordedEvent } from '@eventstore/db-client';
import { toPosition } from '../position.js';
import { type NewEvent, type StoredEvent } from '../port.js';
import { ForeignEvent } from './failure.js';

/**
 * Before the metadata's JSON, as in RFC 7464: the client would parse metadata that are JSON, and their bytes would be lost. What is
 * not JSON it hands over as it is.
 */
const RECORD_SEPARATOR = 0x1e;
const VERSION = '@';
const utf8 = new TextEncoder();

/** EventStoreDB has no place for the version of a schema: it goes behind the type. */
export const storedType = ({ type, schemaVersion }: Pick<NewEvent, 'type' | 'schemaVersion'>): string =>
  `${type}${VERSION}${schemaVersion}`;

/** What the stored types of all versions of a type begin with. */
export const typePrefix = (type: string): string => `${type}${VERSION}`;

export const toRecorded = (event: NewEvent): BinaryEventData =>
  binaryEvent({
    id: event.id,
    type: storedType(event),
    data: utf8.encode(event.data),
    metadata: utf8.encode(String.fromCharCode(RECORD_SEPARATOR) + event.metadata),
  });

/** @throws ForeignEvent */
export function toStored(event: RecordedEvent, incarnation: bigint): StoredEvent {
  const { id, type, data, metadata, streamId: stream } = event;
  const [, name, version] = /^(.+)@(\d+)$/s.exec(type) ?? [];
  const ours = metadata instanceof Uint8Array && metadata[0] === RECORD_SEPARATOR && data instanceof Uint8Array;
  if (name === undefined || !ours)
    throw new ForeignEvent(`${stream}, revision ${event.revision}: ${type} was not written by Fil rouge`);
  return {
    id,
    type: name,
    schemaVersion: Number(version),
    data: Buffer.from(data).toString(),
    metadata: Buffer.from(metadata.subarray(1)).toString(),
    stream,
    revision: Number(event.revision),
    position: toPosition(incarnation, logPosition(event)),
  };
}

/** Commit and prepare differ only in transactions of the old TCP protocol. */
export function logPosition({ position, streamId, revision }: RecordedEvent): bigint {
  if (position === undefined || position.commit !== position.prepare)
    throw new ForeignEvent(`${streamId}, revision ${revision} has no position of its own`);
  return position.commit;
}
