import fc from 'fast-check';
import { type RecordedEvent } from '../domain/case/event.js';
import { type CaseView } from '../domain/case/view.js';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { takesPart } from '../domain/case/taking-part.js';
import { type Instant, type LocalDate, localDate } from '../domain/kernel/local-date.js';
import { type Role } from '../domain/kernel/roles.js';
import { rulebook } from '../domain/rules/delays.js';
import { RULES } from '../domain/rules/index.js';
import { NATURES } from '../domain/rules/rule.js';
import { rolesIn } from './lines.js';
import { WORKLISTS, worklistsOf } from './partners/index.js';
import { kindOf, kindOfCases, type WorklistRow } from './partners/worklist.js';
import { project as projectBy, type Projection } from './project.js';

const BOOK = rulebook({ isHoliday: () => false });
const project = (caseId: string, events: readonly RecordedEvent[]): Projection => projectBy(caseId, events, BOOK);

const CASE = '0b8f6a0e-0000-4000-8000-000000000001';
const day = (n: number): LocalDate => `2023-03-${String(n).padStart(2, '0')}` as LocalDate;
type By = readonly [organisation: string | null, role: Role];
const CPAM: By = ['cpam-39', 'CPAM'];
const SPST: By = ['ast-39', 'CPDP'];
const CARSAT: By = ['carsat-bfc', 'AS'];
const CEP: By = ['cep-bfc', 'CEP'];

const event = (revision: number, type: string, on: LocalDate, [organisation, role]: By, data: Record<string, unknown>): RecordedEvent => ({
  id: `event-${revision}`, type, schemaVersion: 1, data, personId: 'person-1', actor: { organisation, role, person: null }, recordedBy: null, evidence: null,
  occurredOn: on, recordedAt: `${on}T10:00:00.000Z` as Instant, commandId: `command-${revision}`, causationId: null, correlationId: 'x', source: 'api',
  legalBasis: null, consentId: null, irregularities: [], corrects: null, stream: `case-${CASE}`, revision, position: `p${revision}`, erased: false,
}); // prettier-ignore
type Told = readonly [type: string, day: number, by: By, data: Record<string, unknown>];
const history = (...facts: readonly Told[]): RecordedEvent[] =>
  facts.map(([type, on, by, data], revision) => event(revision, type, day(on), by, data));

const opened = ['CaseOpened', 1, CPAM, { caisse: 'cpam-39' }] as const;
const named = ['PersonIdentified', 1, CPAM, { familyName: 'MARTIN', givenNames: 'Éléonore', birthDate: '1979-05-21' }] as const;
const accord = (recipient: string, zones: readonly string[], more: object = {}) =>
  [
    'ConsentGranted',
    2,
    CARSAT,
    { consentId: `accord-${recipient}`, zones, recipient, purpose: 'referral', proof: 'form', from: day(2), ...more },
  ] as const;
const referred = (to: By, id: string, from: By = CPAM) => ['CaseReferred', 3, from, { referralId: id, target: to[0], targetRole: to[1], motive: 'pdp', consentId: `accord-${to[0]}` }] as const; // prettier-ignore
const rows = (p: Projection): WorklistRow[] => [...p.lines.values()].flat();
const on = (d: string, all: readonly WorklistRow[]): WorklistRow[] =>
  all.filter((r) => r.validFrom <= d && (r.validTo === 'infinity' || d < r.validTo));

describe('the lists, as data', () => {
  it.each(WORKLISTS.map((view) => [view.name, view] as const))(
    '%s has a place for what every rule finds, and one for the cases it holds',
    (_, view) => {
      for (const { code: rule, nature } of RULES) expect(Object.keys(view.kinds)).toContain(kindOf(view, { rule, nature }));
      const holding = (what: string) => Object.values(view.kinds).filter(({ holds }) => holds === what);
      for (const what of ['cases', ...NATURES]) expect([what, holding(what).length]).toEqual([what, 1]);
    },
  );
  it('gives each role one list', () => {
    const roles = WORKLISTS.flatMap((view) => view.roles);
    expect(new Set(roles).size).toBe(roles.length);
  });
});

describe('the rows of a case', () => {
  it('lists a referral for each role that shares the list, and folds the name for search', () => {
    const p = project(CASE, history(opened, named, referred(CARSAT, 'r1')));
    const waiting = rows(p).filter((r) => r.subject === 'r1');
    expect(
      waiting.map(({ organisation, role, kind, since, due, personName }) => ({
        organisation,
        role,
        kind,
        since,
        due,
        personName,
      })),
    ).toEqual(
      ['AS', 'CSAM'].map((role) => ({
        organisation: 'carsat-bfc',
        role,
        kind: 'referrals',
        since: day(3),
        due: day(10),
        personName: 'MARTIN ELEONORE',
      })),
    );
  });

  it('shows a line only on the days of the accord, and the name only while the accord opens it', () => {
    const lasting = accord('cep-bfc', ['identity'], { to: day(20) });
    const p = project(CASE, history(opened, named, lasting, ['LeadAssigned', 2, CARSAT, {}], referred(CEP, 'r1')));
    const ofCep = rows(p).filter((r) => r.organisation === 'cep-bfc' && r.role === 'CEP' && r.subject === 'r1');
    expect(ofCep.map(({ validFrom, validTo, personName }) => ({ validFrom, validTo, personName }))).toEqual([
      { validFrom: day(3), validTo: day(21), personName: 'MARTIN ELEONORE' },
    ]);
    const nameless = project(CASE, history(opened, named, accord('cep-bfc', ['leave']), referred(CEP, 'r1')));
    expect(rows(nameless).filter((r) => r.organisation === 'cep-bfc').map((r) => r.personName)).not.toContain('MARTIN ELEONORE'); // prettier-ignore
  });

  it('does not change for a partner when what it may not see changes', () => {
    const build = (familyName: string, start: string) =>
      rows(
        project(CASE, history(opened, ['PersonIdentified', 1, CPAM, { familyName, givenNames: 'A', birthDate: '1979-05-21' }], ['SickLeaveRecorded', 1, CPAM, { leaveId: 'l', start, risk: 'maladie' }], accord('cep-bfc', ['outcome']), referred(CEP, 'r1'))),
      ).filter((r) => r.organisation === 'cep-bfc'); // prettier-ignore
    expect(build('AAA', day(1))).toEqual(build('ZZZ', day(9)));
    expect(build('AAA', day(1)).length).toBeGreaterThan(0);
  });

  it('keeps a case as it was before the event that breaks it, and says which one that is', () => {
    const sound = history(opened, named, referred(CARSAT, 'r1'));
    const broken = [...sound, event(3, 'CaseReferred', 'the third' as LocalDate, CPAM, { referralId: 'r2', target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }), event(4, 'ReceiptAcknowledged', day(4), CARSAT, { handshakeId: 'r1' })]; // prettier-ignore
    const p = project(CASE, broken);
    expect(p.parked).toMatchObject({ caseId: CASE, revision: 3 });
    expect({ ...p, parked: undefined }).toEqual({ ...project(CASE, sound), parked: undefined });
    expect(project(CASE, sound).parked).toBeUndefined();
  });

  it('lists the case for whoever is accountable, in every reachable case, from that day on', () => {
    const parties: By[] = [CPAM, SPST, CARSAT, CEP, ['cpam-39', 'MC'], ['cap-emploi-39', 'CAP_EMPLOI']];
    const party = fc.constantFrom(...parties);
    const id = fc.constantFrom('h1', 'h2', 'h3');
    const some = <T extends Record<string, fc.Arbitrary<unknown>>>(type: string, data: T) => fc.tuple(fc.constant(type), fc.integer({ min: 1, max: 28 }), party, fc.record(data)); // prettier-ignore
    const target = fc.constantFrom(...parties).map(([organisation, role]) => ({ target: organisation, targetRole: role }));
    const anything = fc.oneof(
      fc.tuple(fc.constant('CaseReferred'), fc.integer({ min: 1, max: 28 }), party, fc.tuple(id, target).map(([referralId, to]) => ({ referralId, ...to, motive: 'pdp' }))),
      some('SickLeaveTransmittedToSpst', { transmissionId: id, spst: fc.constantFrom('ast-39', undefined), leaveId: fc.constant('l') }),
      some('SignalReceived', { signalId: id }),
      some('ConsentGranted', { consentId: fc.constantFrom('c1', 'c2'), recipient: fc.constantFrom('ast-39', 'carsat-bfc', 'cep-bfc', 'cpam-39'), zones: fc.constant(['identity', 'measure']), from: fc.constant(day(1)), to: fc.constantFrom(undefined, day(15)) }),
      some('ConsentWithdrawn', { consentId: fc.constantFrom('c1', 'c2') }),
      some('ReceiptAcknowledged', { handshakeId: id }),
      some('ReferralAccepted', { referralId: id }),
      some('ReferralDeclined', { referralId: id }),
      some('ReferralRevoked', { referralId: id }),
      some('TriageConcluded', { handshakeId: id, outcome: fc.constantFrom('accompanied', 'no-need', 'passed-on') }),
      some('LeadAssigned', {}),
      some('SupportOpened', {}),
      some('SupportClosed', { motive: fc.constant('goal-reached') }),
      some('SixMonthFollowUpDue', { dueOn: fc.constant('2023-09-10') }),
      some('SixMonthFollowUpCompleted', {}),
      some('PersonDied', {}),
    ); // prettier-ignore
    let held = 0;
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 10 }), (facts) => {
        const events = history(opened, named, ...(facts as Told[]));
        // On any day, that after the last one of an accord included, whoever is accountable then has the case in its list.
        for (const when of [localDate('2023-03-14'), localDate('2023-03-29'), localDate('2100-01-01')]) {
          const full: CaseView = deriveCase(CASE, events, actOfType, when);
          const { accountable } = full;
          // An organisation that never acts here in a role with an account has nobody who could look at a list.
          if (!accountable || accountable.since > when) continue;
          if (![...rolesIn(full, accountable.organisation)].some((role) => worklistsOf(role).length > 0)) continue;
          held++;
          expect(takesPart(full, accountable.organisation, when)).toBe(true);
          const listed = rows(project(CASE, events)).filter(
            (r) =>
              r.organisation === accountable.organisation && worklistsOf(r.role).some((view) => kindOfCases(view) === r.kind),
          );
          expect(on(when, listed)).not.toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
    expect(held).toBeGreaterThan(100);
  });
});
