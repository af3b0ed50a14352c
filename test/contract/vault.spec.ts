import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { localDate } from '../../libs/domain/kernel/local-date.js';
import { normaliseIdentifier } from '../../libs/vault/identifier.js';
import { type Keyring } from '../../libs/vault/keyring.js';
import { PersonIndex } from '../../libs/vault/person-index.js';
import { Vault } from '../../libs/vault/vault.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { nirOf } from '../support/instance.js';

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
const nir = () => normaliseIdentifier({ value: nirOf(++serial) });
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
      'update vault.person_number set person_id = gen_random_uuid()',
    ])
      await expect(here.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the person index', () => {
  const index = (pool = here, ring = keyring) => new PersonIndex(pool, ring);
  const TODAY = localDate('2026-11-28');
  /** An organisation takes part in a case of that person. */
  const atHome = async (personId: string, organisation: string, until: string | null = null, live = true): Promise<string> => {
    const caseId = randomUUID();
    await here.query(
      `insert into process.at_home (case_id, person_id, organisation, from_on, until_on, live, opened_at) values ($1, $2, $3, '2026-01-01', $4, $5, now())`,
      [caseId, personId, organisation, until, live],
    );
    return caseId;
  };

  it('reserves a number once for calls of one organisation at the same instant, and for each organisation apart', async () => {
    for (let round = 0; round < 30; round++) {
      const numbers = [nir(), nia()];
      const claims = (organisation: string): Promise<string>[] =>
        Array.from({ length: 6 }, (_, n) =>
          // Whatever the order in which they are named: two callers must not wait for each other.
          index(n % 2 ? here : there).claim(organisation, n % 3 ? numbers : [...numbers].reverse(), randomUUID(), []),
        );
      const [ours, theirs] = await Promise.all([Promise.all(claims('cpam-39')), Promise.all(claims('carsat-bfc'))]);
      expect([new Set(ours).size, new Set(theirs).size]).toEqual([1, 1]);
      expect(ours[0]).not.toBe(theirs[0]);
      expect(await index(there).toldBy('cpam-39', [numbers[1]!])).toEqual([ours[0]]);
    }
  });

  it('gives the same answer to the same command tried again, and another person where the first is known not to be meant', async () => {
    const [number, candidate, other] = [nir(), randomUUID(), randomUUID()];
    expect(await index().claim('cpam-39', [number], candidate, [])).toBe(candidate);
    expect(await index(there).claim('cpam-39', [number], candidate, [])).toBe(candidate);
    expect(await index(there).claim('cpam-39', [number], other, [candidate])).toBe(other);
  });

  it('leads an organisation to the cases in which it is at home, and to no other one', async () => {
    const [number, person] = [nir(), randomUUID()];
    await index().claim('cpam-39', [number], person, []);
    const caseId = await atHome(person, 'ast-39');
    expect(await index().casesOf([number], ['ast-39'], TODAY)).toEqual([{ caseId, personId: person }]);
    for (const stranger of ['ast-75', 'cpam-39']) expect(await index().casesOf([number], [stranger], TODAY)).toEqual([]);
    await atHome(person, 'cap-emploi-39', '2026-11-28');
    await atHome(person, 'cep-39', null, false);
    for (const former of ['cap-emploi-39', 'cep-39']) expect(await index().casesOf([number], [former], TODAY)).toEqual([]);
  });

  it('knows an NIA by the NIR that it became, and what was written before with its kind', async () => {
    const value = '1850699350123';
    const [person, before] = [randomUUID(), randomUUID()];
    await index().claim('spst', [{ kind: 'NIA', value }], person, []);
    expect(await index().toldBy('spst', [{ kind: 'NIR', value }])).toEqual([person]);
    await here.query(`insert into vault.person_number values (1, $1, $2, '')`, [
      createHmac('sha256', keyring.index[1]!).update(`NIA:${value}`).digest(),
      before,
    ]);
    const caseId = await atHome(before, 'old');
    expect(await index().casesOf([{ kind: 'NIR', value }], ['old'], TODAY)).toEqual([{ caseId, personId: before }]);
  });

  it('finds who shares a number, takes back one that was not theirs, and forgets a person', async () => {
    const [a, b] = [nia(), nir()];
    const [one, two] = [randomUUID(), randomUUID()];
    await index().claim('cpam-39', [a], one, []);
    await index().told(two, 'carsat-bfc', { numbers: [a, b], takenBack: [] });
    expect(await index().alsoNamed([one])).toEqual([two]);
    await index().told(two, 'carsat-bfc', { numbers: [b], takenBack: [a] });
    expect(await index().alsoNamed([one])).toEqual([]);
    expect(await index().toldBy('carsat-bfc', [b])).toEqual([two]);
    await index().remove(two);
    expect(await index().toldBy('carsat-bfc', [a, b])).toEqual([]);
  });

  it('finds, during a rotation, what a process that has not the new key yet has written, and the other way round', async () => {
    const rotated: Keyring = { ...keyring, index: { ...keyring.index, 2: randomBytes(32) } };
    const [old, fresh] = [nir(), nir()];
    const [one, two] = [randomUUID(), randomUUID()];
    await index().claim('cpam-39', [old], one, []);
    await index(here, rotated).claim('cpam-39', [fresh], two, []);
    expect(await index(here, rotated).toldBy('cpam-39', [old])).toEqual([one]);
    expect(await index(there).toldBy('cpam-39', [fresh])).toEqual([two]);
    // Written once under the new key, a number is found without the old one.
    expect(await index(here, { ...keyring, index: { 2: rotated.index[2]! } }).toldBy('cpam-39', [fresh])).toEqual([two]);
  });

  it('holds no number, and no hash that could be found without the key', async () => {
    const [number, person] = [nir(), randomUUID()];
    await index().claim('cpam-39', [number], person, []);
    const { rows } = await here.query<{ row: string }>(
      'select row_to_json(i)::text as row from vault.person_number i where person_id = $1',
      [person],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(number.value);
    expect(await index(here, { ...keyring, index: { 1: randomBytes(32) } }).toldBy('cpam-39', [number])).toEqual([]);
  });
});
