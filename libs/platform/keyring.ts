import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type Keyring as VaultKeyring } from '../vault/keyring.js';
import { createPrivateFile, replacePrivateFile } from './private-file.js';

export class KeyringError extends Error {}

/** As it may stand in a file: one of a version before lacks the key of the ids. */
export interface SavedKeyring extends VaultKeyring {
  /** Seals the cursors that callers hold, and the ids of cases and persons derive from it. 32 bytes. */
  readonly cursor: Buffer;
  /** All other ids derive from it (ADR 0015). 32 bytes, never rotated. */
  readonly ids?: Buffer;
}
export type Keyring = Required<SavedKeyring>;

const newKey = (): string => randomBytes(32).toString('base64');
const textOf = (keyring: object): string => `${JSON.stringify(keyring, null, 2)}\n`;
const newKeyring = (): string => textOf({ master: { '1': newKey() }, index: { '1': newKey() }, cursor: newKey(), ids: newKey() });

const parseKeyring = (path: string, text: string): SavedKeyring => {
  const malformed = (what: string): KeyringError =>
    new KeyringError(`${path}: malformed keyring: ${what}. Restore it from its backup.`);
  const keyOf = (name: string, value: unknown): Buffer => {
    const key = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
    if (key.length !== 32 || key.toString('base64') !== value) throw malformed(`${name} must be 32 bytes in base64`);
    return key;
  };
  const objectOf = (name: string, value: unknown): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${name} must be an object`);
    return value as Record<string, unknown>;
  };
  const versionsOf = (name: string, value: unknown): Record<number, Buffer> => {
    const entries = Object.entries(objectOf(name, value));
    if (entries.length === 0 || entries.some(([version]) => !/^[1-9]\d*$/.test(version)))
      throw malformed(`${name} must map versions ("1", "2" …) to keys`);
    return Object.fromEntries(entries.map(([version, key]) => [version, keyOf(`${name}.${version}`, key)]));
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and the text is keys.
    throw malformed('not JSON');
  }
  const { master, index, cursor, ids } = objectOf('the file', json);
  return {
    master: versionsOf('master', master),
    index: versionsOf('index', index),
    cursor: keyOf('cursor', cursor),
    ...(ids !== undefined && { ids: keyOf('ids', ids) }),
  };
};

/** Tells a key from others without giving it away: 32 random bytes can't be found by trying. */
export const fingerprintOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex');
export const fingerprintsOf = ({ master, index, cursor, ids }: SavedKeyring): readonly string[] => {
  const print = (name: string, key: Buffer): string => `${name} ${fingerprintOf(key)}`;
  const versions = (name: string, keys: Readonly<Record<number, Buffer>>): string[] =>
    Object.entries(keys).map(([version, key]) => print(`${name} ${version}`, key));
  return [
    ...versions('master', master),
    ...versions('index', index),
    print('cursor', cursor),
    ...(ids ? [print('ids', ids)] : []),
  ];
};

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * The keyring at `path`, as it is.
 * @throws KeyringError when it is missing, malformed, or readable by others
 */
export const readKeyring = (path: string): SavedKeyring => {
  if (!exists(path))
    throw new KeyringError(
      `${path} does not exist, but the database holds what a keyring's keys made. Restore the keyring from its backup, or set FIL_ROUGE_KEYRING to where it is. ` +
        'A new one would leave every personal field unreadable.',
    );
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new KeyringError(
      `${path} can be used by other accounts (mode ${mode.toString(8)}): chmod 600 it, and consider its keys as known.`,
    );
  return parseKeyring(path, readFileSync(path, 'utf8'));
};

/** What a new keyring, or a new key, could not take the place of. */
export interface MadeBefore {
  /** The database holds person keys already: a new keyring could not open one of them. */
  readonly databaseHasKeys: boolean;
  /** It holds ids that derive from a key already. */
  readonly databaseHasIds?: boolean;
}
/**
 * The same, created on the first run, and given the key of the ids when it is of a version before. Two processes must not do this at once
 * (see `keyringOf`): each would go on with a key of its own.
 * @throws KeyringError when it is malformed, readable by others, or lacks what it needs
 */
export const openKeyring = (path: string, { databaseHasKeys, databaseHasIds = false }: MadeBefore): Keyring => {
  if (!exists(path) && !databaseHasKeys && !databaseHasIds) createPrivateFile(path, newKeyring());
  const { ids, ...saved } = readKeyring(path);
  if (ids) return { ...saved, ids };
  if (databaseHasIds)
    throw new KeyringError(
      `${path} lacks the key "ids", from which ids in the database derive: it is an older copy. Restore the keyring as it was last, or copy it from where the other processes run.`,
    );
  try {
    const whole = { ...(JSON.parse(readFileSync(path, 'utf8')) as object), ids: newKey() };
    replacePrivateFile(path, textOf(whole));
  } catch (error) {
    throw new KeyringError(
      `${path} needs a new key, "ids", and can't be written (${(error as Error).message}). Add it by hand, the same for all processes: 32 random bytes in base64, as of "openssl rand -base64 32".`,
    );
  }
  return readKeyring(path) as Keyring;
};
