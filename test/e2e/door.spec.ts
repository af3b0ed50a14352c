import { type Role } from '../../libs/domain/kernel/roles.js';
import {
  AS,
  CAP,
  codesOf,
  CPAM,
  CPDP,
  dayHere,
  MC,
  nirOf,
  ORGANISATIONS,
  personOf,
  recorded,
  type Reply,
  STRANGERS,
  TestInstance,
  TRANSMISSION,
  type Who,
} from '../support/instance.js';

/** Nobody gets in by knowing a number (ADR 0014). */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS, ...STRANGERS);
}, 120_000);
afterAll(() => it_?.stop());

const OUTSIDE: readonly Who[] = (
  [['z-spst', 'MT'], ['z-spst', 'CPDP'], ['z-carsat', 'AS'], ['z-cpam', 'CPAM'], ['z-elsm', 'MC']] as const
).map(([organisation, role]) => ({ organisation, role })); // prettier-ignore
const stranger = (role: Role): Who => OUTSIDE.find((s) => s.role === role)!;

let people = 900;
interface Opened {
  readonly caseId: string;
  readonly cursor: string;
  readonly n: number;
}
const opened = (reply: Reply, n: number): Opened => {
  return { ...(recorded(reply).body as { caseId: string; cursor: string }), n };
};
const transmitted = async (n = ++people): Promise<Opened> =>
  opened(await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION }), n);
const signal = async (who: Who, n: number, person: object = {}): Promise<Opened> =>
  opened(
    await it_.act('/v1/cases/record-signal', who, { person: { ...personOf(n), ...person }, caisse: 'cpam-39', data: { origin: 'person' } }),
    n,
  ); // prettier-ignore
const types = async (caseId: string, who: Who): Promise<string[]> =>
  ((await it_.get(`/v1/cases/${caseId}/events`, who)).body['events'] as { type: string }[]).map(({ type }) => type);
async function until<T>(look: () => Promise<T>, good: (found: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const found = await look();
    if (good(found) || i === 100) return found;
    await new Promise((r) => setTimeout(r, 100));
  }
}
/** The views are made once, behind the start. */
const file = (caseId: string, who: Who, after?: string): Promise<Reply> =>
  until(
    () => it_.get(`/v1/cases/${caseId}${after ? `?after=${after}` : ''}`, who),
    ({ status }) => status !== 503,
  );
const items = async (caseId: string, who: Who): Promise<{ task: string; subject: string; due?: string }[]> =>
  ((await file(caseId, who)).body['items'] ?? []) as { task: string; subject: string; due?: string }[];
const waitsFor = (known: Opened, other: Opened, who: Who) =>
  until(
    async () => (await items(known.caseId, who)).filter((i) => i.subject === other.caseId),
    (found) => found.length > 0,
  );
const say = (what: 'join' | 'part' | 'refuse', kept: string, other: string, who: Who) =>
  it_.act(`/v1/duplicates/${what}`, who, { caseId: kept, otherCaseId: other });

describe('an organisation that is not at home', () => {
  it.each(OUTSIDE)('opens a file of its own with a number that is known: $organisation $role', async (who) => {
    const known = await transmitted();
    const own = await signal(who, known.n);
    expect(own.caseId).not.toBe(known.caseId);
    expect((await file(known.caseId, who)).status).toBe(404);
    await file(own.caseId, who, own.cursor);
    expect(await types(own.caseId, who)).toEqual(['CaseOpened', 'PersonIdentified', 'SignalReceived']);
  });

  it('gets the answer of a person unknown to all, and changes nothing for those at home but the one line', async () => {
    const known = await transmitted();
    const before = await file(known.caseId, MC, known.cursor);
    const [own, unknown] = [await signal(stranger('AS'), known.n), await signal(stranger('AS'), ++people)];
    const seen = async ({ caseId, cursor }: Opened) => {
      const { body } = await file(caseId, stranger('AS'), cursor);
      const { caseId: _, person: __, asOf: ___, ...rest } = body;
      return JSON.stringify(rest).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
    };
    expect(await seen(own)).toBe(await seen(unknown));
    const line = await waitsFor(known, own, CPDP);
    expect(line).toMatchObject([{ task: 'file-to-let-in' }]);
    // Those who take part and do not answer for the case learn nothing.
    const { asOf: _, ...rest } = before.body;
    const { asOf: __, ...after } = (await file(known.caseId, MC)).body;
    expect(after).toEqual(rest);
    for (const who of [stranger('AS'), MC])
      expect(JSON.stringify((await file(own.caseId, who)).body)).not.toContain(known.caseId);
  });

  it('goes on by itself with all that it told: waiting never stops it', async () => {
    const known = await transmitted();
    const own = await signal(stranger('AS'), known.n);
    const act = (command: string, data: object) => it_.act(`/v1/cases/${own.caseId}/${command}`, stranger('AS'), { data });
    expect((await act('open-support', { origin: 'person' })).status).toBe(201);
    expect((await act('record-interview', { mode: 'visu' })).status).toBe(201);
    await it_.act(`/v1/cases/${known.caseId}/open-support`, CPDP, { data: { origin: 'spst' } });
    const found = await until(
      async () => (await items(known.caseId, CPDP)).map(({ task }) => task),
      (all) => all.includes('two-leads'),
    );
    expect(found).toEqual(expect.arrayContaining(['file-to-let-in', 'two-leads']));
  });

  it('is let in by whoever answers for the case, by joining the two, and by nobody else', async () => {
    const known = await transmitted();
    const own = await signal(stranger('AS'), known.n);
    await waitsFor(known, own, CPDP);
    for (const who of [stranger('AS'), CAP]) {
      expect((await say('join', known.caseId, own.caseId, who)).status).toBe(404);
      expect((await say('join', own.caseId, known.caseId, who)).status).toBe(404);
    }
    expect((await say('join', known.caseId, own.caseId, CPDP)).status).toBe(201);
    const joined = await until(
      () => file(known.caseId, stranger('AS')),
      ({ status }) => status === 200,
    );
    expect(joined.body).toMatchObject({ person: { familyName: personOf(known.n).familyName } });
    expect(await items(known.caseId, CPDP)).not.toContainEqual(expect.objectContaining({ task: 'file-to-let-in' }));
    // Undone, what it had shown is taken away again.
    expect((await say('part', known.caseId, own.caseId, CPDP)).status).toBe(201);
    const parted = await until(
      () => file(known.caseId, stranger('AS')),
      ({ status }) => status === 404,
    );
    expect(parted.status).toBe(404);
    expect(await types(known.caseId, CPDP)).not.toContain('SignalReceived');
  });

  it('learns nothing of a « sans suite de notre part », which ends the line for good', async () => {
    const known = await transmitted();
    const own = await signal(stranger('AS'), known.n);
    await waitsFor(known, own, CPDP);
    const before = await file(own.caseId, stranger('AS'));
    expect(codesOf(await it_.act(`/v1/cases/${known.caseId}/set-file-aside`, CPAM, { data: { fileId: known.caseId } }))).toEqual(['file.unknown']); // prettier-ignore
    expect((await it_.act(`/v1/cases/${known.caseId}/set-file-aside`, CPDP, { data: { fileId: own.caseId } })).status).toBe(201);
    const left = await until(
      async () => (await items(known.caseId, CPDP)).filter((i) => i.subject === own.caseId),
      (found) => found.length === 0,
    );
    expect(left).toEqual([]);
    const { asOf: _, ...was } = before.body;
    const { asOf: __, ...is } = (await file(own.caseId, stranger('AS'))).body;
    expect(is).toEqual(was);
  });

  it('gets in by no other opening act either, nor by a line of an import', async () => {
    const known = await transmitted();
    const refer = await it_.act('/v1/cases/refer-case', stranger('AS'), { person: personOf(known.n), caisse: 'cpam-39', data: { target: 'carsat-bfc', targetRole: 'CSAM', motive: 'pdp' } }); // prettier-ignore
    const transmit = await it_.act('/v1/cases/transmit-sick-leave', stranger('CPAM'), { person: personOf(known.n), data: TRANSMISSION }); // prettier-ignore
    for (const reply of [refer, transmit]) expect(opened(reply, known.n).caseId).not.toBe(known.caseId);
    for (const who of [stranger('AS'), stranger('CPAM')]) expect((await file(known.caseId, who)).status).toBe(404);
    // The line reaches its addressee all the same, and the change of caisse waits for its confirmation.
    expect((await file(transmit.body['caseId'] as string, CPDP, transmit.body['cursor'] as string)).status).toBe(200);
    const line = await until(
      async () => (await items(known.caseId, CPDP)).filter((i) => i.subject === transmit.body['caseId']),
      (found) => found.length > 0,
    );
    expect(line).toMatchObject([{ task: 'change-to-confirm' }]);
    expect((await say('join', known.caseId, transmit.body['caseId'] as string, CPAM)).status).toBe(201);
    const moved = await until(
      () => file(known.caseId, CPDP),
      ({ body }) => body['caisse'] === 'z-cpam',
    );
    expect(moved.body['caisse']).toBe('z-cpam');
  });
});

describe('an organisation that is at home', () => {
  it('gets the case that it knows: whoever opened it, was sent it, or pays', async () => {
    const known = await transmitted();
    for (const who of [CPAM, CPDP, MC]) expect((await signal(who, known.n)).caseId).toBe(known.caseId);
  });
  it('has one file of its own, however often it comes', async () => {
    const known = await transmitted();
    const files = await Promise.all([1, 2, 3].map(() => signal(stranger('AS'), known.n)));
    expect(new Set(files.map(({ caseId }) => caseId)).size).toBe(1);
    expect((await signal(stranger('AS'), known.n)).caseId).toBe(files[0]!.caseId);
  });
  it('has a file apart for a number told with somebody else’s traits, and the caisse is asked whether it is one person', async () => {
    const known = await transmitted();
    const other = await signal(CPDP, known.n, { birthDate: '1950-02-03' });
    expect(other.caseId).not.toBe(known.caseId);
    const line = await waitsFor(known, other, CPAM);
    expect(line).toMatchObject([{ task: 'file-to-let-in' }]);
    expect(codesOf(await say('join', known.caseId, other.caseId, CPDP))).toEqual(['duplicate.birthDateDiffer']);
    expect((await say('join', known.caseId, other.caseId, CPAM)).status).toBe(201);
    expect((await until(() => file(known.caseId, CPDP), ({ body }) => (body['signals'] as unknown[]).length === 1)).body['person']).toMatchObject({ birthDate: personOf(known.n).birthDate }); // prettier-ignore
  });
  it('never joins two people whose numbers differ', async () => {
    const [one, two] = [await transmitted(), await transmitted()];
    expect(codesOf(await say('join', one.caseId, two.caseId, CPAM))).toContain('duplicate.identifiersDiffer');
  });
});

describe('the next case of a person whose case is closed', () => {
  const Z_CPAM = stranger('CPAM');
  /** The caisse that opened it passed it on; the Service social closed it. */
  const closed = async (): Promise<Opened> => {
    const known = await transmitted();
    const act = async (command: string, who: Who, data: object) => {
      const reply = await it_.act(`/v1/cases/${known.caseId}/${command}`, who, { data });
      expect([reply.status, reply.text]).toEqual([201, reply.text]);
      return reply.body['ids'] as Record<string, string>;
    };
    await act('refer-case', CPAM, { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' });
    await act('open-support', AS, { origin: 'cpam' });
    const { transferId } = await act('propose-transfer', CPAM, { to: 'z-cpam', toRole: 'CPAM', motive: 'moved' });
    await act('accept-transfer', Z_CPAM, { transferId });
    await act('close-support', AS, { motive: 'goal-reached' });
    return known;
  };
  const reopen = ({ caseId }: Opened) => it_.act(`/v1/cases/${caseId}/reopen-case`, AS, { data: { motive: 'relapse' } });

  it('is not opened by whoever has left it, though it told the number: it has a file of its own, and the case is reopened', async () => {
    const known = await closed();
    const own = await signal(CPAM, known.n);
    expect((await signal(CPAM, known.n)).caseId).toBe(own.caseId);
    const reopened = await reopen(known);
    expect([reopened.status, reopened.text]).toEqual([201, reopened.text]);
    expect((await signal(Z_CPAM, known.n)).caseId).toBe(known.caseId);
    expect(await waitsFor(known, own, AS)).toMatchObject([{ task: 'change-to-confirm' }]);
  });
  it('is opened by whoever is at home there, as that of the same person', async () => {
    const known = await closed();
    const next = await signal(Z_CPAM, known.n);
    expect(next.caseId).not.toBe(known.caseId);
    // There is one open case of a person, to whoever sees it.
    expect(codesOf(await reopen(known))).toEqual(['rule.notVisible']);
  });
  it('goes on where one was reopened after the last had ended', async () => {
    const known = await closed();
    const next = await signal(Z_CPAM, known.n);
    expect((await it_.act(`/v1/cases/${next.caseId}/undo-opening`, Z_CPAM, { data: {} }, { ifMatch: '*' })).status).toBe(201);
    expect((await reopen(known)).status).toBe(201);
    for (const who of [Z_CPAM, AS]) expect((await signal(who, known.n)).caseId).toBe(known.caseId);
  });
});

describe('a number that is told later', () => {
  it('is found like one that was told first, and the answer is the same whether it is free or another’s', async () => {
    const known = await transmitted();
    const { identifiers, ...traits } = personOf(known.n);
    const own = opened(await it_.act('/v1/cases/record-signal', stranger('MT'), { person: traits, caisse: 'z-cpam', data: { origin: 'person' } }), known.n); // prettier-ignore
    const { familyName, givenNames, birthDate } = traits;
    const identify = (nir: string) => it_.act(`/v1/cases/${own.caseId}/identify-person`, stranger('MT'), { data: { familyName, givenNames, birthDate, nir } }); // prettier-ignore
    const free = await identify(personOf(++people).identifiers[0]!.value);
    const taken = await identify(identifiers[0]!.value);
    const shape = ({ status, body }: Reply) => [status, Object.keys(body), (body['events'] as { type: string }[]).map(({ type }) => type), body['irregularities']]; // prettier-ignore
    expect(shape(taken)).toEqual(shape(free));
    expect(await waitsFor(known, own, CPDP)).toMatchObject([{ task: 'file-to-let-in' }]);
    const again = opened(await it_.act('/v1/cases/record-signal', stranger('MT'), { person: personOf(known.n), caisse: 'z-cpam', data: { origin: 'person' } }), known.n); // prettier-ignore
    expect(again.caseId).toBe(own.caseId);
  });
  it('and was wrong leads nowhere any more, once that is taken back: the line goes, and a new number is another person', async () => {
    const known = await transmitted();
    const { identifiers: _, ...traits } = personOf(known.n);
    const own = opened(await it_.act('/v1/cases/record-signal', stranger('MT'), { person: traits, caisse: 'z-cpam', data: { origin: 'person' } }), known.n); // prettier-ignore
    const { familyName, givenNames, birthDate } = traits;
    const told = await it_.act(`/v1/cases/${own.caseId}/identify-person`, stranger('MT'), { data: { familyName, givenNames, birthDate, nir: nirOf(known.n) } }); // prettier-ignore
    await waitsFor(known, own, CPDP);
    const withdrawn = await it_.act(`/v1/cases/${own.caseId}/withdraw-fact`, stranger('MT'), {
      event: told.body['events'][0].id,
    });
    expect([withdrawn.status, withdrawn.text]).toEqual([201, withdrawn.text]);
    const left = await until(
      async () => (await items(known.caseId, CPDP)).filter((i) => i.subject === own.caseId),
      (found) => found.length === 0,
    );
    expect(left).toEqual([]);
  });
  it('and was the known case’s own mistake: the line goes as soon as that is taken back', async () => {
    const known = await transmitted();
    const own = await signal(stranger('MT'), known.n);
    await waitsFor(known, own, CPDP);
    const { events } = (await it_.get(`/v1/cases/${known.caseId}/events`, CPAM)).body as {
      events: { id: string; type: string }[];
    };
    const { identifiers: _, ...traits } = personOf(known.n);
    const { familyName, givenNames, birthDate } = traits;
    const corrected = await it_.act(`/v1/cases/${known.caseId}/correct-fact`, CPAM, {
      event: events.find(({ type }) => type === 'PersonIdentified')!.id, type: 'PersonIdentified', occurredOn: dayHere(),
      data: { familyName, givenNames, birthDate, nir: nirOf(++people) },
    }); // prettier-ignore
    expect([corrected.status, corrected.text]).toEqual([201, corrected.text]);
    const left = await until(
      async () => (await items(known.caseId, CPDP)).filter((i) => i.subject === own.caseId),
      (found) => found.length === 0,
    );
    expect(left).toEqual([]);
  });
});

describe('files of two strangers under one number', () => {
  it.each(['known', 'unknown'])('tell each other the same, whether a case was opened before them or not: %s', async (which) => {
    const n = which === 'known' ? (await transmitted()).n : ++people;
    const first = await signal(stranger('MT'), n);
    const second = await signal(stranger('AS'), n);
    expect(await waitsFor(first, second, stranger('MT'))).toMatchObject([{ task: 'file-to-let-in' }]);
    await it_.caughtUp();
    expect((await items(second.caseId, stranger('AS'))).filter(({ task }) => task === 'file-to-let-in')).toEqual([]);
  });
});

describe('whoever came first under a number', () => {
  it('does not take in the case of the caisse, nor learns that there is one', async () => {
    const n = ++people;
    const own = await it_.act('/v1/cases/record-signal', stranger('AS'), { person: personOf(n), caisse: 'z-cpam', data: { origin: 'person' } }); // prettier-ignore
    const mine = opened(own, n);
    const known = await transmitted(n);
    // Which of the two goes on is for the fund that its author named to say: it gives up the file, or leaves it apart.
    expect(await waitsFor(mine, known, stranger('CPAM'))).toMatchObject([{ task: 'change-to-confirm' }]);
    await it_.caughtUp();
    expect(await items(mine.caseId, stranger('AS'))).not.toContainEqual(expect.objectContaining({ subject: known.caseId }));
    for (const what of ['join', 'refuse'] as const) {
      const [hidden, nobody] = [await say(what, mine.caseId, known.caseId, stranger('AS')), await say(what, mine.caseId, crypto.randomUUID(), stranger('AS'))]; // prettier-ignore
      expect([hidden.status, hidden.text]).toEqual([nobody.status, nobody.text]);
      expect(hidden.status).toBe(404);
    }
    expect((await file(known.caseId, stranger('AS'))).status).toBe(404);
  });
  it('nor by an older file in which it tells the number afterwards', async () => {
    const n = ++people;
    const empty = personOf(++people);
    const { identifiers: _, ...traits } = empty;
    const mine = opened(await it_.act('/v1/cases/record-signal', stranger('AS'), { person: traits, caisse: 'z-cpam', data: { origin: 'person' } }), people); // prettier-ignore
    const known = await transmitted(n);
    const { familyName, givenNames, birthDate } = personOf(n);
    await it_.act(`/v1/cases/${mine.caseId}/identify-person`, stranger('AS'), { data: { familyName, givenNames, birthDate, nir: nirOf(n) } }); // prettier-ignore
    await waitsFor(known, mine, CPDP);
    expect((await say('join', mine.caseId, known.caseId, stranger('AS'))).status).toBe(404);
    expect((await file(known.caseId, stranger('AS'))).status).toBe(404);
  });
  it('a partner of the case does not move it into a file of its own, under another caisse', async () => {
    const n = ++people;
    const known = await transmitted(n);
    await it_.act(`/v1/cases/${known.caseId}/refer-case`, CPAM, {
      data: { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' },
    });
    const { identifiers: _, ...traits } = personOf(n);
    const mine = opened(
      await it_.act('/v1/cases/record-signal', AS, { person: traits, caisse: 'z-cpam', data: { origin: 'person' } }),
      n,
    );
    const moved = await say('join', mine.caseId, known.caseId, AS);
    expect([moved.status, codesOf(moved)]).toEqual([409, ['duplicate.otherStays']]);
    expect((await say('join', known.caseId, mine.caseId, AS)).status).toBe(201);
  });
  it('two joins at once, one each way, never lose a case', async () => {
    const n = ++people;
    const { identifiers: _, ...traits } = personOf(n);
    const [one, two] = [await transmitted(n), opened(await it_.act('/v1/cases/record-signal', CPAM, { person: traits, data: { origin: 'cpam' } }), n)]; // prettier-ignore
    const both = await Promise.all([say('join', one.caseId, two.caseId, CPAM), say('join', two.caseId, one.caseId, CPAM)]);
    expect(both.filter(({ status }) => status === 201).length).toBeLessThan(2);
    const act = await it_.act(`/v1/cases/${one.caseId}/record-contact-attempt`, CPAM, { data: { channel: 'telephone', outcome: 'no-answer' } }); // prettier-ignore
    expect([act.status, act.text]).toEqual([201, act.text]);
  });
  it('whoever was let in, and took the lead, is out again once the two are parted', async () => {
    const known = await transmitted();
    const own = await signal(stranger('AS'), known.n);
    await waitsFor(known, own, CPDP);
    expect((await say('join', known.caseId, own.caseId, CPDP)).status).toBe(201);
    const led = await it_.act(`/v1/cases/${known.caseId}/assign-lead`, stranger('AS'), { data: {} });
    expect([led.status, led.text]).toEqual([201, led.text]);
    expect((await say('part', known.caseId, own.caseId, CPAM)).status).toBe(201);
    await it_.caughtUp();
    expect((await it_.get(`/v1/cases/${known.caseId}/events`, stranger('AS'))).status).toBe(404);
    expect((await file(known.caseId, CPAM)).body).toMatchObject({ whoseMove: { organisation: CPDP.organisation } });
    // What it told meanwhile is in its own file, and nobody else's.
    expect(await types(own.caseId, stranger('AS'))).toContain('LeadAssigned');
    expect(await types(known.caseId, CPAM)).not.toContain('LeadAssigned');
  });
  it('a line ends when somebody says that the two are not one person', async () => {
    const known = await transmitted();
    const own = await signal(stranger('MT'), known.n);
    await waitsFor(known, own, CPDP);
    expect((await say('refuse', known.caseId, own.caseId, CPDP)).status).toBe(201);
    const left = await until(
      async () => (await items(known.caseId, CPDP)).filter((i) => i.subject === own.caseId),
      (found) => found.length === 0,
    );
    expect(left).toEqual([]);
    // They may think again.
    expect((await say('join', known.caseId, own.caseId, CPDP)).status).toBe(201);
  });
});
