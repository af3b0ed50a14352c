import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { viewOf } from '../../libs/application/case-stream.js';
import { takesPart } from '../../libs/domain/case/taking-part.js';
import { type RecordedEvent } from '../../libs/domain/case/event.js';
import { addDays, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Position } from '../../libs/event-store/port.js';
import { verifyLog } from '../../libs/event-store/verify.js';
import { rebuild } from '../../libs/read-models/rebuild.js';
import { viewsDataSource } from '../../libs/read-models/tables.js';
import { Cli, freshFolder } from '../support/cli.js';
import { copyKeyring, FOLDERS, imported, type Request, requests, restoredFixture, told } from '../support/fixture.js';
import { codesOf, CPAM, type TestInstance, type Who } from '../support/instance.js';

/** An installation that was told things by an older program (test/fixtures/README.md), under this one. */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await restoredFixture();
  await it_.caughtUp();
}, 120_000);
afterAll(() => it_?.stop());

const upgraded = localDate(told.upgradedAt.slice(0, 10));
const head = async (): Promise<Position> => (await it_.wiring.parts.store.head())!;
/** All that was told in cases, after a position or from the start. */
const events = async (after?: Position): Promise<RecordedEvent[]> => {
  const { store, codec } = it_.wiring.parts;
  return codec.decode((await store.readAll(after, 100_000, { streamPrefixes: ['case-'] })).events);
};
const again = ({ path, who, key, ifMatch, body }: Pick<Request, 'path' | 'who' | 'key' | 'body'> & { ifMatch?: string | null }) =>
  it_.act(path, who, body, { key, ifMatch: ifMatch ?? null, now: told.upgradedAt });
const pendingKeys = new Set(told.pending.map(({ organisation, key }) => `${organisation} ${key}`));
const isPending = ({ who, key }: Request): boolean => pendingKeys.has(`${who.organisation} ${key}`);

/** Every row of every view, as text, at the end of the log. */
async function everything(): Promise<Record<string, string[]>> {
  const { pool } = it_.wiring;
  await it_.caughtUp();
  const views = await viewsDataSource(it_.wiring.database.app).initialize();
  const tables: Record<string, string[]> = {};
  for (const { tableName: table } of views.entityMetadatas)
    tables[table] = (await pool.query<{ row: string }>(`SELECT to_json(t)::text AS row FROM views.${table} t`)).rows.map(({ row }) => row).sort(); // prettier-ignore
  await views.destroy();
  return tables;
}
async function isAsRebuilt(): Promise<void> {
  const live = await everything();
  expect(live['case_file']!.length).toBeGreaterThan(50);
  expect(await rebuild({ log: it_.wiring.parts, database: it_.wiring.database.app })).toBe(true);
  expect(await everything()).toEqual(live);
}

describe('an installation of before, restored', () => {
  it('on the embedded PostgreSQL, by the command line, is sound to the byte', async () => {
    const folder = freshFolder();
    try {
      const keyring = join(folder, 'keyring.json');
      copyKeyring(keyring);
      const cli = Cli.run(['restore', '--log', FOLDERS.log, '--keys', FOLDERS.keys, '--keyring', keyring], {
        FIL_ROUGE_DEMO: 'false',
        FIL_ROUGE_DATA: join(folder, 'data'),
      });
      expect({ code: await cli.exited, output: cli.output }).toEqual({
        code: 0,
        output: expect.stringMatching(
          new RegExp(`Le journal est sain : ${told.verified.count} événements dans ${told.verified.streams} flux.*\nSHA-256 ${told.verified.sha256}\n`),
        ) as string,
      }); // prettier-ignore
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is sound once it has started, and was told nothing but of files that are one person’s with a case', async () => {
    const { store, codec } = it_.wiring.parts;
    const all = (await store.readAll(undefined, 100_000)).events;
    expect(await verifyLog(it_.wiring.parts)).toMatchObject({ count: all.length, streams: told.verified.streams, erased: 0 });
    const since = await codec.decode(all.slice(told.verified.count));
    expect(since.filter((e) => e.type !== 'FileFound')).toEqual([]);
    // What people said of two cases stays said.
    const { joined, joinedToo, apart } = told.pairs;
    const said = [joined, joinedToo, apart].flatMap(({ caseId, otherCaseId }) => [caseId, otherCaseId]);
    expect(since.filter((e) => said.includes(String(e.data['fileId'])))).toEqual([]);
  });

  it('has the lists that a rebuild makes', isAsRebuilt);

  it('has no open case without an accountable organisation that takes part in it', async () => {
    const cases = new Map<string, RecordedEvent[]>();
    for (const event of await events()) {
      const caseId = event.stream.slice('case-'.length);
      cases.set(caseId, [...(cases.get(caseId) ?? []), event]);
    }
    const found: Record<string, number> = {};
    for (const [caseId, history] of cases) {
      const view = viewOf(caseId, history, upgraded);
      const { status, followUp, accountable } = view;
      const callAhead = followUp !== undefined && !followUp.completedOn && !followUp.unreachableOn;
      const open = status === 'signal' || status === 'supported' || (status === 'closed' && callAhead);
      expect([caseId, accountable !== undefined]).toEqual([caseId, open]);
      if (accountable) expect([caseId, takesPart(view, accountable.organisation, upgraded)]).toEqual([caseId, true]);
      const name = open ? `${status}, open` : status;
      found[name] = (found[name] ?? 0) + 1;
    }
    expect(found).toEqual(told.cases);
    expect(viewOf(told.callAhead.caseId, cases.get(told.callAhead.caseId)!, upgraded).status).toBe('closed');
  });

  it('answers each command that comes again as it did, and writes nothing', async () => {
    const before = await head();
    const left = requests.filter((request) => !isPending(request));
    expect(left).toHaveLength(requests.length - told.pending.length);
    const differs: unknown[] = [];
    const oneByOne = async (): Promise<void> => {
      for (let request = left.pop(); request; request = left.pop()) {
        const { status, body } = await again(request);
        const expected = [request.status, request.status === 409 ? codesOf({ body: request.answer }) : request.answer];
        const found = [status, status === 409 ? codesOf({ body }) : body];
        if (JSON.stringify(found) !== JSON.stringify(expected)) differs.push([request.path, request.key, expected, found]);
      }
    };
    await Promise.all(Array.from({ length: 4 }, oneByOne));
    expect(differs).toEqual([]);
    expect(await head()).toBe(before);
  });

  it.each(told.pending)('recognises what was written and not answered ($key), and writes nothing', async ({ key, caseId, organisation }) => {
    const before = await head();
    const request = requests.find((r) => r.key === key && r.who.organisation === organisation)!;
    const { events: written, ids, irregularities } = request.answer;
    for (let time = 1; time <= 2; time++) {
      const reply = await again(request);
      expect([reply.status, reply.body]).toEqual([201, expect.objectContaining({ caseId, events: written, ids, irregularities })]);
    }
    expect(await head()).toBe(before);
  }); // prettier-ignore

  it.each([
    ['transmissions.csv', { read: 20, taken: 0, already: 20, rejected: 0 }],
    // Of one line nobody knows how it ended; nothing more is written for it either.
    ['interrupted.csv', { read: 3, taken: 1, already: 2, rejected: 0 }],
    ['interrupted.csv', { read: 3, taken: 0, already: 3, rejected: 0 }],
  ] as const)('knows the lines of %s, and writes nothing', async (file, summary) => {
    const before = await head();
    const reply = await it_.send('POST', '/v1/imports/sick-leave-transmissions', CPAM, {
      body: imported(file),
      headers: { 'content-type': 'text/csv' },
      now: told.upgradedAt,
    });
    expect(JSON.parse(reply.text.trim().split('\n').at(-1)!)).toEqual({ type: 'summary', ...summary });
    expect(await head()).toBe(before);
  });

  it('owes nobody a duty missed before the upgrade, however long one looks', async () => {
    const before = await head();
    expect(await it_.watchOn(told.lastLook)).toBe(0);
    expect(await head()).toBe(before);
    for (const day of [upgraded, addDays(upgraded, 60)]) await it_.watchOn(day);
    const written = await events(before);
    // Most cases are late already: something comes in two months, or nothing was looked at.
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((e) => e.source !== 'watch' || e.occurredOn <= told.lastLook)).toEqual([]);
  });

  it('ends what was half done, in the case that was named then', async () => {
    const { caseId } = told.halfOpened;
    const reply = await again(told.halfOpened);
    expect([reply.status, reply.body['caseId']]).toEqual([201, caseId]);
    const before = await head();
    expect((await again(told.halfOpened)).body).toEqual(reply.body);
    expect(await head()).toBe(before);
    const history = (await events()).filter((e) => e.stream === `case-${caseId}`);
    expect(viewOf(caseId, history, upgraded).accountable).toBeDefined();
  });

  it('has the lists that a rebuild makes after what came since, too', isAsRebuilt);
});

describe('a part that a signal took before the upgrade', () => {
  it.each(told.strangers)('stays as it is: $organisation reads what it read, and nothing more', async ({ organisation, role, caseId, events: seen }) => {
    expect(seen.length).toBeGreaterThan(0);
    const who = { organisation, role };
    expect((await it_.get(`/v1/cases/${caseId}`, who, { now: told.upgradedAt })).status).toBe(200);
    const read = await it_.get(`/v1/cases/${caseId}/events`, who, { now: told.upgradedAt });
    const before = (read.body['events'] as { id: string; recordedAt: string }[]).filter((e) => e.recordedAt < told.upgradedAt);
    expect(before.map(({ id }) => id)).toEqual(seen);
  }); // prettier-ignore

  const at = { now: told.upgradedAt };
  /** The case, and whoever answers for it, or the caisse where that is the stranger itself. */
  const known = async ({ caseId, organisation }: { caseId: string; organisation: string }) => {
    const view = viewOf(
      caseId,
      (await events()).filter((e) => e.stream === `case-${caseId}`),
      upgraded,
    );
    const { accountable, caisse } = view;
    const owner: Who =
      accountable && accountable.organisation !== organisation ? accountable : { organisation: caisse!, role: 'CPAM' };
    return { view, owner, signals: view.signals.filter((s) => s.holder.organisation === organisation).map((s) => s.id) };
  };

  it.each(told.strangers)('is one dated line for whoever answers for the case: $organisation', async (stranger) => {
    const { owner, signals } = await known(stranger);
    const { items } = (await it_.get(`/v1/cases/${stranger.caseId}`, owner, at)).body as {
      items: { kind: string; subject: string; since: string }[];
    };
    const lines = items.filter(({ kind, subject }) => kind === 'part-to-confirm' && signals.includes(subject));
    expect(lines).toEqual([expect.objectContaining({ since: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })]);
  });

  it.each(told.strangers)('opens nothing more, until it is confirmed: $organisation', async ({ organisation, role, caseId }) => {
    const who = { organisation, role };
    const act = (command: string, data: object, more: object = {}) => it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }, at);
    const { view, owner, signals } = await known({ caseId, organisation });
    const third = it_.wiring.parts.followed.all().find((o) => o.roles.includes('CAP_EMPLOI') && !takesPart(view, o.id, upgraded))!;
    const before = (await it_.get(`/v1/cases/${caseId}/events`, who, at)).text;
    const accord = { zones: ['identity', 'leave', 'job', 'capacity', 'social'], purpose: 'referral', proof: 'call' };
    const told_ = { actor: { role: 'ASSURE' }, evidence: { kind: 'call' } };
    for (const recipient of [organisation, third.id]) {
      const reply = await act('grant-consent', { ...accord, recipient }, told_);
      expect([reply.status, (reply.body['irregularities'] as { code: string }[]).map(({ code }) => code)]).toEqual([201, ['consent.toConfirm']]);
    }
    const sent = await act('refer-case', { target: third.id, targetRole: 'CAP_EMPLOI', motive: 'pdp' });
    expect([sent.status, codesOf(sent)]).toEqual([409, ['part.unconfirmed', 'referral.consentMissing']]);
    await it_.caughtUp();
    const after = (await it_.get(`/v1/cases/${caseId}/events`, who, at)).body['events'] as { id: string; data: object }[];
    const ids = (JSON.parse(before) as { events: { id: string }[] }).events.map(({ id }) => id);
    // What it read it reads, to the byte, and its own two accords beside that.
    expect(JSON.stringify(after.slice(0, ids.length))).toBe(JSON.stringify((JSON.parse(before) as { events: object[] }).events));
    expect(after).toHaveLength(ids.length + 2);
    expect((await it_.get(`/v1/cases/${caseId}`, { organisation: third.id, role: 'CAP_EMPLOI' }, at)).status).toBe(404);

    const confirmed = await it_.act(`/v1/cases/${caseId}/confirm-part`, owner, { data: { signalId: signals[0] } }, at);
    expect([confirmed.status, confirmed.text]).toEqual([201, confirmed.text]);
  }); // prettier-ignore
});
