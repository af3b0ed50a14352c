import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Watch } from '../../libs/watch/watch.js';
import { Cli, freshFolder, ROOT } from '../support/cli.js';
import { OPERATOR, TestInstance } from '../support/instance.js';

/** `fil-rouge play --url`: histories at an instance that runs, whose watch runs too. */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register({ id: 'carsat-bfc', roles: ['CSAM'], territory: 'BFC' });
}, 120_000);
afterAll(() => it_?.stop());

const FILE = join(ROOT, 'test/scenarios/07-commercant-sans-arret.yaml');
const play = (url: string): Cli => Cli.run(['play', '--url', url, FILE]);

it('plays the same files again, as other people’s, whatever the watch tells in between', async () => {
  const stop = new AbortController();
  const watch = new Watch(it_.wiring.parts, it_.wiring.pool);
  const watching = (async () => {
    for (let told = 0; ; await new Promise((r) => setTimeout(r, 20))) {
      await watch.follow();
      told += await watch.look();
      if (stop.signal.aborted) return told;
    }
  })();
  const cases: string[] = [];
  for (const round of [1, 2]) {
    const played = play(`${it_.base}/`);
    expect([round, await played.exited, played.output.match(/^✓ \d+ étapes jouées/gm)?.length ?? played.output]).toEqual([round, 0, 1]); // prettier-ignore
    cases.push(...[...played.output.matchAll(/^ {2}http\S+\/v1\/cases\/(\S+)$/gm)].map((match) => match[1]!));
  }
  stop.abort();
  expect(await watching).toBeGreaterThan(0);
  expect(new Set(cases).size).toBe(2);
  // What the installation knew of an organisation stays; the roles that the stories need are added.
  const { items } = (await it_.get('/v1/organisations', OPERATOR)).body as {
    items: { id: string; name: string; roles: string[] }[];
  };
  expect(items.find(({ id }) => id === 'carsat-bfc')).toMatchObject({ name: 'carsat-bfc', roles: ['CSAM', 'AS'] });
}, 240_000);

it('says in a sentence where it can’t play', async () => {
  const told = async (url: string): Promise<string> => {
    const played = play(url);
    expect(await played.exited).toBe(1);
    expect(played.output).not.toMatch(/^\s+at /m);
    return played.output;
  };
  expect(await told('la maison')).toContain('Il faut une adresse comme http://127.0.0.1:3000.');
  expect(await told('http://127.0.0.1:9')).toContain('rien ne répond à http://127.0.0.1:9');

  const data = freshFolder();
  const real = Cli.run(['start'], {
    NODE_ENV: 'production',
    PORT: '0',
    FIL_ROUGE_DATA: data,
    FIL_ROUGE_ISSUER: 'https://issuer.example',
    FIL_ROUGE_AUDIENCE: 'fil-rouge',
    FIL_ROUGE_JWKS_URL: 'https://issuer.example/jwks',
  });
  const [, url] = await real.prints(/API\s+(http:\S+)\/v1/);
  expect(await told(url!)).toContain('n’est pas une instance de démonstration');
  real.child.kill('SIGINT');
  await real.exited;
  rmSync(data, { recursive: true, force: true });
}, 240_000);
