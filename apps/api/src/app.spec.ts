import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamicModule, type INestApplication } from '@nestjs/common';
import { CommandHandler, CqrsModule, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import request, { type Test } from 'supertest';
import { LocalIssuer } from '../../../libs/access/authentication/local-issuer.js';
import { TokenVerifier } from '../../../libs/access/authentication/token-verifier.js';
import { CorrectFact, NotFound, OpenCase, type Outcome, PerformAct } from '../../../libs/application/messages.js';
import * as application from '../../../libs/application/messages.js';
import { Ids } from '../../../libs/application/ids.js';
import { Parts } from '../../../libs/application/parts.js';
import { caseActs } from '../../../libs/domain/case/acts.js';
import { forbidden, Refused } from '../../../libs/domain/kernel/errors.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { OutcomeUnknown } from '../../../libs/event-store/port.js';
import { CaseStreams } from '../../../libs/delivery/sse.js';
import { systemClock } from '../../../libs/platform/clock.js';
import { type LogFields, Logger } from '../../../libs/platform/logger.js';
import * as reading from '../../../libs/read-models/errors.js';
import { type Answer, GetCaseFile, GetWorklist } from '../../../libs/read-models/queries/messages.js';
import { createApi } from './app.js';
import { actExample, openCaseExample } from './dto/bodies.js';
import { type HealthCheck } from './health/health.controller.js';

const CASE = '5f1a4a53-2e9c-4b0e-9d5b-0c6f2f6f6a11';
const OUTCOME: Outcome = { caseId: CASE, events: [], ids: {}, irregularities: [], cursor: 'c', etag: '"tag"' };

const lines: LogFields[] = [];
/** What the application would do; here only HTTP is under test. */
let answer: () => unknown = () => OUTCOME;
let received: unknown[] = [];
const record = (message: unknown) => {
  received.push(message);
  return Promise.resolve().then(answer);
};
@CommandHandler(PerformAct)
class RecordPerformAct implements ICommandHandler<PerformAct> {
  execute = record;
}
@CommandHandler(OpenCase)
class RecordOpenCase implements ICommandHandler<OpenCase> {
  execute = record;
}
@CommandHandler(CorrectFact)
class RecordCorrectFact implements ICommandHandler<CorrectFact> {
  execute = record;
}
@QueryHandler(GetCaseFile)
class RecordGetCaseFile implements IQueryHandler<GetCaseFile> {
  execute = record as () => Promise<Answer>;
}
@QueryHandler(GetWorklist)
class RecordGetWorklist implements IQueryHandler<GetWorklist> {
  execute = record as () => Promise<Answer>;
}
const followed = {
  catchUp: () => Promise.resolve(),
  all: () => [{ id: 'carsat-bfc' }],
  find: () => ({ roles: ['AS', 'CPAM', 'MC'] }),
};
const directory = { provide: Parts, useValue: { followed, ids: new Ids(Buffer.alloc(32, 1)) } };
const streams = { provide: CaseStreams, useValue: { close: () => undefined } };
class Recorders {}
const recorders: DynamicModule = {
  module: Recorders,
  imports: [CqrsModule.forRoot()],
  providers: [RecordPerformAct, RecordOpenCase, RecordCorrectFact, RecordGetCaseFile, RecordGetWorklist, directory, streams],
  exports: [Parts, CaseStreams],
};

const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
const claims = { organisationClaim: 'organisation', roleClaim: 'role' };
const options = { issuer: 'https://issuer.test', audience: 'fil-rouge', ...claims };
const localIssuer = new LocalIssuer({ folder, ...options });
const verifier = new TokenVerifier({ ...options, jwks: localIssuer.jwks() });
const logged: string[] = [];
const logger = new Logger('error', (line) => logged.push(line), false);
const healthChecks: HealthCheck[] = [{ name: 'database', check: () => Promise.resolve({ ok: true, detail: { lag: 0 } }) }];

let app: INestApplication;
let server: Server;
let token: string;
const started = async (parts: { localIssuer?: LocalIssuer }) => {
  const api = await createApi({
    verifier,
    logger,
    access: (line) => lines.push(line),
    module: recorders,
    healthChecks,
    ...parts,
  });
  await api.listen(0, '127.0.0.1');
  return api;
};
beforeAll(async () => {
  app = await started({ localIssuer });
  server = app.getHttpServer() as Server;
  token = await localIssuer.issue({ organisation: 'carsat-bfc', role: 'AS', person: 'p-1', ttl: 600 });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  answer = () => OUTCOME;
  received = [];
  logged.length = 0;
  lines.length = 0;
});

const asCaller = (test: Test) => test.set('Authorization', `Bearer ${token}`);
const post = (path: string) => asCaller(request(server).post(path)).set('Idempotency-Key', 'k-1');
const get = (path: string) => asCaller(request(server).get(path));
const leave = { data: { start: '2023-01-09', risk: 'maladie' } };
const leavePath = `/v1/cases/${CASE}/record-sick-leave`;

interface Documented {
  readonly content: Record<string, { readonly examples: { readonly exemple: { readonly value: object } } }>;
}

describe('acts', () => {
  const acts = caseActs().flatMap((act) => (act.command === null ? [] : [[act.command, act] as const]));

  it.each(acts)('%s arrives whole', async (command, act) => {
    const example = actExample(act);
    const response = await post(`/v1/cases/${CASE}/${command}`).set('If-Match', '"seen"').send(example).expect(201);
    expect(response.body).toEqual(OUTCOME);
    expect(response.headers).toMatchObject({ etag: '"tag"', location: `/v1/cases/${CASE}`, 'cache-control': 'no-store' });
    const meta = { idempotencyKey: 'k-1', source: 'api', ifMatch: '"seen"' };
    const caller = expect.objectContaining({ organisation: 'carsat-bfc', role: 'AS', person: 'p-1' }) as unknown;
    expect(received).toEqual([{ command, caseId: CASE, body: example, caller, meta }]);
  });

  it.each(acts.filter(([, act]) => act.opens))('%s opens a case', async (command, act) => {
    const { person, caisse, ...body } = openCaseExample(act) as Record<string, unknown>;
    await post(`/v1/cases/${command}`)
      .send({ person, caisse, ...body })
      .expect(201);
    expect(received).toMatchObject([{ command, person, caisse, body }]);
  });

  it('fills in what an actor without account lacks', async () => {
    await post(leavePath)
      .send({ ...leave, actor: { role: 'EMPLOYER' } })
      .expect(201);
    expect(received).toMatchObject([{ body: { actor: { role: 'EMPLOYER', organisation: null, person: null } } }]);
  });

  it('checks a replacement against the fact that it corrects', async () => {
    const event = CASE;
    const correct = (body: object) => post(`/v1/cases/${CASE}/correct-fact`).send(body);
    const refused = await correct({ event, type: 'SickLeaveRecorded', data: { start: 'x', slots: [] } }).expect(400);
    const faults = (refused.body as { errors: { pointer: string }[] }).errors.map((fault) => fault.pointer);
    expect(faults.sort()).toEqual(['/data/slots', '/data/start']);
    for (const type of ['Unheard', 'LeadAssigned', undefined, ['SickLeaveRecorded']])
      expect((await correct({ event, type, ...leave }).expect(400)).body).toMatchObject({ errors: [{ pointer: '/type' }] });
    expect(received).toEqual([]);
    await correct({ event, type: 'SickLeaveRecorded', ...leave }).expect(201);
    expect(received).toMatchObject([{ caseId: CASE, event, replacement: { type: 'SickLeaveRecorded', ...leave } }]);
  });

  it('withdraws a fact', async () => {
    await post(`/v1/cases/${CASE}/withdraw-fact`).send({ event: CASE }).expect(201);
    expect(received).toMatchObject([{ event: CASE, replacement: undefined }]);
  });
});

describe('seen from outside', () => {
  it('each answer has an id, and one line in the log that names neither a case nor a person', async () => {
    const given = await get(`/v1/cases/${CASE}`).set('X-Request-Id', CASE).expect(200);
    expect(given.headers['x-request-id']).toBe(CASE);
    const refused = await get('/v1/cases/x/unheard?name=MARTIN').set('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01').expect(404); // prettier-ignore
    expect(refused.body).toMatchObject({ requestId: '4bf92f3577b34da6a3ce929d0e0e4736' });
    await request(server).get('/v1/cases').set('X-Request-Id', '2 79 05 39 300 001 23').expect(404);
    expect(lines).toMatchObject([
      { requestId: CASE, method: 'GET', route: '/v1/cases/:caseId', status: 200, durationMs: expect.any(Number) },
      { requestId: '4bf92f3577b34da6a3ce929d0e0e4736', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', method: 'GET', status: 404 },
      { method: 'GET', status: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
  });
  it('an error is logged with its route and the id that its caller was told', async () => {
    answer = () => {
      throw new Error('of ours');
    };
    const { body } = await get(`/v1/cases/${CASE}`).expect(500);
    expect(JSON.parse(logged.at(-1)!)).toMatchObject({
      level: 'error',
      route: '/v1/cases/:caseId',
      requestId: (body as { requestId: string }).requestId,
    });
  });
});

describe('sittings', () => {
  const sit = async (...lines: object[]) => {
    const { body } = await post('/v1/sittings').send({ lines }).expect(200);
    return (body as { results: { status: number; problem?: { errors: { pointer: string; code: string; detail: string }[] } }[] })
      .results;
  };
  const faults = async (line: object) => (await sit(line))[0]!.problem!.errors.map(({ pointer, code }) => `${pointer} ${code}`);

  it('name every fault of a line: no command, an unknown one, names of none of its acts, other types', async () => {
    const act = { command: 'record-sick-leave', caseId: CASE, ...leave };
    expect((await sit(act))[0]).toMatchObject({ status: 201 });
    const { command: _, ...without } = act;
    expect(await faults({ ...without, act: 'record-sick-leave' })).toEqual(['/command required', '/act unknown']);
    expect((await sit(without))[0]!.problem!.errors[0]!.detail).toContain('record-sick-leave');
    expect(await faults({ ...act, command: 'toString' })).toEqual(['/command unknown']);
    expect(await faults({ ...act, command: ['record-sick-leave'] })).toEqual(['/command unknown']);
    expect(await faults({ ...act, caseId: 1, ifMatch: {} })).toEqual(['/caseId text', '/ifMatch text']);
    expect(await faults({ command: 'record-sick-leave', data: leave.data })).toEqual(['/caseId required']);
    expect(await faults({ command: 'register-organisation', data: {}, occurredOn: '2023-01-01', actor: {} })).toEqual(['/occurredOn unknown', '/actor unknown']); // prettier-ignore
    expect(await faults({ ...act, data: { ...leave.data, x: 1 }, y: 2 })).toEqual(['/y unknown', '/data/x unknown']);
  });
  it('log what failed on our side, and go on', async () => {
    answer = () => {
      throw new Error('of ours');
    };
    const results = await sit({ command: 'record-sick-leave', caseId: CASE, ...leave }, { command: 'none' });
    expect(results.map(({ status }) => status)).toEqual([500, 400]);
    expect(logged.join('')).toContain('/v1/sittings');
  });
});

describe('problems', () => {
  it('names every fault in the language of the caller', async () => {
    const body = { occurredOn: '2023-02-30', data: { risk: 'cancer', diagnosis: 'x' } };
    const french = await post(leavePath).send(body).expect(400);
    expect(french.headers).toMatchObject({ 'content-language': 'fr', 'content-type': 'application/problem+json; charset=utf-8' });
    expect(french.body).toEqual({
      type: 'urn:fil-rouge:problem:invalid',
      title: 'Valeurs refusées',
      status: 400,
      detail: 'Chaque valeur fautive est nommée.',
      requestId: french.headers['x-request-id'],
      errors: expect.arrayContaining([
        { pointer: '/occurredOn', code: 'date', detail: 'Une date du calendrier est attendue, AAAA-MM-JJ.' },
        { pointer: '/data/start', code: 'required', detail: 'Obligatoire.' },
        { pointer: '/data/risk', code: 'code', detail: 'Valeurs admises : maladie, AT, MP, maternite.' },
        { pointer: '/data/diagnosis', code: 'unknown', detail: 'Propriété inconnue.' },
      ]) as unknown,
    });
    expect((french.body as { errors: unknown[] }).errors).toHaveLength(4);
    const english = await post(leavePath).set('Accept-Language', 'de, en;q=0.9, fr;q=0.8').send(body).expect(400);
    expect(english.headers['content-language']).toBe('en');
    expect(english.body).toMatchObject({ title: 'Values refused' });
  });

  it.each([
    ['refused', 409, new Refused([forbidden('x.y', 'L.1', t('Non.', 'No.'))])],
    ['forbidden', 403, new application.Forbidden()],
    ['precondition-failed', 412, new application.PreconditionFailed()],
    ['precondition-required', 428, new application.PreconditionRequired()],
    ['idempotency-mismatch', 422, new application.IdempotencyMismatch()],
    ['outcome-unknown', 503, new OutcomeUnknown()],
    ['not-yet', 503, new reading.NotYet('behind')],
    ['internal', 500, new Error('secret of a person')],
  ])('%s is %i', async (code, status, error) => {
    answer = () => {
      throw error;
    };
    const response = await post(leavePath).send(leave).expect(status);
    expect(response.body).toMatchObject({ type: `urn:fil-rouge:problem:${code}`, status });
    expect(response.text).not.toContain('secret');
    const line = {
      level: 'error',
      message: `Error: ${error.message}`,
      method: 'POST',
      route: '/v1/cases/:caseId/record-sick-leave',
    };
    expect(logged.map((text) => JSON.parse(text) as unknown)).toMatchObject(status >= 500 ? [line] : []);
    expect(response.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
    if (status === 409) expect(response.body).toMatchObject({ rules: [{ code: 'x.y', article: 'L.1', detail: 'Non.' }] });
  });

  it('gives the same bytes for a case that is hidden, absent or impossible', async () => {
    answer = () => {
      throw new NotFound();
    };
    const seen = async (id: string) => {
      const { text, headers } = await get(`/v1/cases/${id}`).set('X-Request-Id', CASE).expect(404);
      const { date: _, ...rest } = headers as Record<string, string>;
      return { text, rest };
    };
    const hidden = await seen(CASE);
    expect(hidden.text).toContain('case-not-found');
    answer = () => {
      throw new reading.NotFound();
    };
    expect(await seen(CASE)).toEqual(hidden);
    expect(await seen('0d4e7a3a-8a55-4b51-9f3c-6f1f3c1c9a10')).toEqual(hidden);
    expect(await seen('not-a-uuid')).toEqual(hidden);
  });

  it.each([
    ['a body that is no JSON', '{"data":', 'application/json', 400, 'malformed-json'],
    ['a body of another type', 'data=1', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['another alphabet', '{}', 'application/json; charset=latin1', 415, 'unsupported-media-type'],
    ['a body over 1 MB', JSON.stringify({ data: 'x'.repeat(1_100_000) }), 'application/json', 413, 'body-too-large'],
    ['a list', '[]', 'application/json', 400, 'invalid'],
    ['a scalar', '1', 'application/json', 400, 'malformed-json'],
    [
      'a body nested 100,000 deep',
      `{"data":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
      'application/json',
      400,
      'invalid',
    ],
    ['a list of 500,000 lists', '['.repeat(500_000), 'application/json', 400, 'invalid'],
    [
      '100,000 names',
      JSON.stringify({ data: Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [i, 1])) }),
      'application/json',
      400,
      'invalid',
    ],
    ['a name given twice', '{"data":{"start":"2023-01-09","risk":"maladie","risk":"AT"}}', 'application/json', 400, 'invalid'],
    [
      'a name that every object has',
      '{"data":{"start":"2023-01-09","risk":"maladie","constructor":{}}}',
      'application/json',
      400,
      'invalid',
    ],
    ['no body', '', 'application/json', 400, 'invalid'],
  ])('refuses %s', async (_, body, type, status, code) => {
    const response = await post(leavePath).set('Content-Type', type).send(body).expect(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.body).toMatchObject({ type: `urn:fil-rouge:problem:${code}` });
    expect(received).toEqual([]);
  });

  it('is a problem too where there is no route', async () => {
    for (const path of ['/v2', `/v1/cases/${CASE}/unheard-of`, '/v1/cases/%FF'])
      expect((await get(path)).headers['content-type']).toContain('application/problem+json');
    expect((await get('/v2').expect(404)).body).toMatchObject({ type: 'urn:fil-rouge:problem:route-not-found' });
  });

  it.each([undefined, 'é', 'x'.repeat(201), 'a b'])('writes nothing with %j as Idempotency-Key', async (key) => {
    const test = asCaller(request(server).post(leavePath));
    if (key !== undefined) test.set('Idempotency-Key', key);
    expect((await test.send(leave).expect(400)).body).toMatchObject({ type: 'urn:fil-rouge:problem:idempotency-key-required' });
    expect(received).toEqual([]);
  });
});

describe('authentication', () => {
  it('asks for a token, before it looks at anything else', async () => {
    const response = await request(server).post(leavePath).send({}).expect(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="fil-rouge"');
    expect(response.body).toMatchObject({ type: 'urn:fil-rouge:problem:unauthenticated' });
  });

  it('says what is wrong with a token', async () => {
    const expired = await localIssuer.issue({ organisation: 'a', role: 'AS', person: 'p', ttl: -60 });
    const response = await request(server).get(`/v1/cases/${CASE}`).set('Authorization', `Bearer ${expired}`).expect(401);
    expect(response.headers['www-authenticate']).toContain('error="invalid_token", error_description="The token has expired."');
  });

  it('stands before every address except the public ones', async () => {
    const { body } = await request(server).get('/openapi.json').expect(200);
    const { paths } = body as { paths: Record<string, Record<string, unknown>> };
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods)) {
        const address = path.replace('{caseId}', CASE).replace('{view}', 'all');
        const { status } = await request(server)[method as 'get' | 'post'](address);
        expect({ path, hidden: status === 401 }).toEqual({ path, hidden: path.startsWith('/v1/') });
      }
  });
});

describe('queries', () => {
  it('refuses names in the query that every object has, with all other faults', async () => {
    const { body } = await get('/v1/worklists/social-worker?constructor=1&toString=2&limit=x').expect(400);
    const { errors } = body as { errors: { parameter: string }[] };
    expect(errors.map(({ parameter }) => parameter).sort()).toEqual(['constructor', 'limit', 'toString']);
  });
  it('answers 304 to whoever has it already', async () => {
    answer = () => ({ body: { status: 'open' }, etag: '"e1"' });
    const fresh = await get(`/v1/cases/${CASE}?after=abc`).expect(200);
    expect(fresh.headers).toMatchObject({ etag: '"e1"', 'cache-control': 'private, no-cache' });
    expect(fresh.body).toEqual({ status: 'open' });
    expect(received).toMatchObject([{ caseId: CASE }]);
    expect((await get(`/v1/cases/${CASE}`).set('If-None-Match', '"e1"').expect(304)).text).toBe('');
    await get(`/v1/cases/${CASE}`).set('If-None-Match', '"e0"').expect(200);
  });

  it('makes no tag of its own', async () => {
    answer = () => ({ body: {} });
    expect((await get(`/v1/cases/${CASE}`).expect(200)).headers).not.toHaveProperty('etag');
  });

  it('names what a view can not do', async () => {
    answer = () => {
      throw new reading.InvalidQuery([{ parameter: 'sort', code: 'unknown', detail: t('Ordre inconnu.', 'Unknown order.') }]);
    };
    const { body } = await get('/v1/worklists/mine?sort=x').expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: 'sort', code: 'unknown', detail: 'Ordre inconnu.' }] });
  });

  it('checks the query string, and links to the next page', async () => {
    answer = () => ({ body: { items: [] }, next: 'n/1+' });
    const page = await get('/v1/worklists/mine?kind=x&overdue=true&limit=20&cursor=c0').expect(200);
    expect(page.headers['link']).toBe('</v1/worklists/mine?kind=x&overdue=true&limit=20&cursor=n%2F1%2B>; rel="next"');
    const refused = await get('/v1/worklists/mine?overdue=yes&limit=201&limt=1').expect(400);
    const errors = (refused.body as { errors: { parameter: string; code: string }[] }).errors;
    expect(errors.map(({ parameter, code }) => `${parameter} ${code}`).sort()).toEqual([
      'limit tooLarge',
      'limt unknown',
      'overdue boolean',
    ]);
  });
});

describe('demonstration', () => {
  it('gives a token that the API accepts', async () => {
    const who = { organisation: 'cpam-39', role: 'CPAM', person: 'p-2' };
    const { body } = await request(server).post('/demo/token').send(who).expect(201);
    const { access_token } = body as { access_token: string };
    await request(server)
      .post(leavePath)
      .set({ Authorization: `Bearer ${access_token}`, 'Idempotency-Key': 'k' })
      .send(leave)
      .expect(201);
    expect(received).toMatchObject([{ caller: who }]);
    expect((await request(server).get('/demo/jwks.json').expect(200)).body).toEqual(localIssuer.jwks());
  });

  it('plays a request at its own instant, and only that one', async () => {
    const seen: string[] = [];
    answer = () => {
      seen.push(systemClock.now());
      return OUTCOME;
    };
    await post(leavePath).set('Fil-Rouge-Demo-Now', '2023-03-14T09:00:00Z').send(leave).expect(201);
    await post(leavePath).send(leave).expect(201);
    expect(seen[0]).toBe('2023-03-14T09:00:00.000Z');
    expect(seen[1]! > '2024').toBe(true);
    for (const bad of ['2023-03-14', '2023-02-30T09:00:00Z', '2023-02-28T25:00:00Z'])
      await post(leavePath).set('Fil-Rouge-Demo-Now', bad).send(leave).expect(400);
  });

  it('does not exist elsewhere', async () => {
    const real = await started({});
    try {
      const http = real.getHttpServer() as Server;
      await request(http).post('/demo/token').send({}).expect(404);
      const response = await asCaller(request(http).get(`/v1/cases/${CASE}`))
        .set('Fil-Rouge-Demo-Now', '2023-03-14T09:00:00Z')
        .expect(400);
      expect(response.body).toMatchObject({ type: 'urn:fil-rouge:problem:demonstration-only' });
      expect(received).toEqual([]);
    } finally {
      await real.close();
    }
  });
});

describe('health', () => {
  afterEach(() => void healthChecks.splice(1));

  it('is ready when every check is', async () =>
    expect((await request(server).get('/health/ready').expect(200)).body).toEqual({
      ok: true,
      checks: { database: { ok: true, detail: { lag: 0 } } },
    }));

  it('lives on when a check fails, without saying why to the public', async () => {
    healthChecks.push({ name: 'head', check: () => Promise.reject(new Error('password')) });
    const response = await request(server).get('/health/ready').expect(503);
    expect(response.body).toMatchObject({ ok: false, checks: { database: { ok: true }, head: { ok: false } } });
    expect(response.text).not.toContain('password');
    await request(server).get('/health/live').expect(200, { ok: true });
  });
});

describe('documentation', () => {
  it('gives every example a body that its own address accepts', async () => {
    const { body } = await request(server).get('/openapi.json').expect(200);
    const { paths } = body as { paths: Record<string, { post?: { requestBody: Documented } }> };
    for (const [path, { post: operation }] of Object.entries(paths)) {
      const example = operation?.requestBody.content['application/json']?.examples.exemple.value;
      if (example === undefined) continue;
      const { status, text } = await post(path.replace('{caseId}', CASE)).send(example);
      // Recorded, or refused later than by its form: nobody handles the commands of the other rooms here.
      expect({ path, text, form: status !== 400 && status !== 415 }).toEqual({ path, text, form: true });
    }
  });

  it('describes every act', async () => {
    const { body } = await request(server).get('/openapi.json').expect(200);
    const document = body as { openapi: string; paths: Record<string, { post?: Record<string, unknown> }> };
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as { operationId: string }[]);
    expect(new Set(operations.map((o) => o.operationId)).size).toBe(operations.length);
    for (const act of caseActs().filter((a) => a.command !== null)) {
      const operation = document.paths[`/v1/cases/{caseId}/${act.command}`]?.post as {
        summary: string;
        description: string;
        parameters: { name: string; required: boolean }[];
        requestBody: Documented;
        responses: Record<string, unknown>;
      };
      expect(operation.summary).toBe(`${act.label.fr} / ${act.label.en}`);
      for (const role of act.by) expect(operation.description).toContain(role);
      const headers = operation.parameters.filter((p) => p.required).map((p) => p.name);
      expect(headers.includes('Idempotency-Key')).toBe(true);
      expect(headers.includes('If-Match')).toBe(act.guarded);
      expect(operation.requestBody.content['application/json']!.examples.exemple.value).toEqual(actExample(act));
      const statuses = ['201', '400', '401', '403', '404', '409', '422', ...(act.guarded ? ['412', '428'] : [])];
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(statuses));
    }
  });

  it('refers to nothing that is not there', async () => {
    const { text, body } = await request(server).get('/openapi.json');
    const { schemas } = (body as { components: { schemas: Record<string, unknown> } }).components;
    const refs = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]!);
    expect(refs.length).toBeGreaterThan(100);
    expect([...new Set(refs)].filter((name) => !(name in schemas))).toEqual([]);
    expect(schemas['SickLeaveRecordedBodyData']).toMatchObject({
      required: ['start'],
      properties: {
        start: { type: 'string', format: 'date', example: '2023-01-09' },
        risk: { enum: ['maladie', 'AT', 'MP', 'maternite'] },
      },
    });
  });

  it('is read in a browser without anything from elsewhere', async () => {
    const page = await request(server).get('/docs').redirects(1).expect(200);
    expect(page.text).toContain('<title>Fil rouge : documentation de l’API</title>');
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    // The policy lets no script stand in the page itself.
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.text).not.toMatch(/<script(?![^>]*src=)[^>]*>\s*\S/);
    for (const asset of ['swagger-ui-bundle.js', 'swagger-ui-init.js', 'swagger-ui.css'])
      await request(server).get(`/docs/${asset}`).expect(200);
  });
});

describe('shutdown', () => {
  it('lets a request finish that has begun, and takes no other', async () => {
    const api = await started({});
    const { port } = (api.getHttpServer() as Server).address() as AddressInfo;
    let finish: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      answer = () =>
        new Promise((done) => {
          finish = () => done(OUTCOME);
          resolve();
        });
    });
    const status = new Promise<number | undefined>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}`, 'Idempotency-Key': 'k', 'Content-Type': 'application/json' };
      const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: leavePath, headers }, (r) =>
        resolve(r.resume().statusCode),
      );
      sent.on('error', reject).end(JSON.stringify(leave));
    });
    await begun;
    const closed = api.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
    finish();
    expect(await status).toBe(201);
    await closed;
  });
});
