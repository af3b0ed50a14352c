import { verifyLog } from '../../libs/event-store/verify.js';
import {
  AS,
  CAP,
  codesOf,
  CPAM,
  CPDP,
  dayHere,
  ORGANISATIONS,
  personOf,
  type Reply,
  TestInstance,
  TRANSMISSION,
  type Who,
} from '../support/instance.js';

let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_?.stop());

let people = 500;
interface Opened {
  readonly caseId: string;
  readonly cursor: string;
}
const opened = (reply: Reply): Opened => {
  expect(reply.text && reply.status).toBe(201);
  return reply.body as unknown as Opened;
};
/** One person under two: the caisse knows the number, the SPST only who it is. */
async function twice(n = ++people): Promise<{ known: Opened; unknown: Opened; n: number }> {
  const known = opened(await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION }));
  const { identifiers: _, ...traits } = personOf(n);
  const person = { ...traits, familyName: traits.familyName.toLowerCase() };
  const unknown = opened(
    await it_.act('/v1/cases/record-signal', CPDP, { person, caisse: 'cpam-39', data: { origin: 'person' } }),
  );
  expect(unknown.caseId).not.toBe(known.caseId);
  await file(unknown.caseId, CPDP, unknown.cursor);
  return { known, unknown, n };
}
const file = async (caseId: string, who: Who, after?: string): Promise<Reply> => {
  const reply = await it_.get(`/v1/cases/${caseId}${after ? `?after=${after}` : ''}`, who);
  expect([reply.status, reply.text]).toEqual([200, reply.text]);
  return reply;
};
const proposed = async (who: Who, { known, unknown }: { known: Opened; unknown: Opened }): Promise<boolean> => {
  const { body } = await it_.get('/v1/duplicates', who);
  const pairs = (body['items'] as { cases: { caseId: string }[] }[]).map(({ cases }) =>
    cases
      .map((c) => c.caseId)
      .sort()
      .join(),
  );
  return pairs.includes([known.caseId, unknown.caseId].sort().join());
};
const say = (what: 'join' | 'part' | 'refuse', { known, unknown }: { known: Opened; unknown: Opened }, who: Who, key?: string) =>
  it_.act(`/v1/duplicates/${what}`, who, { caseId: known.caseId, otherCaseId: unknown.caseId }, key ? { key } : {});
const events = async (caseId: string, who: Who): Promise<{ id: string; type: string }[]> =>
  (await it_.get(`/v1/cases/${caseId}/events`, who)).body['events'] as { id: string; type: string }[];
/** Looks until the views have come so far. */
async function until<T>(look: () => Promise<T>, good: (found: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const found = await look();
    if (good(found) || i === 100) return found;
    await new Promise((r) => setTimeout(r, 50));
  }
}

describe('one person under two', () => {
  it('is proposed to whoever takes part in both cases, and to nobody else', async () => {
    const pair = await twice();
    expect(await proposed(CPAM, pair)).toBe(true);
    expect(await proposed(CPDP, pair)).toBe(true);
    for (const who of [AS, CAP]) expect(await proposed(who, pair)).toBe(false);
    for (const what of ['join', 'part', 'refuse'] as const) expect((await say(what, pair, AS)).status).toBe(404);
    expect((await say('join', pair, { organisation: 'exploitant', role: 'OPERATOR' })).status).toBe(403);
  });

  it('is joined by a human: one case has both histories, the other one sends there', async () => {
    const pair = await twice();
    const before = [...(await events(pair.known.caseId, CPAM)), ...(await events(pair.unknown.caseId, CPAM))].map((e) => e.id);
    expect((await say('join', pair, CPAM, 'join-1')).status).toBe(201);
    expect((await say('join', pair, CPAM, 'join-1')).status).toBe(201);
    const joined = await until(
      () => file(pair.known.caseId, CPDP),
      ({ body }) => (body['signals'] as unknown[]).length === 1,
    );
    expect(joined.body).toMatchObject({
      status: 'signal',
      signals: [{ holder: { organisation: 'ast-39' } }],
      handshakes: [{ kind: 'transmission' }],
    });
    const after = (await events(pair.known.caseId, CPAM)).map((e) => e.id);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(new Set(after).size).toBe(after.length);
    expect(
      (
        await until(
          () => file(pair.unknown.caseId, CPDP),
          ({ body }) => body['status'] === 'merged',
        )
      ).body,
    ).toMatchObject({ status: 'merged', mergedInto: pair.known.caseId });
    expect(codesOf(await it_.act(`/v1/cases/${pair.unknown.caseId}/open-support`, CPDP, { data: { origin: 'spst' } }))).toContain(
      'case.merged',
    );
    expect(await proposed(CPAM, pair)).toBe(false);
    // Whoever comes with the number, or joins again, finds the one case.
    const again = opened(
      await it_.act('/v1/cases/record-signal', CPDP, { person: personOf(pair.n), caisse: 'cpam-39', data: { origin: 'person' } }),
    );
    expect(again.caseId).toBe(pair.known.caseId);
    expect(codesOf(await say('join', pair, CPAM))).toContain('duplicate.notOpen');
  });

  it('is two again once that is undone: each with its own history, and what was told meanwhile where it was told', async () => {
    const pair = await twice();
    await say('join', pair, CPAM);
    const told = await it_.act(`/v1/cases/${pair.known.caseId}/record-interview`, CPDP, { data: { mode: 'visu' } });
    expect(told.status).toBe(201);
    expect((await say('part', pair, CPDP)).status).toBe(201);
    const kept = await until(
      () => file(pair.known.caseId, CPDP),
      ({ body }) => (body['signals'] as unknown[]).length === 0 && (body['contacts'] as unknown[]).length === 1,
    );
    expect(kept.body).toMatchObject({ signals: [], contacts: [{ kind: 'interview' }], handshakes: [{ kind: 'transmission' }] });
    const other = await until(
      () => file(pair.unknown.caseId, CPDP),
      ({ body }) => body['status'] === 'signal',
    );
    expect(other.body).toMatchObject({
      status: 'signal',
      signals: [{ holder: { organisation: 'ast-39' } }],
      whoseMove: { organisation: 'ast-39' },
    });
    expect(
      await until(
        () => proposed(CPAM, pair),
        (found) => found,
      ),
    ).toBe(true);
    expect(codesOf(await say('part', pair, CPDP))).toContain('duplicate.notJoined');
    // And one again, should that have been the mistake.
    expect((await say('join', pair, CPAM)).status).toBe(201);
    const rejoined = await until(
      () => file(pair.known.caseId, CPDP),
      ({ body }) => (body['signals'] as unknown[]).length === 1,
    );
    expect(rejoined.body).toMatchObject({ signals: [{ holder: { organisation: 'ast-39' } }], contacts: [{ kind: 'interview' }] });
    const { store, codec } = it_.wiring.parts;
    await expect(verifyLog({ store, codec })).resolves.toMatchObject({ erased: 0 });
  });

  it('that were found to be two are proposed no more', async () => {
    const pair = await twice();
    expect((await say('refuse', pair, CPDP)).status).toBe(201);
    expect(await proposed(CPAM, pair)).toBe(false);
  });

  it('loses nothing that is told in the one case while the two are joined', async () => {
    const pair = await twice();
    const telling = Array.from({ length: 12 }, () =>
      it_.act(`/v1/cases/${pair.unknown.caseId}/record-contact-attempt`, CPDP, {
        data: { channel: 'telephone', outcome: 'no-answer' },
      }),
    );
    const [joined, ...told] = await Promise.all([say('join', pair, CPAM), ...telling]);
    expect(joined!.status).toBe(201);
    const taken = told.filter(({ status }) => status === 201).map(({ body }) => (body['events'] as { id: string }[])[0]!.id);
    const all = await until(
      () => events(pair.known.caseId, CPAM),
      (found) => taken.every((id) => found.some((e) => e.id === id)),
    );
    expect(all.map((e) => e.id)).toEqual(expect.arrayContaining(taken));
  });

  it('once joined, is corrected in the case that goes on, and in no other, where nobody would read it', async () => {
    const pair = await twice();
    const told = await it_.act(`/v1/cases/${pair.unknown.caseId}/record-activity`, CPDP, { data: { status: 'salarie' } });
    const event = (told.body['events'] as { id: string }[])[0]!.id;
    await say('join', pair, CPAM);
    const correction = {
      event,
      type: 'ActivityRecorded',
      occurredOn: dayHere(),
      data: { status: 'interim' },
    };
    const put = (what: 'correct-fact' | 'withdraw-fact', { caseId }: Opened, body: object) =>
      it_.act(`/v1/cases/${caseId}/${what}`, CPDP, body);
    for (const refused of [
      await put('correct-fact', pair.unknown, correction),
      await put('withdraw-fact', pair.unknown, { event }),
    ]) {
      expect([refused.status, codesOf(refused)]).toEqual([409, ['case.merged']]);
      expect(refused.text).toContain(pair.known.caseId);
    }
    const corrected = await put('correct-fact', pair.known, correction);
    expect([corrected.status, corrected.text]).toEqual([201, corrected.text]);
    expect((await file(pair.known.caseId, CPDP, corrected.body['cursor'] as string)).body).toMatchObject({
      activities: [{ status: 'interim' }],
    });
    // Parted again, each is corrected for itself.
    expect((await say('part', pair, CPDP)).status).toBe(201);
    expect((await put('withdraw-fact', pair.unknown, { event })).status).toBe(201);
  });
});
