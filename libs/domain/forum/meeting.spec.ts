import { type PastAside } from '../kernel/aside.js';
import { localDate } from '../kernel/local-date.js';
import { meetingOf } from './meeting.js';

const past = (type: string, data: object, on = '2023-10-18'): PastAside => ({
  type,
  data: data as PastAside['data'],
  actor: { organisation: 'cpam-39', role: 'CPAM', person: null },
  occurredOn: localDate(on),
});
const planned = past('MeetingScheduled', { meetingId: 'm', forumId: 'f', date: '2023-10-10' }, '2023-09-01');
const added = past('AgendaItemAdded', { meetingId: 'm', caseId: 'c', measureId: 'x' });
const attendees = [{ organisation: 'cpam-39', role: 'CPAM' }];

describe('a meeting', () => {
  it('was held on the day that was planned, unless another one is told, whenever it is recorded', () => {
    const held = (data: object = {}, ...before: PastAside[]) =>
      meetingOf([planned, ...before, past('MeetingHeld', { attendees, ...data })])?.heldOn;
    expect([held(), held({ on: '2023-10-12' })]).toEqual(['2023-10-10', '2023-10-12']);
    expect(held({}, past('MeetingMoved', { date: '2023-10-17' }))).toBe('2023-10-17');
  });
  it('has given its avis on a request though nobody can read it any more', () => {
    const erased = past('AvisGiven', { meetingId: 'm', caseId: 'c', measureId: 'x' });
    expect(meetingOf([planned, added, erased])?.items).toEqual([
      { caseId: 'c', measureId: 'x', addedBy: 'cpam-39', answered: true },
    ]);
    expect(meetingOf([added])).toBeUndefined();
  });
});
