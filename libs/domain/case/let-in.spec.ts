import { AS, ASSURE, CAP, CPAM, party, Story, supported, uuidOf } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { type Party } from '../kernel/roles.js';
import { accordOpens } from './accord.js';
import { actOfType } from './acts.js';
import { deriveCase } from './derive.js';
import { type DomainEvent } from './event.js';
import { takesPart } from './taking-part.js';
import { type CaseView } from './view.js';
import { whoLeaves } from './who-leaves.js';

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
const letIn = (known: Story, events: readonly DomainEvent[], more: object = {}, brings: object = {}): void => {
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
    told('FileFound', '2023-05-05', { fileId, openedBy: 'ast-21', role: 'CPDP', ...more }),
    told('CaseAbsorbed', '2023-05-08', { caseId: fileId, events: events.map(({ id }) => ({ id })), letIn: true, ...brings }),
    ...events,
  );
};

/** The two are parted again, and whoever came with the file goes with it. */
const part = (known: Story, ...leaving: string[]): void => {
  const absorbed = known.events.find((e) => e.type === 'CaseAbsorbed')!;
  const data = { caseId: uuidOf('file'), leaving: leaving.map((organisation) => ({ organisation })) };
  known.events.push({
    ...absorbed,
    id: uuidOf('undone'),
    type: 'CaseAbsorptionUndone',
    occurredOn: localDate('2023-05-10'),
    data,
  });
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
  it('opens nothing by what its author had agreed with others: an accord, a form or a colleague', () => {
    const other = file();
    other.events.pop();
    const agreed = { zones: ['identity', 'leave'], purpose: 'referral', proof: 'form', formHash: 'ab'.repeat(32) };
    for (const recipient of ['cep-39', 'ast-21'])
      other.does(
        'grant-consent',
        { ...agreed, recipient },
        { by: ASSURE, recordedBy: CPDP_21, on: '2023-05-04', key: `a ${recipient}` },
      );
    other.does(
      'refer-case',
      { target: 'cep-39', targetRole: 'CEP', motive: 'career' },
      { by: CPDP_21, on: '2023-05-04', key: 'r1' },
    );
    other.does('refer-case', { target: 'ast-39', targetRole: 'MT', motive: 'pdp' }, { by: CPDP_21, on: '2023-05-04', key: 'r2' });
    expect(takesPart(other.view, 'cep-39', localDate('2023-05-04'))).toBe(true);
    const known = new Story();
    known.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-04-03' });
    letIn(known, other.events);
    for (const organisation of ['cep-39', 'ast-39'])
      expect(takesPart(known.view, organisation, localDate('2023-05-09'))).toBe(false);
    expect(known.view.consents.every((c) => c.partUnconfirmed && c.confirmations.length === 0)).toBe(true);
  });
  it('gives the fund and the lead back when the two are parted', () => {
    const known = supported();
    letIn(
      known,
      file().events.slice(0, -1),
      { claim: 'caisse', openedBy: 'cpam-21' },
      { caisse: 'cpam-21', known: [{ organisation: 'cpam-21' }] },
    );
    expect(known.view.caisse).toBe('cpam-21');
    part(known);
    expect(known.view).toMatchObject({ caisse: 'cpam-39', lead: { organisation: 'carsat-bfc' } });
  });
  it('and a lead that was taken by whoever came with it, is nobody’s once it is parted', () => {
    const known = new Story();
    known.does('record-signal', { origin: 'person' }, { by: CPAM, on: '2023-04-03' });
    letIn(known, file().events.slice(0, 2));
    known.does('assign-lead', {}, { by: CPDP_21, on: '2023-05-09' });
    expect(known.view.lead).toMatchObject({ organisation: 'ast-21' });
    part(known, 'ast-21');
    expect(known.view.lead).toBeUndefined();
    expect(takesPart(known.view, 'ast-21', localDate('2023-05-11'))).toBe(false);
  });
  it('opens nothing by a code that its author had the person read, nor by an accomplice that vouched for it', () => {
    const other = file();
    other.events.pop();
    other.does('grant-consent', { zones: ['leave'], recipient: 'cep-39', purpose: 'referral', proof: 'call', consentId: uuidOf('accord') }, { by: ASSURE, recordedBy: CPDP_21, on: '2023-05-04' }); // prettier-ignore
    const granted = other.events.at(-1)!;
    const said = (type: string, actor: Party, data: object): DomainEvent => ({ ...granted, id: uuidOf(type), type, actor, recordedBy: null, data: { consentId: uuidOf('accord'), ...data } }); // prettier-ignore
    other.events.push(said('ConsentConfirmed', ASSURE, { means: 'code' }), said('ConsentVouchedFor', party('CPAM', 'cpam-21'), { zones: ['leave'] })); // prettier-ignore
    const known = supported();
    letIn(known, other.events);
    const accord = known.view.consents.find(({ id }) => id === uuidOf('accord'))!;
    expect(accordOpens(accord, { organisation: 'cep-39', role: 'CEP' }, localDate('2023-05-09'), 'leave')).toBe(false);
  });
  it('is the same for whoever does not see that it waited', () => {
    const known = supported();
    letIn(known, file().events.slice(0, -1));
    const seen = known.events.filter(({ type }) => type !== 'FileFound');
    const { lead, accountable, participations } = known.view;
    expect(deriveCase(known.caseId, seen, actOfType)).toMatchObject({ lead, accountable, participations });
  });
});

describe('who leaves with a file that is parted', () => {
  const TODAY = localDate('2023-05-20');
  const ofFile = (story: Story): CaseView => ({ ...story.view, caseId: uuidOf('file') });
  const leaves = (known: Story, other: Story): { leaving: string[]; told: string[] } => {
    const { leaving, theirs } = whoLeaves(known.caseId, known.events, ofFile(other), TODAY);
    const told = known.events.flatMap(({ id, type }) => (theirs.has(id) ? [type] : []));
    return { leaving: leaving.map(({ organisation }) => organisation), told };
  };
  /** A case of the caisse and of the Carsat, and a file of another health service that was let in. */
  const joined = (): { known: Story; other: Story } => {
    const [known, other] = [supported(), file()];
    other.events.pop();
    letIn(known, other.events);
    return { known, other };
  };
  /** With the person's accord. */
  const refer = (known: Story, by: Party, to: Party): Record<string, string> => {
    const accord = { zones: ['identity', 'leave'], recipient: to.organisation, purpose: 'referral', proof: 'form', formHash: 'ab'.repeat(32) }; // prettier-ignore
    const { consentId } = known.does('grant-consent', accord, { by: ASSURE, recordedBy: by, on: '2023-05-09' });
    return known.does(
      'refer-case',
      { target: to.organisation, targetRole: to.role, motive: 'pdp', consentId },
      { by, on: '2023-05-09' },
    );
  };
  const attempt = (known: Story, by: Party): unknown =>
    known.does('record-contact-attempt', { channel: 'telephone', outcome: 'no-answer' }, { by, on: '2023-05-10' });

  it('its author, and what that has told here since', () => {
    const { known, other } = joined();
    attempt(known, CPDP_21);
    attempt(known, AS);
    expect(leaves(known, other)).toEqual({ leaving: ['ast-21'], told: ['ContactAttempted'] });
  });
  it('whom its author brought, and nobody whom those brought who stay', () => {
    const { known, other } = joined();
    refer(known, CPDP_21, party('CEP', 'cep-39'));
    const { referralId } = refer(known, CPAM, CAP);
    known.does('accept-referral', { referralId }, { by: CAP, on: '2023-05-10' });
    attempt(known, CAP);
    const { leaving, told } = leaves(known, other);
    expect(leaving).not.toContain('cap-emploi-39');
    expect(leaving).toContain('ast-21');
    expect(told).toEqual(['ConsentGranted', 'CaseReferred']);
  });
  it('nobody who took part here before, though it acted there', () => {
    const { known, other } = joined();
    other.does('record-contact-attempt', { channel: 'telephone', outcome: 'no-answer' }, { by: AS, on: '2023-05-04' });
    attempt(known, AS);
    expect(leaves(known, other)).toEqual({ leaving: ['ast-21'], told: [] });
  });
  it('not its author, once somebody at home has asked for it by itself', () => {
    const { known, other } = joined();
    refer(known, CPAM, CPDP_21);
    attempt(known, CPDP_21);
    expect(leaves(known, other)).toEqual({ leaving: [], told: [] });
  });
  it('nobody who came with another file', () => {
    const { known, other } = joined();
    const third = new Story();
    third.does(
      'record-signal',
      { origin: 'person' },
      { by: party('CAP_EMPLOI', 'cap-emploi-39'), on: '2023-05-06', key: 'third' },
    );
    const absorbed = known.events.find((e) => e.type === 'CaseAbsorbed')!;
    const data = { caseId: uuidOf('third file'), events: third.events.map(({ id }) => ({ id })), letIn: true, known: [{ organisation: 'cap-emploi-39' }] }; // prettier-ignore
    known.events.push({ ...absorbed, id: uuidOf('absorbed too'), data }, ...third.events);
    expect(leaves(known, other)).toEqual({ leaving: ['ast-21'], told: [] });
  });
});
