/**
 * The secrets of the installation, by version, 32 bytes each. They live outside the database and are backed up apart from it:
 * whoever holds a dump alone holds ciphertext and hashes without their key.
 */
export interface Keyring {
  /** Wrap the persons' keys. The highest version wraps the new ones; the others still unwrap. */
  readonly master: Readonly<Record<number, Buffer>>;
  /** Key the hashes of the person index. All of them are written and looked up (see PersonIndex). */
  readonly index: Readonly<Record<number, Buffer>>;
}

/** The versions of a set of keys, oldest first. */
export const versionsOf = (keys: Readonly<Record<number, Buffer>>): number[] =>
  Object.keys(keys)
    .map(Number)
    .sort((a, b) => a - b);

/** @throws RangeError when the keyring can't be used; says which key is wrong, never its bytes */
export const checkKeyring = (keyring: Keyring): Keyring => {
  for (const name of ['master', 'index'] as const) {
    const versions = versionsOf(keyring[name]);
    if (versions.length === 0) throw new RangeError(`keyring: no ${name} key`);
    for (const version of versions) {
      if (!Number.isInteger(version) || version < 1) throw new RangeError(`keyring: ${name} version ${version} is not 1, 2, 3 …`);
      if (keyring[name][version]?.length !== 32) throw new RangeError(`keyring: ${name} key ${version} is not 32 bytes long`);
    }
  }
  return keyring;
};
