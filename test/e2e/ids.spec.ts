import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { cellsByColumn, headerOf } from '../../libs/application/import/columns.js';
import { type Transmission, transmissionOf } from '../../libs/application/import/transmission.js';
import { formerlyMadeBy, Ids, uuidV5 } from '../../libs/application/ids.js';
import { type EventStore, WrongExpectedRevision } from '../../libs/event-store/port.js';
import { verifyLog } from '../../libs/event-store/verify.js';
import { FormerIds } from '../support/former-ids.js';
import { AS, CPAM, CPDP, nirOf, ORGANISATIONS, personOf, recorded, type Reply, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore

/** Ids have a key (ADR 0015): what was written before they had one is known again, and nothing new can be computed. */
let it_: TestInstance;
let admin: Client;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
  admin = new Client(it_.databaseUrl);
  await admin.connect();
}, 120_000);
afterAll(async () => {
  await admin?.end();
  await it_?.stop();
});

async function having<K extends 'ids' | 'store' | 'vault', T>(name: K, other: unknown, work: () => Promise<T>): Promise<T> {
  const { parts } = it_.wiring;
  const own = parts[name];
  Object.assign(parts, { [name]: other });
  return work().finally(() => Object.assign(parts, { [name]: own }));
}
/** As an installation of before did it. */
const before = <T>(work: () => Promise<T>): Promise<T> => having('ids', new FormerIds(), work);
/** All but what the watch tells by itself. */
const written = async (): Promise<{ stream: string; revision: number; event_id: string; type: string; metadata: string }[]> =>
  (await admin.query(`SELECT stream, revision, event_id, type, metadata::text FROM log.event WHERE type NOT LIKE '%DutyMissed' AND type NOT LIKE 'File%' ORDER BY position`)).rows as never; // prettier-ignore
const forget = (): Promise<unknown> => admin.query('DELETE FROM app.idempotency');

const HEAD = 'nir;nom;prenoms;date_naissance;debut_arret;fin_prevue;risque;code_spst;date_accord;preuve_accord';
const row = (n: number): string => `${nirOf(n)};NOM${n};Jeanne;1979-05-21;2026-02-02;2026-12-31;maladie;MT39;2026-02-10;form`;
async function imported(...people: number[]): Promise<Record<string, number>> {
  const body = [HEAD, ...people.map(row)].join('\n');
  const sent = await it_.send('POST', '/v1/imports/sick-leave-transmissions', CPAM, { body, headers: { 'content-type': 'text/csv' } }); // prettier-ignore
  return JSON.parse(recorded(sent).text.trim().split('\n').at(-1)!) as Record<string, number>;
}

let people = 700;
/** Acts of every kind, each with a key of its own; done again, they are the same ones. */
async function acts(name: string, n: number) {
  const told: Reply[] = [];
  const act = async (path: string, who: Who, body: object): Promise<Reply['body']> => {
    told.push(recorded(await it_.act(`/v1/${path}`, who, body, { key: `${name}-${told.length}` })));
    return told.at(-1)!.body;
  };
  const known = await act('cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION });
  const { identifiers: _, ...traits } = personOf(n);
  // Nobody can look up by a number who this is: only the command says that it is the same person.
  const unknown = await act('cases/record-signal', CPDP, { person: traits, caisse: 'cpam-39', data: { origin: 'person' } });
  const path = `cases/${known['caseId']}`;
  const interview = await act(`${path}/record-interview`, CPDP, { data: { mode: 'visu' } });
  const event = interview['events'][0].id as string;
  await act(`${path}/correct-fact`, CPDP, { event, type: 'InterviewHeld', data: { mode: 'telephone' } });
  await act(`${path}/request-measure`, CPDP, {
    actor: { role: 'ASSURE' },
    evidence: { kind: 'form' },
    data: { type: 'formation' },
  });
  await act('group-actions', AS, { theme: 'rights', date: '2027-10-12', seats: 12, partners: ['AS'] });
  const parties = [{ organisation: 'ast-39', tasks: 'oriente' }, { organisation: 'cpam-39', tasks: 'signale' }]; // prettier-ignore
  await act('conventions', CPDP, { title: 'Protocole', territory: '39', publics: ['salarie'], from: '2026-01-01', to: '2028-01-01', parties }); // prettier-ignore
  const { ids } = await act('forums', CPAM, { name: `ILCO ${name}`, type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: 'cpam-39', chairRole: 'CPAM', seats: [] }); // prettier-ignore
  const meeting = await act('meetings', CPAM, { forumId: ids.forumId, date: '2027-10-12' });
  await act('meetings/moved', CPAM, { meetingId: meeting['ids'].meetingId, date: '2027-10-13' });
  await act('satisfaction', CPDP, { level: 'satisfied', territory: '39' });
  return { told, cases: [known['caseId'], unknown['caseId']] as [string, string] };
}
const saying = (what: 'join' | 'part' | 'refuse', [caseId, otherCaseId]: [string, string], key: string): Promise<Reply> =>
  it_.act(`/v1/duplicates/${what}`, CPDP, { caseId, otherCaseId }, { key });
const outcomes = (told: readonly Reply[]) => told.map(({ status, body: { caseId, events, ids } }) => ({ status, caseId, events, ids })); // prettier-ignore

describe('what was done before ids had a key', () => {
  it.each(['answered', 'written, and not answered'])('is known again when it comes once more: %s', async (how) => {
    const [n, name] = [++people, how.slice(0, 4)];
    const first = await before(async () => {
      const done = await acts(name, n);
      const pairs = [await acts(`${name}-2`, ++people), await acts(`${name}-3`, ++people), await acts(`${name}-4`, ++people)] as const;
      recorded(await saying('join', pairs[2].cases, `${name}-join`));
      recorded(await saying('join', pairs[0].cases, `${name}-join-2`));
      recorded(await saying('part', pairs[0].cases, `${name}-part`));
      recorded(await saying('refuse', pairs[1].cases, `${name}-refuse`));
      expect(await imported(n + 100, n + 101)).toMatchObject({ read: 2, taken: 2 });
      return { ...done, pairs };
    });
    const log = await written();
    expect(log.filter((e) => e.event_id[14] === '5').length).toBe(log.filter((e) => !e.type.startsWith('OrganisationR')).length);
    if (how !== 'answered') await forget();

    const proposed = (await it_.get('/v1/duplicates', CPDP)).text;
    expect(proposed).not.toContain(first.pairs[1].cases[0]);
    expect(outcomes((await acts(name, n)).told)).toEqual(outcomes(first.told));
    recorded(await saying('join', first.pairs[2].cases, `${name}-join`));
    recorded(await saying('part', first.pairs[0].cases, `${name}-part`));
    recorded(await saying('refuse', first.pairs[1].cases, `${name}-refuse`));
    // Said by somebody else, under another key.
    recorded(await saying('refuse', first.pairs[1].cases, `${name}-refuse-too`));
    const again = await imported(n + 100, n + 101);
    expect(again).toMatchObject(how === 'answered' ? { taken: 0, already: 2 } : { taken: 2, already: 0 });
    expect(await imported(n + 100, n + 101)).toMatchObject({ taken: 0, already: 2 });
    expect(await written()).toEqual(log);
    // And what is looked up under an old id is written under none.
    const { rows } = await admin.query(`SELECT command_id FROM app.idempotency WHERE substr(command_id::text, 15, 1) = '8'`);
    expect(rows.length > 0).toBe(true);
  }, 300_000); // prettier-ignore

  /** The store, but for what it does of an append. */
  const through = (append: EventStore['append']): EventStore =>
    new Proxy(it_.wiring.parts.store, { get: (real, name) => (name === 'append' ? append : (Reflect.get(real, name) as { bind(to: unknown): unknown }).bind(real)) }); // prettier-ignore
  /** The store, until a power cut after so many appends. */
  const dyingAfter = (appends: number): EventStore => {
    const { store } = it_.wiring.parts;
    let left = appends;
    return through(async (...given) => {
      const result = await store.append(...given);
      if (left-- === 1) throw new Error('power cut');
      return result;
    });
  };

  it.each([1, 2, 3, 4])('a join that died after %d writes is ended by its retry', async (appends) => {
    const { cases } = await before(() => acts(`death-${appends}`, ++people));
    await before(() => having('store', dyingAfter(appends), () => saying('join', cases, `death-join-${appends}`)));
    await forget();
    recorded(await saying('join', cases, `death-join-${appends}`));
    const types = (await written()).filter((e) => cases.some((id) => e.stream === `case-${id}`)).map((e) => e.type);
    expect(types.filter((type) => type === 'CaseAbsorbed' || type === 'CaseMerged').sort()).toEqual(['CaseAbsorbed', 'CaseMerged']); // prettier-ignore
    const { store: whole, codec } = it_.wiring.parts;
    await expect(verifyLog({ store: whole, codec })).resolves.toMatchObject({ erased: 0 });
  });

  it.each([1, 2, 3, 4])('a parting that died after %d writes is ended by its retry', async (appends) => {
    const { cases } = await acts(`parted-${appends}`, ++people);
    recorded(await saying('join', cases, `parted-join-${appends}`));
    recorded(await it_.act(`/v1/cases/${cases[0]}/record-contact-attempt`, CPDP, { data: { channel: 'telephone', outcome: 'no-answer' } })); // prettier-ignore
    await having('store', dyingAfter(appends), () => saying('part', cases, `part-${appends}`));
    await forget();
    recorded(await saying('part', cases, `part-${appends}`));
    const types = (await written()).filter((e) => cases.some((id) => e.stream === `case-${id}`)).map((e) => e.type);
    expect(types.filter((type) => type.endsWith('Undone')).sort()).toEqual(['CaseAbsorptionUndone', 'CaseMergeUndone']);
    const { store: whole, codec } = it_.wiring.parts;
    await expect(verifyLog({ store: whole, codec })).resolves.toMatchObject({ erased: 0 });
  });

  it('a parting that others always outrun fails, changes nothing, and holds up none after it', async () => {
    const { cases } = await acts('outrun', ++people);
    recorded(await saying('join', cases, 'outrun-join'));
    const before = await written();
    const outrun = through((stream, expected) => Promise.reject(new WrongExpectedRevision(stream, Number(expected), 0)));
    const failed = await having('store', outrun, () => saying('part', cases, 'outrun-part'));
    expect(failed.status).toBe(503);
    expect(await written()).toEqual(before);
    recorded(await saying('part', cases, 'outrun-part'));
  });

  it('a join of two that are being joined the other way round is refused, each time that it comes', async () => {
    const { identifiers: _, ...person } = personOf(++people);
    const signalled = async () =>
      recorded(await it_.act('/v1/cases/record-signal', CPDP, { person, caisse: 'cpam-39', data: { origin: 'person' } })).body[
        'caseId'
      ] as string;
    const cases: [string, string] = [await signalled(), await signalled()];
    const { store } = it_.wiring.parts;
    const dies: EventStore['append'] = async (...given) => {
      await store.append(...given);
      throw new Error('power cut');
    };
    const other = () => having('store', through(dies), () => saying('join', cases, 'other-way'));
    await other();
    // What follows the log ends it; until then it hinders the other way round.
    for (let i = 0; i < 2; i++) expect((await saying('join', [cases[1], cases[0]], 'one-way')).status).toBe(409);
    await it_.caughtUp();
    const ended = (await written()).filter((e) => e.type === 'CaseMerged' && cases.some((id) => e.stream === `case-${id}`));
    expect(ended.map(({ stream }) => stream)).toEqual([`case-${cases[1]}`]);
    const inPlace = (await written()).filter((e) => e.stream.startsWith('person-')).map((e) => `${e.stream} ${e.event_id}`);
    expect(new Set(inPlace).size).toBe(inPlace.length);
    // The other one goes on where it died.
    recorded(await saying('join', cases, 'other-way'));
  });

  it.each(['same', 'another'])('an opening that died once its number was reserved is ended by the %s act', async (which) => {
    const person = personOf(++people);
    const dies = new Proxy(it_.wiring.parts.vault, {
      get: (real, name) =>
        name === 'ensureKey'
          ? () => Promise.reject(new Error('power cut'))
          : (Reflect.get(real, name) as { bind(to: unknown): unknown }).bind(real),
    });
    const transmit = (key: string) =>
      it_.act('/v1/cases/transmit-sick-leave', CPAM, { person, data: TRANSMISSION }, { key: `${which}-${key}` });
    expect((await having('vault', dies, () => transmit('same'))).status).toBe(500);
    const { caseId } = recorded(await transmit(which)).body;
    expect((await it_.get(`/v1/cases/${caseId}`, CPAM)).status).toBe(200);
  });

  it('an opening that died after the person heard of it goes on in the same case', async () => {
    const { store } = it_.wiring.parts;
    const { identifiers: _, ...person } = personOf(++people);
    const open = () => it_.act('/v1/cases/record-signal', CPDP, { person, caisse: 'cpam-39', data: { origin: 'person' } }, { key: 'half-open' }); // prettier-ignore
    const append: EventStore['append'] = async (...given) => {
      if (given[0].startsWith('case-')) throw new Error('power cut');
      return store.append(...given);
    };
    expect((await before(() => having('store', through(append), open))).status).toBe(500);
    const heard = (await written()).at(-1)!;
    expect(heard.stream).toMatch(/^person-/);
    const { caseId } = recorded(await open()).body as { caseId: string };
    expect((await written()).filter((e) => e.stream === heard.stream)).toEqual([heard]);
    expect((await written()).at(-1)!.stream).toBe(`case-${caseId}`);
  });
});

describe('the ids of what is done now', () => {
  it('can’t be computed by whoever knows the organisation and the Idempotency-Key', async () => {
    const from = (await written()).length;
    const { told, cases } = await acts('now', ++people);
    recorded(await saying('join', cases, 'now-join'));
    const log = (await written()).slice(from);
    const texts = [...told.map(({ text }) => text), ...log.map((e) => JSON.stringify(e)), (await it_.get(`/v1/cases/${cases[0]}/events`, CPDP)).text]; // prettier-ignore
    const uuids = new Set(texts.join().match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
    expect(uuids.size).toBeGreaterThan(30);
    // By their version none is made as the former ones were; and none is one of those, however it says it was made.
    expect([...uuids].filter((id) => id[14] === '5')).toEqual([]);
    const COMMANDS = ['', 'plan-group-action:', 'sign-convention:', 'register-forum:', 'schedule-meeting:', 'join-cases:'];
    const FIELDS = ['groupId', 'conventionId', 'forumId', 'meetingId', 'own', 'MeasureRequested.measureId', 'SickLeaveTransmittedToSpst.transmissionId', 'SignalReceived.signalId']; // prettier-ignore
    const labels = log.flatMap(({ type }) => [...Array.from({ length: 8 }, (_, i) => `event.${i}.${type}`), `event.aside.${type}`, `event.merged.${type}`, `event.person.0.${type}`]); // prettier-ignore
    const ids = new Ids(Buffer.alloc(32));
    const computed = ['cpam-39', 'ast-39', 'carsat-bfc'].flatMap((organisation) =>
      COMMANDS.flatMap((command) =>
        [...told.map((_, i) => `now-${i}`), 'now-join'].flatMap((key) => {
          const known = ids.commandOf(organisation, `${command}${key}`);
          return [known.former, known.id, ...[...labels, ...FIELDS].map((label) => formerlyMadeBy(known, label))];
        }),
      ),
    );
    const bare = (id: string): string => id.replace(/^(.{14}).(.{4})./, '$1$2');
    const shown = new Set([...uuids].map(bare));
    expect(computed.filter((id) => shown.has(bare(id)))).toEqual([]);
  });

  it('of an imported line are not found by trying who it may be of', async () => {
    const from = (await written()).length;
    expect(await imported(9001)).toMatchObject({ taken: 1 });
    const log = (await written()).slice(from);
    /** What the line says, as whoever tries identities would have to guess it. */
    const guessed = (n: number): string => {
      const { person, caisse, body } = transmissionOf(cellsByColumn(row(n), headerOf(HEAD)).cells!, {
        fictitious: true,
      }) as Transmission;
      return createHash('sha256').update(JSON.stringify([person, caisse ?? null, body])).digest('hex'); // prettier-ignore
    };
    const { rows } = await admin.query<{ command_id: string }>('SELECT command_id FROM app.idempotency');
    const found = new Set([...rows.map((r) => r.command_id), ...log.map((e) => e.event_id), ...log.flatMap((e) => e.metadata.match(/[0-9a-f-]{36}/g) ?? [])]); // prettier-ignore
    // That this is what it was made of before, the same line of before shows.
    const key = (of: string) => uuidV5(uuidV5('b2a3c9f4-6c1e-4a51-9a55-2f5d1f3f0e57', 'cpam-39'), `import:${of}`);
    expect(found.has(key(guessed(9001)))).toBe(false);
    await before(() => imported(9002));
    const kept = await admin.query('SELECT FROM app.idempotency WHERE command_id = $1', [key(guessed(9002))]);
    expect(kept.rowCount).toBe(1);
  });
});

it('an identifier that is chosen tells nothing of what is there: what is new beside the cases gets its own here', async () => {
  const parties = [{ organisation: 'ast-39', tasks: 'oriente' }, { organisation: 'cpam-39', tasks: 'signale' }]; // prettier-ignore
  const sign = (who: Who, more: object) => it_.act('/v1/conventions', who, { title: 'Protocole', territory: '39', publics: ['salarie'], from: '2026-01-01', to: '2028-01-01', parties, ...more }); // prettier-ignore
  const { conventionId } = recorded(await sign(CPDP, {})).body['ids'] as { conventionId: string };
  const own = [{ organisation: 'carsat-bfc', tasks: 'oriente' }, { organisation: 'cap-emploi-39', tasks: 'place' }]; // prettier-ignore
  const answers = await Promise.all(
    [conventionId, '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11'].map((id) => sign(AS, { parties: own, conventionId: id })),
  );
  expect(answers[0]!.status).toBe(409);
  expect(answers[0]!.body['rules']).toMatchObject([{ code: 'id.madeHere' }]);
  expect(answers[1]!.text).toBe(answers[0]!.text);
  const forum = { forumId: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11', name: 'ILCO', type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: 'cpam-39', chairRole: 'CPAM', seats: [] }; // prettier-ignore
  expect((await it_.act('/v1/forums', CPAM, forum)).status).toBe(404);
});

it('an opening act whose case was undone since is the same one when it is tried again, its outcome forgotten or not', async () => {
  const n = ++people;
  const open = () => it_.act('/v1/cases/record-signal', AS, { person: personOf(n), caisse: 'cpam-39', data: { origin: 'person' } }, { key: `undone-${n}` }); // prettier-ignore
  const { caseId, cursor } = recorded(await open()).body as { caseId: string; cursor: string };
  await it_.caughtUp();
  const { headers } = await it_.get(`/v1/cases/${caseId}?after=${cursor}`, AS);
  recorded(await it_.act(`/v1/cases/${caseId}/undo-opening`, AS, { data: {} }, { ifMatch: headers.get('etag')! }));
  const from = (await written()).length;
  for (const lose of [() => Promise.resolve(), forget]) {
    await lose();
    expect(recorded(await open()).body['caseId']).toBe(caseId);
  }
  expect((await written()).length).toBe(from);
});
