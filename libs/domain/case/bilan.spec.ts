import { AS, CPAM, CPDP, party, Story } from '../../../test/support/story.js';
import { redact } from '../confidentiality/redact.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { actOfType } from './acts.js';

it('what the yearly bilan counts is told at the opening, in the plan and at closure, each to whoever may see its zone', () => {
  const story = new Story();
  const recommendations = ['job-adjustment', 'training'];
  const coordination = { origin: 'mc-request', detection: 'spst' };
  const social = { household: 'couple' };
  const job = { employment: 'salarie', sector: 'Q', occupationGroup: 'worker' };
  const rest = { sex: 'F', ageBand: '46-59', risk: 'AT' };
  const closing = { motive: 'goal-reached', situation: 'same-job' };
  story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-03-14' });
  story.does('open-support', { ...coordination, ...rest, ...social, ...job }, { by: AS, on: '2023-03-15' });
  story.does('agree-action-plan', { actions: [{ label: 'voir le CEP' }], recommendations }, { by: AS, on: '2023-03-20' });
  story.does('close-support', { ...closing, recommendations }, { by: AS, on: '2023-04-20' });

  const told = (type: string, { organisation, role }: Party) => {
    const event = story.events.findLast((e) => e.type === type)!;
    return redact(event, { organisation: organisation!, role }, story.view, localDate('2023-05-01'), actOfType)?.data;
  };
  const stranger = party('CSAM', 'carsat-39');
  expect(told('SupportOpened', CPDP)).toEqual({ ...coordination, sex: 'F', ageBand: '46-59', ...job });
  expect(told('SupportOpened', CPAM)).toEqual({ ...coordination, ...rest });
  expect(told('ActionPlanAgreed', CPDP)).toBeUndefined();
  expect(told('SupportClosed', CPAM)).toEqual(closing);
  expect(told('SupportClosed', CPDP)).toEqual({ motive: 'goal-reached' });
  expect(told('ActionPlanAgreed', stranger)).toBeUndefined();
});
