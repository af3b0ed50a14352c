import { AS, ASSURE, BOOK, CPAM, CPDP, LEAVE, MC, party, Story, supported } from '../../../test/support/story.js';
import { actOfType } from '../case/acts.js';
import { deriveCase } from '../case/derive.js';
import { type DomainEvent } from '../case/event.js';
import { localDate } from '../kernel/local-date.js';
import { obligations } from './obligations.js';

/** Holes that the proof found (docs/proof.md), each by its shortest history. */
const owes = (story: Story) => story.duties.map((o) => `${o.organisation} ${o.rule}`);
const signalled = (by = AS) => {
  const story = new Story();
  return Object.assign(story, story.does('record-signal', { origin: 'person' }, { by, on: '2023-03-14' }));
};
const missed = (story: Story, rule: string, owner: string, step: 1 | 2 | 3, on: string): void => {
  const { subject, restartedBy } = story.duties.find((o) => o.rule === rule && o.organisation === owner)!;
  const last = story.events.at(-1)!;
  const data = { rule, subject, owner, step, dueOn: on, ...(restartedBy && { restartedBy }) };
  story.events.push({ ...last, id: `missed ${rule} ${owner} ${step}`, type: 'DutyMissed', data, occurredOn: localDate(on), actor: party('OPERATOR') } satisfies DomainEvent); // prettier-ignore
};
const consent = { zones: ['identity'], recipient: 'ast-39', purpose: 'referral', proof: 'form' };
const offer = { to: 'ast-39', toRole: 'CPDP', motive: 'load' };

describe('a triage', () => {
  it('says "accompanied" only by who may lead, or nobody could take the lead that it announces', () => {
    const story = signalled(CPAM);
    const triage = (outcome: string) => ({ handshakeId: story['signalId' as never], outcome });
    expect(story.refuses('conclude-triage', triage('accompanied'), { by: CPAM, on: '2023-03-15' })).toEqual(['triage.notLead']);
    story.does('conclude-triage', triage('passed-on'), { by: CPAM, on: '2023-03-15' });
    expect(owes(story)).toEqual(['cpam-39 case-to-place']);
  });
});

describe('a hand-over', () => {
  const offered = (to: object = {}) => {
    const story = supported();
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: AS, on: '2023-04-01' });
    const { consentId } = story.does('grant-consent', { ...consent, ...to }, { by: ASSURE, recordedBy: AS, on: '2023-04-02' });
    story.does('propose-handover', offer, { by: AS, on: '2023-04-02' });
    expect(owes(story)).toContain('ast-39 handover-to-answer');
    return { story, consentId };
  };
  it('whose accord is withdrawn is nobody’s to answer, and the lead may offer again', () => {
    const { story, consentId } = offered();
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-04-03' });
    expect(owes(story)).not.toContain('ast-39 handover-to-answer');
    story.does('grant-consent', consent, { by: ASSURE, recordedBy: AS, on: '2023-04-04' });
    story.does('withdraw-handover', { handoverId: story.view.handovers[0]!.id }, { by: AS, on: '2023-04-04' });
    story.does('propose-handover', offer, { by: AS, on: '2023-04-04' });
  });
  it('whose accord has run out neither', () => {
    const { story } = offered({ to: '2023-04-10' });
    const on = (day: string) => deriveCase(story.caseId, story.events, actOfType, localDate(day));
    expect(on('2023-04-10').participations.filter((p) => p.basis === 'asked')).toMatchObject([{ to: '2023-04-11' }]);
    expect(story.refuses('propose-handover', offer, { by: AS, on: '2023-04-09' })).toContain('handover.pending');
    expect(story.refuses('propose-handover', offer, { by: AS, on: '2023-04-11' })).not.toContain('handover.pending');
  });
});

describe('a duty without an owner who takes part and may see what it is about', () => {
  it('is the accountable partner’s: a visit asked for where no occupational health service is known', () => {
    const story = signalled();
    story.does('record-sick-leave', LEAVE, { by: AS, on: '2023-03-15' });
    story.does('request-pre-return-visit', {}, { by: MC, on: '2023-03-16' });
    expect(owes(story)).toContain('carsat-bfc visit-to-hold');
    story.does('hold-pre-return-visit', {}, { by: party('MT'), recordedBy: AS, on: '2023-03-20' });
    expect(owes(story)).not.toContain('carsat-bfc visit-to-hold');
  });
  it('is no longer the service’s once its accord to know of leaves is gone', () => {
    const story = supported();
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-04-01' }, { by: CPAM, on: '2023-04-01' });
    const before = () => obligations(story.view, BOOK).find((o) => o.rule === 'return-visit-to-hold');
    expect(before()?.organisation).toBe('ast-39');
    story.does('withdraw-consent', { consentId: story.view.consents[0]!.id }, { by: ASSURE, recordedBy: AS, on: '2023-04-02' });
    expect(before()?.organisation).toBe('carsat-bfc');
  });
});

describe('an escalation', () => {
  it('runs anew each time the coordinator presses, and ends with the duty', () => {
    const story = signalled();
    missed(story, 'signal-to-triage', 'carsat-bfc', 3, '2023-04-05');
    const escalation = () => story.duties.filter((o) => o.rule === 'escalation-to-handle');
    expect(escalation()).toMatchObject([{ organisation: 'cpam-39', due: '2023-04-12' }]);
    story.does('record-case-review', { attendees: [{ organisation: 'carsat-bfc', role: 'AS' }] }, { by: CPAM, on: '2023-04-10' });
    expect(escalation()).toMatchObject([{ organisation: 'cpam-39', due: '2023-04-17' }]);
    story.does(
      'conclude-triage',
      { handshakeId: story.view.signals[0]!.id, outcome: 'accompanied' },
      { by: AS, on: '2023-04-11' },
    );
    expect(escalation()).toEqual([]);
  });
  it('is not inherited: a duty that passes to somebody else has not been missed by that one', () => {
    const story = supported();
    missed(story, 'contact-to-make', 'carsat-bfc', 3, '2023-06-12');
    expect(owes(story)).toContain('cpam-39 escalation-to-handle');
    const { handoverId } = story.does('propose-handover', offer, { by: AS, on: '2023-06-13' });
    story.does('accept-handover', { handoverId }, { by: CPDP, on: '2023-06-14' });
    expect(story.duties.filter((o) => o.rule === 'contact-to-make')).toMatchObject([{ organisation: 'ast-39', step: 0 }]);
  });
});
