import { ACCORD, ASSURE, AS, CPAM, CPDP, LEAVE, MC, party, Story } from '../../../test/support/story.js';
import { type DomainEvent } from './event.js';
import { currentLeave } from '../rules/leave.js';

const SENT = { spstCode: 'MT39', leave: LEAVE, accord: ACCORD };
const CPDP21 = party('CPDP', 'ast-21');
const sent = (data: Record<string, unknown> = SENT, on = '2023-03-14') => {
  const story = new Story();
  return Object.assign(story, story.does('transmit-sick-leave', data, { by: CPAM, on }));
};
const again = (story: Story, data: Record<string, unknown> = {}, on = '2023-04-14', by = CPAM) =>
  story.does('transmit-sick-leave', { ...SENT, ...data }, { by, on });
const told = (story: Story, from: number) => story.events.slice(from).map((e) => e.type);
const triaged = (story: Story, handshakeId: string, outcome: string, by = CPDP) => {
  story.does('acknowledge-receipt', { handshakeId }, { by, on: '2023-03-15' });
  story.does('conclude-triage', { handshakeId, outcome }, { by, on: '2023-03-16' });
};
const idOf = (story: Story): string => story.view.handshakes[0]!.id;

describe('the same leave, sent again', () => {
  it('is the same transmission: one line in the list, one leave, one accord, the identifier of the first', () => {
    const story = sent();
    const before = story.events.length;
    expect(again(story)['transmissionId']).toBe(idOf(story));
    expect(told(story, before)).toEqual(['SickLeaveTransmittedToSpst']);
    expect(story.view).toMatchObject({
      handshakes: [{ sentOn: '2023-03-14' }],
      leaves: [LEAVE],
      consents: [{ from: ACCORD.date }],
    });
    expect(story.duties.filter((o) => o.rule === 'transmission-to-triage')).toHaveLength(1);
  });
  it('with a later end, is prolonged', () => {
    const story = sent();
    const before = story.events.length;
    again(story, { leave: { ...LEAVE, expectedEnd: '2024-02-01' } });
    expect(told(story, before)).toEqual(['SickLeaveExtended', 'SickLeaveTransmittedToSpst']);
    expect(story.view.leaves).toMatchObject([{ start: LEAVE.start, expectedEnd: '2024-02-01' }]);
  });
  it('with an end when none was known, has one', () => {
    const { expectedEnd: _, ...open } = LEAVE;
    const story = sent({ ...SENT, leave: open });
    again(story);
    expect(story.view.leaves).toMatchObject([{ expectedEnd: LEAVE.expectedEnd }]);
  });
  it('with an earlier end, ends sooner: the last word told counts, as often as it changes, on one day too', () => {
    const story = sent();
    const ends = ['2024-02-01', '2023-06-30', '2023-09-30', '2023-05-31', '2023-12-31'];
    for (const on of ['2023-04-14', '2023-03-14'])
      for (const expectedEnd of ends) {
        story.does('transmit-sick-leave', { ...SENT, leave: { ...LEAVE, expectedEnd } }, { by: CPAM, on, today: '2023-04-14' });
        expect(currentLeave(story.view)?.until).toBe(expectedEnd);
      }
    expect(story.view.leaves).toHaveLength(1);
  });
  it('goes on after its end was told', () => {
    const story = sent();
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-04-01' }, { by: CPAM, on: '2023-04-02' });
    again(story, { leave: { ...LEAVE, expectedEnd: '2024-02-01' } });
    expect(currentLeave(story.view)).toMatchObject({ until: '2024-02-01' });
  });
  it('is still the same one where the service has taken it on', () => {
    const story = sent();
    triaged(story, idOf(story), 'accompanied');
    again(story, { leave: { ...LEAVE, expectedEnd: '2024-02-01' } });
    expect(story.view.handshakes).toHaveLength(1);
    expect(story.duties.filter((o) => o.rule === 'transmission-to-triage')).toEqual([]);
  });
  it.each(['no-need', 'back-at-work', 'unreachable'])(
    'is a new transmission, of the one leave, after a triage « %s »',
    (outcome) => {
      const story = sent();
      story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-03-14' });
      triaged(story, idOf(story), outcome);
      expect(again(story)['transmissionId']).not.toBe(idOf(story));
      expect(story.view.handshakes).toHaveLength(2);
      expect(story.view.leaves).toHaveLength(1);
    },
  );
  it('is a new transmission after it was declined, and to another service', () => {
    const story = sent();
    story.does('decline-referral', { referralId: idOf(story), motive: 'no-capacity' }, { by: CPDP, on: '2023-03-15' });
    again(story);
    again(story, { spstCode: 'MT21' });
    expect(story.view.handshakes.map((h) => h.to.organisation)).toEqual(['ast-39', 'ast-39', 'ast-21']);
    expect(story.view.leaves).toHaveLength(1);
  });
  it('finds the service that nobody knew, and tells of no second one', () => {
    for (const spstCode of [undefined, 'MT99']) {
      const story = sent({ ...SENT, spstCode } as never);
      expect(story.view.handshakes).toMatchObject([{ to: { organisation: null } }]);
      expect(again(story)['transmissionId']).toBe(idOf(story));
      expect(story.view.handshakes).toMatchObject([{ to: { organisation: 'ast-39' }, effective: true }]);
      expect(story.view.consents).toHaveLength(1);
      // Sent once more without it: what was known stays known.
      again(story, { spstCode: undefined } as never);
      expect(story.view.handshakes).toMatchObject([{ to: { organisation: 'ast-39' } }]);
    }
  });
  it('of another risk, another first day, or from the Service médical of another caisse, is another one', () => {
    const story = sent();
    again(story, { leave: { ...LEAVE, risk: 'AT' } });
    again(story, { leave: { ...LEAVE, start: '2024-01-01', expectedEnd: '2024-02-01' } }, '2024-01-10');
    expect(story.view.leaves).toHaveLength(3);
    expect(story.view.handshakes).toHaveLength(3);
    again(story, {}, '2024-01-10', MC);
    expect(story.view.handshakes).toHaveLength(3);
    again(story, {}, '2024-01-10', party('MC', 'cpam-21'));
    expect(story.view.handshakes).toHaveLength(4);
  });
  it('takes what is new of the activity alone', () => {
    const siret = '77567227221138';
    const story = sent({ ...SENT, activity: { status: 'salarie', employerSiret: siret } });
    again(story, { activity: { status: 'salarie' } });
    expect(story.view.activities).toHaveLength(1);
    again(story, { activity: { status: 'TI' } });
    expect(story.view.activities).toHaveLength(2);
  });
  it('gives no accord anew that the person has withdrawn since; a later one it does', () => {
    const story = sent();
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: CPAM, on: '2023-04-01' });
    expect(story.refuses('transmit-sick-leave', SENT, { by: CPAM, on: '2023-04-14' })).toEqual(['transmission.consentMissing']);
    expect(again(story, { accord: { ...ACCORD, date: '2023-04-10' } })['transmissionId']).not.toBe(idOf(story));
    expect(story.view.handshakes.map((h) => h.effective)).toEqual([false, true]);
  });
  it('is one leave when it is recorded again too, and a longer end extends it; one that touches it is another one', () => {
    const story = sent();
    const record = (leave: object, by = AS) => story.does('record-sick-leave', { ...leave }, { by, on: '2023-04-14' });
    story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-04-14' });
    const { leaveId } = record(LEAVE);
    expect(leaveId).toBe(story.view.leaves[0]!.id);
    record({ start: LEAVE.start, expectedEnd: '2024-02-01' });
    record({ start: LEAVE.start, expectedEnd: '2023-05-01' });
    expect(story.view.leaves).toMatchObject([{ ...LEAVE, expectedEnd: '2024-02-01' }]);
    record({ start: '2024-02-02', expectedEnd: '2024-03-01', risk: 'maladie' });
    expect(story.view.leaves).toHaveLength(2);
  });
});

describe('a leave', () => {
  it('is shortened by an act of its own, and only shortened', () => {
    const story = sent();
    const leaveId = story.view.leaves[0]!.id;
    const shorten = (expectedEnd: string) =>
      ['shorten-sick-leave', { leaveId, expectedEnd }, { by: CPAM, on: '2023-04-14' }] as const;
    expect(story.refuses(...shorten('2023-01-01'))).toEqual(['leave.datesReversed']);
    expect(story.refuses(...shorten('2024-01-01'))).toEqual(['leave.notShortened']);
    story.does(...shorten('2023-05-31'));
    expect(story.view.leaves).toMatchObject([{ expectedEnd: '2023-05-31' }]);
    story.does('extend-sick-leave', { leaveId, expectedEnd: '2023-06-30' }, { by: CPAM, on: '2023-04-14' });
    expect(story.view.leaves).toMatchObject([{ expectedEnd: '2023-06-30' }]);
  });
});

describe('a log in which one leave was sent several times, each time as a new one', () => {
  /** As it was recorded before: other identifiers for the same leave, and for the same transmission. */
  const doubled = (): Story => {
    const story = sent();
    const copies = story.events.slice(1).map((e): DomainEvent => {
      const data = Object.fromEntries(
        Object.entries(e.data).map(([k, v]) => [k, /Id$/.test(k) ? String(v).replace(/^./, 'f') : v]),
      );
      return { ...e, id: `${e.id} again`, data: e.type === 'SickLeaveRecorded' ? { ...data, expectedEnd: '2024-02-01' } : data };
    });
    story.events.push(...copies);
    return story;
  };
  it('tells of one leave, until the later end', () => {
    expect(doubled().view.leaves).toMatchObject([{ ...LEAVE, expectedEnd: '2024-02-01' }]);
  });
  it.each([0, 1])('is settled as a whole by whichever is acknowledged and triaged (%s)', (which) => {
    const story = doubled();
    expect(story.view.handshakes).toHaveLength(2);
    triaged(story, story.view.handshakes[which]!.id, 'no-need');
    expect(story.view).toMatchObject({
      status: 'ended-by-triage',
      handshakes: [{ receivedOn: '2023-03-15' }, { receivedOn: '2023-03-15' }],
    });
    expect(story.duties).toEqual([]);
  });
  it('is declined as a whole', () => {
    const story = doubled();
    story.does('decline-referral', { referralId: idOf(story), motive: 'no-capacity' }, { by: CPDP, on: '2023-03-15' });
    expect(story.view.handshakes.map((h) => h.answer?.kind)).toEqual(['declined', 'declined']);
    expect(story.view.accountable).toMatchObject({ organisation: 'cpam-39', reason: 'declined-to-sender' });
  });
  it('does not settle what went to another service', () => {
    const story = doubled();
    again(story, { spstCode: 'MT21' });
    triaged(story, idOf(story), 'no-need');
    expect(story.view.handshakes.map((h) => h.triage?.outcome)).toEqual(['no-need', 'no-need', undefined]);
    expect(story.view.accountable).toMatchObject({ organisation: CPDP21.organisation });
  });
});

describe('a signal', () => {
  it('that its organisation notes again before its triage is the same one', () => {
    const story = new Story();
    const note = (by = AS) => story.does('record-signal', { origin: 'person' }, { by, on: '2023-03-14' })['signalId'];
    const first = note();
    expect(note()).toBe(first);
    expect(note(CPDP)).not.toBe(first);
    expect(story.view.signals).toHaveLength(2);
    story.does('conclude-triage', { handshakeId: first, outcome: 'passed-on' }, { by: AS, on: '2023-03-15' });
    expect(note()).not.toBe(first);
  });
});
