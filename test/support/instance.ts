import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type Instance, startInstance } from '../../apps/cli/src/instance.js';
import { dateOf, type Instant } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { atInstant } from '../../libs/platform/clock.js';
import { loadConfig } from '../../libs/platform/config.js';
import { Logger } from '../../libs/platform/logger.js';
import { Watch } from '../../libs/watch/watch.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // What a test expects of the body is what the test is about.
  readonly body: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}
/** The reply of a command that was recorded. @throws Error with what was answered instead */
export const recorded = (reply: Reply): Reply => {
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return reply;
};
/** The day where the product is, so many days from now: shortly before midnight in UTC it is tomorrow there. */
export const dayHere = (offset = 0): string => dateOf(new Date(Date.now() + offset * 86_400_000).toISOString() as Instant);
/** Codes of the rules that refused it. */
export const codesOf = ({ body }: Pick<Reply, 'body'>): string[] =>
  ((body['rules'] ?? []) as { code: string }[]).map(({ code }) => code);
export interface Who {
  readonly organisation: string;
  readonly role: Role;
  readonly person?: string;
}
/** The whole product, over real HTTP, on a database of its own. */
export class TestInstance {
  #keys = 0;
  readonly #tokens = new Map<string, Promise<string>>();
  private constructor(
    private instance: Instance,
    private readonly folder: string,
    private readonly url: string,
    private readonly name: string,
  ) {}

  /** @param prepare what is to be in its database and its data folder before it starts */
  static async start(prepare?: (url: string, folder: string) => Promise<void>): Promise<TestInstance> {
    const name = `e2e_${randomUUID().replaceAll('-', '')}`;
    await admin(`CREATE DATABASE ${name}`);
    const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-e2e-'));
    chmodSync(folder, 0o755);
    const url = new URL(process.env.TEST_DATABASE_URL!);
    url.pathname = `/${name}`;
    await prepare?.(url.href, folder);
    return new TestInstance(await boot(url.href, folder), folder, url.href, name);
  }
  /** On the embedded PostgreSQL of a data folder, or the one that the environment names; both outlive it. */
  static async embedded(folder: string, env: NodeJS.ProcessEnv = {}): Promise<TestInstance> {
    return new TestInstance(await boot('', folder, env), folder, '', '');
  }
  /** The same database and keys, another process life. */
  async restart(env: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.instance.stop();
    this.instance = await boot(this.url, this.folder, env);
  }
  /** Until a restart. */
  halt(): Promise<void> {
    return this.instance.stop();
  }
  async stop(): Promise<void> {
    await this.instance.stop();
    if (this.url === '') return;
    await admin(`DROP DATABASE ${this.name} WITH (FORCE)`);
    rmSync(this.folder, { recursive: true, force: true });
  }
  get base(): string {
    return this.instance.url;
  }
  get wiring(): Instance['wiring'] {
    return this.instance.wiring;
  }
  get dataFolder(): string {
    return this.folder;
  }
  get databaseUrl(): string {
    return this.url;
  }
  token(who: Who): Promise<string> {
    const key = JSON.stringify(who);
    const made =
      this.#tokens.get(key) ?? this.wiring.localIssuer!.issue({ person: `${who.organisation}.${who.role}`, ...who, ttl: 3600 });
    this.#tokens.set(key, made);
    return made;
  }
  async send(
    method: string,
    path: string,
    who: Who | null,
    { body, headers = {}, now }: { body?: unknown; headers?: Record<string, string>; now?: string } = {},
  ): Promise<Reply> {
    const answer = await fetch(this.base + path, {
      method,
      headers: {
        ...(who && { authorization: `Bearer ${await this.token(who)}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(now !== undefined && { 'fil-rouge-demo-now': now }),
        // Of each request an own one would be: answers that are to be the same are compared whole.
        'x-request-id': '5f1a4a53-2e9c-4b0e-9d5b-0c6f2f6f6a11',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json =
      /json/.test(answer.headers.get('content-type') ?? '') && !/ndjson/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, text, body: json ? (JSON.parse(text) as Reply['body']) : {} };
  }
  get(path: string, who: Who | null, options: { headers?: Record<string, string>; now?: string } = {}): Promise<Reply> {
    return this.send('GET', path, who, options);
  }
  /** An act, with a key of its own and whatever state of the case is current. */
  async act(
    path: string,
    who: Who,
    body: unknown,
    { key, now, ifMatch }: { key?: string; now?: string; ifMatch?: string | null } = {},
  ): Promise<Reply> {
    const headers: Record<string, string> = { 'idempotency-key': key ?? `test-${this.#keys++}` };
    if (ifMatch !== null) headers['if-match'] = ifMatch ?? '*';
    return this.send('POST', path, who, { body, headers, ...(now !== undefined && { now }) });
  }
  /** Until the views, and all that goes behind the log, have come to its end, and nothing that they wrote moved it. */
  async caughtUp(): Promise<void> {
    for (const latest = Date.now() + 60_000; Date.now() < latest; await pause(50)) {
      const head = (await this.wiring.parts.store.head()) ?? null;
      const { rows } = await this.wiring.pool
        .query<{ all: boolean }>(
          `SELECT bool_and(position IS NOT DISTINCT FROM $1) AS all
           FROM (SELECT position FROM views.checkpoint UNION ALL SELECT position FROM process.checkpoint) checkpoint`,
          [head],
        )
        .catch(() => ({ rows: [] }));
      if (rows[0]?.all) return;
    }
    throw new Error('what follows the log never came to its end');
  }
  /** A look of the watch on that day. @returns how many events it wrote */
  watchOn(day: string): Promise<number> {
    return atInstant(`${day}T09:00:00.000Z` as Instant, async () => {
      const watch = new Watch(this.wiring.parts, this.wiring.pool);
      await watch.follow();
      return watch.look();
    });
  }
  async register(...organisations: { id: string; roles: Role[]; territory: string; spstCode?: string }[]): Promise<void> {
    for (const o of organisations) {
      const reply = await this.act('/v1/organisations', { organisation: 'exploitant', role: 'OPERATOR' }, { name: o.id, ...o });
      if (reply.status !== 201) throw new Error(reply.text);
    }
  }
}

const boot = (url: string, folder: string, env: NodeJS.ProcessEnv = {}): Promise<Instance> =>
  startInstance(
    loadConfig({ DATABASE_URL: url, FIL_ROUGE_DATA: folder, PORT: '0', NODE_ENV: 'test', FIL_ROUGE_DEMO: 'false', ...env }),
    new Logger('error'),
  );
async function admin(sql: string): Promise<void> {
  const client = new Client(process.env.TEST_DATABASE_URL);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

export const CPAM: Who = { organisation: 'cpam-39', role: 'CPAM' };
export const MC: Who = { organisation: 'cpam-39', role: 'MC' };
export const CPDP: Who = { organisation: 'ast-39', role: 'CPDP' };
export const MT: Who = { organisation: 'ast-39', role: 'MT' };
export const AS: Who = { organisation: 'carsat-bfc', role: 'AS' };
export const CAP: Who = { organisation: 'cap-emploi-39', role: 'CAP_EMPLOI' };
export const OPERATOR: Who = { organisation: 'exploitant', role: 'OPERATOR' };
export const ORGANISATIONS: Parameters<TestInstance['register']> = [
  { id: 'cpam-39', roles: ['CPAM', 'MC'], territory: '39' },
  { id: 'ast-39', roles: ['CPDP', 'MT', 'IDEST'], territory: '39', spstCode: 'MT39' },
  { id: 'carsat-bfc', roles: ['AS', 'CSAM'], territory: 'BFC' },
  { id: 'cap-emploi-39', roles: ['CAP_EMPLOI'], territory: '39' },
];
/** Of other places, that are at home in no case of the others. */
export const STRANGERS: typeof ORGANISATIONS = [
  { id: 'z-spst', roles: ['MT', 'IDEST', 'CPDP'], territory: '75' },
  { id: 'z-carsat', roles: ['AS', 'CSAM'], territory: '75' },
  { id: 'z-cpam', roles: ['CPAM'], territory: '75' },
  { id: 'z-elsm', roles: ['MC'], territory: '75' },
];
/** NIRs with a right key, of nobody: month 99 is never given. Communes and orders begin at 001. */
export const nirOf = (n: number): string => {
  const [commune, order] = [1 + Math.floor(n / 999), 1 + (n % 999)].map((part) => String(part).padStart(3, '0'));
  const thirteen = `2799939${commune}${order}`;
  return thirteen + String(97 - Number(BigInt(thirteen) % 97n)).padStart(2, '0');
};
export const personOf = (n: number) => ({
  identifiers: [{ kind: 'NIR', value: nirOf(n) }],
  familyName: `MARTIN${n}`,
  givenNames: 'Claire',
  birthDate: '1979-05-21',
});
export const TRANSMISSION = {
  spstCode: 'MT39',
  leave: { start: '2026-01-05', expectedEnd: '2027-06-30', risk: 'maladie' },
  accord: { date: '2026-02-01', proof: 'form' },
};
