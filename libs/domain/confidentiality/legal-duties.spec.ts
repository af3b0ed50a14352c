import { ASSURE, CPAM, CPDP, MT, type Story, supported } from '../../../test/support/story.js';
import { readingOf } from '../../access/visible.js';
import { type RecordedEvent } from '../case/event.js';
import { localDate } from '../kernel/local-date.js';
import { mayStillDo } from './legal-duties.js';
import { type Viewer } from './redact.js';

const on = localDate('2023-06-01');
const THE_MT = { organisation: 'ast-39', role: 'MT' } as const;
/** Types of what others told that somebody reads. */
const reads = (story: Story, viewer: Viewer): string[] => {
  const history = story.events.map((e, revision) => ({ ...e, revision })) as unknown as RecordedEvent[];
  const reading = readingOf(story.caseId, history, story.view, viewer, on);
  return [...new Set((reading?.visible ?? []).flatMap((e) => (e.actor.organisation === viewer.organisation ? [] : [e.type])))];
};
const sent = () => {
  const story = supported();
  story.does('identify-person', { familyName: 'MARTIN', givenNames: 'Claire' }, { by: CPAM, on: '2023-03-14' });
  story.does('record-activity', { status: 'salarie', occupation: 'aide-soignante' }, { by: CPAM, on: '2023-03-14' });
  const withdraw = () =>
    story.does('withdraw-consent', { consentId: story.view.handshakes[0]!.consentId }, { by: ASSURE, recordedBy: CPAM, on: '2023-05-02' }); // prettier-ignore
  return Object.assign(story, { withdraw });
};

describe('the health service from which the accord of the transmission is withdrawn', () => {
  it('goes on reading the leave and who it is of: it owes the return visit (R.4624-31 CT); nothing else of what others told', () => {
    const story = sent();
    story.does('record-interview', { mode: 'telephone', outcome: 'plan' }, { by: CPDP, on: '2023-04-01' });
    expect(reads(story, THE_MT)).toEqual(expect.arrayContaining(['CaseReferred', 'SupportOpened', 'ActivityRecorded']));
    story.withdraw();
    story.does(
      'extend-sick-leave',
      { leaveId: story.view.leaves[0]!.id, expectedEnd: '2024-02-01' },
      { by: CPAM, on: '2023-05-03' },
    );
    expect(reads(story, THE_MT)).toEqual(['SickLeaveRecorded', 'PersonIdentified', 'SickLeaveExtended']);
    const may = (command: string): boolean => mayStillDo(command, story.view, THE_MT, on);
    expect([may('hold-return-visit'), may('record-interview'), may('open-support')]).toEqual([true, false, false]);
  });
  it('until it has held the visit, or there is no job to return to', () => {
    const visited = sent();
    visited.does(
      'end-sick-leave',
      { leaveId: visited.view.leaves[0]!.id, lastDay: '2023-04-28' },
      { by: CPAM, on: '2023-04-28' },
    );
    visited.does('hold-return-visit', { outcome: 'fit' }, { by: MT, on: '2023-04-29' });
    visited.withdraw();
    expect(reads(visited, THE_MT)).toEqual([]);
    const left = sent();
    left.does('end-sick-leave', { leaveId: left.view.leaves[0]!.id, lastDay: '2023-04-28' }, { by: CPAM, on: '2023-04-28' });
    left.does('end-employment', { reason: 'resignation' }, { by: CPAM, on: '2023-04-28' });
    left.withdraw();
    expect(reads(left, THE_MT)).toEqual([]);
  });
  it('not one that never took it', () => {
    const story = supported();
    story.events.splice(story.events.findIndex((e) => e.type === 'ReceiptAcknowledged'), 1); // prettier-ignore
    story.does('withdraw-consent', { consentId: story.view.handshakes[0]!.consentId }, { by: ASSURE, recordedBy: CPAM, on: '2023-05-02' }); // prettier-ignore
    expect(reads(story, THE_MT)).toEqual([]);
  });
});
