import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const documents = ['README.md', ...['docs', 'docs/adr'].flatMap((folder) => readdirSync(join(ROOT, folder)).filter((f) => f.endsWith('.md')).map((f) => join(folder, f)))]; // prettier-ignore

it.each(documents)('%s points at files that are there', (document) => {
  const targets = [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1]!);
  expect(targets.filter((target) => !existsSync(resolve(ROOT, dirname(document), target)))).toEqual([]);
});
it('the README names commands that exist', () => {
  const readme = read('README.md');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const used = [...readme.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map((match) => match[1]!);
  expect(used.filter((name) => !(name in scripts))).toEqual([]);
  const played = [...readme.matchAll(/play -- (\S+\.yaml)/g)].map((match) => match[1]!);
  expect(played.length).toBeGreaterThan(0);
  expect(played.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  const main = read('apps/cli/src/main.ts');
  const commands = [...readme.matchAll(/^\| `([a-z-]+)/gm)].map((match) => match[1]!).filter((name) => name !== 'libs' && name !== 'apps' && name !== 'test' && name !== 'docs'); // prettier-ignore
  expect(commands.filter((name) => !main.includes(`.command('${name}')`))).toEqual([]);
});
