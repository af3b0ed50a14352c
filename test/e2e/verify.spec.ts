import { Client } from 'pg';
import { LogFault, type Verified, verifyLog } from '../../libs/event-store/verify.js';
import { Cli } from '../support/cli.js';
import { CPAM, CPDP, ORGANISATIONS, personOf, TestInstance, TRANSMISSION } from '../support/instance.js';

/** A log as the application writes it, then as somebody with all rights could leave it. */
let it_: TestInstance;
let admin: Client;
let caseId: string;
beforeAll(async () => {
  it_ = await TestInstance.start();
  admin = new Client(it_.databaseUrl);
  await admin.connect();
  await it_.register(...ORGANISATIONS);
  for (let n = 1; n <= 5; n++) {
    const opened = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION });
    caseId = opened.body['caseId'] as string;
    const contact = { data: { channel: 'telephone', outcome: 'no-answer' } };
    expect((await it_.act(`/v1/cases/${caseId}/record-contact-attempt`, CPDP, contact)).status).toBe(201);
  }
  await admin.query('create table public.as_written as table log.event');
}, 120_000);
afterAll(async () => {
  await admin?.end();
  await it_?.stop();
});
afterEach(async () => {
  await admin.query('truncate log.event');
  await admin.query('alter table log.event alter event_id type uuid using event_id::uuid');
  await admin.query('insert into log.event select * from public.as_written');
});

const verify = (): Promise<Verified> => verifyLog(it_.wiring.parts);
const faultOf = (work: Promise<unknown>): Promise<LogFault> =>
  work.then(
    () => Promise.reject(new Error('no fault was found')),
    (error: unknown) => (error instanceof LogFault ? error : Promise.reject(error as Error)),
  );
const cli = async () => {
  const ran = Cli.run(['verify'], { DATABASE_URL: it_.databaseUrl, FIL_ROUGE_DATA: it_.dataFolder });
  return { code: await ran.exited, output: ran.output };
};
const ordinal = (position: string): number => Number(position.split('-')[1]);

describe('verify', () => {
  it('finds a log sound, beside the instance, with its count and the digest of its bytes', async () => {
    const { rows } = await admin.query<{ n: number; streams: number }>(
      'select count(*)::int as n, count(distinct stream)::int as streams from log.event',
    );
    const progress: [number, number][] = [];
    const found = await verifyLog({ ...it_.wiring.parts, progress: (done, total) => progress.push([done, total]) });
    expect(found).toMatchObject({ count: rows[0]!.n, streams: rows[0]!.streams, erased: 0 });
    expect(found.head).toBe(await it_.wiring.parts.store.head());
    expect(progress.at(-1)).toEqual([rows[0]!.n, rows[0]!.n]);
    const { code, output } = await cli();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`SHA-256 ${found.sha256}\n`) });
    expect(output).toContain(`Le journal est sain : ${found.count} événements dans ${found.streams} flux`);
    expect(output).toMatch(/Vérification du journal \[.*\] (\d+)\/\1 positions/);
  });

  it('counts the events of an erased person, and finds nothing wrong with them', async () => {
    const { rows } = await admin.query<{ person: string; n: number }>(
      `select metadata->>'personId' as person, count(*)::int as n from log.event where metadata->>'personId' is not null group by 1 limit 1`,
    );
    const key = await admin.query('delete from vault.person_key where person_id = $1 returning *', [rows[0]!.person]);
    const { code, output } = await cli();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`dont ${rows[0]!.n} de personnes effacées`) });
    const { person_id, master_version, wrapped, created_at } = key.rows[0] as Record<string, unknown>;
    await admin.query('insert into vault.person_key values ($1, $2, $3, $4)', [person_id, master_version, wrapped, created_at]);
  });

  it('stays with the digest when only positions and incarnation change, and not when a byte does', async () => {
    const before = await verify();
    await admin.query('select log.start_incarnation()');
    const moved = await verify();
    expect(moved.sha256).toBe(before.sha256);
    expect(moved.head).not.toBe(before.head);
    // The same JSON.
    await admin.query(`update log.event set metadata = (metadata::text || ' ')::json where position = 3`);
    expect((await verify()).sha256).not.toBe(before.sha256);
  });

  const middle = `(select position from log.event where stream = $1 order by revision limit 1 offset 2)`;
  it.each<[what: string, sql: string, why: RegExp]>([
    ['an event that was taken away', `delete from log.event where position = ${middle} - 1`, /le rang \d+ manque devant/],
    ['the first ones taken away', `delete from log.event where position < ${middle}`, /le rang 0 manque devant/],
    [
      'a revision that jumps',
      `update log.event set revision = revision + 100 where position = ${middle}`,
      /la révision 2 était attendue/,
    ],
    [
      'an event moved to another stream',
      `update log.event set stream = stream || 'x' where position = ${middle}`,
      /la révision 0 était attendue/,
    ],
    [
      'a payload altered',
      `update log.event set data = replace(data::text, '"sealed":{"', '"sealed":{"x')::json where position = ${middle}`,
      /ne se lit pas/,
    ],
    [
      'a ciphertext altered',
      `update log.event set data = regexp_replace(data::text, '("sealed":{"[a-z]+":").{4}', '\\1AAAA')::json where position = ${middle}`,
      /zone .*: the ciphertext does not belong here or was altered/,
    ],
    [
      'a ciphertext of another event',
      `update log.event set data = (select data from log.event e where e.stream = $1 and e.type = log.event.type and e.position <> log.event.position or e.position = ${middle} - 1 order by e.position limit 1) where position = ${middle}`,
      /ne se lit pas/,
    ],
    [
      'a type that this release does not know',
      `update log.event set type = 'CaseDreamt' where position = ${middle}`,
      /CaseDreamt version 1: unknown type/,
    ],
    ['a newer version of a type', `update log.event set schema_version = 99 where position = ${middle}`, /version 99/],
    [
      'metadata of another shape',
      `update log.event set metadata = '[]' where position = ${middle}`,
      /ne se lit pas|n’est pas un instant/,
    ],
    [
      'a recording instant that goes back',
      `update log.event set metadata = regexp_replace(metadata::text, '"recordedAt":"20..', '"recordedAt":"1999')::json where position = ${middle}`,
      /enregistré le 1999-.*, avant l’événement qui le précède/,
    ],
    [
      'an id that is none',
      `update log.event set event_id = 'x' || substring(event_id from 2) where position = ${middle}`,
      /x[0-9a-f-]{35} n’est pas un UUID/,
    ],
  ])('names %s', async (_, sql, why) => {
    await admin.query('alter table log.event alter event_id type text');
    const { rowCount } = await admin.query(sql, [`case-${caseId}`]);
    expect(rowCount).toBeGreaterThan(0);
    const { event, why: told, message } = await faultOf(verify());
    expect(told).toMatch(why);
    expect(message).toBe(`position ${event.position}, flux ${event.stream}, révision ${event.revision} : ${told}`);
    const { rows } = await admin.query<{ stream: string; revision: number }>('select stream, revision from log.event where position = $1', [ordinal(event.position)]); // prettier-ignore
    expect(rows[0]).toEqual({ stream: event.stream, revision: event.revision });
  });

  it('names the first of two, and says so at the command line with exit code 1', async () => {
    const { rows } = await admin.query<{ position: number; stream: string; revision: number }>(
      `select position::int, stream, revision from log.event where stream like 'case-%' and revision = 1 order by position limit 2`,
    );
    await admin.query(`update log.event set data = '[]' where position = $1`, [rows[1]!.position]);
    await admin.query(`update log.event set type = 'CaseDreamt' where position = $1`, [rows[0]!.position]);
    const { code, output } = await cli();
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(`fil-rouge : position \\d+-0*${rows[0]!.position}, flux ${rows[0]!.stream}, révision 1 : `),
    );
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('names the first event of a person whose key was altered', async () => {
    await admin.query(`create table public.keys_as_written as table vault.person_key`);
    await admin.query(`update vault.person_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)`);
    const { code, output } = await cli();
    await admin.query('truncate vault.person_key');
    await admin.query('insert into vault.person_key select * from public.keys_as_written');
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/révision \d+ : .*the key of person .* was altered/),
    });
  });
});
