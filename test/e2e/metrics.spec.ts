import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Cli, freshFolder } from '../support/cli.js';
import { CPAM, OPERATOR, ORGANISATIONS, personOf, TRANSMISSION, type Who } from '../support/instance.js';

/** What Prometheus gets of an API and of a worker, each in a process of its own. */
const folder = freshFolder();
const database = `metrics_${randomUUID().replaceAll('-', '')}`;
let databaseUrl: string;
let api: Cli;
let worker: Cli;
let url: string;
let env: Record<string, string>;

async function admin(sql: string): Promise<void> {
  const client = new Client(process.env.TEST_DATABASE_URL);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
const metricsOf = async (process: Cli): Promise<string> =>
  `http://127.0.0.1:${(await process.prints(/"message":"metrics on \/metrics","port":(\d+)/))[1]}/metrics`;
const scrape = async (process: Cli): Promise<string> => (await fetch(await metricsOf(process))).text();
/** Sum of the samples of a name whose labels hold all these. */
const sample = (text: string, name: string, ...labels: string[]): number | undefined => {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const found = lines.filter((line) => labels.every((label) => line.includes(label)));
  return found.length === 0
    ? undefined
    : found.reduce((sum, line) => sum + Number(line.split('} ').at(-1)!.split(' ').at(-1)), 0);
};
const until = async (process: Cli, what: (text: string) => boolean): Promise<string> => {
  for (const end = Date.now() + 30_000; ; await new Promise((r) => setTimeout(r, 50))) {
    const text = await scrape(process);
    if (what(text)) return text;
    if (Date.now() > end) throw new Error(text);
  }
};
const tokens = new Map<string, string>();
const tokenOf = async ({ organisation, role }: Who): Promise<string> => {
  const made = tokens.get(role) ?? (await printed(['token', '--organisation', organisation, '--role', role]));
  tokens.set(role, made);
  return made;
};
const printed = async (args: readonly string[]): Promise<string> => {
  const cli = Cli.run(args, env);
  await cli.exited;
  return cli.output.trim();
};
let keys = 0;
const post = async (path: string, who: Who, body: unknown): Promise<Record<string, unknown>> => {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(who)}`,
      'content-type': 'application/json',
      'idempotency-key': `k${keys++}`,
    },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Record<string, unknown>;
};

beforeAll(async () => {
  await admin(`CREATE DATABASE ${database}`);
  databaseUrl = Object.assign(new URL(process.env.TEST_DATABASE_URL!), { pathname: `/${database}` }).href;
  env = { DATABASE_URL: databaseUrl, FIL_ROUGE_DATA: join(folder, 'data'), FIL_ROUGE_METRICS: '127.0.0.1:0', LOG_LEVEL: 'info', PORT: '0' }; // prettier-ignore
  api = Cli.run(['start'], { ...env, FIL_ROUGE_WORKER: 'false', FIL_ROUGE_DEMO: 'false' });
  url = (await api.prints(/API +(http:\/\/127\.0\.0\.1:\d+)\/v1/))[1]!;
  worker = Cli.worker(env);
  for (const organisation of ORGANISATIONS) await post('/v1/organisations', OPERATOR, { name: organisation.id, ...organisation });
}, 120_000);
afterAll(async () => {
  for (const process of [api, worker]) {
    process.child.kill('SIGTERM');
    expect(await process.exited).toBe(0);
  }
  await admin(`DROP DATABASE ${database} WITH (FORCE)`);
  rmSync(folder, { recursive: true });
}, 60_000);

const transmit = (n: number) => post('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION });
const ROUTE = 'http_route="/v1/cases/transmit-sick-leave"';

it('counts requests by route, appends by group, and what is open', async () => {
  const before = await scrape(api);
  expect(sample(before, 'http_server_request_duration_count', ROUTE)).toBeUndefined();
  const { caseId } = await transmit(1);
  await Promise.all(Array.from({ length: 8 }, (_, i) => transmit(10 + i)));
  const after = await until(api, (text) => sample(text, 'http_server_request_duration_count', ROUTE) === 9);
  expect(sample(after, 'http_server_request_duration_count', ROUTE, 'status_code="201"', 'method="POST"')).toBe(9);
  const appends = (text: string) => sample(text, 'fil_rouge_append_duration_count', 'outcome="done"') ?? 0;
  const members = (text: string) => sample(text, 'fil_rouge_append_group_sum') ?? 0;
  expect(appends(after) - appends(before)).toBeGreaterThanOrEqual(9);
  expect(members(after) - members(before)).toBe(appends(after) - appends(before));
  for (const name of ['commands', 'append', 'read', 'lists'])
    expect(sample(after, 'db_client_connection_max', `pool_name="${name}"`)).toBeGreaterThan(0);
  expect(sample(after, 'db_client_connection_count', 'pool_name="append"')).toBeGreaterThan(0);
  expect(sample(after, 'db_client_connection_pending_requests', 'pool_name="append"')).toBe(0);

  const stop = new AbortController();
  await fetch(`${url}/v1/stream`, { headers: { authorization: `Bearer ${await tokenOf(CPAM)}` }, signal: stop.signal });
  await until(api, (text) => sample(text, 'fil_rouge_stream_connections') === 1);
  stop.abort();
  const last = await until(api, (text) => sample(text, 'fil_rouge_stream_connections') === 0);
  expect(last).not.toContain('/v1/stream');
  for (const secret of [String(caseId), 'cpam-39', 'MARTIN', personOf(1).identifiers[0]!.value])
    expect(last).not.toContain(secret);
}, 120_000);

it('tells how far the views are behind, and which cases are held up', async () => {
  const lag = (text: string) => sample(text, 'fil_rouge_views_lag') ?? NaN;
  const behind = (text: string) => sample(text, 'fil_rouge_views_behind') ?? NaN;
  await until(worker, (text) => lag(text) === 0 && behind(text) === 0 && sample(text, 'fil_rouge_views_parked') === 0);
  const held = new Client(databaseUrl);
  await held.connect();
  // What another worker does while it writes.
  await held.query(`BEGIN; SELECT FROM views.checkpoint FOR UPDATE`);
  await transmit(2);
  const late = await until(worker, (text) => behind(text) > 0);
  await until(worker, (text) => lag(text) > lag(late) && behind(text) === behind(late));
  await held.query('COMMIT');
  await until(worker, (text) => lag(text) === 0 && behind(text) === 0);
  await held.query(`INSERT INTO views.parked_case (case_id, revision, error) VALUES ('x', 0, 'x')`);
  await until(worker, (text) => sample(text, 'fil_rouge_views_parked') === 1);
  await held.end();
}, 120_000);

it('is off unless it is asked for, and says so when nothing can listen there', async () => {
  const address = new URL(await metricsOf(api)).host;
  expect((await fetch(`http://${address}/`)).status).toBe(404);
  const taken = Cli.run(['start'], { ...env, FIL_ROUGE_METRICS: address });
  expect([await taken.exited, taken.output]).toEqual([1, expect.stringContaining('FIL_ROUGE_METRICS: nothing can listen on 127.0.0.1')]); // prettier-ignore
}, 120_000);
