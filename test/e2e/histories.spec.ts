import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cli, ROOT } from '../support/cli.js';

/** The published histories, and ours, step by step through the public API, as `npm run play` plays them. */
const files = readdirSync(join(ROOT, 'test/scenarios'))
  .filter((file) => file.endsWith('.yaml'))
  .sort();

it('all six of the published histories are there', () => {
  expect(files.filter((file) => /^0[1-6]-/.test(file))).toHaveLength(6);
});

it('each goes as its file expects, to its last step', async () => {
  const played = Cli.run(['play', ...files.map((file) => join('test/scenarios', file))]);
  const code = await played.exited;
  expect(code === 0 ? '' : played.output.slice(-4000)).toBe('');
  expect(played.output.match(/^✓ \d+ étapes jouées/gm)).toHaveLength(files.length);
}, 300_000);
