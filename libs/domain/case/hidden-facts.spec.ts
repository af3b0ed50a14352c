import { ASSURE, CAP, CPAM, CPDP, party, type Story, supported } from '../../../test/support/story.js';
import { visibleEvents } from '../../access/visible.js';
import { type Finding, irregularityOf, Refused, tellingOnly, veiled, veiledIrregularity } from '../kernel/errors.js';
import { localDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { type RecordedEvent } from './event.js';

const EMPLOYER = party('EMPLOYER');
/** Cap emploi came with an accord for the identity alone: it may not see the leave, and records what an employer says of it. */
const withCap = (): Story => {
  const story = supported();
  story.does('grant-consent', { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' }, { by: ASSURE, recordedBy: CPDP, on: '2023-04-01' }); // prettier-ignore
  story.does('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-retention' }, { by: CPDP, on: '2023-04-01' }); // prettier-ignore
  return story;
};
const told = (story: Story, viewer: { organisation: string; role: 'CAP_EMPLOI' | 'CPAM' }): string[] => {
  const history = story.events.map((e, revision) => ({ ...e, revision })) as unknown as RecordedEvent[];
  const seen = visibleEvents(history, story.view, viewer, localDate('2023-05-02'));
  return seen.at(-1)!.irregularities.map(({ code }) => code);
};
const CAP_SEES = { organisation: 'cap-emploi-39', role: 'CAP_EMPLOI' } as const;
const CPAM_SEES = { organisation: 'cpam-39', role: 'CPAM' } as const;
const cap = { by: EMPLOYER, recordedBy: CAP, on: '2023-05-02' } as const;

describe('a fact that contradicts one that its teller may not see', () => {
  it.each([
    ['end-sick-leave', { lastDay: '2023-01-02' }, 'leave.datesReversed'],
    ['shorten-sick-leave', { expectedEnd: '2023-01-02' }, 'leave.datesReversed'],
    ['shorten-sick-leave', { expectedEnd: '2024-06-01' }, 'leave.notShortened'],
  ])('is recorded, and irregular to whoever sees it: %s %j', (command, data, code) => {
    const story = withCap();
    const leaveId = story.view.leaves[0]!.id;
    expect(story.refuses(command, { leaveId, ...data }, { by: CPAM, on: '2023-05-02' })).toEqual([code]);
    story.does(command, { leaveId, ...data }, cap);
    // What such a teller says waits for somebody else's word, whatever it is.
    expect([told(story, CAP_SEES), told(story, CPAM_SEES)]).toEqual([['fact.toConfirm'], [code, 'fact.toConfirm']]);
  });
  it('is irregular in the case as it stands, as long as the two say otherwise', () => {
    const story = withCap();
    const leaveId = story.view.leaves[0]!.id;
    story.does('end-sick-leave', { leaveId, lastDay: '2023-01-02' }, cap);
    expect(story.view.irregularities).toMatchObject([{ code: 'leave.datesReversed', zones: ['leave'], subject: leaveId }]);
    story.does('end-sick-leave', { leaveId, lastDay: '2023-05-01' }, { by: CPAM, on: '2023-05-02' });
    expect(story.view.irregularities).toEqual([]);
  });
  it('a leave told anew by whoever may not see the first telling has an identifier of its own in the answer, and is one in the case', () => {
    const story = withCap();
    const known = story.view.leaves[0]!;
    const anew = { start: known.start!, risk: 'maladie' };
    expect(story.does('record-sick-leave', anew, cap)['leaveId']).not.toBe(known.id);
    expect(story.view.leaves).toHaveLength(1);
    expect(story.does('record-sick-leave', anew, { by: CPAM, on: '2023-05-02' })['leaveId']).toBe(known.id);
  });
});

describe('a veiled rule', () => {
  const finding = (code: string, article: string): Finding => ({ code, article, severity: 'forbidden', message: t(code, code), zones: ['job'] }); // prettier-ignore
  const one = finding('essaiEncadre.tiExcluded', 'D.622-10-1 CSS');
  it('tells neither its article nor what it looked at, in a refusal and in an event', () => {
    const { code, article } = veiled(one, () => false);
    expect([code, article]).toEqual(['rule.notVisible', 'L.1110-4 CSP, convention (D)']);
    expect(veiledIrregularity(irregularityOf(one), 'hidden', true)).toEqual({ code, article });
  });
  it('nor how many there are', () => {
    const refused = () => {
      throw new Refused([one, finding('ptp.tiExcluded', 'L.6323-17-1 CT')]);
    };
    let codes: string[] = [];
    try {
      tellingOnly(() => false, refused);
    } catch (error) {
      codes = (error as Refused).findings.map(({ code }) => code);
    }
    expect(codes).toEqual(['rule.notVisible']);
  });
});
