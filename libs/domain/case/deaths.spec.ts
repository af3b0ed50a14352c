import { ACCORD, AS, ASSURE, BOOK, CAP, CPAM, CPDP, LEAVE, MT, Story, supported, uuidOf } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { obligations } from '../rules/obligations.js';
import { missedToTell, nextLook } from '../rules/watch.js';
import { knownOn } from './derive.js';
import { isSilent } from './deaths.js';

const rules = (story: Story): string[] => story.duties.map((o) => o.rule);
const told = (story: Story, on: string) =>
  missedToTell(story.view, BOOK, knownOn(story.events), localDate(on)).map(({ data, on: day }) => [
    data['rule'],
    data['step'],
    day,
  ]);
/** Supported by the Service social; the SPST that was sent the case takes part, and does not lead. */
const withDuties = (): Story => {
  const story = supported();
  story.does('book-appointment', { date: '2023-06-01', channel: 'visu' }, { by: AS, on: '2023-05-20' });
  return story;
};

describe('a death that a partner tells who neither leads nor answers for the case', () => {
  const story = withDuties();
  const before = story.duties;
  story.does('record-death', {}, { by: CPDP, on: '2023-06-02', today: '2023-06-05' });

  it('ends nothing: the case is what it was, and whoever leads it leads it', () => {
    expect(story.view).toMatchObject({
      status: 'supported',
      lead: { organisation: 'carsat-bfc' },
      accountable: { organisation: 'carsat-bfc' },
      deathTold: { on: '2023-06-02', toldOn: '2023-06-05', by: { organisation: 'ast-39' } },
    });
    expect(story.view.diedOn).toBeUndefined();
    expect(isSilent(story.view)).toBe(true);
  });
  it('suspends all that is owed or shown, but the duty to say whether it is so, in two working days', () => {
    const found = obligations(story.view, BOOK);
    expect(found.map(({ rule, organisation, due }) => [rule, organisation, due])).toEqual([
      ['death-to-confirm', 'carsat-bfc', '2023-06-07'],
    ]);
    expect(before.length).toBeGreaterThan(0);
  });
  it('escalates as others do, to the caisse in the end, and nothing else is missed meanwhile', () => {
    expect(told(story, '2023-06-08')).toEqual([['death-to-confirm', 1, '2023-06-08']]);
    expect(told(story, '2024-06-08')).toEqual([['death-to-confirm', 3, '2023-06-22']]);
    expect(nextLook(story.view, BOOK, knownOn(story.events), localDate('2023-06-06'))).toBe('2023-06-08');
    const silent = withDuties();
    silent.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    const data = {
      rule: 'death-to-confirm',
      subject: silent.events.at(-1)!.id,
      owner: 'carsat-bfc',
      dueOn: '2023-06-07',
      step: 3,
    };
    silent.events.push({ ...silent.events.at(-1)!, id: 'missed', type: 'DutyMissed', data, occurredOn: localDate('2023-06-22') });
    expect(silent.duties.map((o) => [o.rule, o.organisation])).toContainEqual(['escalation-to-handle', 'cpam-39']);
  });
  it('is not confirmed or denied by anybody else, by its own correction neither', () => {
    expect(story.refuses('confirm-death', {}, { by: CPDP, on: '2023-06-06' })).toEqual(['death.notYours', 'death.yourOwnWord']);
    expect(story.refuses('deny-death', {}, { by: CPDP, on: '2023-06-06' })).toEqual(['death.notYours']);
    const other = withDuties();
    other.does('record-death', { toConfirmSince: '2020-01-01' }, { by: CPDP, on: '2023-06-05' });
    expect(other.view.deathTold?.toldOn).toBe('2023-06-05');
    other.corrects('PersonDied', {}, { by: CPDP, on: '2023-06-04', today: '2023-06-06' });
    expect(other.view).toMatchObject({ status: 'supported', deathTold: { on: '2023-06-04', toldOn: '2023-06-05' } });
  });
  it('closes no support, and lets nobody take the lead or plan anything meanwhile', () => {
    expect(story.refuses('close-support', { motive: 'death' }, { by: AS, on: '2023-06-06' })).toEqual(['support.deathToConfirm']);
    expect(
      story.refuses('propose-handover', { to: 'ast-39', toRole: 'CPDP', motive: 'load' }, { by: AS, on: '2023-06-06' }),
    ).toContain('case.deathToConfirm');
  });
  it('is not confirmed by its own teller, though that one answers for the case by now: it is the caisse that is asked', () => {
    const other = new Story();
    other.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' });
    other.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on: '2023-03-15' });
    other.does('accept-referral', { referralId: other.view.handshakes.at(-1)!.id }, { by: AS, on: '2023-03-15' });
    other.does('record-death', {}, { by: AS, on: '2023-03-16' });
    expect(other.view.deathTold).toBeDefined();
    other.does(
      'withdraw-consent',
      { consentId: other.view.handshakes[0]!.consentId },
      { by: ASSURE, recordedBy: CPAM, on: '2023-03-16' },
    );
    expect(other.view.accountable?.organisation).toBe('carsat-bfc');
    expect(rules(other)).toEqual(['death-to-confirm']);
    expect(other.duties[0]?.organisation).toBe('cpam-39');
    expect(other.refuses('confirm-death', {}, { by: AS, on: '2023-03-17' })).toContain('death.yourOwnWord');
  });
});

describe('whoever answers for the case', () => {
  it.each([['the lead', AS], ['the caisse', CPAM]] as const)('%s confirms it, and everything owed ends', (_, by) => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.does('confirm-death', {}, { by, on: '2023-06-06' });
    expect(story.view).toMatchObject({ status: 'deceased', diedOn: '2023-06-05' });
    expect([story.duties, story.view.deathTold]).toEqual([[], undefined]);
  }); // prettier-ignore
  it.each([['the lead', AS], ['the caisse', CPAM]] as const)('%s settles it by telling it', (_, by) => {
    const story = withDuties();
    story.does('record-death', {}, { by, on: '2023-06-05' });
    expect(story.view).toMatchObject({ status: 'deceased', diedOn: '2023-06-05' });
  }); // prettier-ignore
  it('denies it, and everything comes back with its dates; what went by meanwhile is missed from that day', () => {
    const story = withDuties();
    const plain = withDuties();
    for (const s of [story, plain]) expect(rules(s)).toContain('appointment');
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.does('deny-death', {}, { by: AS, on: '2023-06-14' });
    expect(story.view.deathTold).toBeUndefined();
    const dates = (s: Story) => obligations(s.view, BOOK).map(({ rule, subject, due, graceUntil }) => ({ rule, subject, due, graceUntil })); // prettier-ignore
    expect(dates(story)).toEqual(dates(plain));
    // Its last day went by while nothing was owed.
    expect(told(plain, '2023-06-14')).toContainEqual(['appointment', 1, '2023-06-09']);
    expect(told(story, '2023-06-14')).toContainEqual(['appointment', 1, '2023-06-14']);
  });
  it('denies one that was settled, or confirmed, and hears of another one anew', () => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.does('confirm-death', {}, { by: CPAM, on: '2023-06-06' });
    story.does('deny-death', {}, { by: AS, on: '2023-06-07' });
    expect(story.view).toMatchObject({ status: 'supported', resumedOn: '2023-06-07' });
    story.does('record-death', {}, { by: CAP, on: '2023-06-05', today: '2023-06-08' });
    expect(story.view).toMatchObject({ status: 'supported', deathTold: { toldOn: '2023-06-08' } });
    expect(story.refuses('deny-death', {}, { by: CAP, on: '2023-06-09' })).toEqual(['death.notYours']);
  });
  it('has nothing to say of a death that nobody told', () => {
    const story = withDuties();
    expect(story.refuses('confirm-death', {}, { by: AS, on: '2023-06-06' })).toEqual(['death.none']);
    expect(story.refuses('deny-death', {}, { by: AS, on: '2023-06-06' })).toEqual(['death.none']);
  });
});

describe('a death', () => {
  it('that its teller withdraws was not one', () => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.withdraws('PersonDied', { by: CPDP, on: '2023-06-14' });
    expect(rules(story)).toContain('appointment');
    expect(told(story, '2023-06-14')).toContainEqual(['appointment', 1, '2023-06-14']);
  });
  it('that somebody else confirmed stands, though its teller takes that back', () => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.does('confirm-death', {}, { by: AS, on: '2023-06-06' });
    story.withdraws('PersonDied', { by: CPDP, on: '2023-06-14' });
    expect(story.view).toMatchObject({ status: 'deceased', diedOn: '2023-06-05' });
    story.does('deny-death', {}, { by: AS, on: '2023-06-15' });
    expect(story.view.status).toBe('supported');
  });
  it('in a log of before is settled, whoever told it', () => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    const last = story.events.pop()!;
    story.events.push({ ...last, data: {} });
    expect(story.view).toMatchObject({ status: 'deceased', diedOn: '2023-06-05' });
  });
  it('that was confirmed has the day that was confirmed, whatever its teller makes of it; whoever answers may tell another', () => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.does('confirm-death', {}, { by: AS, on: '2023-06-06' });
    story.corrects('PersonDied', {}, { by: CPDP, on: '2023-03-15', today: '2023-06-07' });
    expect(story.view.diedOn).toBe('2023-06-05');
    story.does('record-death', {}, { by: AS, on: '2023-06-04', today: '2023-06-08' });
    expect(story.view.diedOn).toBe('2023-06-04');
    story.does('record-death', {}, { by: CAP, on: '2023-06-01', today: '2023-06-09' });
    expect(story.view.diedOn).toBe('2023-06-04');
  });
  it('told again by the one whose word was denied suspends nothing, and is to be looked at; told by another one it does', () => {
    const story = withDuties();
    for (const day of ['2023-06-05', '2023-06-07']) {
      story.does('record-death', {}, { by: CPDP, on: day });
      story.does('deny-death', {}, { by: AS, on: day });
      if (day === '2023-06-05') story.withdraws('PersonDied', { by: CPDP, on: '2023-06-06' });
    }
    story.does('record-death', {}, { by: CPDP, on: '2023-06-08' });
    expect(story.view).toMatchObject({ status: 'supported', deathTold: { toldOn: '2023-06-08', again: true } });
    expect(isSilent(story.view)).toBe(false);
    expect(rules(story)).toEqual(expect.arrayContaining(['death-to-confirm', 'appointment']));
    story.does('propose-handover', { to: 'ast-39', toRole: 'CPDP', motive: 'load' }, { by: AS, on: '2023-06-08' });
    story.does('record-death', {}, { by: CAP, on: '2023-06-09' });
    expect(rules(story)).toEqual(['death-to-confirm']);
    story.does('confirm-death', {}, { by: AS, on: '2023-06-09' });
    expect(story.view).toMatchObject({ status: 'deceased', diedOn: '2023-06-09' });
  });
  it('that it is so may be said all the same of one told again', () => {
    const story = withDuties();
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05' });
    story.does('deny-death', {}, { by: AS, on: '2023-06-05' });
    story.does('record-death', {}, { by: CPDP, on: '2023-06-05', today: '2023-06-08' });
    story.does('confirm-death', {}, { by: AS, on: '2023-06-09' });
    expect(story.view.status).toBe('deceased');
  });
  it('that was answered in a file that was let in is answered there: confirmed, it is to be confirmed here; denied, nothing here is', () => {
    const file = (answer: string): Story => {
      const f = new Story();
      f.does('record-signal', { origin: 'person' }, { by: MT, on: '2023-05-02', key: 'f1' });
      f.does('record-death', {}, { by: CAP, on: '2023-05-04', key: 'f2' });
      f.does(answer, {}, { by: MT, on: '2023-05-04', key: 'f3' });
      return f;
    };
    const letIn = (story: Story, f: Story): Story => {
      const last = story.events.at(-1)!;
      const told = (type: string, data: object) => ({ ...last, id: uuidOf(type), type, actor: AS, occurredOn: localDate('2023-06-08'), data: { ...data }, corrects: null }); // prettier-ignore
      story.events.push(told('FileFound', { fileId: uuidOf('f'), openedBy: 'ast-39', role: 'MT' }), told('CaseAbsorbed', { caseId: uuidOf('f'), events: f.events.map(({ id }) => ({ id })) }), ...f.events); // prettier-ignore
      return story;
    };
    expect(letIn(withDuties(), file('confirm-death')).view).toMatchObject({
      status: 'supported',
      deathTold: { on: '2023-05-04' },
    });
    const dead = withDuties();
    dead.does('record-death', {}, { by: AS, on: '2023-06-05' });
    expect(letIn(dead, file('deny-death')).view).toMatchObject({ status: 'deceased', diedOn: '2023-06-05' });
  });
});
