import { createHmac } from 'node:crypto';
import { type Pool, type PoolClient } from 'pg';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Identifier } from './identifier.js';
import { checkKeyring, type Keyring, versionsOf } from './keyring.js';

/** A case in which somebody is at home, and the person under whom it is kept. */
export interface KnownCase {
  readonly caseId: string;
  readonly personId: string;
}

/**
 * Which persons a NIR or an NIA was told of, by keyed hash: the table tells nobody who is followed, and without the index key nobody can
 * try the numbers one by one. A number is no pass (ADR 0014): it leads an organisation to the cases in which it is at home, and to nobody
 * else's. A number is written under every version of the key, so that a process that does not have the newest one yet finds it too.
 */
export class PersonIndex {
  readonly #keyring: Keyring;

  constructor(
    private readonly pool: Pool,
    keyring: Keyring,
  ) {
    this.#keyring = checkKeyring(keyring);
  }

  /** The cases of these numbers in which one of the organisations takes part on a day, the first opened first. */
  async casesOf(numbers: readonly Identifier[], organisations: readonly string[], on: LocalDate): Promise<readonly KnownCase[]> {
    const { rows } = await this.pool.query<KnownCase>(
      `select h.case_id as "caseId", h.person_id as "personId" from vault.person_number n
       join unnest($1::int[], $2::bytea[]) as e(version, hmac) on n.key_version = e.version and n.hmac = e.hmac
       join process.at_home h on h.person_id = n.person_id
       where h.organisation = any($3) and h.live and h.from_on <= $4 and (h.until_on is null or $4 < h.until_on)
       group by 1, 2 order by min(h.opened_at), 1, 2`,
      [...this.#looked(numbers), organisations, on],
    );
    return rows;
  }

  /** Whoever shares a number with one of these persons, without them. */
  async alsoNamed(personIds: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ personId: string }>(
      `select distinct o.person_id as "personId" from vault.person_number n
       join vault.person_number o on o.key_version = n.key_version and o.hmac = n.hmac
       where n.person_id = any($1::uuid[]) and not o.person_id = any($1::uuid[]) order by 1`,
      [personIds],
    );
    return rows.map(({ personId }) => personId);
  }

  /** Persons that an organisation itself told these numbers of, whether or not a case of theirs is in the log yet. */
  async toldBy(organisation: string, numbers: readonly Identifier[]): Promise<readonly string[]> {
    return toldBy(this.pool, organisation, this.#looked(numbers));
  }

  /**
   * Reserves the numbers for a new person of an organisation, unless a call at the same instant did so for another one.
   * @param not persons that the numbers lead to and that this one is not
   * @returns the person whom they are reserved for
   */
  async claim(organisation: string, numbers: readonly Identifier[], candidate: string, not: readonly string[]): Promise<string> {
    return this.#inTransaction(async (db) => {
      const looked = this.#looked(numbers);
      // Callers of one organisation with the same number, one after the other.
      await db.query(
        `select pg_advisory_xact_lock(hashtextextended($1 || encode(hmac, 'hex'), 0)) from (select distinct hmac from unnest($2::bytea[]) as e(hmac) order by 1) as e`,
        [organisation, looked[1]],
      );
      const [other] = (await toldBy(db, organisation, looked)).filter((id) => !not.includes(id));
      if (other !== undefined) return other;
      await this.#write(db, candidate, organisation, numbers);
      return candidate;
    });
  }

  /** What a person's events say of their numbers by now: those that were told, and those that were taken back. */
  async told(
    personId: string,
    organisation: string,
    { numbers, takenBack }: { readonly numbers: readonly Identifier[]; readonly takenBack: readonly Identifier[] },
    db: Pool | PoolClient = this.pool,
  ): Promise<void> {
    if (numbers.length > 0) await this.#write(db, personId, organisation, numbers);
    if (takenBack.length > 0)
      await db.query(
        `delete from vault.person_number n using unnest($2::int[], $3::bytea[]) as e(version, hmac)
         where n.person_id = $1 and n.key_version = e.version and n.hmac = e.hmac`,
        [personId, ...this.#looked(takenBack)],
      );
  }

  /** Part of an erasure: the number then leads to nobody, and makes a new person when it comes again. */
  async remove(personId: string): Promise<void> {
    await this.pool.query('delete from vault.person_number where person_id = $1', [personId]);
  }

  async #write(db: Pool | PoolClient, personId: string, organisation: string, numbers: readonly Identifier[]): Promise<void> {
    const [versions, hmacs] = this.#hashed(numbers.map(({ value }) => value));
    await db.query(
      `insert into vault.person_number (key_version, hmac, person_id, told_by)
       select version, hmac, $1, $2 from unnest($3::int[], $4::bytea[]) with ordinality as e(version, hmac, n) order by n
       on conflict do nothing`,
      [personId, organisation, versions, hmacs],
    );
  }

  /**
   * Under which hashes a number may stand: by its thirteen characters alone, since an NIA that becomes the NIR keeps them, and as it was
   * written before, with its kind.
   */
  #looked(numbers: readonly Identifier[]): [number[], Buffer[]] {
    return this.#hashed(numbers.flatMap(({ value }) => [value, `NIR:${value}`, `NIA:${value}`]));
  }
  #hashed(texts: readonly string[]): [number[], Buffer[]] {
    const entries = versionsOf(this.#keyring.index)
      .flatMap((version) =>
        texts.map((text) => ({ version, hmac: createHmac('sha256', this.#keyring.index[version]!).update(text).digest() })),
      )
      .sort((a, b) => a.version - b.version || Buffer.compare(a.hmac, b.hmac));
    return [entries.map((e) => e.version), entries.map((e) => e.hmac)];
  }

  async #inTransaction<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    const db = await this.pool.connect();
    try {
      await db.query('begin');
      const result = await work(db);
      await db.query('commit');
      db.release();
      return result;
    } catch (error) {
      db.release(true);
      throw error;
    }
  }
}

async function toldBy(db: Pool | PoolClient, organisation: string, looked: [number[], Buffer[]]): Promise<string[]> {
  const { rows } = await db.query<{ personId: string }>(
    `select distinct n.person_id as "personId" from vault.person_number n
     join unnest($2::int[], $3::bytea[]) as e(version, hmac) on n.key_version = e.version and n.hmac = e.hmac
     where n.told_by = $1 order by 1`,
    [organisation, ...looked],
  );
  return rows.map(({ personId }) => personId);
}
