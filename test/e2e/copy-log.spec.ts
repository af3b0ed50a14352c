import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDbEventStore } from '../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { loadCase } from '../../libs/application/case-stream.js';
import { type EventStore, type Position } from '../../libs/event-store/port.js';
import { verifyLog } from '../../libs/event-store/verify.js';
import { Cli } from '../support/cli.js';
import { EventStoreDbDouble } from '../support/eventstoredb-double/double.js';
import { CPAM, CPDP, dayHere, MT, ORGANISATIONS, personOf, TestInstance, TRANSMISSION } from '../support/instance.js';
import { subscribed } from '../support/subscriber.js';

let it_: TestInstance;
let double: EventStoreDbDouble;
let elsewhere: EventStore;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
  double = await EventStoreDbDouble.start();
  elsewhere = new EventStoreDbEventStore({ connectionString: double.connectionString });
}, 120_000);
afterAll(async () => {
  await elsewhere.close();
  await it_.stop();
  double.stop();
});

const transmit = (n: number) =>
  it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION }, { key: `transmission-${n}` });
const contact = (caseId: string) =>
  it_.act(`/v1/cases/${caseId}/record-contact-attempt`, CPDP, { data: { channel: 'telephone', outcome: 'no-answer' } });
/** All that partners see of the cases. */
const seen = async (cases: readonly string[], after: string) => {
  const paths = [...cases.flatMap((id) => [`/v1/cases/${id}`, `/v1/cases/${id}/events`, `/v1/cases/${id}/options`]), '/v1/worklists/spst-cellule']; // prettier-ignore
  const answers = [CPDP, MT].flatMap((who) => paths.map((path) => it_.get(`${path}?after=${after}`, who)));
  return (await Promise.all(answers)).map(({ status, headers, body }) => {
    const { asOf: _, ...shown } = body;
    return { status, etag: headers.get('etag'), shown };
  });
};
/** Tables that were made anew have other numbers. */
const tablesOfViews = async () =>
  (await it_.wiring.pool.query(`select 'views.checkpoint'::regclass::oid, 'views.case_file'::regclass::oid as file`)).rows;
const copy = (from: string, to: string) => Cli.run(['copy-log', '--from', from, '--to', to]);
const verified = (sha256: string) => expect.stringMatching(new RegExp(`les mêmes des deux côtés.*\\nSHA-256 ${sha256}\\n`));
const sha256Of = async ({ wiring: { parts } }: TestInstance) => (await verifyLog(parts)).sha256;
/** The events that a subscriber gets behind what it had, each once. */
const idsBehind = async (lastEventId?: string) => idsOf((await subscribed(it_, CPDP, lastEventId)).events);
const idsOf = (events: readonly { data: string }[]) => events.map(({ data }) => (JSON.parse(data) as { id: string }).id);

it('takes an installation to EventStoreDB (in-process double, not a real server) and back, and nobody has to begin again', async () => {
  const opened = await Promise.all([1, 2, 3, 4].map(transmit));
  const [late, ...cases] = opened.map(({ body }) => body['caseId'] as string);
  const contacts = [];
  for (const caseId of [late!, ...cases]) contacts.push(await contact(caseId));
  const shown = await seen(cases, contacts.at(-1)!.body['cursor']);
  const tables = await tablesOfViews();
  // What the views have not taken in when the log moves, they take in afterwards.
  await it_.restart({ FIL_ROUGE_WORKER: 'false' });
  const last = await contact(late!);
  const before = await subscribed(it_, CPDP);
  const all = idsOf(before.events);
  expect(all.length).toBeGreaterThan(8);
  const sha256 = await sha256Of(it_);
  await it_.halt();

  // Killed while it copies, and given again.
  const there = { EVENTSTORE_URL: double.connectionString };
  let quick = 6;
  double.commitDelay = () => (quick-- > 0 ? 0 : 4_000);
  const killed = copy(it_.databaseUrl, double.connectionString);
  const arrived = async () => (await elsewhere.readAll(undefined, 1000)).events.length;
  while ((await arrived()) < 6 && killed.child.exitCode === null) await pause(10);
  killed.child.kill('SIGKILL');
  expect(await killed.exited).toBeNull();
  const some = await arrived();
  await expect(it_.restart(there)).rejects.toThrow('le déplacer d’abord (copy-log)');
  double.commitDelay = () => 0;
  const copied = copy(it_.databaseUrl, double.connectionString);
  expect([await copied.exited, copied.output]).toEqual([0, verified(sha256)]);
  expect(copied.output).toContain(`; ${some} étaient déjà là`);
  expect(await arrived()).toBeGreaterThan(some);

  await expect(it_.restart()).rejects.toThrow('EVENTSTORE_URL');
  const empty = await EventStoreDbDouble.start();
  await expect(it_.restart({ EVENTSTORE_URL: empty.connectionString })).rejects.toThrow('un EventStoreDB vide');
  empty.stop();
  await it_.restart(there);
  expect(await sha256Of(it_)).toBe(sha256);
  // The write that the views had not seen, named by the cursor that it got before the move.
  const { body } = await it_.get(`/v1/cases/${late!}/events?after=${last.body['cursor']}`, CPDP);
  expect(JSON.stringify(body)).toContain(last.body['events'][0].id);
  expect(await seen(cases, contacts.at(-1)!.body['cursor'])).toEqual(shown);
  expect(await tablesOfViews()).toEqual(tables);
  for (const [i, { id }] of before.events.entries()) expect(await idsBehind(id)).toEqual(all.slice(i + 1));
  expect(await idsBehind(before.last)).toEqual([]);

  // Commands of before answer as they did; new ones are written, and seen once.
  expect((await transmit(1)).text).toBe(opened[0]!.text);
  const added = [await contact(cases[0]!), await transmit(5)];
  expect(added.map(({ status }) => status)).toEqual([201, 201]);
  const after = await subscribed(it_, CPDP, before.last);
  expect(idsOf(after.events)).toEqual(added.map(({ body }) => body['events'][0].id));

  // And back, by the same way: what was there is found again, what is new is added.
  const whole = await sha256Of(it_);
  await it_.halt();
  const back = copy(double.connectionString, it_.databaseUrl);
  expect([await back.exited, back.output]).toEqual([0, verified(whole)]);
  await expect(it_.restart(there)).rejects.toThrow('n’a pas été déplacé');
  await it_.restart();
  expect(await sha256Of(it_)).toBe(whole);
  expect((await seen([late!], added[1]!.body['cursor'])).map(({ status }) => status)).not.toContain(404);
  const ids = [...all, ...idsOf(after.events)];
  for (const [i, { id }] of [...before.events, ...after.events].entries()) expect(await idsBehind(id)).toEqual(ids.slice(i + 1));
  expect(await idsBehind()).toEqual(ids);
  const { status } = await contact(late!);
  expect([status, await tablesOfViews()]).toEqual([201, tables]);
  expect(await idsBehind(after.last)).toHaveLength(1);
}, 300_000);

it('carries what a meeting said to its case once, though the log moved between the two, and came back', async () => {
  const ids = async (path: string, data: object) =>
    (await it_.act(`/v1/${path}`, CPAM, data)).body['ids'] as Record<string, string>;
  const caseId = (await transmit(6)).body['caseId'] as string;
  const forum = { name: 'Revue', type: 'permanence', territory: '39', meetingsPerYear: 12, chair: 'cpam-39', chairRole: 'CPAM', seats: [] }; // prettier-ignore
  const { forumId } = await ids('forums', forum);
  const { meetingId } = await ids('meetings', { forumId, date: dayHere() });
  await ids('meetings/agenda', { meetingId, caseId });
  await ids('meetings/held', { meetingId, attendees: [CPAM] });
  const reviews = async () => {
    const { parts } = it_.wiring;
    return (await loadCase(parts, caseId)).filter(({ type }) => type === 'CaseReviewHeld').length;
  };
  await it_.restart({ FIL_ROUGE_WORKER: 'false' });
  await ids('meetings/closed', { meetingId });
  expect(await reviews()).toBe(0);
  await it_.halt();
  const there = await EventStoreDbDouble.start();
  expect(await copy(it_.databaseUrl, there.connectionString).exited).toBe(0);
  await it_.restart({ EVENTSTORE_URL: there.connectionString });
  const carried = async () => (await it_.wiring.pool.query<{ position: Position }>(`SELECT position FROM process.checkpoint WHERE name = 'meetings'`)).rows[0]!.position; // prettier-ignore
  const caughtUp = async () => {
    for (let tries = 0; tries < 400 && (await carried()) !== (await it_.wiring.parts.store.head()); tries++) await pause(50);
    return reviews();
  };
  expect(await caughtUp()).toBe(1);
  await it_.halt();
  expect(await copy(there.connectionString, it_.databaseUrl).exited).toBe(0);
  await it_.restart();
  await contact(caseId);
  expect(await caughtUp()).toBe(1);
  there.stop();
}, 300_000);

it('tells what the operator can put right in a sentence, and has written nothing', async () => {
  const told = async (from: string, to: string): Promise<string> => {
    const cli = copy(from, to);
    expect(await cli.exited).toBe(1);
    expect(cli.output).not.toMatch(/^\s+at /m);
    return cli.output;
  };
  const { databaseUrl } = it_;
  // Given up after a while only.
  const nobody = told('esdb://127.0.0.1:1?tls=false', databaseUrl);
  expect(await told(databaseUrl, databaseUrl)).toContain('la source et la cible sont le même journal');
  expect(await told(databaseUrl, 'ailleurs')).toMatch(/--to.*esdb:\/\/.*must look like/);
  expect(await told('postgres://moi:secret@127.0.0.1:1/base', databaseUrl)).toMatch(
    /--from: can't connect to 127\.0\.0\.1:1\/base(?!.*secret)/,
  );
  // The way back was taken: the database has the log, and the copy there has fallen behind it.
  expect(await told(double.connectionString, databaseUrl)).toContain('contient déjà des événements');
  expect(await nobody).toContain('--from');
  await it_.restart();
  while ((await it_.get('/health/ready', null)).status !== 200) await pause(50);
}, 120_000);
