import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type Keyring as VaultKeyring } from '../vault/keyring.js';
import { createPrivateFile } from './private-file.js';

export class KeyringError extends Error {}

export interface Keyring extends VaultKeyring {
  /** Seals the cursors that callers hold. 32 bytes. */
  readonly cursor: Buffer;
}

const newKeyring = (): string => {
  const key = (): string => randomBytes(32).toString('base64');
  return `${JSON.stringify({ master: { '1': key() }, index: { '1': key() }, cursor: key() }, null, 2)}\n`;
};

const parseKeyring = (path: string, text: string): Keyring => {
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
  const { master, index, cursor } = objectOf('the file', json);
  return { master: versionsOf('master', master), index: versionsOf('index', index), cursor: keyOf('cursor', cursor) };
};

/** Tells the keys of a keyring apart without giving them away: 32 random bytes can't be found by trying. */
export const fingerprintsOf = ({ master, index, cursor }: Keyring): readonly string[] => {
  const print = (name: string, key: Buffer): string => `${name} ${createHash('sha256').update(key).digest('hex')}`;
  const versions = (name: string, keys: Readonly<Record<number, Buffer>>): string[] =>
    Object.entries(keys).map(([version, key]) => print(`${name} ${version}`, key));
  return [...versions('master', master), ...versions('index', index), print('cursor', cursor)];
};

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * The keyring at `path`, created on the first run.
 * @param databaseHasKeys true when the database holds person keys already: a new keyring could not open one of them
 * @throws KeyringError when it is malformed, readable by others, or missing although it is needed
 */
export const openKeyring = (path: string, { databaseHasKeys }: { databaseHasKeys: boolean }): Keyring => {
  if (!exists(path)) {
    if (databaseHasKeys)
      throw new KeyringError(
        `${path} does not exist, but the database holds keys that a keyring sealed. Restore the keyring from its backup, or set FIL_ROUGE_KEYRING to where it is. ` +
          'A new one would leave every personal field unreadable.',
      );
    createPrivateFile(path, newKeyring());
  }
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new KeyringError(
      `${path} can be used by other accounts (mode ${mode.toString(8)}): chmod 600 it, and consider its keys as known.`,
    );
  return parseKeyring(path, readFileSync(path, 'utf8'));
};
