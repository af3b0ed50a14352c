import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Pool } from 'pg';
import { type PersonSealers } from '../event-store/codec.js';
import { decrypt, encrypt } from './aes-gcm.js';
import { checkKeyring, type Keyring, versionsOf } from './keyring.js';
import { KEY_VERSION, PersonKey } from './person-key.js';

interface Row {
  readonly person_id: string;
  readonly master_version: number;
  readonly wrapped: Buffer;
}
export interface VaultOptions {
  /** How long a key stays in memory, in milliseconds: for that long, another process may still read a person just erased. */
  readonly cacheFor?: number;
  /** How many keys stay in memory. */
  readonly cacheSize?: number;
}

/** One key per person, wrapped by the master key. To destroy the key is to erase the person, in every copy of the log. */
export class Vault implements PersonSealers {
  readonly keyVersion = KEY_VERSION;
  readonly #cache: LRUCache<string, PersonKey>;
  readonly #keyring: Keyring;

  constructor(
    private readonly pool: Pool,
    keyring: Keyring,
    { cacheFor = 5_000, cacheSize = 10_000 }: VaultOptions = {},
  ) {
    this.#keyring = checkKeyring(keyring);
    this.#cache = new LRUCache({ max: cacheSize, ttl: cacheFor });
  }

  /**
   * The person's key, made if there is none. For a person who appears for the first time only: called for somebody already
   * known, it would give an erased person a new key.
   */
  async ensureKey(personId: string): Promise<PersonKey> {
    const known = await this.keyOf(personId);
    if (known) return known;
    const version = versionsOf(this.#keyring.master).at(-1)!;
    const wrapped = encrypt(this.#master(version), personId, randomBytes(32));
    // Of two processes one wins; both read back the winner's key.
    await this.pool.query(
      'insert into vault.person_key (person_id, master_version, wrapped) values ($1, $2, $3) on conflict (person_id) do nothing',
      [personId, version, wrapped],
    );
    const key = await this.keyOf(personId);
    if (!key) throw new Error(`person ${personId} was erased at the same moment`);
    return key;
  }

  /** Undefined when the person was erased, or never had a key. */
  async keyOf(personId: string): Promise<PersonKey | undefined> {
    return (await this.keysOf([personId])).get(personId);
  }

  /** The keys that there are, in one query for all those not in memory. */
  async keysOf(personIds: readonly string[]): Promise<ReadonlyMap<string, PersonKey>> {
    const keys = new Map<string, PersonKey>();
    const missing = new Set<string>();
    for (const id of personIds) {
      const cached = this.#cache.get(id);
      if (cached) keys.set(id, cached);
      else missing.add(id);
    }
    if (missing.size === 0) return keys;
    const { rows } = await this.pool.query<Row>(
      'select person_id, master_version, wrapped from vault.person_key where person_id = any($1::uuid[])',
      [[...missing]],
    );
    for (const row of rows) {
      const key = new PersonKey(row.person_id, this.#unwrap(row));
      this.#cache.set(row.person_id, key);
      keys.set(row.person_id, key);
    }
    return keys;
  }

  /** Destroys the keys: what they sealed can't be read again by anybody. Other processes forget them within `cacheFor`. */
  async destroy(personIds: readonly string[]): Promise<void> {
    await this.pool.query('delete from vault.person_key where person_id = any($1::uuid[])', [personIds]);
    for (const id of personIds) this.#cache.delete(id);
  }

  #unwrap(row: Row): Buffer {
    const master = this.#master(row.master_version);
    try {
      return decrypt(master, row.person_id, row.wrapped);
    } catch {
      throw new Error(
        `the key of person ${row.person_id} was altered, or master key ${row.master_version} is not the one that wrapped it`,
      );
    }
  }

  #master(version: number): Buffer {
    const key = this.#keyring.master[version];
    if (!key) throw new Error(`the keyring has no master key of version ${version}`);
    return key;
  }
}
