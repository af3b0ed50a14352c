import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { normaliseIdentifier } from '../../libs/vault/identifier.js';
import { type Keyring } from '../../libs/vault/keyring.js';
import { IdentifiersDisagree, PersonIndex } from '../../libs/vault/person-index.js';
import { Vault } from '../../libs/vault/vault.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const keyring: Keyring = { master: { 1: randomBytes(32) }, index: { 1: randomBytes(32) } };
const at = { eventId: 'event-1', zone: 'social', keyVersion: 1 };

let database: TestDatabase;
/** Two processes, each with its own connections, with the rights of the application. */
let here: Pool;
let there: Pool;
beforeAll(async () => {
  database = await createDatabase();
  here = new Pool({ connectionString: database.appUrl, max: 8 });
  there = new Pool({ connectionString: database.appUrl, max: 8 });
});
afterAll(async () => {
  await Promise.all([here.end(), there.end()]);
  await database.drop();
});

/** A valid NIR that no other test uses. */
let serial = 0;
const nir = () => normaliseIdentifier({ value: `2550814${String(++serial).padStart(6, '0')}` });
const nia = () => ({ ...nir(), kind: 'NIA' as const });

describe('the vault', () => {
  it('gives one key to processes that ask at the same instant', async () => {
    for (let round = 0; round < 20; round++) {
      const person = randomUUID();
      const vaults = [here, there].flatMap((pool) => Array.from({ length: 4 }, () => new Vault(pool, keyring)));
      const keys = await Promise.all(vaults.map((vault) => vault.ensureKey(person)));
      const sealed = keys[0]!.seal(at, '{"a":1}');
      for (const key of keys) expect(JSON.parse(key.open(at, sealed))).toEqual({ a: 1 });
    }
  });

  it('finds many keys in one query, and leaves out who has none', async () => {
    const vault = new Vault(here, keyring);
    const people = Array.from({ length: 50 }, () => randomUUID());
    await Promise.all(people.map((person) => vault.ensureKey(person)));
    const queries = jest.spyOn(there, 'query');
    const fresh = new Vault(there, keyring);
    const keys = await fresh.keysOf([...people, randomUUID()]);
    expect([...keys.keys()].sort()).toEqual([...people].sort());
    await fresh.keysOf(people);
    expect(queries).toHaveBeenCalledTimes(1);
    queries.mockRestore();
  });

  it('destroys a key at once here, and elsewhere once its cache has ended', async () => {
    const [vault, other] = [new Vault(here, keyring), new Vault(there, keyring, { cacheFor: 300 })];
    const person = randomUUID();
    await vault.ensureKey(person);
    expect(await other.keyOf(person)).toBeDefined();
    await vault.destroy([person]);
    expect(await vault.keyOf(person)).toBeUndefined();
    await sleep(400);
    expect(await other.keyOf(person)).toBeUndefined();
  });

  it('reads what an older master key wrapped, and wraps with the newest', async () => {
    const person = randomUUID();
    const sealed = (await new Vault(here, keyring).ensureKey(person)).seal(at, '1');
    const rotated = new Vault(here, { ...keyring, master: { ...keyring.master, 2: randomBytes(32) } });
    expect((await rotated.keyOf(person))!.open(at, sealed).trim()).toBe('1');
    const later = randomUUID();
    await rotated.ensureKey(later);
    const { rows } = await here.query(
      'select master_version from vault.person_key where person_id = any($1) order by created_at',
      [[person, later]],
    );
    expect(rows).toEqual([{ master_version: 1 }, { master_version: 2 }]);
    await expect(new Vault(there, keyring).keyOf(later)).rejects.toThrow('no master key of version 2');
  });

  it('refuses a wrapped key that was moved to another person, or another master key', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await new Vault(here, keyring).ensureKey(one);
    await here.query(
      'insert into vault.person_key (person_id, master_version, wrapped) select $2, master_version, wrapped from vault.person_key where person_id = $1',
      [one, other],
    );
    await expect(new Vault(there, keyring).keyOf(other)).rejects.toThrow(`the key of person ${other} was altered`);
    await expect(new Vault(there, { ...keyring, master: { 1: randomBytes(32) } }).keyOf(one)).rejects.toThrow('was altered');
  });

  it('lets the application change no key and no hash in place', async () => {
    for (const statement of [
      "update vault.person_key set wrapped = ''",
      'update vault.person_index set person_id = gen_random_uuid()',
    ])
      await expect(here.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the person index', () => {
  const index = (pool = here, ring = keyring) => new PersonIndex(pool, ring);

  it('gives one person to those who bring the same identifiers at the same instant', async () => {
    for (let round = 0; round < 30; round++) {
      const identifiers = [nir(), nia()];
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          // Whatever the order in which they are named: two callers must not wait for each other.
          index(n % 2 ? here : there).resolve(n % 3 ? identifiers : [...identifiers].reverse(), randomUUID()),
        ),
      );
      expect(new Set(answers.map(({ personId }) => personId)).size).toBe(1);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
    }
  });

  it('gives one person to those who bring some of the identifiers each', async () => {
    for (let round = 0; round < 30; round++) {
      const [a, b, c] = [nir(), nia(), nia()];
      const known = await index().resolve([a], randomUUID());
      const answers = await Promise.all([
        index(there).resolve([a, b], randomUUID()),
        index().resolve([c, a], randomUUID()),
        index(there).resolve([a, b, c], randomUUID()),
      ]);
      expect(answers).toEqual(answers.map(() => ({ personId: known.personId, created: false })));
      expect(await index().find([b, c])).toBe(known.personId);
    }
  });

  it('leaves nothing behind of a candidate that lost', async () => {
    for (let round = 0; round < 30; round++) {
      const [a, b] = [nir(), nia()];
      const [first, second] = await Promise.all([index().resolve([a], randomUUID()), index(there).resolve([a, b], randomUUID())]);
      expect(second.personId).toBe(first.personId);
      expect(await index().find([a, b])).toBe(first.personId);
    }
  });

  it('gives the same answer to the same command tried again', async () => {
    const [identifier, candidate] = [nir(), randomUUID()];
    const first = await index().resolve([identifier], candidate);
    expect(first).toEqual({ personId: candidate, created: true });
    expect(await index(there).resolve([identifier], candidate)).toEqual(first);
  });

  it('knows the person of a caisse by the INS matricule of a health service', async () => {
    const value = '255081416802538';
    const { personId } = await index().resolve([normaliseIdentifier({ value: '2 55 08 14 168 025 38' })], randomUUID());
    expect(await index().find([normaliseIdentifier({ value, oid: '1.2.250.1.213.1.4.8' })])).toBe(personId);
    expect(await index().find([normaliseIdentifier({ value, oid: '1.2.250.1.213.1.4.9' })])).toBeUndefined();
  });

  it('never merges: identifiers of two persons are refused, and nothing is written', async () => {
    const [a, b, c] = [nir(), nir(), nia()];
    const one = await index().resolve([a], randomUUID());
    const two = await index().resolve([b], randomUUID());
    const both = { personIds: [one.personId, two.personId].sort() };
    await expect(index().resolve([a, b, c], randomUUID())).rejects.toThrow(IdentifiersDisagree);
    await expect(index().find([a, b])).rejects.toMatchObject(both);
    await expect(index().add(one.personId, [c, b])).rejects.toMatchObject(both);
    expect(await index().find([c])).toBeUndefined();
  });

  it('adds an identifier, and forgets a person', async () => {
    const [a, b] = [nia(), nir()];
    const { personId } = await index().resolve([a], randomUUID());
    await index().add(personId, [b]);
    await index().add(personId, [b]);
    expect(await index(there).find([b])).toBe(personId);
    await index().remove(personId);
    expect(await index().find([a, b])).toBeUndefined();
    const again = randomUUID();
    expect(await index().resolve([a], again)).toEqual({ personId: again, created: true });
  });

  it('makes a person of somebody without identifier', async () => {
    const candidate = randomUUID();
    expect(await index().resolve([], candidate)).toEqual({ personId: candidate, created: true });
  });

  it('agrees during a rotation, between a process that has the new key and one that has not', async () => {
    const rotated: Keyring = { ...keyring, index: { ...keyring.index, 2: randomBytes(32) } };
    for (let round = 0; round < 30; round++) {
      const identifier = nir();
      const [one, other] = await Promise.all([
        index(here, rotated).resolve([identifier], randomUUID()),
        index(there).resolve([identifier], randomUUID()),
      ]);
      expect(one.personId).toBe(other.personId);
    }
    const before = nir();
    const { personId } = await index().resolve([before], randomUUID());
    expect(await index(here, rotated).resolve([before], randomUUID())).toEqual({ personId, created: false });
    // Seen once under the new key, a person is found without the old one.
    expect(await index(here, { ...keyring, index: { 2: rotated.index[2]! } }).find([before])).toBe(personId);
  });

  it('holds no number, and no hash that could be found without the key', async () => {
    const identifier = nir();
    const { personId } = await index().resolve([identifier], randomUUID());
    const { rows } = await here.query<{ row: string }>(
      'select row_to_json(i)::text as row from vault.person_index i where person_id = $1',
      [personId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(identifier.value);
    expect(await index(here, { ...keyring, index: { 1: randomBytes(32) } }).find([identifier])).toBeUndefined();
  });
});
