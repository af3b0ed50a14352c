import { createHmac } from 'node:crypto';
import { type Pool, type PoolClient } from 'pg';
import { type Identifier } from './identifier.js';
import { checkKeyring, type Keyring, versionsOf } from './keyring.js';

/** The identifiers lead to two persons: somebody has to look, the machine never merges. */
export class IdentifiersDisagree extends Error {
  readonly personIds: readonly string[];
  constructor(personIds: readonly string[]) {
    super('the identifiers belong to different persons');
    this.personIds = [...new Set(personIds)].sort();
  }
}

interface Entry {
  readonly version: number;
  readonly hmac: Buffer;
  readonly kind: string;
}

/**
 * Who a NIR or an NIA belongs to, by keyed hash: the table tells nobody who is followed, and without the index key nobody can try
 * the numbers one by one. An identifier is written under every version of the key, so that during a rotation a process that does
 * not have the newest one yet still collides with one that does.
 */
export class PersonIndex {
  readonly #keyring: Keyring;

  constructor(
    private readonly pool: Pool,
    keyring: Keyring,
  ) {
    this.#keyring = checkKeyring(keyring);
  }

  /**
   * The person whom the identifiers name, or else `candidatePersonId`, for whom they are then reserved. Two callers at the same
   * instant get the same person. `created` says that the person is the candidate, also when the same command comes again.
   * @throws IdentifiersDisagree
   */
  async resolve(identifiers: readonly Identifier[], candidatePersonId: string): Promise<{ personId: string; created: boolean }> {
    const entries = this.#entriesOf(identifiers);
    for (;;) {
      const [known, ...others] = await ownersOf(this.pool, entries);
      if (known && others.length > 0) throw new IdentifiersDisagree([known, ...others]);
      const personId = known ?? candidatePersonId;
      if (await this.#reserve(personId, entries)) return { personId, created: personId === candidatePersonId };
      // Somebody reserved one of them in between: their rows are committed now, so the next look finds them.
    }
  }

  /**
   * Further identifiers of a person (an NIA that became a NIR).
   * @throws IdentifiersDisagree when one of them belongs to somebody else; none is then added
   */
  async add(personId: string, identifiers: readonly Identifier[]): Promise<void> {
    const entries = this.#entriesOf(identifiers);
    if (await this.#reserve(personId, entries)) return;
    throw new IdentifiersDisagree([personId, ...(await ownersOf(this.pool, entries))]);
  }

  /** @throws IdentifiersDisagree */
  async find(identifiers: readonly Identifier[]): Promise<string | undefined> {
    const [personId, ...others] = await ownersOf(this.pool, this.#entriesOf(identifiers));
    if (personId && others.length > 0) throw new IdentifiersDisagree([personId, ...others]);
    return personId;
  }

  /** Part of an erasure: the same number then leads to nobody, and makes a new person when it comes again. */
  async remove(personId: string): Promise<void> {
    await this.pool.query('delete from vault.person_index where person_id = $1', [personId]);
  }

  /** All or none: false when one of the entries belongs to somebody else. */
  async #reserve(personId: string, entries: readonly Entry[]): Promise<boolean> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      // Waits for whoever is inserting the same hash; one order for all, so that two callers never wait for each other.
      await client.query(
        `insert into vault.person_index (key_version, hmac, person_id, kind)
         select version, hmac, $1, kind from unnest($2::int[], $3::bytea[], $4::text[]) with ordinality as e(version, hmac, kind, n)
         order by n
         on conflict (key_version, hmac) do nothing`,
        [personId, entries.map((e) => e.version), entries.map((e) => e.hmac), entries.map((e) => e.kind)],
      );
      const owners = await ownersOf(client, entries);
      const ours = entries.length === 0 || (owners.length === 1 && owners[0] === personId);
      await client.query(ours ? 'commit' : 'rollback');
      client.release();
      return ours;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  #entriesOf(identifiers: readonly Identifier[]): Entry[] {
    return versionsOf(this.#keyring.index)
      .flatMap((version) =>
        identifiers.map(({ kind, value }) => ({ version, kind, hmac: this.#hash(version, `${kind}:${value}`) })),
      )
      .sort((a, b) => a.version - b.version || Buffer.compare(a.hmac, b.hmac));
  }

  #hash(version: number, text: string): Buffer {
    return createHmac('sha256', this.#keyring.index[version]!).update(text).digest();
  }
}

async function ownersOf(db: Pool | PoolClient, entries: readonly Entry[]): Promise<string[]> {
  const { rows } = await db.query<{ person_id: string }>(
    `select distinct i.person_id from vault.person_index i
     join unnest($1::int[], $2::bytea[]) as e(version, hmac) on i.key_version = e.version and i.hmac = e.hmac
     order by i.person_id`,
    [entries.map((e) => e.version), entries.map((e) => e.hmac)],
  );
  return rows.map((row) => row.person_id);
}
