import { ACCORD, AS, ASSURE, CPAM, LEAVE, Story } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { takesPart } from './taking-part.js';

const on = '2023-03-20';
const day = localDate('2023-03-21');
const ASKED = { type: 'essaiEncadre', from: '2023-04-03', to: '2023-04-14' } as const;
/** The case has a fund and a health service; the Service social was sent it. */
const sent = (): Story => {
  const story = new Story();
  story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' });
  story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on: '2023-03-15' });
  return story;
};
const asking = (organisation: string) => ({ ...ASKED, asked: [{ role: 'MT', organisation }] });

describe('a measure that names another health service, or another fund', () => {
  it('is not asked so without the person’s accord', () => {
    expect(sent().refuses('request-measure', asking('ast-21'), { by: AS, on })).toContain('measure.elsewhere');
    expect(sent().refuses('request-measure', { ...ASKED, decider: 'cpam-21' }, { by: AS, on })).toContain('measure.elsewhere');
  });
  it('and attested, lets in neither', () => {
    const story = sent();
    story.does('request-measure', { ...asking('ast-21'), decider: 'cpam-21' }, { by: ASSURE, recordedBy: AS, on });
    expect(story.irregular).toContain('measure.elsewhere');
    for (const organisation of ['ast-21', 'cpam-21']) expect(takesPart(story.view, organisation, day)).toBe(false);
  });
  it('lets it in with her accord; that of the case needs none', () => {
    const story = sent();
    story.does(
      'grant-consent',
      { zones: ['identity'], recipient: 'ast-21', purpose: 'measure', proof: 'form' },
      { by: ASSURE, recordedBy: AS, on },
    );
    story.does('request-measure', asking('ast-21'), { by: AS, on });
    expect(takesPart(story.view, 'ast-21', day)).toBe(true);
    const own = sent();
    own.does('request-measure', asking('ast-39'), { by: AS, on });
    expect(own.irregular).not.toContain('measure.elsewhere');
  });
});

describe('a part that came by a number alone, and is not confirmed', () => {
  const came = (): Story => {
    const story = new Story();
    story.does('record-signal', { origin: 'cpam' }, { by: CPAM, on });
    story.does('record-signal', { origin: 'person' }, { by: AS, on });
    return story;
  };
  it('brings in nobody: by what it asks, sends or corrects', () => {
    const story = came();
    expect(
      story.refuses('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'pdp' }, { by: AS, on }),
    ).toContain('part.unconfirmed');
    expect(story.refuses('request-measure', asking('ast-21'), { by: AS, on })).toContain('part.unconfirmed');
    story.does('request-measure', ASKED, { by: AS, on });
    expect(() => story.corrects('MeasureRequested', asking('ast-21'), { by: AS, on })).toThrow('part.unconfirmed');
  });
  it('opens nothing by an accord, with a form neither', () => {
    const story = came();
    const accord = { zones: ['identity'], recipient: 'carsat-bfc', purpose: 'support', proof: 'form', formHash: 'ab'.repeat(32) };
    story.does('grant-consent', accord, { by: ASSURE, recordedBy: AS, on });
    expect(story.view.consents).toMatchObject([{ partUnconfirmed: true, confirmations: [] }]);
  });
  it('does once it is confirmed', () => {
    const story = came();
    story.does('confirm-part', { signalId: story.view.signals[1]!.id }, { by: CPAM, on });
    story.does('request-measure', asking('ast-21'), { by: AS, on });
    expect(takesPart(story.view, 'ast-21', day)).toBe(true);
  });
});
