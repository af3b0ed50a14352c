import { AS, ASSURE, CPAM, CPDP, MC, party, Story, supported, uuidOf } from '../../../test/support/story.js';
import { visibleEvents } from '../../access/visible.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { actOfType } from './acts.js';
import { deriveCase } from './derive.js';
import { type RecordedEvent } from './event.js';
import { filesToTell } from './files.js';

const NEW = party('CPDP', 'ast-21');
const fileId = uuidOf('file');

/** A case that the Service social leads and ast-39 follows; another service opens a file for its change. */
function told(more: object = {}): Story {
  const known = supported();
  known.does('transmit-sick-leave', { spst: 'ast-39', leave: { start: '2023-03-02', expectedEnd: '2023-07-22', risk: 'maladie' }, accord: { date: '2023-04-01', proof: 'form' } }, { by: CPAM, on: '2023-05-02' }); // prettier-ignore
  const found = filesToTell(known.view, [fileOf()]).find(({ type }) => type === 'FileFound')!;
  known.events.push({ ...known.events.at(-1)!, id: uuidOf('found'), type: 'FileFound', actor: party('OPERATOR'), recordedBy: null, occurredOn: localDate('2023-05-08'), data: { ...found.data, ...more } }); // prettier-ignore
  return known;
}
/** What the other service opened. */
function fileOf() {
  const other = new Story();
  other.does('record-signal', { origin: 'moved' }, { by: NEW, on: '2023-05-08', key: 'moved' });
  return { ...other.view, caseId: fileId };
}
const rules = (story: Story, rule: string) =>
  story.duties.filter((o) => o.rule === rule).map((o) => [o.organisation, o.role, o.due]);
const sees = (story: Story, who: Party, type: string): boolean =>
  visibleEvents(story.events as RecordedEvent[], story.view, { organisation: who.organisation!, role: who.role }, localDate('2023-05-09')).some((e) => e.type === type); // prettier-ignore

describe('a change of health service that the new one tells', () => {
  it('is asked of whoever answers for the case, and of the service that had followed the person, for the same day', () => {
    expect(rules(told(), 'change-to-confirm')).toEqual([
      ['carsat-bfc', 'AS', '2023-05-15'],
      ['ast-39', 'CPDP', '2023-05-15'],
    ]);
  });
  it('is told to these, to the fund, and to nobody else who takes part; not to whoever told it', () => {
    const known = told();
    expect([AS, CPDP, CPAM, MC, NEW].map((who) => sees(known, who, 'FileFound'))).toEqual([true, true, true, false, false]); // prettier-ignore
  });
  it.each([
    ['the service that had followed the person', { by: CPDP }],
    ['whoever answers for the case', { by: AS }],
    ['the fund', { by: CPAM }],
    ['the person, as one of these records', { by: ASSURE, recordedBy: CPDP }],
  ])('is confirmed by %s, and leaves both lists', (_, who) => {
    const known = told();
    known.does('confirm-change', { fileId }, { ...who, on: '2023-05-09' });
    expect(rules(known, 'change-to-confirm')).toEqual([]);
    expect(known.view.files).toMatchObject([{ claim: 'spst', change: { kind: 'confirmed' } }]);
    // What the service sees amounts to the same.
    const seen = visibleEvents(known.events as RecordedEvent[], known.view, { organisation: 'ast-39', role: 'CPDP' }, localDate('2023-05-09')); // prettier-ignore
    expect(deriveCase(known.view.caseId, seen, actOfType).files).toMatchObject([{ change: { kind: 'confirmed' } }]);
  });
  it('is confirmed neither by whoever told it nor by a partner who is not asked', () => {
    const known = told();
    for (const by of [NEW, MC])
      expect(known.refuses('confirm-change', { fileId }, { by, on: '2023-05-09' })).toEqual(['file.unknown']);
    expect(known.refuses('confirm-change', { fileId }, { by: ASSURE, recordedBy: NEW, on: '2023-05-09' })).toEqual([
      'file.unknown',
    ]);
  });
  it('where traits differ, is for the fund to confirm', () => {
    const known = told({ differs: ['names'] });
    expect(known.refuses('confirm-change', { fileId }, { by: CPDP, on: '2023-05-09' })).toEqual(['change.traitsDiffer']);
    known.does('confirm-change', { fileId }, { by: CPAM, on: '2023-05-09' });
    expect(known.view.files).toMatchObject([{ change: { kind: 'confirmed' } }]);
  });
  it('denied, is a file like any other, from that day on, and is not asked again', () => {
    const known = told();
    known.does('deny-change', { fileId }, { by: CPDP, on: '2023-05-11' });
    expect(rules(known, 'change-to-confirm')).toEqual([]);
    expect(rules(known, 'file-to-let-in')).toEqual([['carsat-bfc', 'AS', '2023-05-15']]);
    expect(filesToTell(known.view, [fileOf()])).toEqual([]);
    expect(known.refuses('confirm-change', { fileId }, { by: AS, on: '2023-05-12' })).toEqual(['file.unknown']);
  });
  it('set aside, ends for the service that was asked too', () => {
    const known = told();
    known.does('set-file-aside', { fileId }, { by: AS, on: '2023-05-09' });
    expect(sees(known, CPDP, 'FileSetAside')).toBe(true);
  });
});
