import { AS, CPDP, MT, ASSURE, RESOURCES, type Story, supported } from '../../../test/support/story.js';

type Given = readonly [command: string, code: string, data: Record<string, unknown>, other: Record<string, unknown> | undefined];
const NEVER_TWICE: readonly Given[] = [
  ['record-interview', 'interview.sameDay', { mode: 'visu' }, { mode: 'telephone' }],
  ['book-appointment', 'appointment.sameDay', { date: '2023-05-09', channel: 'visu' }, { date: '2023-05-10', channel: 'visu' }],
  ['record-group-attendance', 'groupSession.sameDay', { theme: 'rights' }, { theme: 'job-search' }],
  ['complete-social-assessment', 'assessment.sameDay', { fit: 'suited' }, undefined],
  ['suggest-resource', 'resource.sameDay', { resourceId: RESOURCES[0]!.resourceId, audience: 'person' }, undefined],
  ['request-financial-aid', 'aid.sameDay', { funder: 'cass', amount: 500 }, { funder: 'cass', amount: 700 }],
  ['request-technical-aid', 'aid.sameDay', { equipment: 'siège' }, { equipment: 'écran' }],
]; // prettier-ignore
const on = '2023-05-02';
const by = { ...AS, person: 'as-lefevre' };

// Trying to reach somebody is: it is often done several times in a day.
describe('what is hardly ever done twice in a day', () => {
  it.each(NEVER_TWICE)(
    '%s: the second one by the same person is asked about, and goes in when said so',
    (command, code, data, other) => {
      const story = supported();
      story.does(command, data, { by, on });
      expect(story.refuses(command, data, { by, on })).toEqual([code]);
      story.does(command, { ...data, again: true }, { by, on });
      expect(story.refuses(command, data, { by, on })).toEqual([code]);
      story.does(command, data, { by, on: '2023-05-03' });
      story.does(command, data, { by: { ...AS, person: 'as-petit' }, on });
      if (other) story.does(command, other, { by, on });
    },
  );
  const interviewed = (): Story => {
    const story = supported();
    story.does('record-interview', { mode: 'visu' }, { by: AS, on });
    return story;
  };
  it('is, without a name, asked of the organisation in its role, and of nobody else', () => {
    const story = interviewed();
    expect(story.refuses('record-interview', { mode: 'visu' }, { by: AS, on })).toEqual(['interview.sameDay']);
    story.does('record-interview', { mode: 'visu' }, { by: { ...AS, role: 'CSAM' }, on });
    story.does('record-interview', { mode: 'visu' }, { by: CPDP, on });
  });
  it('is not asked of a fact that was withdrawn or corrected to another day', () => {
    const story = interviewed();
    story.withdraws('InterviewHeld', { by: AS, on });
    story.does('record-interview', { mode: 'visu' }, { by: AS, on });
    story.corrects('InterviewHeld', { mode: 'visu' }, { by: AS, on: '2023-05-01', today: on });
    story.does('record-interview', { mode: 'visu' }, { by: AS, on });
  });
  it('is asked of a correction that makes it twice', () => {
    const story = interviewed();
    story.does('record-interview', { mode: 'telephone' }, { by: AS, on });
    expect(() => story.corrects('InterviewHeld', { mode: 'visu' }, { by: AS, on })).toThrow('interview.sameDay');
    story.corrects('InterviewHeld', { mode: 'telephone', duration: 30 }, { by: AS, on });
  });
  it('is, however whoever did it says so', () => {
    const by = { ...AS, person: 'as-1' };
    const colleague = { ...AS, person: 'as-2' };
    const itself = { by: AS, recordedBy: by, on };
    const named = { by, recordedBy: by, on };
    const ways = [{ by, on }, itself, named, { by, recordedBy: colleague, on }];
    for (const first of ways)
      for (const second of ways) {
        const story = supported();
        story.does('record-interview', { mode: 'visu' }, first);
        expect(story.refuses('record-interview', { mode: 'visu' }, second)).toEqual(['interview.sameDay']);
      }
    const story = supported();
    story.does('record-interview', { mode: 'visu' }, itself);
    story.does('record-interview', { mode: 'visu' }, { by: AS, recordedBy: colleague, on });
    story.does('record-interview', { mode: 'visu' }, { by: CPDP, recordedBy: by, on });
  });
  it('is asked of whoever records it for somebody else', () => {
    const story = supported();
    const visit = ['hold-return-visit', { outcome: 'fit' }, { by: { ...MT, organisation: null }, recordedBy: AS, on }] as const;
    story.does(...visit);
    expect(story.refuses(...visit)).toEqual(['visit.sameDay']);
    story.does('hold-return-visit', { outcome: 'fit' }, { by: MT, on });
    const meeting = ['hold-liaison-meeting', {}, { by: ASSURE, recordedBy: AS, on }] as const;
    story.does(...meeting);
    expect(story.refuses(...meeting)).toEqual(['liaison.sameDay']);
  });
});
