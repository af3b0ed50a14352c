import { createHmac } from 'node:crypto';
import { type PersonSealer, type SealedAt } from '../event-store/codec.js';
import { decrypt, encrypt } from './aes-gcm.js';

/** Format of what a PersonKey seals, kept in the metadata of each event. */
export const KEY_VERSION = 1;
/** A short code must not be readable from the length of its ciphertext: plaintexts are filled up to a multiple of this, in bytes. */
const BLOCK = 64;

/** What is sealed was altered, moved to another event, person or zone, or sealed under another key. */
export class Tampered extends Error {
  constructor(
    readonly eventId: string,
    readonly zone: string,
  ) {
    super(`event ${eventId}, zone ${zone}: the ciphertext does not belong here or was altered`);
  }
}

/** One person's key, in hand. The bytes stay in private fields, so that no log and no JSON ever shows them. */
export class PersonKey implements PersonSealer {
  /** What all keys of zones derive from: the extract half of HKDF-SHA256 (RFC 5869), without salt. */
  readonly #root: Buffer;
  readonly #zones = new Map<string, Buffer>();

  constructor(
    readonly personId: string,
    secret: Buffer,
  ) {
    if (secret.length !== 32) throw new RangeError('a person key is 32 bytes long');
    this.#root = createHmac('sha256', '').update(secret).digest();
  }

  seal(at: SealedAt, json: string): string {
    const bytes = Buffer.byteLength(json);
    // JSON allows white space at its end, so the filling needs no unpacking.
    const filled = json + ' '.repeat((BLOCK - (bytes % BLOCK)) % BLOCK);
    return encrypt(this.#zoneKey(at.zone), this.#bound(at), Buffer.from(filled)).toString('base64url');
  }

  /** @throws Tampered */
  open(at: SealedAt, sealed: string): string {
    if (at.keyVersion !== KEY_VERSION)
      throw new RangeError(`event ${at.eventId}: sealed in an unknown format, version ${at.keyVersion}`);
    try {
      return decrypt(this.#zoneKey(at.zone), this.#bound(at), Buffer.from(sealed, 'base64url')).toString();
    } catch {
      throw new Tampered(at.eventId, at.zone);
    }
  }

  #bound(at: SealedAt): string {
    return JSON.stringify([at.keyVersion, at.eventId, this.personId, at.zone]);
  }

  /** The expand half, whose first block is as long as the key. By hand, because Node's own `hkdfSync` takes four times as long. */
  #zoneKey(zone: string): Buffer {
    let key = this.#zones.get(zone);
    if (!key) {
      key = createHmac('sha256', this.#root).update(`${zone}\x01`).digest();
      this.#zones.set(zone, key);
    }
    return key;
  }
}
