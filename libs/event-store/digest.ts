import { createHash } from 'node:crypto';
import { type StoredEvent } from './port.js';

/** Without the position, which differs from store to store and from restore to restore. */
type DigestedEvent = Omit<StoredEvent, 'position'>;

/**
 * The fingerprint of a log, the same whichever store holds it: how many events, and SHA-256 over the stored bytes of each, in the
 * order of the log. An event is its stream, revision, id, type, schema version, data and metadata, in this order, numbers in
 * decimal and the id in lower case, each as four bytes of length (big-endian) and its UTF-8.
 */
export class LogDigest {
  readonly #hash = createHash('sha256');
  #count = 0;

  add(events: readonly DigestedEvent[]): void {
    for (const event of events) this.#hash.update(bytesOf(event));
    this.#count += events.length;
  }

  /** Of what was added so far; more may be added afterwards. */
  result(): { readonly count: number; readonly sha256: string } {
    return { count: this.#count, sha256: this.#hash.copy().digest('hex') };
  }
}

const bytesOf = ({ stream, revision, id, type, schemaVersion, data, metadata }: DigestedEvent): Buffer =>
  Buffer.concat(
    [stream, `${revision}`, id.toLowerCase(), type, `${schemaVersion}`, data, metadata].flatMap((field) => {
      const text = Buffer.from(field);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return [length, text];
    }),
  );
