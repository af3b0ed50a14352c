import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { uuidOf } from './uuid.js';

const NONCE = 12;
const TAG = 16;

/** Not one of our cursors, altered, or made for another kind of list. */
export class InvalidCursor extends Error {
  constructor(readonly kind: string) {
    super(`not a cursor of ${kind}`);
  }
}

/**
 * Cursors and tags that say nothing. A position in the log counts events that the caller may not see, so it leaves the house
 * sealed only, and only where it is that of something the caller sees. Deterministic, with a nonce that derives from the content (SIV): the same place is always the same text, as caches
 * and `Last-Event-ID` want it, and one nonce never serves two contents.
 */
export class CursorSealer {
  readonly #sealing: Buffer;
  readonly #nonces: Buffer;
  readonly #tags: Buffer;
  readonly #ids: Buffer;

  /** @param secret 32 bytes, the same in all processes of the installation */
  constructor(secret: Buffer) {
    if (secret.length !== 32) throw new RangeError('the cursor key is 32 bytes long');
    const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', use, 32));
    this.#sealing = derive('cursor-sealing');
    this.#nonces = derive('cursor-nonce');
    this.#tags = derive('etag');
    this.#ids = derive('ids');
  }

  /** Opaque base64url text of a JSON value. `kind` names what it is for: a cursor of one kind does not open as another. */
  seal(kind: string, value: unknown): string {
    const plaintext = JSON.stringify(value);
    const nonce = createHmac('sha256', this.#nonces)
      .update(JSON.stringify([kind, plaintext]))
      .digest()
      .subarray(0, NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce).setAAD(Buffer.from(kind));
    return Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws InvalidCursor */
  open(kind: string, text: string): unknown {
    const sealed = Buffer.from(text, 'base64url');
    // The decoder skips what is not base64url, so one cursor would have many spellings.
    if (sealed.length < NONCE + TAG || sealed.toString('base64url') !== text) throw new InvalidCursor(kind);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#sealing, sealed.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(Buffer.from(kind))
        .setAuthTag(sealed.subarray(-TAG));
      return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString());
    } catch {
      throw new InvalidCursor(kind);
    }
  }

  /**
   * A UUID (version 8) of a case or a person that is the same for the same name, and that nobody can compute outside. A caller who could
   * would tell a case that its command made from one that was there. Other ids have a key of their own (ADR 0015); these derive from
   * this one since before, and a retry of a command of then must come to the same case.
   */
  id(name: string): string {
    return uuidOf(createHmac('sha256', this.#ids).update(name).digest(), 8);
  }

  /** What stands for a value in an entity tag: the same text for the same value, and nothing else of it. */
  mark(value: unknown): string {
    return createHmac('sha256', this.#tags).update(JSON.stringify(value)).digest().subarray(0, 16).toString('base64url');
  }
}
