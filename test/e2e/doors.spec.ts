import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventSource } from 'eventsource';
import { Cli, freshFolder } from '../support/cli.js';
import {
  AS,
  CAP,
  CPAM,
  CPDP,
  nirOf,
  OPERATOR,
  ORGANISATIONS,
  personOf,
  TestInstance,
  TRANSMISSION,
} from '../support/instance.js';

/** The stream, the import and the replay, through the whole product. */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_?.stop());
const until = async (what: () => boolean): Promise<void> => {
  for (const end = Date.now() + 30_000; !what(); await new Promise((r) => setTimeout(r, 25)))
    if (Date.now() > end) throw new Error('too late');
};

it('a cellule that was away for 500 events and a restart of the server gets each of its events once, in order', async () => {
  const transmit = async (n: number) =>
    (await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION })).body as {
      caseId: string;
      ids: Record<string, string>;
    };
  const first = await transmit(1);
  const seen: { id: string; caseId: string; type: string }[] = [];
  let last = '';
  const subscribe = async () => {
    const token = await it_.token(CPDP);
    const source = new EventSource(`${it_.base}/v1/stream${last ? `?lastEventId=${last}` : '?from=start'}`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
    });
    source.onmessage = (e) => {
      last = e.lastEventId;
      seen.push(JSON.parse(e.data as string) as (typeof seen)[number]);
    };
    source.addEventListener('position', (e) => (last = e.lastEventId));
    return source;
  };
  const before = await subscribe();
  await until(() => seen.some((e) => e.type === 'SickLeaveTransmittedToSpst' && e.caseId === first.caseId));
  before.close();

  const missed: string[] = [];
  const hidden = (
    await it_.act('/v1/cases/record-signal', AS, { person: personOf(2), caisse: 'cpam-39', data: { origin: 'person' } })
  ).body['caseId'] as string;
  for (let i = 0; i < 250; i++) {
    const [mine] = await Promise.all([
      it_.act(`/v1/cases/${first.caseId}/record-interview`, CPDP, { data: { mode: 'telephone', again: true } }),
      it_.act(`/v1/cases/${hidden}/record-interview`, AS, { data: { mode: 'visu', again: true } }),
    ]);
    missed.push((mine.body['events'] as { id: string }[])[0]!.id);
  }
  await it_.restart();
  const after = await subscribe();
  await until(() => seen.some((e) => e.id === missed.at(-1)));
  await new Promise((r) => setTimeout(r, 500));
  after.close();
  const interviews = seen.filter((e) => e.type === 'InterviewHeld').map((e) => e.id);
  expect(interviews).toEqual(missed);
  expect(seen.filter((e) => e.caseId === hidden)).toEqual([]);
  expect(new Set(seen.map((e) => e.id)).size).toBe(seen.length);
}, 120_000);

describe('import', () => {
  const HEAD = 'nir;nom;prenoms;date_naissance;debut_arret;fin_prevue;risque;code_spst;date_accord;preuve_accord';
  const row = (n: number, more: { accord?: string; spst?: string; nom?: string } = {}) =>
    [
      nirOf(n),
      more.nom ?? `NOM${n}`,
      'Jeanne',
      '1979-05-21',
      '2026-02-02',
      '2026-12-31',
      'maladie',
      more.spst ?? 'MT39',
      more.accord ?? '2026-02-10',
      'form',
    ].join(';');

  it('takes a line whole or rejects it whole, and the unknown SPST becomes a task of the caisse', async () => {
    const csv = [HEAD, row(100), row(101, { spst: 'MT99' }), row(102, { accord: '' })].join('\n');
    const send = async () => {
      const reply = await it_.send('POST', '/v1/imports/sick-leave-transmissions', CPAM, {
        body: csv,
        headers: { 'content-type': 'text/csv' },
      });
      expect(reply.status).toBe(200);
      return reply.text.trim().split('\n').map((l) => JSON.parse(l) as Record<string, unknown>); // prettier-ignore
    };
    const lines = await send();
    expect(lines.find((l) => l['type'] === 'rejected')).toMatchObject({
      line: 4,
      reasons: [{ code: 'transmission.consentMissing', article: 'L.315-4 CSS' }],
    });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', read: 3, taken: 2, already: 0, rejected: 1 });
    expect((await send()).at(-1)).toMatchObject({ taken: 0, already: 2, rejected: 1 });
    let tasks: unknown[] = [];
    for (const end = Date.now() + 10_000; tasks.length === 0 && Date.now() < end;)
      tasks = (await it_.get('/v1/worklists/cpam?kind=spst-unknown', CPAM)).body['items'] as unknown[];
    expect(tasks).toMatchObject([{ person: { familyName: 'NOM101' }, whoseMove: { yours: true } }]);
  });
  it('reads the charset that is declared, and says which it knows; a compressed file is refused', async () => {
    const send = (type: string, headers: Record<string, string> = {}) =>
      it_.token(CPAM).then((token) =>
        fetch(`${it_.base}/v1/imports/sick-leave-transmissions`, {
          method: 'POST',
          body: Buffer.from([HEAD, row(110, { nom: 'LEF\xc8VRE' }), row(111, { nom: 'N\x92DIAYE' })].join('\r'), 'latin1'),
          headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
        }),
      );
    const undeclared = (await (await send('text/csv')).text()).trim().split('\n').map((l) => JSON.parse(l) as object); // prettier-ignore
    expect(undeclared.slice(1)).toMatchObject([
      { type: 'rejected', line: 3, reasons: [{ code: 'line.charsetUnknown' }] },
      { type: 'summary', read: 2, taken: 1, rejected: 1 },
    ]);
    const declared = await (await send('text/csv; charset="Windows-1252"')).text();
    expect(JSON.parse(declared.trim().split('\n').at(-1)!)).toEqual({ type: 'summary', read: 2, taken: 1, already: 1, rejected: 0, charset: 'windows-1252' }); // prettier-ignore
    const unknown = await send('text/csv; charset=utf-16');
    expect([unknown.status, await unknown.text()]).toEqual([415, expect.stringContaining('windows-1252')]);
    const compressed = await send('text/csv', { 'content-encoding': 'gzip' });
    expect([compressed.status, await compressed.text()]).toEqual([415, expect.stringContaining('Content-Encoding')]);
  });
  it('from the command line, beside the instance, with the rejected lines in a file', async () => {
    const folder = freshFolder();
    const file = join(folder, 'arrets.csv');
    writeFileSync(file, [HEAD, row(200, { nom: 'LEF\xc8VRE' }), row(201, { accord: '', nom: '=N\x92A' })].join('\r'), 'latin1');
    const env = { DATABASE_URL: it_.databaseUrl, FIL_ROUGE_DATA: it_.dataFolder };
    const ran = Cli.run(['import', file, '--organisation', 'cpam-39', '--charset', 'windows-1252'], env);
    const told = /2 lignes lues : 1 prises, 0 déjà là, 1 rejetées \(.*\) ; fichier lu en windows-1252/;
    expect([await ran.exited, ran.output]).toEqual([2, expect.stringMatching(told)]);
    expect(readFileSync(`${file}.rejets.csv`, 'utf8')).toMatch(/3;.*transmission\.consentMissing.*L\.315-4 CSS.*;'=N’A;/);
    expect(existsSync(file)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('replay', () => {
  const AUDITOR = { organisation: 'audit', role: 'AUDITOR', person: 'audit-martin' } as const;
  it('goes event by event within the mandate, as known on one day about another, through the API and the command line', async () => {
    const { caseId } = (
      await it_.act(
        '/v1/cases/transmit-sick-leave',
        CPAM,
        { person: personOf(300), occurredOn: '2026-03-02', data: TRANSMISSION },
        { now: '2026-03-02T09:00:00Z' },
      )
    ).body as { caseId: string };
    await it_.act(
      `/v1/cases/${caseId}/record-interview`,
      CPDP,
      { occurredOn: '2026-03-05', data: { mode: 'visu' } },
      { now: '2026-03-20T09:00:00Z' },
    );
    const path = `/v1/cases/${caseId}/replay`;
    expect((await it_.get(path, AUDITOR)).status).toBe(404);
    expect((await it_.get(path, CAP)).status).toBe(404);
    const mandate = {
      auditor: 'audit-martin',
      cases: [{ caseId }],
      zones: ['coordination', 'social'],
      factsFrom: '2026-01-01',
      factsTo: '2026-12-31',
      validFrom: '2026-01-01',
      validTo: '2027-12-31',
    };
    expect((await it_.act('/v1/mandates', OPERATOR, mandate)).status).toBe(201);
    const types = async (query = '') =>
      ((await it_.get(path + query, AUDITOR)).body['steps'] as { type: string }[]).map((s) => s.type);
    expect(await types()).toEqual(expect.arrayContaining(['SickLeaveTransmittedToSpst', 'InterviewHeld']));
    expect(await types('?knownOn=2026-03-10')).not.toContain('InterviewHeld');
    expect(await types('?trueOn=2026-03-03')).not.toContain('InterviewHeld');
    expect((await it_.get(path, AUDITOR)).text).not.toContain('MARTIN300');
    const told = Cli.run(['replay', caseId, '--as', 'audit-martin', '--known-on', '2026-03-10'], {
      DATABASE_URL: it_.databaseUrl,
      FIL_ROUGE_DATA: it_.dataFolder,
    });
    expect([await told.exited, told.output]).toEqual([0, expect.stringContaining('Transmission de l’arrêt au SPST')]);
    expect(told.output).not.toContain('MARTIN300');
    const none = Cli.run(['replay', caseId, '--as', 'somebody-else'], {
      DATABASE_URL: it_.databaseUrl,
      FIL_ROUGE_DATA: it_.dataFolder,
    });
    expect(await none.exited).toBe(1);
  });
});
