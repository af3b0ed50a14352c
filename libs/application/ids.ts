import { createHash } from 'node:crypto';

/** Ours, random, fixed for ever: another one would give every known command a new id. */
const NAMESPACE = 'b2a3c9f4-6c1e-4a51-9a55-2f5d1f3f0e57';

/** UUID version 5 (RFC 9562, 5.5): the same name in the same namespace is always the same UUID. */
export function uuidV5(namespace: string, name: string): string {
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new RangeError(`not a UUID: ${namespace}`);
  const hash = createHash('sha1').update(bytes).update(name, 'utf8').digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The id of a command. The same key from two organisations makes two commands. */
export const commandIdOf = (organisation: string, idempotencyKey: string): string =>
  uuidV5(uuidV5(NAMESPACE, organisation), idempotencyKey);

/** An id for what a command creates, the same each time the command is tried: a retry can't make a second case. */
export const derivedId = (commandId: string, label: string): string => uuidV5(commandId, label);
