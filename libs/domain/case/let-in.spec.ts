import { AS, CPAM, party, Story, supported, uuidOf } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { type DomainEvent } from './event.js';

const CPDP_21 = party('CPDP', 'ast-21');

/** A file that an organisation from outside opened, supports and leads, in which it told of a death. */
const file = (): Story => {
  const story = new Story();
  story.does('record-signal', { origin: 'person' }, { by: CPDP_21, on: '2023-05-02', key: 'f1' });
  story.does('assign-lead', {}, { by: CPDP_21, on: '2023-05-02', key: 'f2' });
  story.does('open-support', { origin: 'person' }, { by: CPDP_21, on: '2023-05-03', key: 'f3' });
  story.does('record-death', {}, { by: CPDP_21, on: '2023-05-04', key: 'f4' });
  return story;
};
/** The file is found, and whoever answers for the case lets it in. */
const letIn = (known: Story, events: readonly DomainEvent[]): void => {
  const fileId = uuidOf('file');
  const told = (type: string, on: string, data: object): DomainEvent => ({
    ...known.events.at(-1)!,
    id: uuidOf(type),
    type,
    actor: AS,
    occurredOn: localDate(on),
    data: { ...data },
  });
  known.events.push(
    told('FileFound', '2023-05-05', { fileId, openedBy: 'ast-21', role: 'CPDP' }),
    told('CaseAbsorbed', '2023-05-08', { caseId: fileId, events: events.map(({ id }) => ({ id })) }),
    ...events,
  );
};

describe('what a file brings that was let in', () => {
  it('takes the lead from nobody who has it', () => {
    const known = supported();
    letIn(known, file().events.slice(0, -1));
    expect(known.view).toMatchObject({ status: 'supported', lead: { organisation: 'carsat-bfc' }, accountable: { organisation: 'carsat-bfc' } }); // prettier-ignore
  });
  it('has its own lead go on where there is none', () => {
    const known = new Story();
    known.does('record-signal', { origin: 'person' }, { by: CPAM, on: '2023-04-03' });
    letIn(known, file().events.slice(0, -1));
    expect(known.view.lead).toMatchObject({ organisation: 'ast-21' });
  });
  it('has a death that was told there to be confirmed here, from the day on which it was let in', () => {
    const known = supported();
    letIn(known, file().events);
    expect(known.view).toMatchObject({ status: 'supported', deathTold: { toldOn: '2023-05-08', by: { organisation: 'ast-21' } } }); // prettier-ignore
    expect(known.duties.map((o) => [o.rule, o.organisation])).toEqual([['death-to-confirm', 'carsat-bfc']]);
    known.does('confirm-death', {}, { by: AS, on: '2023-05-09' });
    expect(known.view.status).toBe('deceased');
  });
});
