import { AS, BOOK, CPAM, CPDP, MC, party, type Story, supported, uuidOf } from '../../../test/support/story.js';
import { visibleEvents } from '../../access/visible.js';
import { type RecordedEvent } from '../case/event.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { missedToTell } from './watch.js';

/** What the watch tells of a case, had it looked on these days. */
function watched(story: Story, ...days: readonly string[]): Story {
  for (const today of days.map(localDate))
    for (const { type, on, data, key } of missedToTell(story.view, BOOK, undefined, today))
      story.events.push({ ...story.events.at(-1)!, id: key, type, occurredOn: on, data, actor: party('OPERATOR') });
  return story;
}
/** Which kinds of event told of escalations about a rule. */
const escalated = (story: Story, rule: string): string[] => {
  const about = story.events.filter((e) => e.data['rule'] === rule).map((e) => e.id);
  return story.events.filter((e) => e.data['rule'] === 'escalation-to-handle' && about.includes(String(e.data['subject']))).map((e) => e.type); // prettier-ignore
};
const DAYS = ['2023-05-20', '2023-06-20', '2023-07-20', '2023-08-20'];
/** A case of which a stranger has a file, as the process behind the log tells it. */
const found = (): Story => {
  const story = supported();
  story.does('refer-case', { target: 'carsat-bfc', targetRole: 'CSAM', motive: 'social' }, { by: CPAM, on: '2023-04-01' });
  story.events.push({
    ...story.events.at(-1)!,
    id: uuidOf('found'),
    type: 'FileFound',
    actor: party('OPERATOR'),
    occurredOn: localDate('2023-04-03'),
    data: { fileId: uuidOf('file'), openedBy: 'carsat-21', role: 'AS' },
  });
  return story;
};

describe('an escalation that is missed in its turn', () => {
  it('about the file of a stranger is told to whoever answers for the case, and to nobody else', () => {
    const story = watched(found(), ...DAYS);
    expect(new Set(escalated(story, 'file-to-let-in'))).toEqual(new Set(['FileDutyMissed']));
    const sees = ({ organisation, role }: Party) =>
      visibleEvents(story.events as RecordedEvent[], story.view, { organisation: organisation!, role }, localDate('2023-09-01'))
        .filter((e) => e.type.endsWith('DutyMissed'))
        .map((e) => e.id);
    const hidden = story.events.filter((e) => e.type === 'FileDutyMissed').map((e) => e.id);
    for (const by of [AS, CPAM]) expect(sees(by)).toEqual(expect.arrayContaining(hidden));
    // The Service médical is of the caisse that is late; the health service takes part.
    expect(story.events.filter((e) => e.type === 'FileDutyMissed').map((e) => e.data['owner'])).toContain('cpam-39');
    for (const by of [MC, CPDP]) expect(sees(by).filter((id) => hidden.includes(id))).toEqual([]);
  });
  it('about a measure or anything else is told in the zone of what it is about', () => {
    const story = supported();
    story.does('request-measure', { type: 'rqth' }, { by: AS, on: '2023-04-03' });
    story.does('refer-case', { target: 'ast-39', targetRole: 'CPDP', motive: 'pdp' }, { by: AS, on: '2023-04-03' });
    watched(story, ...DAYS);
    expect(new Set(escalated(story, 'request-to-decide'))).toEqual(new Set(['MeasureDutyMissed']));
    expect(new Set(escalated(story, 'referral-to-answer'))).toEqual(new Set(['DutyMissed']));
  });
  it('is not told anew where an earlier version told it to all', () => {
    const story = watched(found(), ...DAYS);
    story.events.forEach((e, i) => {
      if (e.data['rule'] === 'escalation-to-handle') story.events[i] = { ...e, type: 'DutyMissed' };
    });
    expect(missedToTell(story.view, BOOK, undefined, localDate(DAYS.at(-1)!))).toEqual([]);
  });
});
