import { createHash, createHmac } from 'node:crypto';
import { uuidOf } from '../access/uuid.js';
import { isOpaquePerson } from '../domain/person/opaque.js';

/** A command, under the id that its events and its outcome are kept by. */
export interface CommandId {
  readonly id: string;
  /**
   * The one that it had before ids had a key: anybody who knew its `Idempotency-Key` could compute it. It is looked up, so that what was
   * done then is known, and is never written.
   */
  readonly former: string;
}
export const isOf = (event: { readonly commandId: string }, { id, former }: CommandId): boolean =>
  event.commandId === id || event.commandId === former;

/** What an id is derived for: two uses never make the same one. */
type Use = 'command' | 'made' | 'meeting' | 'watch' | 'pair' | 'file' | 'import-line' | 'professional';

/**
 * Ids that derive from something, so that who tries again makes the same thing, under a key that serves nothing else (ADR 0015): from
 * what goes into them nobody outside can tell which they are, nor find by trying what went into them.
 */
export class Ids {
  /** @param key 32 bytes, the same in all processes of the installation and for ever: under another one every known command is new */
  constructor(private readonly key: Buffer) {
    if (key.length !== 32) throw new RangeError('the key of the ids is 32 bytes long');
  }

  /**
   * The same key from two organisations makes two commands.
   * @param formerKey the `Idempotency-Key` that the command came with before ids had a key, where it was another one
   */
  commandOf(organisation: string, idempotencyKey: string, formerKey = idempotencyKey): CommandId {
    return { id: this.of('command', organisation, idempotencyKey), former: formerCommandId(organisation, formerKey) };
  }

  /** Of what a command makes, the same each time the command is tried: a retry can't make a second one. */
  madeBy(commandId: string, label: string): string {
    return this.of('made', commandId, label);
  }

  of(use: Use, ...names: readonly string[]): string {
    return uuidOf(this.#hash(use, names), 8);
  }

  /**
   * Under which a professional is kept: the `sub` of the token where it is opaque, else a UUID that derives from it, and from which nobody
   * finds it again. What has been derived stays as it is.
   */
  professional(sub: string): string {
    return isOpaquePerson(sub) ? sub : this.of('professional', sub);
  }

  /** Tells one text from another, and gives nothing of it away. */
  fingerprint(use: Use, text: string): string {
    return this.#hash(use, [text]).toString('hex');
  }

  #hash(use: Use, names: readonly string[]): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([use, ...names]))
      .digest();
  }
}

/** UUID version 5 (RFC 9562, 5.5): the same name in the same namespace is always the same UUID, and anybody can compute it. */
export function uuidV5(namespace: string, name: string): string {
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new RangeError(`not a UUID: ${namespace}`);
  return uuidOf(createHash('sha1').update(bytes).update(name, 'utf8').digest(), 5);
}
/** Ours, random, fixed for ever. */
const NAMESPACE = 'b2a3c9f4-6c1e-4a51-9a55-2f5d1f3f0e57';
const formerCommandId = (organisation: string, idempotencyKey: string): string =>
  uuidV5(uuidV5(NAMESPACE, organisation), idempotencyKey);
/** What a command had made under its former id. */
export const formerlyMadeBy = ({ former }: CommandId, label: string): string => uuidV5(former, label);
