import { redact } from '../confidentiality/redact.js';
import { mayUseNir, NIR_USES } from '../confidentiality/nir-use.js';
import { sightOf, told, zonesOf } from '../confidentiality/sight.js';
import { localDate } from '../kernel/local-date.js';
import { ROLE_CODES } from '../kernel/roles.js';
import {
  AS,
  BOOK,
  CAP,
  CPAM,
  CPDP,
  directory,
  MC,
  MT,
  party,
  type Story,
  supported,
  uuidOf,
  refusalOf,
} from '../../../test/support/story.js';
import { actOfCommand, actOfType } from './acts.js';
import { decide } from './decide.js';
import { identification } from './identification.js';
import { type Instant } from '../kernel/local-date.js';
import { type Party, type Role } from '../kernel/roles.js';

const PERSON = { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21' };
const NIR = '279053930000123';
/** Of a man of February 1954. */
const OTHER = '154023930000131';
const on = '2023-03-23';
const identified = (data: object, by: Party = CPAM): Story => {
  const story = supported();
  story.does('identify-person', { ...PERSON, ...data }, { by, on });
  return story;
};
/** An opening act that brings who the person is. */
const opened = (person: object, by: Party, data: object = { origin: 'person' }, command = 'record-signal') =>
  decide(
    actOfCommand(command)!,
    {
      caseId: uuidOf('case'), personId: uuidOf('person'), source: 'api', correlationId: uuidOf('k'), actor: by, recordedBy: null, evidence: null, occurredOn: localDate(on), data: data as never,
      opening: [{ type: 'CaseOpened', data: { caisse: 'cpam-39' } }, { type: 'PersonIdentified', data: { ...PERSON, ...person } }],
    },
    [],
    { now: `${on}T10:00:00.000Z` as Instant, today: localDate(on), commandId: uuidOf('k'), newId: (label) => uuidOf(label), directory, rulebook: BOOK, earlier: [] },
    actOfType,
  ); // prettier-ignore

describe('the last word on who the person is', () => {
  it.each(Array.from({ length: 8 }, (_, i) => i))('counts, whatever its identifier (%i)', (i) => {
    const story = supported();
    story.does('identify-person', { ...PERSON, familyName: 'FAUTE' }, { by: CPAM, on, key: `first ${i}` });
    story.does('identify-person', { ...PERSON, familyName: 'CORRIGE' }, { by: MT, on, key: `second ${i}` });
    expect(story.view.person.familyName).toBe('CORRIGE');
  });

  it('counts by the order of recording, when it is dated before', () => {
    const story = identified({ familyName: 'FAUTE' });
    story.does('identify-person', { ...PERSON, familyName: 'CORRIGE' }, { by: MT, on: '2023-03-22', today: on });
    expect(story.view.person.familyName).toBe('CORRIGE');
    expect(story.view.identities).toMatchObject([
      { by: CPAM, traits: { familyName: 'FAUTE' } },
      { by: MT, traits: { familyName: 'CORRIGE' } },
    ]);
  });

  it('may be a correction of an earlier one', () => {
    const story = identified({ familyName: 'FAUTE' }, CPAM);
    story.does('identify-person', { ...PERSON, familyName: 'FAUTE', phone: '03 84 00 00 00' }, { by: MT, on });
    const first = story.events.find((e) => e.type === 'PersonIdentified')!;
    story.events.push({ ...story.events.at(-1)!, id: uuidOf('correction'), type: 'FactCorrected', actor: CPAM, data: { ...PERSON, familyName: 'CORRIGE' }, corrects: { event: first.id, type: first.type, occurredOn: first.occurredOn } }); // prettier-ignore
    expect(story.view.person).toMatchObject({ familyName: 'CORRIGE', phone: '03 84 00 00 00' });
    expect(story.view.identities.at(-1)).toMatchObject({ eventId: first.id, by: CPAM });
  });

  it('counts for every other fact of one day too', () => {
    for (const i of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const story = supported();
      const { activityId } = story.does(
        'record-activity',
        { status: 'salarie', occupation: 'AVANT' },
        { by: AS, on, key: `a ${i}` },
      );
      story.events.push({ ...story.events.at(-1)!, id: uuidOf(`again ${i}`), data: { activityId, occupation: 'APRES' } });
      expect(story.view.activities.find((a) => a.id === activityId)?.occupation).toBe('APRES');
    }
  });

  it('keeps the name in daily use beside the one of birth', () => {
    expect(identified({ usedName: 'DUPONT' }).view.person).toMatchObject({ familyName: 'MARTIN', usedName: 'DUPONT' });
  });
});

describe('a NIR that contradicts the person told with it', () => {
  const irregular = 'person.nirContradicts';
  const alerts = (story: Story) =>
    story.alerts.filter((o) => o.rule === 'nir-contradicts').map((o) => `${o.organisation} ${o.role}`);

  it('is recorded, and told to whoever told it, the accountable partner and the fund', () => {
    const story = identified({ nir: OTHER, sex: 'F' }, MT);
    expect(story.irregular).toContain(irregular);
    expect(alerts(story)).toEqual(['ast-39 MT', 'carsat-bfc AS', 'cpam-39 CPAM']);
    expect(identified({ nir: NIR, sex: 'F' }).irregular).not.toContain(irregular);
    expect(alerts(identified({ nir: NIR, sex: 'F' }))).toEqual([]);
  });

  it('is not told to whoever may not use the number, whatever it sees of the identity', () => {
    const story = identified({ nir: OTHER, sex: 'F' }, MT);
    const grant = { zones: ['identity'], recipientRole: 'CAP_EMPLOI', purpose: 'support', proof: 'form' };
    story.does('grant-consent', grant, { by: party('ASSURE'), on, recordedBy: AS });
    const event = story.events.find((e) => e.type === 'PersonIdentified')!;
    const act = actOfType(event.type)!;
    const codes = (role: Role) => {
      const viewer = { organisation: 'somebody', role };
      const seen = redact(event, viewer, story.view, localDate(on), actOfType);
      expect(told(event, act, sightOf(viewer, story.view, localDate(on)).otherwise & zonesOf(event, act))).toEqual(seen);
      return seen?.irregularities.map((i) => i.code);
    };
    expect([codes('CAP_EMPLOI'), codes('CPDP')]).toEqual([[], [irregular]]);
    // It told the sex, against a number that it may not know.
    const against = identified({ nir: OTHER });
    against.does('identify-person', { ...PERSON, sex: 'F' }, { by: CAP, on });
    expect(alerts(against)).toEqual(['carsat-bfc AS', 'cpam-39 CPAM']);
  });

  it('is no longer an alert once it is put right', () => {
    const story = identified({ nir: OTHER });
    story.does('identify-person', { ...PERSON, nir: NIR }, { by: MT, on });
    expect(alerts(story)).toEqual([]);
  });

  it('is an irregularity of what an opening act brings, and refuses it not', () => {
    const events = opened({ nir: OTHER, sex: 'F' }, CPAM);
    expect(events.map((e) => [e.type, e.irregularities.map((i) => i.code)])).toEqual([
      ['CaseOpened', []],
      ['PersonIdentified', [irregular]],
      ['SignalReceived', []],
    ]);
    expect(events[1]?.irregularities[0]).toMatchObject({ zones: ['identity'] });
  });
});

describe('what an act brings', () => {
  it.each(['\u3164\u200b', '---', '\u2800', 'LEF\ufffdVRE', '12'])(
    'is held to the rules of its own kind: the name %j',
    (familyName) => {
      expect(refusalOf(() => opened({ familyName }, CPAM))).toEqual(['person.nameUnreadable']);
      expect(supported().refuses('identify-person', { ...PERSON, givenNames: familyName }, { by: CPAM, on })).toEqual([
        'person.nameUnreadable',
      ]);
    },
  );

  it('a leave that ends before it begins with a transmission', () => {
    const data = { spstCode: 'MT39', leave: { start: '2023-03-01', expectedEnd: '2023-02-01', risk: 'maladie' }, accord: { date: on, proof: 'form' } }; // prettier-ignore
    expect(refusalOf(() => opened({}, CPAM, data, 'transmit-sick-leave'))).toEqual(['leave.datesReversed']);
  });
});

describe('two partners at home who tell two persons', () => {
  const alerts = (story: Story) =>
    story.alerts.filter((o) => o.rule === 'identities-differ').map((o) => `${o.organisation} ${o.role}`);
  const says = (story: Story, data: object, by: Party) => story.does('identify-person', { ...PERSON, ...data }, { by, on });
  const ANOTHER = '279053930000218';
  const FOREIGN = '879059935000154';
  const first = { nir: NIR, sex: 'F' };

  it.each([
    ['another number', { nir: ANOTHER }],
    ['another date of birth', { birthDate: '1980-03-04' }],
    ['another sex', { sex: 'M' }],
    ['names that have nothing in common', { familyName: 'ZZYX', givenNames: 'Bob' }],
  ])('are an alert to the caisse, and to nobody else: %s', (_, more) => {
    const story = identified(first);
    says(story, more, CPDP);
    expect(story.irregular.filter((code) => code !== 'person.nirContradicts')).toEqual([]);
    expect(alerts(story)).toEqual(['cpam-39 CPAM']);
    says(story, first, CPDP);
    expect(alerts(story)).toEqual([]);
  });
  it('until the caisse has told it too, or whoever was wrong puts it right', () => {
    const settled = identified(first, AS);
    says(settled, { nir: ANOTHER }, CPDP);
    expect(alerts(settled)).toEqual(['cpam-39 CPAM']);
    says(settled, { phone: '03 84 00 00 00' }, CPAM);
    expect(alerts(settled)).toEqual(['cpam-39 CPAM']);
    says(settled, first, CPAM);
    expect([alerts(settled), settled.view.person.nir]).toEqual([[], NIR]);
    const corrected = identified(first);
    says(corrected, { nir: ANOTHER }, CPDP);
    corrected.corrects('PersonIdentified', { ...PERSON, ...first }, { by: CPDP, on });
    expect(alerts(corrected)).toEqual([]);
  });
  it.each([
    ['an NIA that became the NIR', { nia: FOREIGN, sex: 'F' }, { nir: NIR }],
    ['a day of birth that is not known', first, { birthDate: '1979-05-01' }],
    ['a month of birth that is not known', first, { birthDate: '1979-12-31' }],
    ['what one leaves out', first, {}],
    ['names written in another way', first, { familyName: 'Martìn-Dupont', givenNames: 'CLAIRE Annick' }],
    ['a month of birth that the number does not say', { nir: '279423930000118', sex: 'F' }, { sex: 'F' }],
  ])('are not: %s', (_, one, other) => {
    const story = identified(one);
    says(story, other, CPDP);
    expect(alerts(story)).toEqual([]);
  });
  it('are not, where the caisse has changed the number: one that tells the old one says nothing new', () => {
    const story = identified({ nir: FOREIGN, sex: 'F' });
    says(story, first, CPAM);
    says(story, { nir: FOREIGN, phone: '06 11 22 33 44' }, CPDP);
    expect([alerts(story), story.view.person]).toEqual([[], { ...PERSON, ...first, phone: '06 11 22 33 44' }]);
    expect(story.view.numbers.map(({ value }) => value)).toEqual([FOREIGN.slice(0, 13), NIR.slice(0, 13)]);
  });
  it('not even once another caisse has taken the case over', () => {
    const story = identified({ nir: FOREIGN, sex: 'F' });
    says(story, first, CPAM);
    const there = party('CPAM', 'cpam-21');
    const { transferId } = story.does('propose-transfer', { to: 'cpam-21', toRole: 'CPAM', motive: 'moved' }, { by: CPAM, on });
    story.does('accept-transfer', { transferId }, { by: there, on });
    says(story, { nir: FOREIGN }, CPDP);
    expect([alerts(story), story.view.person.nir]).toEqual([[], NIR]);
    says(story, { nir: ANOTHER }, CPDP);
    expect(alerts(story)).toEqual(['cpam-21 CPAM']);
  });
});

describe('an opening act that brings the old number', () => {
  it('is written with the new one', () => {
    const FOREIGN = '879059935000154';
    const story = identified({ nir: FOREIGN });
    story.does('identify-person', { ...PERSON, nir: NIR }, { by: CPAM, on });
    const old = [{ kind: 'NIR' as const, value: FOREIGN.slice(0, 13) }];
    expect(identification({ ...PERSON, birthDate: localDate(PERSON.birthDate) }, old, story.view)).toEqual([]);
    const told = identification({ ...PERSON, birthDate: localDate(PERSON.birthDate), sex: 'F' }, old, story.view);
    expect(told).toEqual([{ type: 'PersonIdentified', data: { ...PERSON, sex: 'F', nir: NIR } }]);
  });
});

describe('the number', () => {
  const may = ROLE_CODES.filter((role) => mayUseNir(role, localDate(on)));
  it('is for those whom the law lists, every role being in the list', () => {
    expect(may.sort()).toEqual(['AS', 'ASSURE', 'COMETE', 'CPAM', 'CPDP', 'CSAM', 'IDEST', 'MC', 'MT', 'MTR']);
    for (const { by } of NIR_USES) expect(Object.keys(by).sort()).toEqual([...ROLE_CODES].sort());
  });

  it('is not typed by another role, not even for somebody else or in an opening act', () => {
    expect(supported().refuses('identify-person', { ...PERSON, nir: NIR }, { by: CAP, on })).toEqual(['nir.notForRole']);
    expect(supported().refuses('identify-person', { ...PERSON, nir: NIR }, { by: MT, on, recordedBy: CAP })).toEqual([
      'nir.notForRole',
    ]);
    expect(refusalOf(() => opened({ nir: NIR }, CAP))).toEqual(['nir.notForRole']);
    expect(refusalOf(() => opened({}, CAP))).toEqual([]);
    for (const by of [CPAM, MC, AS, MT, CPDP]) expect(refusalOf(() => opened({ nir: NIR }, by))).toEqual([]);
  });

  it('is not brought in by a correction of whoever may not use it', () => {
    const story = identified({}, CAP);
    expect(refusalOf(() => story.corrects('PersonIdentified', { ...PERSON, nir: NIR }, { by: CAP, on }))).toEqual([
      'nir.notForRole',
    ]);
  });

  it('is not read by another role, whatever the accord, by any way', () => {
    const story = identified({ nir: NIR });
    for (const role of ['CAP_EMPLOI', 'CEP', 'MDPH', 'MEDIATEUR_PAIR'] as const)
      story.does('grant-consent', { zones: ['identity'], recipientRole: role, purpose: 'support', proof: 'form' }, { by: party('ASSURE'), on, recordedBy: AS }); // prettier-ignore
    const event = story.events.find((e) => e.type === 'PersonIdentified')!;
    const act = actOfType(event.type)!;
    for (const role of ROLE_CODES) {
      const viewer = { organisation: 'somebody', role };
      const seen = redact(event, viewer, story.view, localDate(on), actOfType);
      const sight = told(event, act, sightOf(viewer, story.view, localDate(on)).otherwise & zonesOf(event, act));
      expect(sight).toEqual(seen);
      if (seen) expect([role, seen.data['nir'] !== undefined]).toEqual([role, may.includes(role)]);
    }
    for (const role of ['CAP_EMPLOI', 'EMPLOYER', 'MEDIATEUR_PAIR'] as const)
      expect(redact(event, { organisation: 'x', role }, story.view, localDate(on), actOfType)?.data).toEqual(PERSON);
  });
});
