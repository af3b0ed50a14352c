import pg from 'pg';
import { isDatabaseAway } from './database-away.js';

it('is told from a real connection that finds nobody', async () => {
  const client = new pg.Client({ host: '127.0.0.1', port: 1 });
  const error: unknown = await client.connect().catch((e: unknown) => e);
  expect(isDatabaseAway(error)).toBe(true);
});
it.each([
  ['57P01', true],
  ['57P03', true],
  ['08006', true],
  ['23505', false],
  ['42P01', false],
])('SQLSTATE %s: %s', (code, away) => expect(isDatabaseAway(Object.assign(new Error('x'), { code }))).toBe(away));
it('an error of ours is not', () => expect(isDatabaseAway(new TypeError('x is not a function'))).toBe(false));
