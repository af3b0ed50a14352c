import { ACCORD, AS, CPAM, CPDP, LEAVE, MT, refusalOf, Story, uuidOf } from '../../../test/support/story.js';
import { takesPart } from './taking-part.js';
import { localDate } from '../kernel/local-date.js';

const on = '2023-03-14';
/** The occupational physician is asked about a measure, and tells that it is over: that ended its part. */
function left(): Story {
  const story = new Story();
  const { signalId } = story.does('record-signal', { origin: 'person' }, { by: AS, on });
  story.does('conclude-triage', { handshakeId: signalId, outcome: 'accompanied' }, { by: AS, on });
  const asked = [{ organisation: 'ast-39', role: 'MT' }];
  const { measureId } = story.does('request-measure', { type: 'essaiEncadre', from: '2023-03-28', to: '2023-04-10', asked }, { by: AS, on }); // prettier-ignore
  story.does('record-activity', { status: 'salarie' }, { by: MT, on });
  story.does('close-measure', { measureId, endedOn: on }, { by: MT, on });
  return story;
}
const isIn = (story: Story): boolean => takesPart(story.view, 'ast-39', localDate(on));

describe('whoever takes no part any more', () => {
  it('does not come back by withdrawing the fact that ended its part', () => {
    const story = left();
    expect(isIn(story)).toBe(false);
    expect(refusalOf(() => story.withdraws('MeasureClosed', { by: MT, on }))).toEqual(['part.notByOwnWord']);
    expect(isIn(story)).toBe(false);
  });
  it('goes on withdrawing its other facts', () => {
    const story = left();
    expect(refusalOf(() => story.withdraws('ActivityRecorded', { by: MT, on }))).toEqual([]);
    expect(story.view.activities).toEqual([]);
  });
  it('may, as long as it takes part, withdraw whatever it told', () => {
    const story = left();
    story.does('grant-consent', { zones: ['identity'], recipient: 'ast-39', purpose: 'referral', proof: 'form' }, { by: { ...AS, role: 'ASSURE', organisation: null }, recordedBy: AS, on }); // prettier-ignore
    story.does('refer-case', { target: 'ast-39', targetRole: 'MT', motive: 'pdp' }, { by: AS, on });
    expect(isIn(story)).toBe(true);
    expect(refusalOf(() => story.withdraws('MeasureClosed', { by: MT, on }))).toEqual([]);
  });
  it('does not have the last word on who the person is, by correcting what it told', () => {
    const story = new Story();
    const { transmissionId } = story.does(
      'transmit-sick-leave',
      { spstCode: 'MT39', leave: LEAVE, accord: ACCORD },
      { by: CPAM, on },
    );
    story.does('identify-person', { familyName: 'MARTN', givenNames: 'Claire' }, { by: CPDP, on });
    story.does('identify-person', { familyName: 'MARTIN', givenNames: 'Claire' }, { by: CPAM, on });
    story.does('decline-referral', { referralId: transmissionId, motive: 'not-ours' }, { by: CPDP, on });
    const told = story.events.splice(
      story.events.findLastIndex((e) => e.type === 'PersonIdentified'),
      1,
    );
    story.corrects('PersonIdentified', { familyName: 'AUTRE', givenNames: 'Zoé' }, { by: CPDP, on });
    story.events.splice(story.events.length - 1, 0, ...told);
    expect(story.view.person).toMatchObject({ familyName: 'MARTIN', givenNames: 'Claire' });
  });
  it('and nobody leaves a person without a name, by taking back the only word on it', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on });
    story.does('identify-person', { familyName: 'MARTIN', givenNames: 'Claire' }, { by: AS, on });
    expect(refusalOf(() => story.withdraws('PersonIdentified', { by: AS, on }))).toEqual(['person.lastWord']);
  });
});

describe('a case of which nothing is told any more', () => {
  it.each([
    ['joined to another one', 'CaseMerged', 'case.merged'],
    ['undone', 'CaseOpenedByMistake', 'case.openedByMistake'],
  ])('is not corrected, and nothing is withdrawn there: %s', (_, type, code) => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on });
    story.does('record-activity', { status: 'salarie' }, { by: AS, on });
    story.events.push({ ...story.events.at(-1)!, id: uuidOf(type), type, data: { into: uuidOf('other') } });
    expect(refusalOf(() => story.corrects('ActivityRecorded', { status: 'interim' }, { by: AS, on }))).toEqual([code]);
    expect(refusalOf(() => story.withdraws('ActivityRecorded', { by: AS, on }))).toEqual([code]);
  });
});
