import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { EventSource } from 'eventsource';
import { Pool } from 'pg';
import { BearerGuard } from '../../apps/api/src/auth/bearer.guard.js';
import { ImportController } from '../../apps/api/src/import.controller.js';
import { ProblemFilter } from '../../apps/api/src/problems/problem.filter.js';
import { ReplayController } from '../../apps/api/src/replay.controller.js';
import { StreamController } from '../../apps/api/src/stream.controller.js';
import { type Caller } from '../../libs/access/authentication/caller.js';
import { LocalIssuer } from '../../libs/access/authentication/local-issuer.js';
import { TokenVerifier } from '../../libs/access/authentication/token-verifier.js';
import { CursorSealer } from '../../libs/access/sealed-cursor.js';
import { ApplicationModule } from '../../libs/application/application.module.js';
import { loadCase, outcomeOf } from '../../libs/application/case-stream.js';
import { CorrectFactHandler } from '../../libs/application/correct-fact.js';
import { eventRegistry } from '../../libs/application/event-registry.js';
import { Followed } from '../../libs/application/followed.js';
import { Homes } from '../../libs/application/homes.js';
import { ConsentCodes } from '../../libs/application/consent-codes.js';
import { Idempotency } from '../../libs/application/idempotency.js';
import { Turns } from '../../libs/application/turns.js';
import { Ids } from '../../libs/application/ids.js';
import { InvalidHeader } from '../../libs/application/import/columns.js';
import {
  importTransmissions,
  type Format,
  type ImportSummary,
  type ImportWord,
} from '../../libs/application/import/import-transmissions.js';
import { CorrectFact, Forbidden, NotFound, OpenCase, type Outcome, PerformAct } from '../../libs/application/messages.js';
import { OpenCaseHandler } from '../../libs/application/open-case.js';
import { type Parts } from '../../libs/application/parts.js';
import { PerformActHandler } from '../../libs/application/perform-act.js';
import { ReplayCase, ReplayCaseHandler, type ReplayDays } from '../../libs/application/replay.js';
import { RecordAside, RecordAsideHandler } from '../../libs/application/record-aside.js';
import { type CaseStreamOptions, CaseStreams, type StreamRequest } from '../../libs/delivery/sse.js';
import { actOfCommand } from '../../libs/domain/case/acts.js';
import { type Instant, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { Codec } from '../../libs/event-store/codec.js';
import { PostgresEventStore } from '../../libs/event-store/postgres/postgres-event-store.js';
import { atInstant, systemClock } from '../../libs/platform/clock.js';
import { type Keyring } from '../../libs/vault/keyring.js';
import { PersonIndex } from '../../libs/vault/person-index.js';
import { Vault } from '../../libs/vault/vault.js';
import { BOOK } from '../support/story.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { nirOf } from '../support/instance.js';

const keyring: Keyring = { master: { 1: randomBytes(32) }, index: { 1: randomBytes(32) } };
const cursorKey = randomBytes(32);
const caller = (organisation: string, role: Role, person = 'p-1', seconds = 3600): Caller => ({
  organisation,
  role,
  person,
  expiresAt: new Date(Date.now() + seconds * 1000).toISOString() as Instant,
});
const CPAM = caller('cpam-39', 'CPAM');
const CPDP = caller('ast-39', 'CPDP');
const OTHER = caller('ast-21', 'CPDP');
const AS = caller('carsat-bfc', 'AS');

/** One process: its own connections, its own memory. */
class Process {
  readonly pool = new Pool({ connectionString: database.appUrl, max: 8 });
  readonly parts: Parts;
  constructor() {
    const store = new PostgresEventStore({ connectionString: database.appUrl, pollMs: 20 });
    const vault = new Vault(this.pool, keyring);
    const codec = new Codec(eventRegistry, vault);
    const persons = new PersonIndex(this.pool, keyring);
    this.parts = {
      store,
      codec,
      vault,
      persons,
      homes: new Homes({ store, codec, persons }, this.pool),
      idempotency: new Idempotency(this.pool, Buffer.alloc(32, 7)),
      ids: new Ids(Buffer.alloc(32, 3)),
      followed: new Followed(store, codec),
      cursors: new CursorSealer(cursorKey),
      rulebook: BOOK,
      clock: systemClock,
      asking: { senders: {}, codes: new ConsentCodes(this.pool, Buffer.alloc(32, 7)), publicUrl: undefined },
      turns: new Turns(),
      fictitiousPeople: false,
    };
  }
  open = (c: OpenCase): Promise<Outcome> => new OpenCaseHandler(this.parts).execute(c);
  /** On the state of the case as it is. */
  async act(
    by: Caller,
    caseId: string,
    command: string,
    data: Record<string, unknown>,
    occurredOn?: LocalDate,
  ): Promise<Outcome> {
    const ifMatch = actOfCommand(command)!.guarded ? await this.etag(by, caseId) : undefined;
    const meta = { idempotencyKey: randomUUID(), source: 'api' as const, ...(ifMatch !== undefined && { ifMatch }) };
    const body = { data, ...(occurredOn && { occurredOn }) };
    return new PerformActHandler(this.parts).execute(new PerformAct(command, caseId, body, by, meta));
  }
  async etag(by: Caller, caseId: string): Promise<string> {
    return outcomeOf(this.parts, caseId, by, { history: await loadCase(this.parts, caseId), written: [] }).etag;
  }
  async aside(command: 'register-organisation' | 'grant-mandate', data: Record<string, unknown>): Promise<void> {
    await new RecordAsideHandler(this.parts).execute(new RecordAside(command, data, caller('op', 'OPERATOR'), randomUUID()));
  }
  async close(): Promise<void> {
    await this.parts.store.close();
    await this.pool.end();
  }
}

let serial = 0;
/** A valid NIR that no other line has. */
const nir = (): string => nirOf(++serial);
const opening = (spstCode: string) =>
  new OpenCase(
    'transmit-sick-leave',
    { identifiers: [{ kind: 'NIR', value: nir() }], familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21' as LocalDate },
    undefined,
    { data: { spstCode, leave: { start: '2026-01-09', risk: 'maladie' }, accord: { date: '2026-01-10', proof: 'form' } } },
    CPAM,
    { idempotencyKey: randomUUID(), source: 'api' },
  ); // prettier-ignore

let database: TestDatabase;
let home: Process;
beforeAll(async () => {
  database = await createDatabase();
  home = new Process();
  for (const [id, roles, territory, more] of [
    ['cpam-39', ['CPAM', 'MC'], '39', {}],
    ['ast-39', ['CPDP', 'MT'], '39', { spstCode: 'MT39' }],
    ['ast-21', ['CPDP', 'MT'], '21', { spstCode: 'MT21' }],
    ['carsat-bfc', ['AS'], 'BFC', {}],
    ['service-medical-90', ['MC'], '90', {}],
  ] as const)
    await home.aside('register-organisation', { id, name: id, roles, territory, ...more });
});
afterAll(async () => {
  await home.close();
  await database.drop();
});

interface Received {
  readonly type: string;
  readonly lastEventId: string;
  readonly data: { caseId: string; id: string; type: string; data: Record<string, unknown> };
}

/** A server with nothing but the stream, on a given port, in a process of its own. */
async function listen(port: number, by: Caller, options: CaseStreamOptions = {}) {
  const process = new Process();
  const streams = new CaseStreams(process.parts, { retry: 50, ...options });
  const faults: unknown[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const asked: StreamRequest = {
      lastEventId: (request.headers['last-event-id'] as string | undefined) ?? url.searchParams.get('lastEventId') ?? undefined,
      from: url.searchParams.get('from') === 'start' ? 'start' : undefined,
    };
    streams.serve(asked, by, response).catch((error: unknown) => {
      faults.push(error);
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  const open = new Set<Socket>();
  server.on('connection', (socket) => open.add(socket.once('close', () => open.delete(socket))));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  let stopped: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    connections: () => open.size,
    stop: () =>
      (stopped ??= (async () => {
        streams.close();
        await new Promise((resolve) => server.close(resolve));
        await process.close();
      })()),
  };
}
type Listening = Awaited<ReturnType<typeof listen>>;

/** The stock client, which knows nothing of us. */
function subscribe(port: number, query = '') {
  const received: Received[] = [];
  const source = new EventSource(`http://127.0.0.1:${port}/v1/stream${query}`);
  for (const name of ['message', 'resync'])
    source.addEventListener(name, (e) => {
      const data = JSON.parse(e.data as string) as Received['data'];
      received.push({ type: name === 'message' ? data.type : name, lastEventId: e.lastEventId, data });
    });
  return { received, source, opened: new Promise((resolve) => (source.onopen = resolve)) };
}
const until = async (what: () => boolean, seconds = 20): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; !what(); await sleep(20)) if (Date.now() > end) throw new Error('too late');
};
const of = (received: readonly Received[], caseId: string) =>
  received.filter((r) => r.data.caseId === caseId).map((r) => r.data.id);

describe('the case stream', () => {
  let followed: Outcome[], others: Outcome[], left: Outcome[];
  const isLeft = (caseId: string): boolean => left.some((c) => c.caseId === caseId);
  let mine: Outcome;
  const client = { current: undefined as unknown as ReturnType<typeof subscribe> };
  let server: Listening;
  beforeAll(async () => {
    const several = (count: number, spst: string) => Promise.all(Array.from({ length: count }, () => home.open(opening(spst))));
    [followed, others, left] = [await several(6, 'MT39'), await several(2, 'MT21'), await several(2, 'MT39')];
    mine = followed[0]!;
  });
  afterEach(async () => {
    client.current?.source.close();
    await server?.stop();
  });

  it('gives a client that was away for 500 events and a restart each visible event once, in order, and none of a case left', async () => {
    server = await listen(0, CPDP);
    const { port } = server;
    client.current = subscribe(port);
    const { received, opened } = client.current;
    await opened;
    await sleep(100);
    const before = await home.act(CPAM, mine.caseId, 'record-contact-attempt', { channel: 'telephone', outcome: 'no-answer' });
    await until(() => received.length === 1);
    expect(received[0]!.data).toMatchObject({ id: before.events[0]!.id, caseId: mine.caseId, data: { channel: 'telephone' } });
    await server.stop();

    const record = async (caseId: string, by: Caller): Promise<string[]> => {
      const { events } = await home.act(by, caseId, 'record-contact-attempt', { channel: 'email', outcome: 'message-left' });
      return events.map((e) => e.id);
    };
    // 500 events: of 6 cases that it follows, of 2 of others, of 2 that it is about to leave.
    const expected = new Map(followed.map(({ caseId }): [string, string[]] => [caseId, []]));
    expected.get(mine.caseId)!.push(before.events[0]!.id);
    for (let i = 0; i < 50; i++)
      await Promise.all([
        ...followed.map(async ({ caseId }) => expected.get(caseId)!.push(...(await record(caseId, i % 2 ? CPAM : CPDP)))),
        ...[...others, ...left].map(({ caseId }) => record(caseId, CPAM)),
      ]);
    const referral = await home.act(CPAM, mine.caseId, 'refer-case', {
      target: 'carsat-bfc',
      targetRole: 'AS',
      motive: 'social',
    });
    const interview = await home.act(AS, mine.caseId, 'record-interview', { mode: 'visu', outcome: 'plan' });
    // Social: that it happened at all is not for the cellule.
    const assessment = await home.act(AS, mine.caseId, 'complete-social-assessment', { fit: 'suited', timing: 'now' });
    expected.get(mine.caseId)!.push(...[...referral.events, ...interview.events].map((e) => e.id));
    for (const { caseId, ids } of left) {
      await home.act(CPDP, caseId, 'decline-referral', { referralId: ids['transmissionId']!, motive: 'out-of-territory' });
      await record(caseId, CPAM);
    }

    server = await listen(port, CPDP);
    const all = [...expected.values()].flat().length;
    await until(() => received.length >= all + left.length);
    await sleep(300);
    // Of a case that it left, its own last word.
    expect(received.filter((r) => isLeft(r.data.caseId)).map((r) => r.type)).toEqual(left.map(() => 'ReferralDeclined'));
    const told = received.filter((r) => !isLeft(r.data.caseId));
    for (const { caseId } of followed) expect(of(received, caseId)).toEqual(expected.get(caseId));
    expect(told).toHaveLength(all);
    expect(JSON.stringify(received)).not.toContain(assessment.events.at(-1)!.id);
    expect(told.at(-1)).toMatchObject({
      type: 'InterviewHeld',
      data: { id: interview.events[0]!.id, data: { mode: 'visu' } },
    });
    expect(told.at(-1)!.data.data).not.toHaveProperty('outcome');
    expect(server.faults).toEqual([]);
  }, 120_000);

  it('goes on live after catching up, for several clients at once', async () => {
    server = await listen(0, CPDP);
    const clients = await Promise.all(Array.from({ length: 5 }, async () => {
      const one = subscribe(server.port);
      await one.opened;
      return one;
    })); // prettier-ignore
    await sleep(100);
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) {
      await home.act(CPAM, others[0]!.caseId, 'record-contact-attempt', { channel: 'letter', outcome: 'no-answer' });
      const { events } = await home.act(CPAM, mine.caseId, 'record-contact-attempt', { channel: 'letter', outcome: 'no-answer' });
      ids.push(...events.map((e) => e.id));
    }
    await until(() => clients.every(({ received }) => received.length >= 20));
    for (const { received, source } of clients) {
      expect(received.map((r) => r.data.id)).toEqual(ids);
      source.close();
    }
  });

  it('gives the history since the caller took part when asked from the start, and nothing of before', async () => {
    server = await listen(0, CPDP);
    client.current = subscribe(server.port, '?from=start');
    const { received } = client.current;
    await until(() => received.some((r) => r.type === 'InterviewHeld'));
    expect(received[0]!.type).toBe('SickLeaveTransmittedToSpst');
    const told = received.filter((r) => !isLeft(r.data.caseId));
    expect(new Set(told.map((r) => r.data.caseId))).toEqual(new Set(followed.map((c) => c.caseId)));
    expect(received.every((r) => r.data.type !== 'CaseOpened' && r.data.type !== 'PersonIdentified')).toBe(true);
    expect(of(received, mine.caseId)).toHaveLength(new Set(of(received, mine.caseId)).size);
  });

  it('tells a partner nothing of what others do: no frame, and no place in the log that moves', async () => {
    const hidden = async (count: number) => {
      for (let i = 0; i < count; i++)
        await home.act(CPAM, mine.caseId, 'record-contact-attempt', { channel: 'email', outcome: 'no-answer' });
    };
    server = await listen(0, OTHER, { heartbeat: 40 });
    const read = async (query: string, meanwhile: () => Promise<unknown>): Promise<string> => {
      const abort = new AbortController();
      const response = await fetch(`http://127.0.0.1:${server.port}/v1/stream${query}`, { signal: abort.signal });
      let text = '';
      void (async () => {
        for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
      })().catch(() => undefined);
      const level = () => text.match(/^event: position$/gm)?.length === 2;
      await until(level);
      await meanwhile();
      await sleep(200);
      abort.abort();
      return text.replace(/^:\n\n/gm, '');
    };
    const nothing = () => sleep(100);
    // From the start: byte for byte, whatever others did in between, and while it listens.
    const before = await read('?from=start', nothing);
    expect(before).toContain(others[0]!.caseId);
    await hidden(50);
    expect(await read('?from=start', () => hidden(20))).toBe(before);
    // So it is where it resumes: behind the last event that it got.
    const last = /^id: (.+)$/m.exec(before.slice(before.lastIndexOf('\nid: ')))![1]!;
    const resumed = await read(`?lastEventId=${last}`, () => hidden(5));
    expect(resumed.match(/^id: .+$/gm)).toEqual([`id: ${last}`, `id: ${last}`]);
    // From now on: the place is another text each time, whether anything happened or not, and it stays.
    const now = await Promise.all([1, 2].map(() => read('', nothing)));
    const later = await read('', () => hidden(20));
    const places = [...now, later].map((text) => text.match(/^id: .+$/gm)!);
    expect(places.map((ids) => [ids.length, new Set(ids).size])).toEqual([[2, 1], [2, 1], [2, 1]]); // prettier-ignore
    expect(new Set(places.map(([id]) => id)).size).toBe(3);
    expect(new Set(places.map(([id]) => id!.length)).size).toBe(1);
    // And a client that lost the connection there misses nothing that is for it.
    const mark = places[2]![0]!.slice('id: '.length);
    const { events } = await home.act(CPAM, others[0]!.caseId, 'record-contact-attempt', {
      channel: 'letter',
      outcome: 'no-answer',
    });
    const caught = await read(`?lastEventId=${mark}`, nothing);
    expect([...caught.matchAll(/^data: (\{"caseId.+)$/gm)].map((m) => (JSON.parse(m[1]!) as { id: string }).id)).toEqual([
      events[0]!.id,
    ]);
    expect(caught.match(/^id: .+$/m)![0]).toBe(`id: ${mark}`);
  }, 60_000);

  it('tells a client whose position is of another log to read its cases again, once', async () => {
    server = await listen(0, CPDP);
    const elsewhere = home.parts.cursors.seal('stream', `${'9'.repeat(19)}-${'0'.repeat(19)}`);
    client.current = subscribe(server.port, `?lastEventId=${elsewhere}`);
    const { received } = client.current;
    await until(() => received.length === 1);
    expect(received[0]!.type).toBe('resync');
    expect(home.parts.cursors.open('stream', received[0]!.lastEventId)).toEqual([
      await home.parts.store.head(),
      expect.any(String),
    ]);
    await sleep(200);
    const { events } = await home.act(CPAM, mine.caseId, 'record-contact-attempt', { channel: 'letter', outcome: 'no-answer' });
    await until(() => received.length === 2);
    expect(received[1]!.data.id).toBe(events[0]!.id);
    const forged = await fetch(`http://127.0.0.1:${server.port}/?lastEventId=abc`);
    expect(forged.status).toBe(400);
  });

  it('ends with the token', async () => {
    server = await listen(0, caller('ast-39', 'CPDP', 'p-1', 1));
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/stream`);
    const begun = Date.now();
    await response.text();
    expect(Date.now() - begun).toBeLessThan(3_000);
  });

  it('cuts a client that does not read, and serves the others', async () => {
    // More than what sockets buffer by themselves.
    const actions = Array.from({ length: 50 }, (_, i) => ({ label: `${i} `.padEnd(300, 'x') }));
    await home.act(AS, mine.caseId, 'agree-action-plan', { actions });
    const history = await loadCase(home.parts, mine.caseId);
    const many = Array.from({ length: 800 }, () => ({ ...history.at(-1)!, id: randomUUID() }));
    for (let i = 0; i < many.length; i += 100) {
      const events = await home.parts.codec.encode(many.slice(i, i + 100));
      await home.parts.store.append(`case-${mine.caseId}`, history.length - 1 + i, events);
    }
    server = await listen(0, AS, { patience: 500 });
    const deaf = connect(server.port, '127.0.0.1').pause();
    deaf.on('error', () => undefined);
    deaf.write('GET /v1/stream?from=start HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => server.connections() === 1);
    await until(() => server.connections() === 0);
    client.current = subscribe(server.port, '?from=start');
    const { received } = client.current;
    await until(() => received.filter((r) => r.type === 'ActionPlanAgreed').length === 801);
    deaf.destroy();
  });
});

describe('the import of transmissions', () => {
  const bytes = async function* (text: string, chunk = 1000): AsyncGenerator<Uint8Array> {
    const all = Buffer.from(text);
    for (let i = 0; i < all.length; i += chunk) yield all.subarray(i, i + chunk);
  };
  const run = async (process: Process, text: string | AsyncIterable<Uint8Array>, by = CPAM, format: Format = 'csv') => {
    const lines: ImportWord[] = [];
    const source = typeof text === 'string' ? bytes(text) : text;
    for await (const line of importTransmissions(source, format, by, { parts: process.parts, execute: process.open }))
      lines.push(line);
    const summary = lines.pop() as ImportSummary;
    return { summary, rejected: lines.filter((l) => l.type === 'rejected') };
  };
  const HEAD =
    'nir;nom;prenoms;date_naissance;debut_arret;fin_prevue;risque;code_spst;statut;siret_employeur;date_accord;preuve_accord';
  const row = (more: Partial<Record<string, string>> = {}) => {
    const cells: Record<string, string> = {
      nir: nir(), nom: 'DURAND', prenoms: 'Jeanne', date_naissance: '21/05/1979', debut_arret: '2026-02-02', fin_prevue: '2026-05-02', risque: 'maladie',
      code_spst: 'MT39', statut: 'salarie', siret_employeur: '77567227221138', date_accord: '2026-02-10', preuve_accord: 'form', ...more,
    }; // prettier-ignore
    return HEAD.split(';').map((name) => cells[name] ?? '').join(';'); // prettier-ignore
  };
  const count = async () => {
    const { rows } = await home.pool.query<{ n: string }>('select count(*) as n from log.event');
    return Number(rows[0]!.n);
  };

  it('takes good lines whole and rejects bad ones whole, with every reason; twice gives the same, and writes nothing', async () => {
    const twin = nir();
    const good = [
      row({ nir: twin }),
      row({ code_spst: 'MT99' }),
      row({ nir: twin, nom: '"DURAND"' }),
      row({ nir: twin, code_spst: 'MT21' }),
      row({ date_transmission: '' }),
    ];
    const bad = [row({ date_accord: '' }), row({ nir: '255081416802538', siret_employeur: '77567227221139', debut_arret: '2026-02-30' }), row({ date_accord: '2199-01-01' })]; // prettier-ignore
    const file = `\ufeff${[HEAD, ...good, '', ...bad].join('\r\n')}\r\n`;
    const before = await count();
    const first = await run(home, file);
    expect(first.summary).toEqual({ type: 'summary', read: 8, taken: 4, already: 1, rejected: 3 });
    expect(first.rejected.map((r) => [r.line, r.reasons.map((x) => x.code)])).toEqual([
      [8, ['transmission.consentMissing']],
      [9, ['cell.date', 'cell.siret']],
      [10, ['transmission.consentAfter']],
    ]);
    expect(first.rejected[0]).toMatchObject({ original: bad[0], reasons: [{ article: 'L.315-4 CSS' }] });

    const after = await count();
    const another = new Process();
    const again = await run(another, file);
    await another.close();
    expect(again.rejected).toEqual(first.rejected);
    expect(again.summary).toEqual({ type: 'summary', read: 8, taken: 0, already: 5, rejected: 3 });
    expect(await count()).toBe(after);
    expect(after).toBeGreaterThan(before);

    // One person, one case, one leave, whatever the SPST; an SPST that nobody knows is the caisse's to find.
    const cases = await home.parts.store.readAll(undefined, 10_000, { types: ['CaseOpened'] });
    const views = await Promise.all(cases.events.slice(-3).map(async (e) => loadCase(home.parts, e.stream.slice(5))));
    const types = views.map((v) => v.map((e) => e.type));
    const shared = types.find((t) => t.filter((x) => x === 'SickLeaveTransmittedToSpst').length === 2)!;
    expect(shared.filter((x) => x === 'SickLeaveRecorded')).toHaveLength(1);
    expect(shared.filter((x) => x === 'ActivityRecorded')).toHaveLength(1);
    const unknown = views.flat().find((e) => e.type === 'SickLeaveTransmittedToSpst' && e.data['spstCode'] === 'MT99');
    expect(unknown!.data).not.toHaveProperty('spst');
    expect(unknown!.source).toBe('import');
  });

  it('takes NDJSON like CSV: what one of them said is known when the other says it, and a rejected line comes back as it was', async () => {
    const known = row();
    await run(home, `${HEAD}\n${known}\n`);
    const object = (line: string) => Object.fromEntries(line.split(';').map((cell, i) => [HEAD.split(';')[i], cell]));
    const odd = `{"nir": "${nir()}","nom":["DURAND"],"nom":"D","rang":"1","diagnostic":"x","debut_arret":"2026-02-02","risque":"AT","date_accord":null}`;
    const lines = [object(known), object(row()), { ...object(row()), rang: 2, statut: null, siret_employeur: null }].map((o) => JSON.stringify(o)); // prettier-ignore
    const { summary, rejected } = await run(home, `\ufeff${[...lines, '', odd].join('\r\n')}`, CPAM, 'ndjson');
    expect(summary).toEqual({ type: 'summary', read: 4, taken: 2, already: 1, rejected: 1 });
    expect(rejected.map((r) => [r.line, r.original, r.reasons.map((x) => `${x.column}: ${x.code}`)])).toEqual([
      [5, odd, ['nom: key.twice', 'rang: value.type', 'diagnostic: key.unknown', 'prenoms: cell.missing', 'date_naissance: cell.missing', 'date_accord: transmission.consentMissing']],
    ]); // prettier-ignore
  });

  it('tries again a line that was refused, once the cause is gone', async () => {
    const line = `${HEAD};caisse\n${row()};cpam-90\n`;
    const MC = caller('service-medical-90', 'MC');
    expect((await run(home, line, MC)).rejected[0]!.reasons[0]!.code).toBe('caisse.unknown');
    expect((await run(home, line, MC)).summary.rejected).toBe(1);
    await home.aside('register-organisation', { id: 'cpam-90', name: 'CPAM 90', roles: ['CPAM'], territory: '90' });
    expect((await run(home, line, MC)).summary).toMatchObject({ taken: 1, rejected: 0 });
    expect((await run(home, line, MC)).summary).toMatchObject({ taken: 0, already: 1, rejected: 0 });
  });

  it('refuses a file whose columns it does not know, and a caller who may not transmit, before anything is written', async () => {
    const before = await count();
    await expect(run(home, `${HEAD};diagnostic\n${row()};x\n`)).rejects.toThrow(InvalidHeader);
    await expect(run(home, `${HEAD}\n${row()}\n`, CPDP)).rejects.toThrow(Forbidden);
    expect(await count()).toBe(before);
  });

  it('keeps its memory bounded over a long file', async () => {
    const collect = () => {
      setFlagsFromString('--expose_gc');
      (runInNewContext('gc') as () => void)();
      return process.memoryUsage().heapUsed;
    };
    const LINES = 20_000;
    const marks: number[] = [];
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${HEAD}\n`);
      for (let i = 0; i < LINES; i += 100) {
        if (i === LINES / 4 || i === LINES - 100) marks.push(collect());
        // One line in a hundred is taken; all others are rejected, which is what could pile up.
        yield Buffer.from(
          `${row()}\n${Array.from({ length: 99 }, () => row({ date_accord: '', nom: 'x'.repeat(90) })).join('\n')}\n`,
        );
      }
    }
    let rejected = 0;
    for await (const line of importTransmissions(file(), 'csv', CPAM, { parts: home.parts, execute: home.open }))
      if (line.type === 'rejected') rejected++;
      else if (line.type === 'summary')
        expect(line).toEqual({ type: 'summary', read: LINES, taken: LINES / 100, already: 0, rejected });
    expect(rejected).toBe(LINES - LINES / 100);
    expect(marks[1]! - marks[0]!).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('a replay', () => {
  const AUDITOR = caller('igas', 'AUDITOR', 'audit-1');
  const replay = (caseId: string, days: ReplayDays = {}, by = AUDITOR) =>
    new ReplayCaseHandler(home.parts).execute(new ReplayCase(caseId, by, days));
  const on = <T>(day: string, what: () => Promise<T>): Promise<T> => atInstant(`${day}T10:00:00.000Z` as Instant, what);
  let opened: Outcome;
  let interview: Outcome;
  beforeAll(async () => {
    opened = await on('2026-03-02', () => home.open(opening('MT39')));
    await on('2026-03-03', () => home.act(CPAM, opened.caseId, 'refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' }));
    // Told late: it took place a week before.
    interview = await on('2026-03-20', () => home.act(AS, opened.caseId, 'record-interview', { mode: 'visu', outcome: 'plan' }, '2026-03-10' as LocalDate)); // prettier-ignore
    await on('2026-04-02', async () => {
      const replacement = { occurredOn: '2026-03-12' as LocalDate, data: { mode: "telephone" }, type: "InterviewHeld" };
      const meta = { idempotencyKey: randomUUID(), ifMatch: await home.etag(AS, opened.caseId), source: 'api' as const };
      await new CorrectFactHandler(home.parts).execute(new CorrectFact(opened.caseId, interview.events[0]!.id, replacement, AS, meta));
    });
    const period = { factsFrom: '2026-03-01', factsTo: '2026-12-31', validFrom: '2026-01-01', validTo: '2099-12-31' };
    await home.aside('grant-mandate', { auditor: 'audit-1', cases: [{ caseId: opened.caseId }], zones: ['coordination', 'leave'], ...period });
    await home.aside('grant-mandate', { auditor: 'audit-late', cases: [{ caseId: opened.caseId }], zones: ['coordination'], ...period, factsFrom: '2026-03-11' });
  }); // prettier-ignore
  const types = async (days: ReplayDays, by = AUDITOR) => (await replay(opened.caseId, days, by)).steps.map((s) => s.type);
  const day = (text: string) => text as LocalDate;

  it('goes event by event with the state after each, in the zones of the mandate only', async () => {
    const { steps } = await replay(opened.caseId);
    expect(steps.map((s) => s.type)).toEqual(['CaseOpened', 'SickLeaveRecorded', 'ConsentGranted', 'SickLeaveTransmittedToSpst', 'CaseReferred', 'InterviewHeld', 'FactCorrected']); // prettier-ignore
    expect(steps.map((s) => s.step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(steps[0]!.state).toMatchObject({ status: 'signal', accountable: { organisation: 'cpam-39' }, lead: null });
    expect(steps[3]!.state.accountable).toMatchObject({ organisation: 'ast-39', reason: 'transmission' });
    expect(steps[5]).toMatchObject({
      occurredOn: '2026-03-10',
      data: { mode: 'visu' },
      irregularities: [{ code: 'fact.recordedLate' }],
    });
    expect(JSON.stringify(steps)).not.toMatch(/MARTIN|plan/);
  });

  it('shows what was known on one day about another', async () => {
    expect(await types({ knownOn: day('2026-03-02') })).toHaveLength(4);
    expect(await types({ knownOn: day('2026-03-19') })).not.toContain('InterviewHeld');
    expect(await types({ knownOn: day('2026-03-20'), trueOn: day('2026-03-10') })).toContain('InterviewHeld');
    expect(await types({ trueOn: day('2026-03-09') })).not.toContain('InterviewHeld');
    // Since the correction it is known to have taken place later.
    expect(await types({ trueOn: day('2026-03-11') })).not.toContain('InterviewHeld');
    expect((await types({ trueOn: day('2026-03-12') })).slice(-2)).toEqual(['InterviewHeld', 'FactCorrected']);
  });

  it('keeps to the period of the mandate', async () => {
    expect(await types({}, caller('igas', 'AUDITOR', 'audit-late'))).toEqual(['InterviewHeld', 'FactCorrected']);
  });

  it('answers one who has no mandate as for a case that does not exist', async () => {
    for (const by of [caller('igas', 'AUDITOR', 'audit-2'), caller('cpam-39', 'CPAM', 'audit-1')])
      await expect(replay(opened.caseId, {}, by)).rejects.toThrow(NotFound);
    await expect(replay(randomUUID())).rejects.toThrow(NotFound);
    await expect(on('2025-06-01', () => replay(opened.caseId))).rejects.toThrow(NotFound);
  });
});

describe('the doors', () => {
  let app: INestApplication;
  let url: string;
  let issuer: LocalIssuer;
  const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-doors-'));
  beforeAll(async () => {
    const identity = { folder, issuer: 'urn:test', audience: 'test', organisationClaim: 'organisation', roleClaim: 'role' };
    issuer = new LocalIssuer(identity);
    const doors = {
      module: class Doors {},
      imports: [CqrsModule.forRoot(), ApplicationModule.with(home.parts)],
      controllers: [StreamController, ReplayController, ImportController],
      providers: [{ provide: CaseStreams, useValue: new CaseStreams(home.parts) }],
    };
    app = await NestFactory.create(doors, { logger: false, bodyParser: false });
    app.useGlobalGuards(
      new BearerGuard(new TokenVerifier({ ...identity, jwks: issuer.jwks() }), home.parts.followed, home.parts.ids),
    );
    app.useGlobalFilters(new ProblemFilter({ error: () => undefined, log: () => undefined, warn: () => undefined }));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const call = async (path: string, { organisation, role, person }: Caller, init: RequestInit = {}) => {
    const token = await issuer.issue({ organisation, role, person, ttl: 60 });
    return fetch(`${url}/v1/${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
  };
  const send = (body: string, type = 'text/csv; charset=utf-8', by = CPAM) =>
    call('imports/sick-leave-transmissions', by, { method: 'POST', body, headers: { 'Content-Type': type } });

  it('take a file and answer line by line, or say what is wrong with it before anything is taken', async () => {
    const head = 'nir,nom,prenoms,date_naissance,debut_arret,risque,date_accord,preuve_accord';
    const answer = await send(`${head}\n${nir()},DURAND,Jeanne,1979-05-21,2026-02-02,maladie,,form\n`);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { type: 'progress', read: 0 },
      { type: 'rejected', line: 2, reasons: [{ code: 'transmission.consentMissing', message: { en: expect.any(String) } }] },
      { type: 'summary', read: 1, rejected: 1 },
    ]);
    const objects = await send('{"nom":"DURAND"}\n{"nom":', 'application/x-ndjson; charset=utf-8');
    expect(await objects.text()).toMatch(/"line":1,.*"line":2,"original":"{\\"nom\\":","reasons":\[{"code":"line.notObject"/s);
    const unknown = await send(`${head},diagnostic\n`);
    expect([unknown.status, await unknown.json()]).toMatchObject([400, { errors: [{ code: 'header.unknownColumn' }] }]);
    expect((await send(head, 'application/json')).status).toBe(415);
    expect((await send(head, 'text/csv', CPDP)).status).toBe(403);
  });

  it('replay, or answer as for a case that does not exist', async () => {
    const none = await call(`cases/${randomUUID()}/replay`, caller('igas', 'AUDITOR', 'audit-1'));
    const { caseId } = await home.open(opening('MT39'));
    const hidden = await call(`cases/${caseId}/replay`, caller('igas', 'AUDITOR', 'audit-1'));
    expect([hidden.status, await hidden.text()]).toEqual([404, await none.text()]);
    expect((await call(`cases/${caseId}/replay?knownOn=hier`, caller('igas', 'AUDITOR', 'audit-1'))).status).toBe(400);
    const today = systemClock.today();
    await home.aside('grant-mandate', { auditor: 'audit-1', cases: [{ caseId }], zones: ['coordination'], factsFrom: today, factsTo: today, validFrom: today, validTo: today }); // prettier-ignore
    const seen = await call(`cases/${caseId}/replay?trueOn=${today}`, caller('igas', 'AUDITOR', 'audit-1'));
    expect(await seen.json()).toMatchObject({ caseId, trueOn: today, steps: [{ step: 1, type: 'CaseOpened' }, {}, {}] });
  });

  it('end the streams first when the server stops', async () => {
    expect((await call('stream?from=end', CPDP)).status).toBe(400);
    const stream = await call('stream', CPDP);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    await app.close();
    expect(await stream.text()).toContain('event: position');
  });
});
