import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { keyringOf } from '../../libs/platform/installed-keyring.js';
import { type Keyring } from '../../libs/platform/keyring.js';
import { Logger } from '../../libs/platform/logger.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

/** The keyring and the database that it belongs to, as processes that start find them. */
let folder: string;
let path: string;
let database: TestDatabase;
let pools: Pool[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fil-rouge-keyring-'));
  path = join(folder, 'keyring.json');
  database = await createDatabase();
  pools = Array.from({ length: 8 }, () => new Pool({ connectionString: database.appUrl, max: 2 }));
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
  rmSync(folder, { recursive: true });
});

const logger = new Logger('error');
const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const OLDER = JSON.stringify({ master: { 1: key(1) }, index: { 1: key(2) }, cursor: key(3) });
const older = (name: string): string => {
  writeFileSync(join(folder, name), OLDER, { mode: 0o600 });
  return join(folder, name);
};
/** Many at once, each with its own connections. */
const all = (paths: readonly string[] = pools.map(() => path)): Promise<PromiseSettledResult<Keyring>[]> =>
  Promise.allSettled(pools.map((pool, i) => keyringOf(pool, paths[i % paths.length]!, logger)));
const keysOf = (results: PromiseSettledResult<Keyring>[]): string[] =>
  [...new Set(results.flatMap((r) => (r.status === 'fulfilled' ? [r.value.ids.toString('hex')] : [])))]; // prettier-ignore

it.each(['of a version before', 'that is not there yet'])('a keyring %s gets one key of the ids, however many start at once', async (which) => {
  if (which === 'of a version before') older('keyring.json');
  const first = await all();
  expect(first.filter((r) => r.status === 'rejected')).toEqual([]);
  expect(keysOf(first)).toHaveLength(1);
  expect(keysOf(await all())).toEqual(keysOf(first));
}); // prettier-ignore

it('of two copies that lack the key one is given it, and the other is refused until it is the same', async () => {
  const [one, other] = [older('one.json'), older('other.json')];
  const results = await all([one, other]);
  expect(keysOf(results)).toHaveLength(1);
  const refused = results.flatMap((r) => (r.status === 'rejected' ? [String(r.reason)] : []));
  expect(refused).toHaveLength(4);
  for (const reason of refused) expect(reason).toMatch(/lacks the key "ids".*copy it from where the other processes run/);
  const [whole, stale] = readFileSync(one, 'utf8') === OLDER ? [other, one] : [one, other];
  expect(readFileSync(stale, 'utf8')).toBe(OLDER);
  copyFileSync(whole, stale);
  expect(keysOf(await all([one, other]))).toEqual(keysOf(results));
});

it('another key of the ids than the one that the database’s derive from is refused', async () => {
  await keyringOf(pools[0]!, path, logger);
  const keys = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...keys, ids: key(9) }));
  await expect(keyringOf(pools[1]!, path, logger)).rejects.toThrow(/"ids" of .* is not the one/);
  rmSync(path);
  await expect(keyringOf(pools[1]!, path, logger)).rejects.toThrow(/Restore the keyring from its backup/);
});
