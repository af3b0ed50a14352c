import { ACCORD, AS, ASSURE, CPAM, CPDP, LEAVE, MTR, party, Story, supported, uuidOf } from '../../../test/support/story.js';
import { actOfCommand } from './acts.js';
import { endFindings } from './decide.js';

const SENT = { spstCode: 'MT39', leave: LEAVE, accord: ACCORD, activity: { status: 'salarie' } };
const signalled = (by = AS) => {
  const story = new Story();
  return Object.assign(story, story.does('record-signal', { origin: 'person' }, { by, on: '2023-03-14' }));
};
const on = '2023-03-20';
const CPDP_21 = party('CPDP', 'ast-21');
/** What the caisse says of a file of ast-21. */
function beside(story: Story, ...types: readonly string[]): void {
  const caseId = uuidOf('file');
  for (const type of types) {
    const data = type === 'CaseAbsorptionUndone' ? { caseId, leaving: [{ organisation: 'ast-21' }] } : { caseId, fileId: caseId };
    story.events.push({ ...story.events.at(-1)!, id: uuidOf(`${type} ${story.events.length}`), type, actor: CPAM, recordedBy: null, commandId: uuidOf(`joined ${story.events.length}`), data }); // prettier-ignore
  }
}

describe('a case opened on the wrong person', () => {
  it('ends by one act: nobody answers for it, nobody takes part, nothing is owed or can be added', () => {
    const story = new Story();
    story.does('transmit-sick-leave', SENT, { by: CPAM, on: '2023-03-14' });
    story.does('acknowledge-receipt', { handshakeId: story.view.handshakes[0]!.id }, { by: CPDP, on: '2023-03-15' });
    story.does('undo-opening', {}, { by: CPAM, on });
    const { view } = story;
    expect(view).toMatchObject({ status: 'opened-by-mistake', openedByMistake: { on } });
    expect(view.accountable).toBeUndefined();
    expect(view.participations.every((p) => p.to !== undefined && p.to <= on)).toBe(true);
    expect(story.duties).toEqual([]);
    for (const command of ['record-interview', 'undo-opening', 'reopen-case'])
      expect(endFindings(actOfCommand(command)!, view).map((f) => f.code)).toEqual(['case.openedByMistake']);
  });
  it('is undone by whoever opened it, answers for it, or is its caisse; by nobody else', () => {
    for (const by of [AS, CPAM]) signalled().does('undo-opening', {}, { by, on });
    expect(signalled().refuses('undo-opening', {}, { by: party('CPDP', 'ast-21'), on })).toContain('opening.notYours');
    const sent = new Story();
    sent.does('transmit-sick-leave', SENT, { by: CPAM, on: '2023-03-14' });
    sent.does('undo-opening', {}, { by: CPDP, on });
  });
  it('is not undone where others have acted, but for a receipt; the caisse may as long as nobody else leads', () => {
    const story = signalled();
    story.does('record-sick-leave', LEAVE, { by: CPDP, on: '2023-03-15' });
    expect(story.refuses('undo-opening', {}, { by: AS, on })).toEqual(['opening.othersActed']);
    story.does('undo-opening', {}, { by: CPAM, on });
    expect(supported().refuses('undo-opening', {}, { by: CPAM, on: '2023-04-01' })).toEqual(['opening.othersActed']);
  });
  it('is not undone by whoever leads what another one opened', () => {
    const story = new Story();
    story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on: '2023-03-14' });
    story.does('assign-lead', {}, { by: AS, on: '2023-03-15' });
    expect(story.refuses('undo-opening', {}, { by: AS, on })).toEqual(['opening.notYours']);
    const own = signalled();
    own.does('assign-lead', {}, { by: AS, on: '2023-03-15' });
    own.does('undo-opening', {}, { by: AS, on });
  });
  it('is not undone while another one is joined to it, however often they were parted before', () => {
    const story = signalled();
    beside(story, 'CaseAbsorbed', 'CaseAbsorptionUndone', 'CaseAbsorbed');
    expect(story.refuses('undo-opening', {}, { by: CPAM, on })).toContain('opening.joined');
    beside(story, 'CaseAbsorptionUndone');
    story.does('undo-opening', {}, { by: CPAM, on });
  });
  it('is undone where nobody acted but who was parted again, and the caisse on a file beside it', () => {
    const story = signalled();
    beside(story, 'CaseAbsorbed');
    story.does('record-sick-leave', LEAVE, { by: CPDP_21, on: '2023-03-15' });
    beside(story, 'CaseAbsorptionUndone');
    beside(story, 'FileSetAside');
    story.does('undo-opening', {}, { by: AS, on });
  });
  it('opened for somebody without account is undone by whoever recorded it', () => {
    const story = new Story();
    story.does(
      'refer-case',
      { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' },
      { by: MTR, recordedBy: AS, on: '2023-03-14' },
    );
    story.does('undo-opening', {}, { by: AS, on });
    expect(story.view.status).toBe('opened-by-mistake');
  });
});

describe('an opening act that landed in the case of somebody else', () => {
  it('is withdrawn with all that it brought, each time that it was sent', () => {
    const story = signalled();
    const before = story.view;
    story.does('transmit-sick-leave', SENT, { by: CPAM, on: '2023-03-15' });
    story.does(
      'transmit-sick-leave',
      { ...SENT, leave: { ...LEAVE, expectedEnd: '2024-02-01' } },
      { by: CPAM, on: '2023-03-16' },
    );
    story.does('acknowledge-receipt', { handshakeId: story.view.handshakes[0]!.id }, { by: CPDP, on: '2023-03-17' });
    const commands = new Set(story.events.map((e) => e.commandId)).size;
    story.withdraws('SickLeaveTransmittedToSpst', { by: CPAM, on });
    const { leaves, consents, activities, handshakes, signals, accountable } = story.view;
    expect({ leaves, consents, activities, handshakes }).toEqual({ leaves: [], consents: [], activities: [], handshakes: [] });
    expect({ signals, accountable }).toEqual({ signals: before.signals, accountable: before.accountable });
    expect(new Set(story.events.map((e) => e.commandId)).size).toBe(commands + 1);
    expect(new Set(story.events.map((e) => e.id)).size).toBe(story.events.length);
  });
  it('stands where another partner has answered it', () => {
    const story = signalled();
    const { transmissionId } = story.does('transmit-sick-leave', SENT, { by: CPAM, on: '2023-03-15' });
    story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-16' });
    story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'accompanied' }, { by: CPDP, on: '2023-03-16' });
    expect(() => story.withdraws('SickLeaveTransmittedToSpst', { by: CPAM, on })).toThrow('opening.answered');
  });
  it('is withdrawn though somebody told of it who was parted again', () => {
    const story = signalled();
    const { leaveId } = story.does('transmit-sick-leave', SENT, { by: CPAM, on: '2023-03-15' });
    const extended = () => story.does('extend-sick-leave', { leaveId: leaveId ?? story.view.leaves[0]!.id, expectedEnd: '2024-02-01' }, { by: CPDP_21, on: '2023-03-16' }); // prettier-ignore
    beside(story, 'CaseAbsorbed');
    extended();
    expect(() => story.withdraws('SickLeaveTransmittedToSpst', { by: CPAM, on })).toThrow('opening.answered');
    beside(story, 'CaseAbsorptionUndone');
    story.withdraws('SickLeaveTransmittedToSpst', { by: CPAM, on });
    expect(story.view.handshakes).toEqual([]);
  });
  it('is withdrawn by its author only, is not corrected, and is no way to undo the case that it opened', () => {
    const story = signalled();
    story.does('transmit-sick-leave', SENT, { by: CPAM, on: '2023-03-15' });
    expect(() => story.withdraws('SickLeaveTransmittedToSpst', { by: AS, on })).toThrow('fact.notYours');
    expect(() => story.corrects('SickLeaveTransmittedToSpst', SENT, { by: CPAM, on })).toThrow('fact.isDecision');
    expect(() => story.withdraws('SignalReceived', { by: AS, on })).toThrow('opening.undoCase');
  });
});

describe('an opening act recorded for somebody without account', () => {
  const letter = (target: string, targetRole: string, by = MTR) => {
    const story = new Story();
    const { referralId } = story.does(
      'refer-case',
      { target, targetRole, motive: 'pdp' },
      { by, recordedBy: AS, on: '2023-03-14' },
    );
    return { story, referralId: referralId! };
  };
  const partsOf = (story: Story, organisation: string) =>
    story.view.participations.filter((p) => p.organisation === organisation);
  it.each(['MTR', 'EMPLOYER', 'ASSURE', 'FRANCE_TRAVAIL'] as const)(
    '%s: whoever records it takes part, and answers for it',
    (role) => {
      const { story } = letter('carsat-bfc', 'AS', party(role));
      expect(partsOf(story, 'carsat-bfc')).toContainEqual({ organisation: 'carsat-bfc', basis: 'sent', from: '2023-03-14' });
      expect(story.view.accountable).toMatchObject({ organisation: 'carsat-bfc', role: 'AS' });
      expect(story.duties.map((o) => o.organisation)).toContain('carsat-bfc');
      story.does(
        'grant-consent',
        { zones: ['identity'], recipient: 'carsat-bfc', purpose: 'referral', proof: 'letter' },
        { by: ASSURE, recordedBy: AS, on: '2023-03-14' },
      );
      story.does('open-support', { origin: 'mtr' }, { by: AS, on: '2023-03-15' });
      expect(story.view).toMatchObject({ status: 'supported', lead: { organisation: 'carsat-bfc' } });
    },
  );
  it('comes back to whoever recorded it when its addressee declines, and is revoked by it', () => {
    const sent = () => {
      const { story, referralId } = letter('cap-emploi-39', 'CAP_EMPLOI');
      story.does(
        'grant-consent',
        { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'letter' },
        { by: ASSURE, recordedBy: AS, on: '2023-03-14' },
      );
      return { story, referralId };
    };
    const { story, referralId } = sent();
    story.does(
      'decline-referral',
      { referralId, motive: 'no-capacity' },
      { by: party('CAP_EMPLOI', 'cap-emploi-39'), on: '2023-03-15' },
    );
    expect(story.view.accountable).toMatchObject({ organisation: 'carsat-bfc', reason: 'declined-to-sender' });
    const other = sent();
    other.story.does('revoke-referral', { referralId: other.referralId, motive: 'mistake' }, { by: AS, on: '2023-03-15' });
    expect(other.story.view.accountable).toMatchObject({ organisation: 'carsat-bfc', reason: 'declined-to-sender' });
  });
  it('gives a stranger no part in a case that it came to by a number alone, in a log from before', () => {
    const story = signalled(CPDP);
    const refer = { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'pdp' };
    story.does(
      'grant-consent',
      { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'letter' },
      { by: ASSURE, recordedBy: CPDP, on: '2023-03-14' },
    );
    story.does('refer-case', refer, { by: MTR, recordedBy: AS, on: '2023-03-15' });
    expect(partsOf(story, 'carsat-bfc')).toEqual([]);
  });
});
