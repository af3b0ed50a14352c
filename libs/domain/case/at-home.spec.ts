import { AS, CPAM, CPDP, directory, party, Story, supported } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { openCaseOf } from '../person/person.js';
import { goesOnWith, lastStanding } from './at-home.js';

const CPAM_21 = party('CPAM', 'cpam-21');
const on = '2023-05-02';
const goesOn = (story: Story, { organisation, role }: Party): boolean =>
  goesOnWith(story.view, { organisation: organisation!, role }, {}, localDate('2023-06-01'), directory);
/** Its fund passed its part on to another one. */
const transferred = (): Story => {
  const story = supported();
  const { transferId } = story.does('propose-transfer', { to: 'cpam-21', toRole: 'CPAM', motive: 'moved' }, { by: CPAM, on });
  story.does('accept-transfer', { transferId }, { by: CPAM_21, on });
  return story;
};
const ended: readonly (readonly [string, (story: Story) => void])[] = [
  ['under way', () => undefined],
  ['closed', (story) => story.does('close-support', { motive: 'goal-reached' }, { by: AS, on })],
  ['over by a death', (story) => story.does('record-death', {}, { by: AS, on })],
];

describe('the next case of a person', () => {
  it.each(ended)('is opened by whoever is at home in the last one, and by nobody who left it: %s', (_, end) => {
    const story = transferred();
    end(story);
    expect([AS, CPDP, CPAM_21].map((who) => goesOn(story, who))).toEqual([true, true, true]);
    expect(goesOn(story, CPAM)).toBe(false);
  });
  it('after a triage that ended it too', () => {
    const story = new Story();
    const { signalId } = story.does('record-signal', { origin: 'person' }, { by: CPDP, on });
    story.does('conclude-triage', { handshakeId: signalId, outcome: 'no-need' }, { by: CPDP, on });
    expect(story.view.status).toBe('ended-by-triage');
    expect([CPDP, CPAM, AS].map((who) => goesOn(story, who))).toEqual([true, true, false]);
  });
  it('comes after the last that stands: one that was undone or joined says nothing where there is another', () => {
    const closed = supported().view;
    const [undone, merged] = [
      { ...closed, status: 'opened-by-mistake' },
      { ...closed, status: 'merged' },
    ] as const;
    expect(lastStanding([closed, undone, merged])).toBe(closed);
    expect(lastStanding([undone])).toBe(undone);
    expect(lastStanding([])).toBeUndefined();
  });
  it('where all there is was undone, is in nobody’s way', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on });
    story.does('undo-opening', {}, { by: AS, on });
    expect(goesOn(story, AS)).toBe(true);
  });
});

it('a case that was reopened after another one had ended is the open one', () => {
  const cases = [
    { caseId: 'later', open: true },
    { caseId: 'reopened', open: true },
  ];
  expect(openCaseOf({ cases, joined: [] })).toBe('reopened');
});
