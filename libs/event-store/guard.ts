import { NO_STREAM, type NewEvent, type StoreTraits } from './port.js';

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_REVISION = 2 ** 31 - 1;

const refuse = (stream: string, why: string): never => {
  throw new RangeError(`append to ${stream || '(no stream)'}: ${why}`);
};

/**
 * Refuses, before anything is sent, what no store would take. That the texts are JSON is for the store to tell, or for `assertJson` where
 * it does not look.
 * @returns how many bytes the events have, as `appendBytes` counts them
 * @throws RangeError
 */
export function assertAppendable(
  stream: string,
  expectedRevision: number,
  events: readonly NewEvent[],
  { name, maxAppendBytes }: StoreTraits,
): number {
  if (!isStorable(stream) || stream === '') refuse(stream, 'a stream needs a name');
  if (events.length === 0) refuse(stream, 'no event to append');
  if (!Number.isInteger(expectedRevision) || expectedRevision < NO_STREAM || expectedRevision + events.length > MAX_REVISION)
    refuse(stream, `${expectedRevision} is not a revision`);
  for (const event of events) {
    if (!UUID.test(event.id)) refuse(stream, `${event.id} is not a UUID`);
    if (!isStorable(event.type) || event.type === '') refuse(stream, `event ${event.id} needs a type`);
    if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1 || event.schemaVersion > MAX_REVISION)
      refuse(stream, `${event.schemaVersion} is not a schema version`);
    if (!isStorable(event.data) || !isStorable(event.metadata)) refuse(stream, `event ${event.id} is not text`);
  }
  const bytes = appendBytes(events);
  if (bytes > maxAppendBytes) refuse(stream, `${bytes} bytes, and ${name} takes ${maxAppendBytes} at once`);
  return bytes;
}

/** @throws RangeError */
export function assertJson(stream: string, events: readonly NewEvent[]): void {
  for (const { id, data, metadata } of events) if (!isJson(data) || !isJson(metadata)) refuse(stream, `event ${id} is not JSON`);
}

/** What a store may add to an event. EventStoreDB has the schema's version behind the type, both in UTF-16, and a mark. */
const ADDED_BYTES = 23;

/** As the store counts them that counts most. */
export const appendBytes = (events: readonly NewEvent[]): number =>
  events.reduce(
    (sum, e) => sum + Buffer.byteLength(e.data) + Buffer.byteLength(e.metadata) + 2 * Buffer.byteLength(e.type) + ADDED_BYTES,
    0,
  );

/** A lone surrogate has no UTF-8 bytes (it would be replaced in silence); NUL is not a character of PostgreSQL's text. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
