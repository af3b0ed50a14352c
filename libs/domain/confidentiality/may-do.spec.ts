import { actOfType } from '../case/acts.js';
import { decideCorrection } from '../case/correct.js';
import { deriveCase } from '../case/derive.js';
import { takesPart } from '../case/taking-part.js';
import { type Instant, localDate } from '../kernel/local-date.js';
import { Refused } from '../kernel/errors.js';
import { type Party } from '../kernel/roles.js';
import {
  BOOK,
  AS,
  ASSURE,
  CAP,
  CPAM,
  CPDP,
  directory,
  MC,
  MT,
  MTR,
  party,
  Story,
  supported,
  uuidOf,
} from '../../../test/support/story.js';

const CEP = party('CEP', 'cep-39');
const consent = (zones: string[], to: object, more: object = {}) => ({
  zones,
  ...to,
  purpose: 'referral',
  proof: 'form',
  ...more,
});
const granted = (story: Story, on: string, to: object, more: object = {}) =>
  story.does('grant-consent', consent(['identity'], to, more), { by: ASSURE, recordedBy: AS, on });
const partakes = (story: Story, organisation: string, on: string) => takesPart(story.view, organisation, localDate(on));
/** Codes that refuse a correction, or none. */
function corrects(story: Story, type: string, by: Party, replacement?: Record<string, unknown>): string[] {
  const today = localDate('2023-06-01');
  const target = story.events.findLast((e) => e.type === type)!;
  try {
    decideCorrection(
      {
        caseId: story.caseId, personId: null, event: target.id, actor: by, recordedBy: null, evidence: null, occurredOn: today, source: 'api', correlationId: 'c',
        ...(replacement && { replacement: { occurredOn: target.occurredOn, data: replacement } }),
      },
      story.events.map((e, revision) => ({ ...e, revision })),
      { now: '2023-06-01T10:00:00.000Z' as Instant, today, commandId: uuidOf('c'), newId: (l) => uuidOf(`c ${l}`), directory, rulebook: BOOK, earlier: [] }, actOfType,
    ); // prettier-ignore
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.findings.map((f) => f.code);
  }
}

describe('who may act, or tell of an act', () => {
  it('nobody settles for a partner what that partner settles here', () => {
    const story = supported();
    const { referralId } = story.does('refer-case', { target: 'ast-39', targetRole: 'CPDP', motive: 'pdp' }, { by: MT, on: '2023-04-01' }); // prettier-ignore
    const as = (by: Party) => ({ by, recordedBy: CPAM, on: '2023-04-02' });
    for (const by of [CPDP, party('CPDP')]) {
      expect(story.refuses('accept-referral', { referralId }, as(by))).toContain('act.theirsAlone');
      expect(story.refuses('refer-case', { target: 'ast-39', targetRole: 'CPDP', motive: 'pdp' }, as(by))).toContain('act.theirsAlone'); // prettier-ignore
      expect(story.refuses('reopen-case', { motive: 'relapse' }, as(by))).toContain('act.theirsAlone');
    }
    story.does('accept-referral', { referralId }, { by: CPDP, recordedBy: MT, on: '2023-04-02' });
  });
  it('a partner without account acts through whoever records it; a fact is told of anybody', () => {
    const story = supported();
    story.does('refer-case', { target: 'carsat-bfc', targetRole: 'CSAM', motive: 'social' }, { by: MTR, recordedBy: AS, on: '2023-04-01' }); // prettier-ignore
    story.does('hold-pre-return-visit', {}, { by: MT, recordedBy: AS, on: '2023-04-20' });
  });
  it('no organisation acts in a role that the directory does not know it in', () => {
    const story = supported();
    expect(story.refuses('record-interview', { mode: 'visu' }, { by: party('MT', 'cap-emploi-39'), on: '2023-04-01' })).toEqual(['act.actorUnknown']); // prettier-ignore
    expect(story.refuses('end-sick-leave', { leaveId: uuidOf('x'), lastDay: '2023-04-01' }, { by: party('EMPLOYER', 'nobody'), recordedBy: AS, on: '2023-04-01' })).toEqual(['act.actorUnknown']); // prettier-ignore
  });
});

describe('an accord', () => {
  it('is the person’s act, told with its evidence: no partner gives, or takes back, one by itself', () => {
    const story = supported();
    const { consentId } = granted(story, '2023-04-01', { recipient: 'cap-emploi-39' });
    for (const [command, data] of [
      ['grant-consent', consent(['social'], { recipient: 'carsat-bfc' })],
      ['withdraw-consent', { consentId }],
      ['record-objection', { zones: ['capacity'] }],
    ] as const)
      expect(story.refuses(command, data, { by: AS, on: '2023-04-02' })).toEqual(['act.notForRole']);
  });
  it('opens a case to its own recipient only, while it stands', () => {
    const refer = { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job' };
    for (const [to, more] of [
      [{ recipient: 'ast-39' }, {}],
      [{ recipientRole: 'CEP' }, {}],
      [{ recipient: 'cap-emploi-39' }, { to: '2023-04-01' }],
      [{ recipient: 'cap-emploi-39' }, { from: '2023-05-01' }],
    ] as const) {
      const story = supported();
      const { consentId } = granted(story, '2023-04-01', to, more);
      expect(story.refuses('refer-case', { ...refer, consentId }, { by: AS, on: '2023-04-02' })).toEqual(['referral.consentMissing']); // prettier-ignore
      story.does('refer-case', { ...refer, consentId }, { by: AS, recordedBy: AS, on: '2023-04-02' });
      expect(partakes(story, 'cap-emploi-39', '2023-04-02')).toBe(false);
    }
  });
  it('that ends on a day ends, after that day, the part that rests on it, whoever answers for the case', () => {
    const story = supported();
    const { consentId } = granted(story, '2023-04-01', { recipient: 'cap-emploi-39' }, { to: '2023-06-30' });
    const { referralId } = story.does('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job', consentId }, { by: AS, on: '2023-04-02' }); // prettier-ignore
    story.does('accept-referral', { referralId }, { by: CAP, on: '2023-04-03' });
    const { handoverId } = story.does('propose-handover', { to: 'cap-emploi-39', toRole: 'CAP_EMPLOI', motive: 'scope' }, { by: AS, on: '2023-04-04' }); // prettier-ignore
    story.does('accept-handover', { handoverId }, { by: CAP, on: '2023-04-05' });
    expect([partakes(story, 'cap-emploi-39', '2023-06-30'), partakes(story, 'cap-emploi-39', '2023-07-01')]).toEqual([
      true,
      false,
    ]);
  });
  it('ends no earlier than it begins', () => {
    const story = supported();
    expect(story.refuses('grant-consent', consent(['job'], { recipient: 'cep-39' }, { from: '2023-05-01', to: '2023-04-01' }), { by: ASSURE, recordedBy: AS, on: '2023-04-01' })).toEqual(['consent.datesReversed']); // prettier-ignore
  });
  it('once taken back is not open for an hour more: no withdrawal is dated so that it would be lost', () => {
    const story = supported();
    const { consentId } = granted(story, '2023-04-10', { recipient: 'cap-emploi-39' }, { from: '2023-04-01' });
    const withdraw = (on: string) => ({ by: ASSURE, recordedBy: AS, on, today: '2023-05-01' });
    expect(story.refuses('withdraw-consent', { consentId }, withdraw('2023-04-05'))).toEqual(['consent.withdrawnBeforeGiven']);
    story.does('withdraw-consent', { consentId }, withdraw('2023-04-20'));
    story.does('withdraw-consent', { consentId }, withdraw('2023-04-25'));
    expect(story.view.consents.find((c) => c.id === consentId)?.withdrawnOn).toBe('2023-04-20');
  });
  it('carries the transmission that names it to its own recipient only', () => {
    const story = new Story();
    story.does('record-signal', { origin: 'person' }, { by: AS, on: '2023-03-14' });
    const { leaveId } = story.does('record-sick-leave', { start: '2023-01-09' }, { by: CPAM, on: '2023-03-15' });
    const { consentId } = granted(story, '2023-04-01', { recipientRole: 'CEP' });
    expect(story.refuses('transmit-sick-leave', { spst: 'ast-39', leaveId, consentId }, { by: CPAM, on: '2023-04-02' })).toEqual(['transmission.consentMissing']); // prettier-ignore
  });
});

describe('nobody is let in by a name in a field', () => {
  it('an organisation is addressed in its own role only', () => {
    const story = supported();
    const { referralId } = story.does('refer-case', { target: 'carsat-bfc', targetRole: 'CSAM', motive: 'social' }, { by: CPAM, on: '2023-04-01' }); // prettier-ignore
    expect(story.refuses('redirect-referral', { handshakeId: referralId, target: 'cap-emploi-39', targetRole: 'CPAM', motive: 'job' }, { by: AS, on: '2023-04-02' })).toContain('referral.roleUnknownThere'); // prettier-ignore
    expect(story.refuses('propose-handover', { to: 'cap-emploi-39', toRole: 'CPAM', motive: 'scope' }, { by: AS, on: '2023-04-02' })).toContain('referral.roleUnknownThere'); // prettier-ignore
    expect(story.refuses('transmit-sick-leave', { spst: 'cap-emploi-39', leaveId: story.view.leaves[0]!.id, accord: { date: '2023-04-01', proof: 'form' } }, { by: CPAM, on: '2023-04-02' })).toContain('transmission.notAnSpst'); // prettier-ignore
  });
  it('an SPST that was looked for is one', () => {
    const story = new Story();
    const { transmissionId } = story.does('transmit-sick-leave', { spstCode: 'MT99', leave: { start: '2023-01-09', risk: 'maladie' }, accord: { date: '2023-03-10', proof: 'form' } }, { by: CPAM, on: '2023-03-14' }); // prettier-ignore
    expect(story.refuses('identify-spst', { transmissionId, spst: 'cap-emploi-39' }, { by: CPAM, on: '2023-03-15' })).toEqual(['transmission.notAnSpst']); // prettier-ignore
  });
  it('a lead crosses to another institution with the person’s accord only', () => {
    const story = supported();
    const offer = { to: 'cap-emploi-39', toRole: 'CAP_EMPLOI', motive: 'scope' };
    expect(story.refuses('propose-handover', offer, { by: AS, on: '2023-04-01' })).toEqual(['handover.consentMissing']);
    story.does('propose-handover', offer, { by: AS, recordedBy: AS, on: '2023-04-01' });
    expect(partakes(story, 'cap-emploi-39', '2023-04-01')).toBe(false);
  });
  it('a part passes to its like only', () => {
    const story = supported();
    expect(story.refuses('propose-transfer', { to: 'cap-emploi-39', toRole: 'CAP_EMPLOI', motive: 'scope' }, { by: AS, on: '2023-04-01' })).toEqual(['transfer.notItsLike']); // prettier-ignore
  });
  it('an opinion is asked of who gives it, a decision of who takes it, a host hosts', () => {
    const story = supported();
    const ask = (more: object) =>
      story.refuses('request-measure', { type: 'essaiEncadre', from: '2023-06-05', to: '2023-06-16', ...more }, { by: AS, on: '2023-05-02' }); // prettier-ignore
    expect(ask({ asked: [{ role: 'CEP', organisation: 'cep-39' }] })).toContain('measure.askedWithoutRole');
    expect(ask({ asked: [{ role: 'MC', organisation: 'cep-39' }] })).toContain('measure.askedWithoutRole');
    expect(ask({ asked: [{ role: 'MC', organisation: 'nobody' }] })).toContain('organisation.unknown');
    expect(ask({ decider: 'cap-emploi-39' })).toContain('measure.notDecider');
    expect(ask({ host: 'cap-emploi-39' })).toContain('measure.notAHost');
    expect(story.refuses('start-measure', { type: 'pmsmp', host: 'cep-39' }, { by: AS, on: '2023-05-02' })).toContain('measure.notAHost'); // prettier-ignore
  });
  it('who decides a measure is who the text says', () => {
    const story = supported();
    const { measureId } = story.does('request-measure', { type: 'formation', from: '2023-06-05', to: '2023-06-16' }, { by: AS, on: '2023-05-02' }); // prettier-ignore
    for (const by of [AS, CAP]) {
      expect(story.refuses('approve-measure', { measureId }, { by, on: '2023-05-03' })).toContain('measure.notDecider');
      expect(story.refuses('refuse-measure', { measureId, motive: 'other', recourseStated: true }, { by, on: '2023-05-03' })).toContain('measure.notDecider'); // prettier-ignore
    }
  });
});

describe('identifiers that the caller chooses', () => {
  it('never write over, or hide behind, what another one made', () => {
    const story = supported();
    const leaveId = story.view.leaves[0]!.id;
    const { consentId } = granted(story, '2023-04-01', { recipient: 'cap-emploi-39' });
    const how = { by: AS, on: '2023-04-02' };
    expect(story.refuses('record-sick-leave', { leaveId, start: '2020-01-01' }, how)).toEqual(['id.taken']);
    expect(story.refuses('grant-consent', consent(['job'], { recipient: 'cep-39' }, { consentId }), { ...how, by: ASSURE, recordedBy: AS })).toEqual(['id.taken']); // prettier-ignore
    expect(story.refuses('record-signal', { signalId: story.transmissionId, origin: 'person' }, how)).toEqual(['id.taken']);
    expect(story.refuses('refer-case', { referralId: story.transmissionId, target: 'carsat-bfc', targetRole: 'CSAM', motive: 'social' }, how)).toEqual(['id.taken']); // prettier-ignore
    expect(story.refuses('request-measure', { measureId: leaveId, type: 'formation' }, how)).toContain('id.taken');
  });
  it('a measure under the identifier of an earlier case’s is another one: it tells nothing of that case, and counts with it', () => {
    const span = (from: string, to: string) => ({ type: 'essaiEncadre', from, to });
    const views = [span('2023-04-17', '2023-04-30'), span('2023-05-08', '2023-05-19')].map((asked) => {
      const story = supported();
      story.does('request-measure', asked, { by: AS, on: '2023-04-11', key: asked.from });
      return story.view;
    });
    const measureId = views[1]!.measures[0]!.id;
    const asked = (given: object) => {
      const next = supported();
      const ask = () =>
        next.does('request-measure', { ...span('2023-06-05', '2023-06-11'), ...given }, { by: AS, on: '2023-05-22' }, views); // prettier-ignore
      try {
        return ask() && [];
      } catch (error) {
        return (error as Refused).findings.map((f) => f.code);
      }
    };
    expect(asked({ measureId })).toEqual(asked({ measureId: uuidOf('another') }));
    expect(asked({ measureId })).toContain('essaiEncadre.capExceeded');
  });
});

describe('a correction', () => {
  const told = () => {
    const story = supported();
    const { measureId } = story.does('request-measure', { type: 'essaiEncadre', from: '2023-06-05', to: '2023-06-16' }, { by: AS, on: '2023-05-02' }); // prettier-ignore
    story.does('give-medical-opinion', { measureId, opinion: 'no' }, { by: MC, on: '2023-05-03' });
    granted(story, '2023-05-04', { recipient: 'cep-39' });
    story.does('notify-spst-support', { accompanied: true }, { by: MT, on: '2023-05-05' });
    return { story, measureId };
  };
  it('is for the role that did or recorded the fact, not for its colleagues', () => {
    const { story, measureId } = told();
    expect(corrects(story, 'MedicalOpinionGiven', CPAM, { measureId, opinion: 'yes' })).toEqual(['fact.notYours']);
    expect(corrects(story, 'MedicalOpinionGiven', MC, { measureId, opinion: 'yes' })).toEqual([]);
    expect(corrects(story, 'MedicalOpinionGiven', CEP)).toEqual(['fact.notYours']);
  });
  it('opens nothing that the act itself would not', () => {
    const { story } = told();
    expect(corrects(story, 'SpstSupportNotified', MT, { accompanied: true, job: 'régleuse' })).toContain('spstSupport.jobWithoutConsent'); // prettier-ignore
    expect(corrects(story, 'ConsentGranted', AS, consent(['social'], { recipient: 'cep-39' }))).toEqual([
      'consent.notCorrectable',
    ]);
    expect(corrects(story, 'ConsentGranted', AS)).toEqual([]);
  });
  it('does not undo the withdrawal of an accord', () => {
    const { story } = told();
    const consentId = story.view.consents.at(-1)!.id;
    story.does('withdraw-consent', { consentId }, { by: ASSURE, recordedBy: AS, on: '2023-05-10' });
    expect(corrects(story, 'ConsentWithdrawn', AS)).toEqual(['consent.notCorrectable']);
  });
  it('moves a request neither onto a host nor to a decider that it could not have named', () => {
    const { story } = told();
    const data = story.events.find((e) => e.type === 'MeasureRequested')!.data;
    expect(corrects(story, 'MeasureRequested', AS, { ...data, host: 'cap-emploi-39' })).toContain('measure.notAHost');
    expect(corrects(story, 'MeasureRequested', AS, { ...data, host: 'nobody' })).toContain('organisation.unknown');
    expect(corrects(story, 'MeasureRequested', AS, { ...data, from: '2023-06-06' })).toEqual([]);
  });
});

describe('what derives from the facts', () => {
  it('keeps no irregularity without saying whose secret it tells', () => {
    const story = supported();
    const { measureId } = story.does('request-measure', { type: 'formation' }, { by: AS, on: '2023-05-02' });
    story.does('close-measure', { measureId, result: 'conclusive' }, { by: AS, on: '2023-06-20' });
    story.does('record-death', {}, { by: AS, on: '2023-07-01' });
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-07-02' }, { by: CPAM, on: '2023-07-02' });
    const zones = Object.fromEntries(deriveCase('x', story.events, actOfType).irregularities.map((i) => [i.code, i.zones]));
    expect(zones['measure.closedWithoutStart']).toEqual(['measure']);
    expect(zones['fact.afterDeath']).toEqual(['leave']);
  });
});
