import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { DCLinter } from 'dclint';
import { type Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { loadConfig, settings } from '../libs/platform/config.js';

/**
 * What docker/ holds, as far as it can be told without an engine: the official schema, and every reference from one file to another.
 * Nothing here is started: docs/operations.md says so.
 */
const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'docker');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Reference {
  readonly source: string;
}
interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly configs?: readonly Reference[];
  readonly secrets?: readonly (string | Reference)[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly restart: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly deploy?: { readonly replicas?: number; readonly resources: { readonly limits: { readonly memory: string } } };
}
type Files = Readonly<Record<string, { readonly file: string }>>;
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs?: Files;
  readonly secrets?: Files;
  readonly networks?: object;
  readonly volumes?: object;
}

const dockerfile = DockerfileParser.parse(read('docker/Dockerfile'));
const instructions = (keyword: string): Instruction[] => dockerfile.getInstructions().filter((i) => i.getKeyword() === keyword);
const imageSettings = Object.fromEntries(
  dockerfile.getENVs().flatMap((env) => env.getProperties().map((p) => [p.getName(), p.getValue() ?? ''])),
);
const keys = (object: object | undefined): string[] => Object.keys(object ?? {}).sort();
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const source = (reference: string | Reference): string => (typeof reference === 'string' ? reference : reference.source);
const EXAMPLE = [...read('docker/.env.example').matchAll(/^(\w+)=(.*)$/gm)];
const FILES = readdirSync(FOLDER).filter((name) => /^compose.*\.yaml$/.test(name));

it('both are there', () => expect(FILES).toEqual(['compose.cluster.yaml', 'compose.yaml']));

describe.each(FILES)('docker/%s', (name) => {
  const text = read(`docker/${name}`);
  const compose = parse(text, { merge: true }) as Compose;
  const services = Object.entries(compose.services);
  /** Those that run on; the others run once, by hand. */
  const running = services.filter(([, { profiles }]) => profiles === undefined);
  const ours = running.filter(([, { build }]) => build !== undefined);

  it('is valid by the schema of the Compose Specification, and to the linter', () => {
    // Of style, and of no use here: our image is built under its name.
    const off = ['service-keys-order', 'services-alphabetical-order', 'top-level-properties-order', 'no-build-and-image'];
    const rules = Object.fromEntries(off.map((rule) => [rule, 0]));
    const [result] = new DCLinter({ rules, quiet: false, debug: false, exclude: [] }).lintFiles([join(FOLDER, name)], false);
    expect(
      (result!.messages as readonly { line: number; rule: string; message: string }[]).map(
        ({ line, rule, message }) => `${line} ${rule} ${message}`,
      ),
    ).toEqual([]);
  });

  it('names no service, volume, network, configuration, secret or file that is not there, and none in vain', () => {
    const all = services.map(([, service]) => service);
    const volumes = all.flatMap((s) => s.volumes ?? []).map((volume) => volume.split(':')[0]!);
    expect(sorted(volumes.filter((v) => !v.startsWith('.')))).toEqual(keys(compose.volumes));
    expect(sorted(all.flatMap((s) => s.networks ?? []))).toEqual(keys(compose.networks));
    expect(sorted(all.flatMap((s) => s.configs ?? []).map(source))).toEqual(keys(compose.configs));
    expect(sorted(all.flatMap((s) => s.secrets ?? []).map(source))).toEqual(keys(compose.secrets));
    for (const { depends_on: needs = {} } of all)
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(running.map(([service]) => service)).toContain(needed);
        expect(condition).toBe('service_healthy');
      }
    const files = Object.values({ ...compose.configs, ...compose.secrets }).map(({ file }) => file);
    for (const path of [...files, ...volumes.filter((v) => v.startsWith('.'))])
      // Certificates are made, or brought, at each place.
      if (!/^\.\/certs(\/|$)/.test(path)) expect([path, existsSync(join(FOLDER, path))]).toEqual([path, true]);
    for (const [, { build }] of ours) expect(existsSync(join(FOLDER, build!.context, build!.dockerfile))).toBe(true);
  });

  it('gives each service a pinned image, a restart, a health check and a limit', () => {
    for (const [service, { image }] of services) expect([service, image]).toEqual([service, expect.stringMatching(/:\d+\.\d+/)]);
    for (const [service, { restart, healthcheck, build, deploy }] of running) {
      // A node of EventStoreDB that truncates exits with 0.
      expect([service, restart]).toEqual([service, expect.stringMatching(/^(unless-stopped|always)$/)]);
      expect([service, healthcheck !== undefined || build !== undefined]).toEqual([service, true]);
      expect([service, deploy?.resources.limits.memory]).toEqual([service, expect.stringMatching(/^\d+[mg]$/)]);
    }
  });

  it('gives our image settings that it starts with, and a program that it has', () => {
    expect(ours.length).toBeGreaterThan(0);
    for (const [, { environment = {}, command }] of ours) {
      expect(keys(settings)).toEqual(expect.arrayContaining(keys(environment)));
      const filled = Object.entries(environment).map(([key, value]) => [key, value.replace(/\$\{(\w+):\?\}/g, (_, variable: string) => (/ISSUER|URL/.test(variable) ? 'https://id.example' : 'x'))]); // prettier-ignore
      expect(loadConfig({ ...imageSettings, ...(Object.fromEntries(filled) as Record<string, string>) })).toMatchObject({
        production: true,
        database: { kind: 'external', ownerIsApart: true },
        identity: { kind: 'oidc' },
      });
      const program = (command ?? ['dist/apps/cli/src/main.js']).find((word) => word.startsWith('dist/'))!;
      expect(existsSync(join(ROOT, program.replace(/^dist\/(.*)\.js$/, '$1.ts')))).toBe(true);
    }
  });

  it('holds no secret: each comes from docker/.env, without which nothing starts', () => {
    const variables = [...text.matchAll(/(?<!\$)\$\{([^}]+)\}/g)].map(([, variable]) => variable!);
    for (const variable of variables) expect(variable).toMatch(/^\w+:\?$/);
    expect(EXAMPLE.map(([, key]) => key)).toEqual(expect.arrayContaining(variables.map((v) => v.slice(0, -2))));
    for (const [, { environment = {} }] of services)
      for (const [key, value] of Object.entries(environment)) {
        if (/PASSWORD|SECRET|TOKEN/.test(key)) expect([key, value]).toEqual([key, expect.stringMatching(/^\$\{\w+:\?\}$/)]);
        expect([key, value]).not.toEqual([key, expect.stringMatching(/:\/\/[^/:@]+:(?!\$\{)[^/@]*@/)]);
      }
  });
});

it('the cluster has three nodes, two copies of the API and of the worker, and speaks TLS', () => {
  const { services } = parse(read('docker/compose.cluster.yaml'), { merge: true }) as Compose;
  const nodes = keys(services).filter((service) => service.startsWith('node'));
  expect(nodes).toHaveLength(3);
  const { hosts, options } = /@(?<hosts>[^?]+)\?(?<options>.*)$/.exec(services['api']!.environment!['EVENTSTORE_URL']!)!.groups!;
  expect(hosts!.split(',')).toEqual(nodes.map((node) => `${node}:2113`));
  expect(options).toContain('tls=true');
  for (const node of nodes) {
    const { EVENTSTORE_GOSSIP_SEED: seeds, ...environment } = services[node]!.environment!;
    expect(seeds!.split(',')).toEqual(nodes.filter((other) => other !== node).map((other) => `${other}:2113`));
    expect(environment).toMatchObject({ EVENTSTORE_CLUSTER_SIZE: String(nodes.length), EVENTSTORE_NODE_HOST_ADVERTISE_AS: node });
    expect(services['certificates']!.command!.join('\n')).toContain(node);
  }
  for (const service of ['api', 'worker']) expect(services[service]!.deploy!.replicas).toBe(2);
});

it('docker/.env.example names what the files ask for, and gives no values', () => {
  const asked = FILES.flatMap((name) => [...read(`docker/${name}`).matchAll(/\$\{(\w+):\?\}/g)].map(([, variable]) => variable!));
  expect(EXAMPLE.map(([, key]) => key).sort()).toEqual(sorted(asked));
  expect(EXAMPLE.filter(([, , value]) => value !== '')).toEqual([]);
  for (const ignored of ['docker/.env', 'docker/certs/']) expect(read('.gitignore').split('\n')).toContain(ignored);
});

describe('docker/Dockerfile', () => {
  it('is valid to the linter', () => expect(validate(read('docker/Dockerfile'))).toEqual([]));

  it('starts from pinned images, and ends as somebody who is not root, with a health check', () => {
    for (const from of dockerfile.getFROMs()) expect(from.getImage()).toMatch(/:\d+\.\d+\.\d+-/);
    expect(instructions('USER').at(-1)!.getArgumentsContent()).toBe('node');
    expect(instructions('HEALTHCHECK')).toHaveLength(1);
  });

  it('copies only what is there, and what is let into the build', () => {
    const stages = dockerfile.getFROMs().map((from) => from.getBuildStage());
    const ignore = read('.dockerignore').trim().split('\n');
    expect(ignore[0]).toBe('*');
    for (const copy of dockerfile.getCOPYs() as Copy[]) {
      const from = copy
        .getFlags()
        .find((flag) => flag.getName() === 'from')
        ?.getValue();
      const sources = copy
        .getArguments()
        .slice(0, -1)
        .map((argument) => argument.getValue());
      if (from) expect(stages).toContain(from);
      else
        for (const path of sources) {
          expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
          expect(ignore).toContain(`!${posix.normalize(path)}`);
        }
    }
  });
});
