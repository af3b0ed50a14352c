import { NO_STREAM, type NewEvent, type StoreTraits } from './port.js';

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_REVISION = 2 ** 31 - 1;

/**
 * Refuses, before anything is sent, what no store would take: one bad event would otherwise fail the whole group it is in.
 * @throws RangeError
 */
export function assertAppendable(
  stream: string,
  expectedRevision: number,
  events: readonly NewEvent[],
  { name, maxAppendBytes }: StoreTraits,
): void {
  const refuse = (why: string): never => {
    throw new RangeError(`append to ${stream || '(no stream)'}: ${why}`);
  };
  if (!isStorable(stream) || stream === '') refuse('a stream needs a name');
  if (events.length === 0) refuse('no event to append');
  if (!Number.isInteger(expectedRevision) || expectedRevision < NO_STREAM || expectedRevision + events.length > MAX_REVISION)
    refuse(`${expectedRevision} is not a revision`);
  for (const event of events) {
    if (!UUID.test(event.id)) refuse(`${event.id} is not a UUID`);
    if (!isStorable(event.type) || event.type === '') refuse(`event ${event.id} needs a type`);
    if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1 || event.schemaVersion > MAX_REVISION)
      refuse(`${event.schemaVersion} is not a schema version`);
    if (!isJson(event.data)) refuse(`data of event ${event.id} is not JSON`);
    if (!isJson(event.metadata)) refuse(`metadata of event ${event.id} is not JSON`);
  }
  const bytes = appendBytes(events);
  if (bytes > maxAppendBytes) refuse(`${bytes} bytes, and ${name} takes ${maxAppendBytes} at once`);
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
const isStorable = (text: string) => !/\p{Surrogate}|\0/u.test(text);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return isStorable(text);
  } catch {
    return false;
  }
}
