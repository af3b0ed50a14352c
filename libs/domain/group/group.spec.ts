import { AS, CPDP, directory, GROUPS, party, supported } from '../../../test/support/story.js';
import { type PastAside } from '../kernel/aside.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { GroupActionCancelled, GroupActionHeld, GroupActionMoved } from './group.js';
import { type GroupAction, groupActionOf } from './planned.js';

const CEP = party('CEP', 'cep-39');
const past = (type: string, data: object): PastAside => ({ type, data: data as PastAside['data'], actor: AS, occurredOn: localDate('2023-09-01') }); // prettier-ignore
const PLANNED = past('GroupActionPlanned', {
  groupId: 'g', theme: 'potentialis', date: '2023-10-12', more: [{ date: '2023-10-19' }], seats: 12, partners: ['CEP'], organisations: [{ organisation: 'cep-39' }],
}); // prettier-ignore
const CANCELLED = past('GroupActionCancelled', { groupId: 'g', motive: 'no-room' });
const held = (attendance: number, date?: string) => past('GroupActionHeld', { groupId: 'g', attendance, ...(date && { date }) });
const codes = (found: readonly { code: string }[] | undefined) => (found ?? []).map((f) => f.code);

describe('a group action', () => {
  const asks = (by: Party, today: string, more: readonly PastAside[] = []) =>
    ({ by, history: [PLANNED, ...more], today: localDate(today), directory, past: () => [], seen: undefined }); // prettier-ignore
  const holds = (by: Party, today: string, data: object, ...more: PastAside[]) =>
    codes(GroupActionHeld.check?.({ data: { groupId: 'g', attendance: 9, ...data } as never, ...asks(by, today, more) }));
  const moves = (by: Party, date: string, ...more: PastAside[]) =>
    codes(GroupActionMoved.check?.({ data: { groupId: 'g', date: localDate(date) }, ...asks(by, '2023-10-01', more) }));
  const cancels = (by: Party, ...more: PastAside[]) =>
    codes(GroupActionCancelled.check?.({ data: { groupId: 'g', motive: 'other' }, ...asks(by, '2023-10-01', more) }));

  it('is held, moved and called off by who planned it and the partners that it names', () => {
    for (const by of [AS, CEP]) expect([holds(by, '2023-10-12', {}), moves(by, '2023-10-13'), cancels(by)]).toEqual([[], [], []]);
  });
  it('is held on its days, each once, not before and not after it was called off', () => {
    expect(holds(AS, '2023-10-11', {})).toEqual(['group.beforeItsDay']);
    expect(holds(AS, '2023-10-20', { date: '2023-10-13' })).toEqual(['group.noSuchSession']);
    expect(holds(AS, '2023-10-20', { date: '2023-10-12' }, held(9))).toEqual(['group.heldAlready']);
    expect([holds(AS, '2023-10-18', {}, held(9)), holds(AS, '2023-10-19', {}, held(9))]).toEqual([['group.beforeItsDay'], []]);
    expect(holds(AS, '2023-10-20', {}, held(9), held(8))).toEqual(['group.heldAlready']);
    expect([holds(AS, '2023-10-12', {}, CANCELLED), cancels(AS, CANCELLED), moves(AS, '2023-10-13', CANCELLED)]).toEqual(Array(3).fill(['group.cancelled'])); // prettier-ignore
    expect(moves(AS, '2023-10-12', held(9))).toEqual(['group.heldAlready']);
  });
  it('has no more people than seats, unless whoever held it says so', () => {
    expect([holds(AS, '2023-10-12', { attendance: 12 }), holds(AS, '2023-10-12', { attendance: 13 })]).toEqual([[], ['group.moreThanSeats']]); // prettier-ignore
    expect(holds(AS, '2023-10-12', { attendance: 13, overSeats: true })).toEqual([]);
  });
  it('moved keeps the sessions that were held', () => {
    const moved = past('GroupActionMoved', { groupId: 'g', date: '2023-11-02', more: [{ date: '2023-10-26' }] });
    expect(groupActionOf([PLANNED, held(9), moved, held(7, '2023-11-02')])).toMatchObject({
      organiser: 'carsat-bfc',
      organisations: ['cep-39'],
      sessions: [{ date: '2023-10-12', attendance: 9 }, { date: '2023-10-26' }, { date: '2023-11-02', attendance: 7 }],
    });
  });
});

describe('the attendance of a person', () => {
  afterEach(() => GROUPS.splice(0));
  const attended = (data: object, on = '2023-10-12') => {
    const story = supported();
    story.does('record-group-attendance', { groupId: 'g', ...data }, { by: AS, on });
    return { theme: story.events.at(-1)?.data['theme'], irregular: story.irregular };
  };
  const planned = (...history: PastAside[]) => GROUPS.splice(0, 9, groupActionOf([PLANNED, ...history]) as GroupAction);

  it('is recorded once for a session', () => {
    planned();
    const story = supported();
    const data = { groupId: 'g' };
    story.does('record-group-attendance', data, { by: AS, on: '2023-10-12' });
    expect(story.refuses('record-group-attendance', data, { by: AS, on: '2023-10-12' })).toEqual(['groupSession.twice']);
    story.does('record-group-attendance', data, { by: AS, on: '2023-10-19' });
    expect(story.irregular).toEqual([]);
  });
  it('takes the theme of the action, and is recorded whatever was planned', () => {
    expect(attended({ theme: 'rights' })).toEqual({ theme: 'rights', irregular: ['groupSession.unknown'] });
    planned();
    expect(attended({})).toEqual({ theme: 'potentialis', irregular: [] });
    expect(attended({}, '2023-10-13').irregular).toEqual(['groupSession.otherDay']);
    planned(CANCELLED);
    expect(attended({}).irregular).toEqual(['groupSession.cancelled']);
    planned(held(9), CANCELLED);
    expect(attended({}).irregular).toEqual([]);
    expect(attended({ groupId: undefined, theme: 'rights' })).toEqual({ theme: 'rights', irregular: [] });
  });
  it('knows nothing of the action of others, whoever came to it', () => {
    planned();
    const story = supported();
    const tells = (by: Party, more: object = {}) => story.does('record-group-attendance', { groupId: 'g' }, { by, on: '2023-10-12', ...more }); // prettier-ignore
    tells(CPDP);
    expect(story.events.at(-1)!.data).toEqual({ groupId: 'g' });
    // Nor when it is told for one of its partners.
    tells(AS, { recordedBy: CPDP });
    expect(story.events.at(-1)!.data).toEqual({ groupId: 'g' });
    expect(story.irregular).toEqual(['groupSession.unknown']);
  });
});
