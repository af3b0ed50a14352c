import {
  act,
  it_,
  newPerson,
  open,
  type Opened,
  opened,
  read,
  refer,
  said,
  say,
  signal,
  tasks,
  tell,
  transmitted,
  Y_AS,
  Y_CPAM,
  Z_AS,
  Z_CPAM,
  Z_CPDP,
} from '../support/at-the-door.js';
import { AS, CAP, CPAM, CPDP, nirOf, personOf, recorded, type Reply, type Who } from '../support/instance.js';

/** Cases that are joined and parted, in any order, by anybody, and through crashes (ADR 0011, 0014). */
beforeAll(open, 120_000);
afterAll(() => it_?.stop());

/** The process goes down before its nth append to a stream. */
async function crashing<T>(when: (stream: string, types: string[]) => boolean, work: () => Promise<T>): Promise<T> {
  const store = it_.wiring.parts.store as unknown as { append: (...a: unknown[]) => Promise<unknown> };
  const append = store.append;
  let done = false;
  store.append = async function (this: unknown, ...a: unknown[]) {
    if (
      !done &&
      when(
        a[0] as string,
        (a[2] as { type: string }[]).map((e) => e.type),
      )
    ) {
      done = true;
      throw new Error('crash on purpose');
    }
    return append.apply(store, a);
  };
  try {
    return await work();
  } finally {
    store.append = append;
  }
}
const closed = async (known: Opened): Promise<void> => {
  await refer(known, CPAM, 'carsat-bfc');
  await act(known, 'open-support', AS, { origin: 'cpam' });
  await it_.caughtUp();
  const { headers } = await read(known, AS);
  recorded(
    await it_.act(
      `/v1/cases/${known.caseId}/close-support`,
      AS,
      { data: { motive: 'goal-reached' } },
      { ifMatch: headers.get('etag')! },
    ),
  );
};
const correctIdentity = async (of: Opened, who: Who, data: object): Promise<Reply> => {
  await it_.caughtUp();
  const evs = (await it_.get(`/v1/cases/${of.caseId}/events`, who)).body['events'] as {
    id: string;
    type: string;
    occurredOn: string;
  }[];
  const e = evs.find((x) => x.type === 'PersonIdentified')!;
  const { familyName, givenNames, birthDate } = personOf(of.n);
  return recorded(
    await it_.act(`/v1/cases/${of.caseId}/correct-fact`, who, {
      event: e.id,
      type: e.type,
      occurredOn: e.occurredOn,
      data: { familyName, givenNames, birthDate, ...data },
    }),
  );
};

const ident = (n: number) => ({ familyName: personOf(n).familyName, givenNames: 'Claire', birthDate: '1979-05-21' });
const byPerson = { actor: { role: 'ASSURE' }, evidence: { kind: 'call' } };
const threeOfOneName = async (): Promise<[Opened, Opened, Opened]> => {
  const n = newPerson();
  const { identifiers: _, ...person } = personOf(n);
  const open = async (): Promise<Opened> =>
    opened(await it_.act('/v1/cases/record-signal', CPDP, { person, caisse: 'cpam-39', data: { origin: 'person' } }), n);
  return [await open(), await open(), await open()];
};
/** Not merely what it told itself. */
const reads = async (of: Opened, who: Who): Promise<unknown> => {
  const { status, body } = await read(of, who);
  return [status, ((body['leaves'] ?? []) as unknown[]).length];
};

describe('the history of a case is kept', () => {
  it('joined, parted, joined the other way round', async () => {
    const [a, b] = await threeOfOneName();
    await said('join', a, b, CPDP);
    await said('part', a, b, CPDP);
    await act(b, 'record-contact-attempt', CPAM, { channel: 'telephone', outcome: 'no-answer' });
    await said('join', b, a, CPDP);
    expect((await read(b, CPDP)).body['signals']).toHaveLength(2);
  });
  it('and parted again: both are there', async () => {
    const [a, b] = await threeOfOneName();
    await said('join', a, b, CPDP);
    await said('part', a, b, CPDP);
    await act(b, 'record-contact-attempt', CPAM, { channel: 'telephone', outcome: 'no-answer' });
    await said('join', b, a, CPDP);
    await said('part', b, a, CPDP);
    expect([(await read(b, CPDP)).status, (await read(b, CPAM)).status]).toEqual([200, 200]);
  });
  it('a case that its fund had given up and got back, as soon as the file is let in', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    const own = await signal(Z_CPAM, n);
    await it_.caughtUp();
    await act(known, 'confirm-change', CPAM, { fileId: own.caseId });
    await it_.caughtUp();
    await said('part', own, known, CPAM);
    await act(known, 'record-contact-attempt', CPAM, { channel: 'telephone', outcome: 'no-answer' });
    await said('join', known, own, CPAM);
    expect((await read(known, AS)).status).toBe(200);
  });
  it('of one that was joined to a third one after it had been parted from another', async () => {
    const [a, b, c] = await threeOfOneName();
    await act(c, 'record-interview', CPDP, { mode: 'visu' });
    await said('join', b, c, CPDP);
    await said('part', b, c, CPDP);
    await said('join', a, c, CPDP);
    expect((await read(a, CPDP)).body['contacts']).toHaveLength(1);
    await said('join', a, b, CPDP);
    expect((await read(a, CPDP)).body['contacts']).toHaveLength(1);
  });
});
describe('a join lets in the author of a file, and not', () => {
  it('the fund that the file names, by a signal of its own there', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n, { caisse: 'z-cpam' });
    await signal(Z_CPAM, known.n);
    await said('join', known, own, CPDP);
    expect(await reads(known, Z_CPAM)).toEqual([200, 0]);
  });
  it('or by a referral', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n, { caisse: 'z-cpam' });
    await refer(own, Z_CPAM, 'y-carsat');
    await said('join', known, own, CPDP);
    expect(await reads(known, Z_CPAM)).toEqual([200, 0]);
  });
  it('whoever was referred to there and signals', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await refer(own, Z_AS, 'y-carsat');
    await signal(Y_AS, known.n);
    await said('join', known, own, CPDP);
    expect(await reads(known, Y_AS)).toEqual([200, 0]);
  });
  it('its author, once another one has taken its part over: that one', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    const { transferId } = (await act(own, 'propose-transfer', Z_AS, { to: 'y-carsat', toRole: 'AS', motive: 'moved' })).body[
      'ids'
    ];
    await act(own, 'accept-transfer', Y_AS, { transferId });
    await said('join', known, own, CPDP);
    expect([await reads(known, Z_AS), await reads(known, Y_AS)]).toEqual([
      [200, 0],
      [200, 1],
    ]);
  });
});
describe('the next case of a person is not taken in by a stranger', () => {
  for (const [what, data] of [
    ['adds an NIA', (n: number) => [{ nir: nirOf(n), nia: nirOf(n + 5000) }]],
    ['is left without the number, and is put right', (n: number) => [{}, { nir: nirOf(n) }]],
  ] as const)
    it(`when a correction in the last one ${what}`, async () => {
      const known = await transmitted();
      await closed(known);
      const own = await signal(Z_AS, known.n);
      for (const d of data(known.n)) await correctIdentity(known, CPAM, d);
      const next = await signal(AS, known.n, { caisse: 'cpam-39' });
      await it_.caughtUp();
      expect([(await say('join', own, next, Z_AS)).status, (await read(next, AS)).body['status']]).toEqual([404, 'signal']);
    });
});
describe('a partner of two cases does not decide what others answer for', () => {
  it('a change of fund that it does not answer for', async () => {
    const known = await transmitted();
    await refer(known, CPAM, 'y-carsat');
    const moved = await signal(Z_CPAM, known.n);
    await refer(moved, Z_CPAM, 'y-carsat');
    await it_.caughtUp();
    await say('join', known, moved, Y_AS);
    expect((await read(known, CPDP)).body['caisse']).toBe('cpam-39');
  });
  it('nor a move under the fund of a file that nobody knows', async () => {
    const n = newPerson();
    const trap = opened(await it_.act('/v1/cases/record-signal', Z_CPAM, { person: ident(n), data: { origin: 'cpam' } }), n);
    await refer(trap, Z_CPAM, 'y-carsat');
    const known = await transmitted(n);
    await refer(known, CPAM, 'y-carsat');
    await it_.caughtUp();
    await say('join', trap, known, Y_AS);
    expect([
      (await read(known, CPDP)).body['status'],
      (await read(trap, CPDP)).status,
      (await read(trap, Z_CPAM)).body['caisse'],
    ]).toEqual(['signal', 404, 'z-cpam']);
  });
  it('or under one that came later, where the fund has not acted yet', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    await act(known, 'open-support', AS, { origin: 'person' });
    await refer(known, AS, 'y-carsat');
    const trap = opened(await it_.act('/v1/cases/record-signal', Z_CPAM, { person: ident(n), data: { origin: 'cpam' } }), n);
    await refer(trap, Z_CPAM, 'y-carsat');
    await it_.caughtUp();
    await say('join', trap, known, Y_AS);
    expect((await read(known, AS)).body['status']).toBe('supported');
  });
});
describe('a second number does not take a case to whoever had told that one first', () => {
  it('told by a partner', async () => {
    const m = newPerson();
    const trap = opened(
      await it_.act('/v1/cases/record-signal', Z_CPAM, {
        person: { ...ident(m), identifiers: personOf(m).identifiers },
        data: { origin: 'cpam' },
      }),
      m,
    );
    const known = await transmitted();
    await refer(known, CPAM, 'y-carsat');
    await act(known, 'identify-person', Y_AS, { ...ident(known.n), nir: nirOf(m) });
    await it_.caughtUp();
    await say('join', trap, known, Z_CPAM);
    expect([(await read(known, CPDP)).body['status'], await reads(trap, Z_CPAM)]).toEqual(['signal', [200, 0]]);
  });
  it('told in a file that was let in', async () => {
    const m = newPerson();
    const trap = opened(await it_.act('/v1/cases/record-signal', Z_CPAM, { person: ident(m), data: { origin: 'cpam' } }), m);
    await act(trap, 'identify-person', Z_CPAM, { ...ident(m), nia: nirOf(m) });
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await act(own, 'identify-person', Z_AS, { ...ident(known.n), nir: nirOf(known.n), nia: nirOf(m) });
    await said('join', known, own, CPDP);
    await it_.caughtUp();
    await say('join', trap, known, Z_CPAM);
    expect([(await read(known, CPDP)).body['status'], await reads(trap, Z_CPAM)]).toEqual(['signal', [200, 0]]);
  });
});
describe('parting takes nothing from those who have nothing to do with it', () => {
  it('the words of a partner whose accord was withdrawn stay', async () => {
    const known = await transmitted();
    const grant = async () =>
      (
        await act(
          known,
          'grant-consent',
          CPDP,
          { zones: ['leave', 'identity', 'job'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'call' },
          byPerson,
        )
      ).body['ids'];
    await grant();
    const one = (await refer(known, CPDP, 'cap-emploi-39', 'CAP_EMPLOI')).body['ids'] as { referralId: string };
    await act(known, 'decline-referral', CAP, { referralId: one.referralId, motive: 'no-capacity' });
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await refer(known, CPDP, 'cap-emploi-39', 'CAP_EMPLOI');
    await act(known, 'record-interview', CAP, { mode: 'telephone' });
    const { consentId } = await grant();
    await act(known, 'withdraw-consent', CPDP, { consentId }, byPerson);
    await said('part', known, own, CPDP);
    expect([(await read(own, Z_AS)).body['contacts'], ((await read(known, CPDP)).body['contacts'] as unknown[]).length]).toEqual([
      [],
      1,
    ]);
  });
  it('what a former partner has withdrawn stays withdrawn', async () => {
    const known = await transmitted();
    const { referralId } = (await refer(known, CPAM, 'y-carsat')).body['ids'] as { referralId: string };
    await act(known, 'record-interview', Y_AS, { mode: 'telephone' });
    await act(known, 'decline-referral', Y_AS, { referralId, motive: 'no-capacity' });
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    const evs = (await it_.get(`/v1/cases/${known.caseId}/events`, Y_AS)).body['events'] as { id: string; type: string }[];
    recorded(
      await it_.act(`/v1/cases/${known.caseId}/withdraw-fact`, Y_AS, { event: evs.find((x) => x.type === 'InterviewHeld')!.id }),
    );
    await said('part', known, own, CPDP);
    expect((await read(known, CPDP)).body['contacts']).toEqual([]);
  });
  it('an accord that the person withdrew stays withdrawn, whoever told it', async () => {
    const known = await transmitted();
    const { consentId } = (
      await act(
        known,
        'grant-consent',
        CPDP,
        { zones: ['leave', 'identity', 'job'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'call' },
        byPerson,
      )
    ).body['ids'];
    await refer(known, CPDP, 'cap-emploi-39', 'CAP_EMPLOI');
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await act(known, 'withdraw-consent', Z_AS, { consentId }, byPerson);
    expect(await reads(known, CAP)).toEqual([404, 0]);
    await said('part', known, own, CPDP);
    expect(await reads(known, CAP)).toEqual([404, 0]);
  });
});
describe('a file that came along in a case', () => {
  it('and was parted does not come back when that one is parted too', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'y-cpam' });
    const own = await signal(Z_AS, n);
    await said('join', known, own, AS);
    const going = await transmitted(n);
    await it_.caughtUp();
    await act(known, 'confirm-change', Y_CPAM, { fileId: going.caseId });
    await said('part', going, own, CPAM);
    await said('part', going, known, CPAM);
    expect((await read(known, Z_AS)).status).toBe(404);
  });
  it('is not joined anew when what follows the log reads it again', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'y-cpam' });
    const own = await signal(Z_CPDP, n, { caisse: 'y-cpam', origin: 'moved' });
    await it_.caughtUp();
    await act(known, 'confirm-change', AS, { fileId: own.caseId });
    await it_.caughtUp();
    const going = await transmitted(n);
    await it_.caughtUp();
    await act(known, 'confirm-change', Y_CPAM, { fileId: going.caseId });
    await it_.caughtUp();
    await said('part', going, own, CPAM);
    expect((await read(own, Z_CPDP)).body['status']).toBe('signal');
    await it_.wiring.pool.query(`update process.checkpoint set position = null where name = 'doublons'`);
    await it_.caughtUp();
    expect((await read(own, Z_CPDP)).body['status']).toBe('signal');
  });
});
describe('a crash', () => {
  it('of a part before the person is told, by who joined and answers no more, is completed by its retry', async () => {
    const known = await transmitted();
    await refer(known, CPAM, 'carsat-bfc');
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await act(known, 'assign-lead', AS);
    await it_.caughtUp();
    const body = { caseId: known.caseId, otherCaseId: own.caseId };
    await crashing(
      (s, t) => s.startsWith('person-') && t.includes('PersonUnlinked'),
      () => it_.act('/v1/duplicates/part', CPDP, body, { key: 'f8' }),
    );
    await it_.caughtUp();
    expect((await it_.act('/v1/duplicates/part', CPDP, body, { key: 'f8' })).status).toBe(201);
    expect((await signal(Z_AS, known.n)).caseId).toBe(own.caseId);
  });
  it('of a join before its first append leaves the author its own file', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await it_.caughtUp();
    await crashing(
      (s, t) => s === `case-${known.caseId}` && t.includes('CaseAbsorbed'),
      () => it_.act('/v1/duplicates/join', CPDP, { caseId: known.caseId, otherCaseId: own.caseId }, { key: 'f8b' }),
    );
    expect((await signal(Z_AS, known.n)).caseId).toBe(own.caseId);
  });
  it('between the two appends of a part, and nobody tries again', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await crashing(
      (s, t) => s === `case-${known.caseId}` && t.includes('CaseAbsorptionUndone'),
      () => it_.act('/v1/duplicates/part', CPDP, { caseId: known.caseId, otherCaseId: own.caseId }, { key: 'f8c' }),
    );
    await it_.restart();
    expect(await reads(known, Z_AS)).toEqual([404, 0]);
  });
});
describe('at the edges', () => {
  it('an act that was recorded is answered so, though its author is parted at that instant', async () => {
    const results: boolean[] = [];
    for (let round = 0; round < 4; round++) {
      const known = await transmitted();
      const own = await signal(Z_AS, known.n);
      await said('join', known, own, CPDP);
      const [acts] = await Promise.all([
        Promise.all(
          [1, 2, 3, 4, 5, 6].map(() =>
            it_.act(`/v1/cases/${known.caseId}/record-contact-attempt`, Z_AS, {
              data: { channel: 'telephone', outcome: 'no-answer' },
            }),
          ),
        ),
        say('part', known, own, CPDP),
      ]);
      results.push(
        acts.filter((a) => a.status === 201).length === ((await read(own, Z_AS)).body['contacts'] as unknown[]).length,
      );
    }
    expect(results).toEqual([true, true, true, true]);
  });
  it('a doubt ends with the file that raised it', async () => {
    const n = newPerson();
    const known = await signal(AS, n, { caisse: 'cpam-39' });
    const moved = await signal(Z_CPAM, n);
    await it_.caughtUp();
    recorded(await it_.act(`/v1/cases/${moved.caseId}/undo-opening`, Z_CPAM, { data: {} }));
    const later = await signal(Z_AS, n);
    expect(await tasks(known, AS, later)).toEqual(['file-to-let-in']);
  });
  it('a fund that gives a case up is taken at its word, though traits differ', async () => {
    const n = newPerson();
    const known = opened(
      await it_.act('/v1/cases/record-signal', AS, {
        person: { identifiers: personOf(n).identifiers, familyName: 'AUTREMENT', givenNames: 'Zoe', birthDate: '1979-05-21' },
        caisse: 'y-cpam',
        data: { origin: 'person' },
      }),
      n,
    );
    const own = await transmitted(n);
    await it_.caughtUp();
    await act(known, 'confirm-change', Y_CPAM, { fileId: own.caseId });
    expect((await read(known, AS)).body['status']).toBe('merged');
  });
  it('a transfer of the fund’s part, accepted while another one was taken for the fund, outlasts parting', async () => {
    const known = await transmitted();
    const { transferId } = (await act(known, 'propose-transfer', CPAM, { to: 'y-cpam', toRole: 'CPAM', motive: 'moved' })).body[
      'ids'
    ];
    const moved = await signal(Z_CPAM, known.n);
    await said('join', known, moved, CPDP);
    await act(known, 'accept-transfer', Y_CPAM, { transferId });
    await said('part', known, moved, CPDP);
    expect((await read(known, CPDP)).body['caisse']).toBe('y-cpam');
  });
  it('two persons, said by mistake, is taken back', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await said('refuse', known, own, CPDP);
    await it_.caughtUp();
    expect((await say('join', known, own, CPDP)).status).toBe(201);
  });
});
const attempt = { channel: 'telephone', outcome: 'no-answer' };
describe('of two files of one author', () => {
  it('parted one after the other, the author leaves with the second', async () => {
    const known = await transmitted();
    const one = await signal(Z_AS, known.n, { number: false });
    await tell(one, Z_AS, known.n);
    const two = await signal(Z_AS, newPerson(), { number: false });
    await tell(two, Z_AS, known.n);
    await said('join', known, one, CPDP);
    await said('join', known, two, CPDP);
    await act(known, 'assign-lead', Z_AS);
    await act(known, 'identify-person', Z_AS, { familyName: 'AUTRE', givenNames: 'Jean', birthDate: '1950-01-01' });
    await said('part', known, one, CPDP);
    await said('part', known, two, CPDP);
    const { body } = await read(known, CPDP);
    expect([body['whoseMove'].organisation, body['person'].familyName, await reads(known, Z_AS)]).toEqual([
      'ast-39',
      `MARTIN${known.n}`,
      [404, 0],
    ]);
  });
  it('and what it told here since goes on in the second', async () => {
    const known = await transmitted();
    const one = await signal(Z_AS, known.n, { number: false });
    await tell(one, Z_AS, known.n);
    const two = await signal(Z_AS, newPerson(), { number: false });
    await tell(two, Z_AS, known.n);
    await said('join', known, one, CPDP);
    await said('join', known, two, CPDP);
    await act(known, 'record-contact-attempt', Z_AS, attempt);
    await said('part', known, one, CPDP);
    await said('part', known, two, CPDP);
    const all = await Promise.all([read(one, Z_AS), read(two, Z_AS), read(known, CPDP)]);
    expect(all.map(({ body }) => (body['contacts'] as unknown[]).length)).toEqual([0, 1, 0]);
  });
  it('or of two accomplices, of whom one asks the other', async () => {
    const known = await transmitted();
    const one = await signal(Y_AS, known.n);
    const two = await signal(Z_AS, known.n);
    await said('join', known, one, CPDP);
    await said('join', known, two, CPDP);
    await refer(known, Z_AS, 'y-carsat');
    await act(known, 'assign-lead', Y_AS);
    await said('part', known, one, CPDP);
    await said('part', known, two, CPDP);
    expect([await reads(known, Z_AS), await reads(known, Y_AS)]).toEqual([
      [404, 0],
      [404, 0],
    ]);
  });
});
describe('whoever took over the part of an author', () => {
  it('goes on in the case to which the file is joined', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    const { transferId } = (await act(own, 'propose-transfer', Z_AS, { to: 'y-carsat', toRole: 'AS', motive: 'moved' })).body[
      'ids'
    ];
    await act(own, 'accept-transfer', Y_AS, { transferId });
    await said('join', known, own, CPDP);
    await act(known, 'record-contact-attempt', Y_AS, attempt);
  });
});

describe('and more of these kinds', () => {
  it('a partner hides no file by saying that they are two before it has a number', async () => {
    const known = await transmitted();
    await refer(known, CPAM, 'y-carsat');
    const own = await signal(Y_AS, known.n, { number: false, caisse: 'z-cpam' });
    await said('refuse', known, own, Y_AS);
    await tell(own, Y_AS, known.n);
    await it_.caughtUp();
    expect(await tasks(known, CPDP, own)).toEqual(['file-to-let-in']);
  });
  it('who came with a file that was joined to the file comes no further', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n, { number: false });
    const more = await signal(Y_AS, known.n, { number: false });
    await refer(more, Y_AS, 'z-carsat');
    await said('join', own, more, Z_AS);
    await tell(own, Z_AS, known.n);
    await said('join', known, own, CPDP);
    expect(await reads(known, Y_AS)).toEqual([200, 0]);
  });
  it('who was let in, opened the next case, and was parted then, draws nobody into it', async () => {
    const known = await transmitted();
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await closed(known);
    await it_.caughtUp();
    await signal(Z_AS, known.n);
    await said('part', known, own, CPAM);
    const next = await signal(AS, known.n, { caisse: 'cpam-39' });
    await it_.caughtUp();
    expect((await read(next, AS)).body['status']).toBe('signal');
  });
  it('who declined the part that others gave it, and is asked by who leaves, leaves too', async () => {
    // y-carsat at home before the join; its referral is declined after; Z asks it again; parting Z keeps its words.
    const known = await transmitted();
    const { referralId } = (await refer(known, CPAM, 'y-carsat')).body['ids'] as { referralId: string };
    const own = await signal(Z_AS, known.n);
    await said('join', known, own, CPDP);
    await act(known, 'record-contact-attempt', Y_AS, { channel: 'telephone', outcome: 'no-answer' });
    await act(known, 'decline-referral', Y_AS, { referralId, motive: 'no-capacity' });
    await refer(known, Z_AS, 'y-carsat');
    await act(known, 'assign-lead', Y_AS);
    await said('part', known, own, CPDP);
    const { body } = await read(known, CPDP);
    expect(body['contacts']).toHaveLength(1);
    expect(await reads(known, Y_AS)).toEqual([200, 0]);
  });
});
