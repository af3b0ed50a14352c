import { AS, MT, Story } from '../../../test/support/story.js';
import { Refused } from '../kernel/errors.js';
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
const codes = (run: () => void): string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error.findings.map((f) => f.code);
    throw error;
  }
  return [];
};
const isIn = (story: Story): boolean => takesPart(story.view, 'ast-39', localDate(on));

describe('whoever takes no part any more', () => {
  it('does not come back by withdrawing the fact that ended its part', () => {
    const story = left();
    expect(isIn(story)).toBe(false);
    expect(codes(() => story.withdraws('MeasureClosed', { by: MT, on }))).toEqual(['part.notByOwnWord']);
    expect(isIn(story)).toBe(false);
  });
  it('goes on withdrawing its other facts', () => {
    const story = left();
    expect(codes(() => story.withdraws('ActivityRecorded', { by: MT, on }))).toEqual([]);
    expect(story.view.activities).toEqual([]);
  });
  it('may, as long as it takes part, withdraw whatever it told', () => {
    const story = left();
    story.does('grant-consent', { zones: ['identity'], recipient: 'ast-39', purpose: 'referral', proof: 'form' }, { by: { ...AS, role: 'ASSURE', organisation: null }, recordedBy: AS, on }); // prettier-ignore
    story.does('refer-case', { target: 'ast-39', targetRole: 'MT', motive: 'pdp' }, { by: AS, on });
    expect(isIn(story)).toBe(true);
    expect(codes(() => story.withdraws('MeasureClosed', { by: MT, on }))).toEqual([]);
  });
});
