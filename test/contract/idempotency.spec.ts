import { createHash, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { Idempotency } from '../../libs/application/idempotency.js';
import { type CommandId } from '../../libs/application/ids.js';
import { IdempotencyMismatch, NotFound } from '../../libs/application/messages.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.appUrl });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
const aCommand = (): CommandId => ({ id: randomUUID(), former: randomUUID() });
const never = () => Promise.reject(new Error('ran again'));

it('a key of the first version, which kept a plain hash, stays good for the same request', async () => {
  const [key, request] = [aCommand(), { command: 'act', data: { code: 'MT39' } }];
  const plain = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  await pool.query('INSERT INTO app.idempotency (command_id, fingerprint, status, outcome) VALUES ($1, $2, 201, $3)', [
    key.former,
    plain,
    JSON.stringify({ kind: 'done', outcome: 'of then' }),
  ]);
  const idempotency = new Idempotency(pool, Buffer.alloc(32, 7));
  expect(await idempotency.once(key, request, never)).toBe('of then');
  await expect(idempotency.once(key, { ...request, command: 'other' }, never)).rejects.toThrow(IdempotencyMismatch);
});

it('what was asked can not be found in the database by trying the few codes that it can be', async () => {
  const [key, request] = [aCommand(), 'MT39'];
  await new Idempotency(pool, Buffer.alloc(32, 7)).once(key, request, () => Promise.resolve('done'));
  const { rows } = await pool.query<{ fingerprint: string }>('SELECT fingerprint FROM app.idempotency WHERE command_id = $1', [
    key.id,
  ]);
  expect(rows[0]!.fingerprint).not.toBe(createHash('sha256').update(JSON.stringify(request)).digest('hex'));
});

it('a key is bound to its request before anything is done: another one under it is refused at that very instant', async () => {
  const idempotency = new Idempotency(pool, Buffer.alloc(32, 7));
  const key = aCommand();
  let release = (_: string): void => undefined;
  const first = idempotency.once(key, 'request', () => new Promise<string>((resolve) => (release = resolve)));
  while ((await pool.query('SELECT FROM app.idempotency WHERE command_id = $1', [key.id])).rowCount === 0);
  await expect(idempotency.once(key, 'another', never)).rejects.toThrow(IdempotencyMismatch);
  release('done');
  expect(await first).toBe('done');
  expect(await idempotency.once(key, 'request', never)).toBe('done');
});

it('what was interrupted is ended by the same request, and by no other, another role or act included', async () => {
  const idempotency = new Idempotency(pool, Buffer.alloc(32, 7));
  const key = aCommand();
  await expect(idempotency.once(key, ['AS', 'act', 1], () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
  for (const other of [
    ['AS', 'act', 2],
    ['AS', 'other', 1],
    ['CPAM', 'act', 1],
  ])
    await expect(idempotency.once(key, other, never)).rejects.toThrow(IdempotencyMismatch);
  expect(await idempotency.endOf(key)).toBeUndefined();
  expect(await idempotency.once(key, ['AS', 'act', 1], () => Promise.resolve('ended'))).toBe('ended');
  expect(await idempotency.endOf(key)).toBe('done');
});

it('what wrote nothing for certain leaves its key to the request that is put right; an outcome is nobody’s to change', async () => {
  const idempotency = new Idempotency(pool, Buffer.alloc(32, 7));
  const key = aCommand();
  await expect(idempotency.once(key, 'request', () => Promise.reject(new NotFound()))).rejects.toThrow(NotFound);
  expect(await idempotency.once(key, 'mended', () => Promise.resolve('done'))).toBe('done');
  const changed = await pool.query(`UPDATE app.idempotency SET outcome = '{}' WHERE command_id = $1`, [key.id]);
  const removed = await pool.query('DELETE FROM app.idempotency WHERE command_id = $1', [key.id]);
  expect([changed.rowCount, removed.rowCount]).toEqual([0, 0]);
  expect(await idempotency.once(key, 'mended', never)).toBe('done');
});

it('of many pairs of requests under one key at once, those of one request alone are run', async () => {
  const idempotency = new Idempotency(pool, Buffer.alloc(32, 7));
  for (let i = 0; i < 50; i++) {
    const key = aCommand();
    const ran = new Set<string>();
    const run = (name: string) => idempotency.once(key, name, () => Promise.resolve(ran.add(name) && name));
    const ends = await Promise.allSettled([run('a'), run('b'), run('a'), run('b')]);
    expect(ran.size).toBe(1);
    const won = [...ran][0]!;
    expect(ends.map((e) => (e.status === 'fulfilled' ? e.value : 'refused'))).toEqual(['a', 'b', 'a', 'b'].map((name) => (name === won ? name : 'refused'))); // prettier-ignore
  }
});

it('the outcome of a command that was kept under its former id is found, and a new one is kept under the new id only', async () => {
  const idempotency = new Idempotency(pool, Buffer.alloc(32, 7));
  const [then, now] = [aCommand(), aCommand()];
  await idempotency.once({ ...then, id: then.former }, 'request', () => Promise.resolve('of then'));
  expect(await idempotency.once(then, 'request', never)).toBe('of then');
  expect([await idempotency.endOf(then), await idempotency.endOf(now)]).toEqual(['done', undefined]);
  await expect(idempotency.once(then, 'another', never)).rejects.toThrow(IdempotencyMismatch);
  await idempotency.once(now, 'request', () => Promise.resolve('of now'));
  const { rows } = await pool.query('SELECT command_id FROM app.idempotency WHERE command_id = ANY($1)', [
    [then.id, then.former, now.id, now.former],
  ]);
  expect(rows.map(({ command_id: id }: { command_id: string }) => id).sort()).toEqual([then.former, now.id].sort());
});
