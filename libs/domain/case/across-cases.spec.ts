import { AS, ASSURE, CAP, CPDP, party, Story, SLOTS } from '../../../test/support/story.js';
import { visibleEvents } from '../../access/visible.js';
import { type RecordedEvent } from './event.js';
import { type Finding, Refused, veiled } from '../kernel/errors.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { type CaseView } from './view.js';

const CEP = party('CEP', 'cep-39');
const HOST = { hostSiret: '77567227221138', object: 'essai' };
const on = '2023-04-20';
const asked = (story: Story, by: Party, from: string, to: string): Record<string, string> =>
  story.does('request-measure', { type: 'pmsmp', from, to, ...HOST }, { by, on: from });
/** A case in which somebody had the person placed twice with one host. */
const placedTwice = (by = AS): CaseView => {
  const story = new Story();
  story.does('record-signal', { origin: 'person' }, { by, on: '2023-01-09' });
  for (const [from, to] of [['2023-01-10', '2023-01-20'], ['2023-02-06', '2023-02-17']] as const) asked(story, by, from, to); // prettier-ignore
  return story.view;
};
const opened = (by: Party): Story => {
  const story = new Story();
  story.does('record-signal', { origin: 'person' }, { by, on: '2023-04-11', key: by.role });
  return story;
};
const NEW = { type: 'pmsmp', from: '2023-05-02', to: '2023-05-05', ...HOST };
/** What whoever sees every zone of this case is told. */
const refusal = (by: Party, command: string, data: object): string[] => {
  try {
    opened(by).does(command, { ...data }, { by, on }, [placedTwice()]);
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.findings.map((f: Finding) => veiled(f, () => true).code);
  }
};

describe('what a rule found in the person’s other cases', () => {
  it('is refused to everybody, by its name to whoever takes part there, and to nobody else', () => {
    expect(refusal(AS, 'request-measure', NEW)).toEqual(['pmsmp.sameHostThirdConvention']);
    for (const by of [CEP, CPDP, CAP]) expect(refusal(by, 'request-measure', NEW)).toEqual(['rule.notVisible']);
    expect(refusal(CEP, 'request-measure', { ...NEW, hostSiret: '35600000000048' })).toEqual([]);
  });
  it('stands in a fact as a condition that is not to be seen, for its author too, whatever zones it sees', () => {
    const told = (placedBy: Party): string[] => {
      const story = opened(AS);
      const measureId = 'aaaaaaaa-0000-4000-8000-000000000001';
      story.does('request-measure', { ...NEW, measureId }, { by: ASSURE, recordedBy: AS, on }, [placedTwice(placedBy)]);
      story.does('start-measure', { measureId, slots: SLOTS('2023-05-02', 2) }, { by: AS, on: '2023-05-02' }, [
        placedTwice(placedBy),
      ]);
      const history = story.events.map((e, revision) => ({ ...e, revision })) as unknown as RecordedEvent[];
      const seen = visibleEvents(history, story.view, { organisation: 'carsat-bfc', role: 'AS' }, localDate('2023-05-03'));
      return seen
        .flatMap((e) => e.irregularities.map((i) => i.code))
        .filter((code) => code.startsWith('pmsmp.sameHost') || code === 'rule.notVisible');
    };
    expect(told(CPDP)).toEqual(['rule.notVisible', 'rule.notVisible']);
    expect(told(AS)).toEqual(['pmsmp.sameHostThirdConvention', 'pmsmp.sameHostThirdConvention']);
  });
});
