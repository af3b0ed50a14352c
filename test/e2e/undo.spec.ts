import { AS, CPAM, CPDP, ORGANISATIONS, personOf, TestInstance, TRANSMISSION, type Who } from '../support/instance.js';

/** A case that was opened on the wrong person, over HTTP. */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_?.stop());

interface Opened {
  readonly caseId: string;
  readonly cursor: string;
  readonly ids: Record<string, string>;
}
const transmit = async (n: number, more: object = {}): Promise<Opened> => {
  const reply = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: { ...TRANSMISSION, ...more } });
  expect([reply.status, reply.text]).toEqual([201, reply.text]);
  return reply.body as unknown as Opened;
};
const read = async (caseId: string, who: Who, after = '') => {
  for (;;) {
    const reply = await it_.get(`/v1/cases/${caseId}${after && `?after=${after}`}`, who);
    if (reply.status !== 503) return reply;
  }
};
const undo = async (caseId: string, who: Who, after = '') =>
  it_.act(
    `/v1/cases/${caseId}/undo-opening`,
    who,
    { data: {} },
    { ifMatch: (await read(caseId, who, after)).headers.get('etag')! },
  );

describe('a case opened on the wrong person', () => {
  it('is undone in one act: in no list, open to nobody, and each goes on reading what it told itself', async () => {
    const { caseId, cursor } = await transmit(1);
    expect((await read(caseId, CPDP, cursor)).status).toBe(200);
    const undone = await undo(caseId, CPAM, cursor);
    expect([undone.status, undone.text]).toEqual([201, undone.text]);
    const after = undone.body['cursor'] as string;
    const left = await read(caseId, CPAM, after);
    expect(left.body).toMatchObject({ status: 'opened-by-mistake', items: [] });
    expect(left.body['participations']).toMatchObject([{ organisation: 'cpam-39', basis: 'own' }]);
    // Who told nothing there has nothing to read, and no line.
    expect((await read(caseId, CPDP, after)).status).toBe(404);
    const list = await it_.get(`/v1/worklists/spst-cellule?after=${after}`, CPDP);
    expect(JSON.stringify(list.body)).not.toContain(caseId);
    expect((await it_.act(`/v1/cases/${caseId}/record-sick-leave`, CPAM, { data: TRANSMISSION.leave })).status).toBe(409);
  });
  it('makes room for the one that was meant: the same number opens another case', async () => {
    const { caseId, cursor } = await transmit(2);
    await undo(caseId, CPAM, cursor);
    const anew = await transmit(2);
    expect(anew.caseId).not.toBe(caseId);
    expect((await read(anew.caseId, CPDP, anew.cursor)).body).toMatchObject({ status: 'signal' });
  });
  it('is corrected no more; whoever did not undo it itself is not told that it is undone', async () => {
    const signal = await it_.act('/v1/cases/record-signal', AS, { person: personOf(5), caisse: 'cpam-39', data: { origin: 'person' } }); // prettier-ignore
    const { caseId } = signal.body as unknown as Opened;
    const told = async (who: Who) => (await it_.act(`/v1/cases/${caseId}/record-activity`, who, { data: { status: 'salarie' } })).body as unknown as Opened & { events: { id: string }[] }; // prettier-ignore
    const [first, last] = [await told(AS), await told(CPAM)];
    const facts = [[AS, first.events], [CPAM, last.events]] as const; // prettier-ignore
    expect((await undo(caseId, CPAM, last.cursor)).status).toBe(201);
    const rules = await Promise.all(
      facts.map(async ([who, [event]]) => {
        const { status, body } = await it_.act(`/v1/cases/${caseId}/withdraw-fact`, who, { event: event!.id });
        return [status, (body['rules'] as { code: string }[]).map(({ code }) => code)];
      }),
    );
    expect(rules).toEqual([[409, ['rule.notVisible']], [409, ['case.openedByMistake']]]); // prettier-ignore
    for (const [who] of facts) expect((await read(caseId, who)).status).toBe(200);
  });
  it('is not undone by who did not open it and does not answer for it', async () => {
    const { caseId, cursor } = await transmit(3);
    expect((await it_.act(`/v1/cases/${caseId}/undo-opening`, AS, { data: {} }, { ifMatch: '*' })).status).toBe(404);
    expect((await read(caseId, CPDP, cursor)).status).toBe(200);
  });
});

it('a transmission that landed in the case of somebody else is withdrawn with all that it brought', async () => {
  const signal = await it_.act('/v1/cases/record-signal', CPDP, {
    person: personOf(4),
    caisse: 'cpam-39',
    data: { origin: 'person' },
  });
  const { caseId } = signal.body as unknown as Opened;
  const before = await read(caseId, CPDP, signal.body['cursor'] as string);
  const sent = await transmit(4);
  expect(sent.caseId).toBe(caseId);
  const { body } = await it_.get(`/v1/cases/${caseId}/events?after=${sent.cursor}`, CPAM);
  const event = (body['events'] as { id: string; type: string }[]).find((e) => e.type === 'SickLeaveTransmittedToSpst')!;
  const withdrawn = await it_.act(`/v1/cases/${caseId}/withdraw-fact`, CPAM, { event: event.id }, { ifMatch: '*' });
  expect([withdrawn.status, withdrawn.text]).toEqual([201, withdrawn.text]);
  const after = await read(caseId, CPDP, withdrawn.body['cursor'] as string);
  const of = ({ body: file }: typeof after) => ({
    leaves: file['leaves'],
    consents: file['consents'],
    handshakes: file['handshakes'],
    signals: file['signals'],
    status: file['status'],
  });
  expect(of(after)).toEqual(of(before));
});
