import {
  ACCORD,
  AS,
  ASSURE,
  BOOK,
  CAP,
  CPAM,
  CPDP,
  LEAVE,
  MC,
  MT,
  party,
  Story,
  supported,
  uuidOf,
} from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { obligations } from '../rules/obligations.js';
import { type DomainEvent } from './event.js';

const rules = (story: Story): string[] => story.duties.map((o) => o.rule);
/** A Cap emploi let in by an accord for the identity alone: it neither leads nor answers for the case. */
const withBystander = (story: Story): Story => {
  const accord = { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' };
  story.does('grant-consent', accord, { by: ASSURE, recordedBy: AS, on: '2023-04-03' });
  story.does('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-retention' }, { by: AS, on: '2023-04-03' });
  return story;
}; // prettier-ignore
/** Back from a long leave: the health service owes the return visit (R.4624-31 CT). */
const backAtWork = (): Story => {
  const story = withBystander(supported());
  story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-06-01' }, { by: CPAM, on: '2023-06-02' });
  expect(rules(story)).toContain('return-visit-to-hold');
  return story;
};
/** A formation asked for through the Service social, during the leave: the caisse decides, and the médecin conseil gives an opinion. */
const asked = (): Story & { measureId: string } => {
  const story = withBystander(supported());
  const { measureId } = story.does('request-measure', { type: 'essaiEncadre', from: '2023-06-05', to: '2023-06-16' }, { by: ASSURE, recordedBy: AS, on: '2023-05-02' }); // prettier-ignore
  expect(rules(story)).toEqual(expect.arrayContaining(['request-to-decide', 'opinion-to-give']));
  return Object.assign(story, { measureId: measureId! });
};
const dutiesOf = (story: Story, organisation: string): string[] =>
  story.duties.flatMap((o) => (o.organisation === organisation && o.rule !== 'fact-to-confirm' ? [`${o.rule} ${o.due}`] : []));
const TODAY = { by: CAP, on: '2023-06-02' };

describe('what a bystander tells', () => {
  it('is recorded, and ends no duty of the health service before it is confirmed, in two working days', () => {
    const story = backAtWork();
    const before = dutiesOf(story, 'ast-39');
    story.does('end-employment', { reason: 'resignation' }, TODAY);
    expect(story.irregular).toEqual(['fact.toConfirm']);
    expect(story.view.milestones).toMatchObject([{ kind: 'employment-ended' }]);
    expect(story.view.unsettled).toMatchObject([
      { on: '2023-06-02', since: '2023-06-02', by: CAP, zone: 'job', words: ['ast-39'] },
    ]);
    expect(dutiesOf(story, 'ast-39')).toEqual(before);
    // Neither the lead nor the caisse may know of the employment: the health service does.
    expect(story.duties.filter((o) => o.rule === 'fact-to-confirm')).toMatchObject([{ organisation: 'ast-39', due: '2023-06-06', zone: 'job' }]); // prettier-ignore
    story.confirms('EmploymentEnded', { by: MT, on: '2023-06-05' });
    expect(rules(story)).not.toContain('return-visit-to-hold');
    expect(rules(story)).not.toContain('fact-to-confirm');
    expect(story.view.unsettled).toEqual([]);
  });
  it.each([
    ['end-employment', { reason: 'resignation' }],
    ['record-sick-leave', { start: '2023-06-02', risk: 'MP' }],
    ['hold-return-visit', { outcome: 'fit' }],
  ])('%s, for somebody without account, ends none either; told by one whose word it is, it does', (command, data) => {
    const story = backAtWork();
    const actor = party(command === 'hold-return-visit' ? 'MT' : 'EMPLOYER');
    story.does(command, data, { by: actor, recordedBy: CAP, on: '2023-06-02' });
    expect(rules(story)).toContain('return-visit-to-hold');
    story.does(command, data, { by: MT, on: '2023-06-02' });
    expect(rules(story)).not.toContain('return-visit-to-hold');
    expect(rules(story)).not.toContain('fact-to-confirm');
  });
  it.each([
    ['interrupt-measure', {}],
    ['close-measure', {}],
  ])('%s ends neither the decision nor the opinion that others owe, nor their part', (command, more) => {
    const story = asked();
    const before = [dutiesOf(story, 'cpam-39'), dutiesOf(story, 'ast-39'), dutiesOf(story, 'carsat-bfc')];
    story.does(command, { measureId: story.measureId, ...more }, { by: CAP, on: '2023-05-03' });
    expect([dutiesOf(story, 'cpam-39'), dutiesOf(story, 'ast-39'), dutiesOf(story, 'carsat-bfc')]).toEqual(before);
    expect(story.duties.filter((o) => o.rule === 'fact-to-confirm')).toMatchObject([{ organisation: 'carsat-bfc' }]);
    story.confirms(command === 'close-measure' ? 'MeasureClosed' : 'MeasureInterrupted', { by: AS, on: '2023-05-04' });
    expect(rules(story)).not.toContain('request-to-decide');
  });
  it('is told by whoever asked for the measure, decides, leads or answers for the case: it ends at once', () => {
    for (const by of [AS, CPAM]) {
      const story = asked();
      story.does('interrupt-measure', { measureId: story.measureId }, { by, on: '2023-05-03' });
      expect(story.irregular).toEqual([]);
      expect(rules(story)).not.toContain('request-to-decide');
    }
    const story = withBystander(supported());
    const { measureId } = story.does('request-measure', { type: 'pmsmp' }, { by: CAP, on: '2023-05-02' });
    story.does('interrupt-measure', { measureId }, { by: CAP, on: '2023-05-03' });
    expect(story.view.unsettled).toEqual([]);
  });
  it('counts by who asked for the measure, though that arrived later', () => {
    const story = withBystander(supported());
    const measureId = uuidOf('pmsmp');
    story.does('close-measure', { measureId }, { by: CAP, on: '2023-05-03' });
    story.does('request-measure', { measureId, type: 'pmsmp' }, { by: CAP, on: '2023-05-02', today: '2023-05-04' });
    expect(story.view.unsettled).toEqual([]);
    expect(story.view.settled).toBeUndefined();
  });
  it('ends its own duties, and no appointment of others', () => {
    const story = withBystander(supported());
    const { appointmentId } = story.does('book-appointment', { date: '2023-06-01', channel: 'visu' }, { by: AS, on: '2023-05-20' });
    story.does('cancel-appointment', { appointmentId }, { by: CAP, on: '2023-05-21' });
    expect(rules(story)).toContain('appointment');
    story.does('record-interview', { mode: 'visu', appointmentId }, { by: AS, on: '2023-06-01' });
    expect(rules(story)).not.toContain('appointment');
  }); // prettier-ignore
  it('taken back or corrected by its teller ends as it came; corrected, it is to be confirmed anew', () => {
    const story = backAtWork();
    story.does('end-employment', { reason: 'resignation' }, TODAY);
    story.confirms('EmploymentEnded', { by: MT, on: '2023-06-05' });
    story.corrects('EmploymentEnded', { reason: 'retirement' }, { by: CAP, on: '2023-06-03', today: '2023-06-06' });
    expect(rules(story)).toContain('return-visit-to-hold');
    story.withdraws('EmploymentEnded', { by: CAP, on: '2023-06-07' });
    expect(story.view.unsettled).toEqual([]);
    expect(rules(story)).not.toContain('fact-to-confirm');
  });
  it('shows no mark of the program’s as what was told, and takes none from a caller', () => {
    const story = backAtWork();
    story.does('record-sick-leave', { start: '2023-06-02', risk: 'MP', toConfirmSince: '2020-01-01' }, { by: party('EMPLOYER'), recordedBy: CAP, on: '2023-06-02' }); // prettier-ignore
    expect(story.events.at(-1)!.data['toConfirmSince']).toBe('2023-06-02');
    expect(story.view.leaves.at(-1)).not.toHaveProperty('toConfirmSince');
  });
  it('of before this was asked stands as it did', () => {
    const story = backAtWork();
    story.does('end-employment', { reason: 'resignation' }, TODAY);
    const { toConfirmSince: _since, ...data } = story.events.at(-1)!.data;
    story.events.push({ ...story.events.pop()!, data });
    expect(rules(story)).not.toContain('return-visit-to-hold');
  });
});

describe('to confirm what a bystander told', () => {
  it('is for the lead, the accountable partner, the caisse, or whoever it concerns; not for its teller', () => {
    const story = asked();
    story.does('interrupt-measure', { measureId: story.measureId }, { by: CAP, on: '2023-05-03' });
    const codes = (by: Party): string[] => story.refusesToConfirm('MeasureInterrupted', { by, on: '2023-05-03' });
    expect(codes(CAP)).toEqual(['fact.notYoursToConfirm', 'fact.yourOwnWord']);
    expect(codes(CPDP)).toEqual(['fact.notYoursToConfirm']);
    expect(story.refusesToConfirm('MeasureRequested', { by: AS, on: '2023-05-03' })).toEqual(['fact.notToConfirm']);
    expect(story.refusesToConfirm('Nothing', { by: AS, on: '2023-05-03' })).toEqual(['fact.unknown']);
    story.confirms('MeasureInterrupted', { by: CPAM, on: '2023-05-03' });
    expect(codes(AS)).toEqual(['fact.notToConfirm']);
  });
});

it('a leave that a bystander told is confirmed by the caisse, which transmits it', () => {
  const story = backAtWork();
  story.does(
    'record-sick-leave',
    { start: '2023-06-02', risk: 'MP' },
    { by: party('EMPLOYER'), recordedBy: CAP, on: '2023-06-02' },
  );
  expect(rules(story)).toContain('return-visit-to-hold');
  const leave = { start: '2023-06-02', risk: 'MP', expectedEnd: '2023-09-09' };
  story.does('transmit-sick-leave', { spstCode: 'MT39', leave, accord: ACCORD }, { by: CPAM, on: '2023-06-05' });
  expect(story.view.leaves.filter(({ start }) => start === '2023-06-02')).toHaveLength(1);
  expect(rules(story)).not.toContain('return-visit-to-hold');
});

describe('to deny what a bystander told', () => {
  const interrupted = () => {
    const story = asked();
    story.does('interrupt-measure', { measureId: story.measureId }, { by: CAP, on: '2023-05-03' });
    return story;
  };
  it('takes it out of the case, of which it stood in the way; history and an irregularity keep it', () => {
    const [before, story] = [asked(), interrupted()];
    story.denies('MeasureInterrupted', { by: AS, on: '2023-05-04' });
    expect(story.view.unsettled).toEqual([]);
    expect(story.view.settled).toBeUndefined();
    expect(story.view.measures).toEqual(before.view.measures);
    expect(story.duties).toEqual(before.duties);
    expect(story.view.irregularities).toMatchObject([{ code: 'fact.denied', zones: ['measure'] }]);
    story.does('interrupt-measure', { measureId: story.measureId }, { by: AS, on: '2023-05-05' });
  });
  it('is for those who may confirm, and for its teller never', () => {
    const codes = (by: Party): string[] => interrupted().refusesToDeny('MeasureInterrupted', { by, on: '2023-05-03' });
    expect([codes(CAP), codes(CPDP)]).toEqual([['fact.notYoursToConfirm', 'fact.yourOwnWord'], ['fact.notYoursToConfirm']]);
    expect(asked().refusesToDeny('MeasureRequested', { by: AS, on: '2023-05-03' })).toEqual(['fact.notToConfirm']);
  });
  it('is taken back by confirming it, and a confirmation by denying it', () => {
    const story = interrupted();
    story.denies('MeasureInterrupted', { by: CPAM, on: '2023-05-04' });
    expect(story.refusesToDeny('MeasureInterrupted', { by: AS, on: '2023-05-04' })).toEqual(['fact.notToConfirm']);
    expect(story.refusesToConfirm('MeasureInterrupted', { by: CAP, on: '2023-05-04' })).toContain('fact.yourOwnWord');
    story.confirms('MeasureInterrupted', { by: AS, on: '2023-05-05' });
    expect(rules(story)).not.toContain('request-to-decide');
    story.denies('MeasureInterrupted', { by: CPAM, on: '2023-05-06' });
    expect(rules(story)).toContain('request-to-decide');
  });
  it('corrected by its teller afterwards it waits anew', () => {
    const story = interrupted();
    story.denies('MeasureInterrupted', { by: AS, on: '2023-05-04' });
    story.corrects('MeasureInterrupted', { measureId: story.measureId }, { by: CAP, on: '2023-05-02', today: '2023-05-05' });
    expect(story.view.unsettled).toMatchObject([{ since: '2023-05-05' }]);
    expect(rules(story)).toContain('request-to-decide');
  });
});

describe('a correction', () => {
  it('waits, where it moves a fact to something that is another one’s', () => {
    const story = asked();
    const { measureId } = story.does('request-measure', { type: 'pmsmp' }, { by: CAP, on: '2023-05-02' });
    story.does('interrupt-measure', { measureId }, { by: CAP, on: '2023-05-03' });
    expect(story.irregular).toEqual([]);
    story.corrects('MeasureInterrupted', { measureId: story.measureId }, { by: CAP, on: '2023-05-03', today: '2023-05-04' });
    expect(story.irregular).toContain('fact.toConfirm');
    expect(rules(story)).toContain('request-to-decide');
  });
  it('of what was confirmed waits from its own day', () => {
    const story = asked();
    story.does('interrupt-measure', { measureId: story.measureId }, { by: CAP, on: '2023-05-03' });
    story.confirms('MeasureInterrupted', { by: AS, on: '2023-05-04' });
    story.corrects('MeasureInterrupted', { measureId: story.measureId }, { by: CAP, on: '2023-05-02', today: '2023-09-04' });
    expect(story.view.unsettled).toMatchObject([{ since: '2023-09-04' }]);
  });
});

describe('for a partner that takes part', () => {
  it.each([
    ['hold-return-visit', { outcome: 'fit' }, MT],
    ['end-employment', { reason: 'resignation' }, CPAM],
    ['record-sick-leave', { start: '2023-06-02', risk: 'MP' }, CPAM],
  ] as const)('nobody but who leads or answers for the case tells %s', (command, data, by) => {
    expect(backAtWork().refuses(command, data, { by, recordedBy: CAP, on: '2023-06-02' })).toEqual(['act.theirsAlone']);
    const story = backAtWork();
    story.does(command, data, { by, recordedBy: AS, on: '2023-06-02' });
    expect(rules(story)).not.toContain('return-visit-to-hold');
  });
  it('nor its decision or its opinion', () => {
    const story = asked();
    const { measureId } = story;
    const how = { recordedBy: CAP, on: '2023-05-03' };
    expect(story.refuses('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by: CPAM, ...how })).toEqual(['act.theirsAlone']);
    expect(story.refuses('give-medical-opinion', { measureId, opinion: 'no' }, { by: MC, ...how })).toEqual(['act.theirsAlone']);
  }); // prettier-ignore
});

describe('what came with a file that was let in', () => {
  /** A stranger's own file, in which it told that the employment ended and confirmed what another one had told. */
  const letIn = (story: Story, more: object): Story => {
    const file = new Story();
    file.does('record-signal', { origin: 'person' }, { by: party('CPDP', 'ast-21'), on: '2023-05-02', key: 'f1' });
    file.does('end-employment', { reason: 'resignation' }, { by: party('CPDP', 'ast-21'), on: '2023-06-02', key: 'f2' });
    const last = story.events.at(-1)!;
    const told = (type: string, data: object): DomainEvent => ({ ...last, id: uuidOf(type), type, actor: AS, occurredOn: localDate('2023-06-05'), data: { ...data }, corrects: null }); // prettier-ignore
    story.events.push(told('CaseAbsorbed', { caseId: uuidOf('f'), letIn: true, ...more, events: file.events.map(({ id }) => ({ id })) }), ...file.events); // prettier-ignore
    return story;
  };
  it('by somebody who had no part here ends nothing either', () => {
    const story = letIn(backAtWork(), { toConfirm: true });
    expect(rules(story)).toContain('return-visit-to-hold');
    expect(story.view.unsettled).toMatchObject([{ since: '2023-06-05', by: { organisation: 'ast-21' } }]);
  });
  it('nor by a partner of this case who is a bystander here', () => {
    expect(rules(letIn(backAtWork(), { toConfirm: true, known: [{ organisation: 'ast-21' }] }))).toContain(
      'return-visit-to-hold',
    );
  });
  it('by somebody whose word counted here by then, or before that was kept with it, counts as told here', () => {
    for (const more of [{ toConfirm: true, words: [{ organisation: 'ast-21' }] }, {}])
      expect(rules(letIn(backAtWork(), more))).not.toContain('return-visit-to-hold');
  });
});

it('nothing is worked out twice where nobody has told anything of the kind', () => {
  expect(supported().view.settled).toBeUndefined();
  expect(obligations(supported().view, BOOK).length).toBeGreaterThan(0);
  expect(LEAVE.start).toBeDefined();
});
