import { type Convention, type Signature } from './convention/standing.js';
import { type Forum } from './forum/forum.js';
import { type Meeting } from './forum/meeting.js';
import { type GroupAction } from './group/planned.js';
import { type LocalDate, localDate } from './kernel/local-date.js';
import { onDay, proposalsToSign, type SharedWork, workOfConvention, workOfGroup, workOfMeeting } from './shared-work.js';

const forum = { name: 'ILCO', chair: 'cpam-39', seats: [{ organisation: 'carsat-bfc', role: 'AS' }] } as unknown as Forum;
const meeting = (over: Partial<Meeting>): Meeting => ({ meetingId: 'm', forumId: 'f', date: localDate('2023-10-17'), status: 'planned', items: [], attendees: [], ...over }); // prettier-ignore
const kinds = (all: readonly SharedWork[], day: string): string[] =>
  onDay(all, day as LocalDate).map((w) => `${w.kind} ${w.due}${w.overdue ? ' !' : ''}`);

describe('what an organisation has to do beside its cases', () => {
  it('is to prepare, record and close the meetings of its forums', () => {
    const chair = (day: string, over: Partial<Meeting> = {}) => kinds(workOfMeeting(meeting(over), forum, 'cpam-39'), day);
    const seat = (day: string, over: Partial<Meeting> = {}) => kinds(workOfMeeting(meeting(over), forum, 'carsat-bfc'), day);
    expect([chair('2023-10-02'), chair('2023-10-03'), seat('2023-10-17')]).toEqual([
      [], ['meeting-to-prepare 2023-10-17'], ['meeting-to-prepare 2023-10-17'],
    ]); // prettier-ignore
    expect([chair('2023-10-18'), chair('2023-10-26'), seat('2023-10-18')]).toEqual([
      ['meeting-to-hold 2023-10-25'], ['meeting-to-hold 2023-10-25 !'], [],
    ]); // prettier-ignore
    const held = { status: 'held', heldOn: localDate('2023-10-17') } as const;
    expect([chair('2023-10-18', held), seat('2023-10-18', held)]).toEqual([['meeting-to-close 2023-10-25'], []]);
    for (const status of ['closed', 'cancelled'] as const) expect(chair('2023-10-18', { status })).toEqual([]);
  });

  it('is to renew its conventions before they end, or to let them', () => {
    const c = { conventionId: 'c', title: 'CEP', from: '2023-01-01', to: '2023-12-31', parties: [], proposedOn: '2023-01-01', declined: [], signatures: ['cep-39', 'cpam-39'].map((organisation) => ({ organisation, to: '2023-12-31' })) } as unknown as Convention; // prettier-ignore
    const on = (day: string, of = c, who = 'cep-39') => kinds(workOfConvention(of, who), day);
    expect([on('2023-10-01'), on('2023-10-02'), on('2024-01-15'), on('2024-02-15')]).toEqual([
      [], ['convention-to-renew 2023-12-31'], ['convention-to-renew 2023-12-31 !'], [],
    ]); // prettier-ignore
    const [own, other] = c.signatures as [Signature, Signature];
    const withdrawn = { ...c, signatures: [own, { ...other, endedFor: 'agreed' }] };
    expect([on('2023-12-01', withdrawn), on('2023-12-01', c, 'ast-39')]).toEqual([[], []]);
    // It has renewed: the other one has to.
    const renewed = { ...c, signatures: [{ ...own, to: localDate('2024-12-31') }, other] };
    expect([on('2023-12-01', renewed), on('2023-12-01', renewed, 'cpam-39')]).toEqual([[], ['convention-to-renew 2023-12-31']]);
    expect(on('2023-12-01', { ...c, signatures: [own] })).toEqual([]);
  });

  it('is to sign what others proposed, in one line however many', () => {
    const proposal = (conventionId: string, proposedOn: string) =>
      ({ conventionId, title: conventionId, from: '2023-01-01', to: '2023-12-31', parties: [{ organisation: 'cep-39' }, { organisation: 'cpam-39' }], proposedOn, declined: [], signatures: [{ organisation: 'cpam-39', to: '2023-12-31' }] }) as unknown as Convention; // prettier-ignore
    const all = [proposal('b', '2023-03-02'), proposal('a', '2023-03-01'), proposal('c', '2023-03-03')];
    const lines = (who: string) => onDay(proposalsToSign(all, who, localDate('2023-03-10')), localDate('2023-03-10'));
    expect(lines('cep-39')).toEqual([
      expect.objectContaining({ kind: 'conventions-to-sign', command: 'countersign-convention', subject: 'a', count: 3, since: '2023-03-01', due: '2023-03-31', overdue: false }),
    ]); // prettier-ignore
    expect([lines('cpam-39'), lines('ast-39')]).toEqual([[], []]);
  });

  it('is to record the sessions that it held or took part in', () => {
    const g = { groupId: 'g', theme: 'rights', organiser: 'carsat-bfc', partners: [], organisations: ['cep-39'], seats: 9, sessions: [{ date: '2023-10-12', attendance: 7 }, { date: '2023-10-19' }] } as unknown as GroupAction; // prettier-ignore
    for (const who of ['carsat-bfc', 'cep-39']) expect(kinds(workOfGroup(g, who), '2023-10-20')).toEqual(['session-to-record 2023-10-27']); // prettier-ignore
    expect([kinds(workOfGroup(g, 'cpam-39'), '2023-10-20'), kinds(workOfGroup(g, 'carsat-bfc'), '2023-10-18')]).toEqual([[], []]);
    expect(workOfGroup({ ...g, cancelledFor: 'no-room' }, 'carsat-bfc')).toEqual([]);
  });
});
