import fc from 'fast-check';
import { partnerView, visibleEvents } from '../access/visible.js';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { takesPart } from '../domain/case/taking-part.js';
import { isOwn, isParty, redact, sourcesOf } from '../domain/confidentiality/redact.js';
import { letGo, seenOf, sightOf, told, zonesOf } from '../domain/confidentiality/sight.js';
import { ZONE_CODES } from '../domain/kernel/fields.js';
import { addDays, type Instant, localDate } from '../domain/kernel/local-date.js';
import { type Role } from '../domain/kernel/roles.js';
import { Sights } from './periods.js';

const CASE = '0b8f6a0e-0000-4000-8000-000000000001';
type By = readonly [organisation: string, role: Role];
const PARTIES: readonly By[] = [['cpam-39', 'CPAM'], ['cpam-39', 'MC'], ['ast-39', 'CPDP'], ['ast-39', 'MT'], ['carsat-bfc', 'AS'], ['cep-bfc', 'CEP'], ['cap-emploi-39', 'CAP_EMPLOI'], ['atelier-39', 'EMPLOYER']]; // prettier-ignore
const day = (n: number) => addDays(localDate('2023-03-01'), n);
const party = fc.constantFrom(...PARTIES);
const zones = fc.uniqueArray(fc.constantFrom(...ZONE_CODES), { maxLength: 4 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

interface Told {
  readonly type: string;
  readonly on: number;
  readonly by: By;
  readonly irregular: readonly (typeof ZONE_CODES)[number][];
  readonly data: Record<string, unknown>;
}
const tell = (type: string, data: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Told> =>
  fc.record({ type: fc.constant(type), on: fc.integer({ min: 1, max: 20 }), by: party, irregular: zones, data: fc.record(data) });
const day1 = fc.constant(day(1));
const fact = fc.oneof(
  tell('SickLeaveRecorded', { leaveId: fc.constant('l'), start: day1, expectedEnd: maybe(fc.constant(day(60))) }),
  tell('ConsentGranted', { consentId: fc.constantFrom('c1', 'c2', 'c3'), zones, recipient: party.map(([o]) => o), purpose: fc.constant('referral'), proof: fc.constant('form'), from: day1, to: maybe(fc.constantFrom(day(5), day(9))) }),
  tell('ConsentWithdrawn', { consentId: fc.constantFrom('c1', 'c2') }),
  tell('ConsentConfirmed', { consentId: fc.constantFrom('c1', 'c2'), means: fc.constant('code') }),
  tell('ConsentVouchedFor', { consentId: fc.constantFrom('c1', 'c2'), zones }),
  tell('ConsentDisputed', { consentId: fc.constantFrom('c1', 'c2') }),
  tell('ObjectionRecorded', { zones, recipientRole: maybe(party.map(([, r]) => r)) }),
  tell('CaseReferred', { referralId: fc.constantFrom('h1', 'h2'), target: party.map(([o]) => o), targetRole: party.map(([, r]) => r), motive: fc.constant('pdp') }),
  tell('LeadAssigned', {}),
  tell('InterviewHeld', { mode: fc.constant('visu'), outcome: maybe(fc.constant('plan')) }),
  tell('MeasureRequested', { measureId: fc.constant('m'), type: fc.constant('essaiEncadre'), employer: maybe(fc.constant('atelier-39')), host: maybe(fc.constant('atelier-39')), from: maybe(fc.constant(day(9))) }),
  tell('MedicalOpinionGiven', { measureId: fc.constant('m'), opinion: fc.constant('conditions'), conditions: maybe(fc.constant('assis')) }),
); // prettier-ignore

const history = (facts: readonly Told[]): RecordedEvent[] =>
  [
    { type: 'CaseOpened', on: 0, by: PARTIES[0]!, irregular: [], data: { caisse: 'cpam-39' } },
    { type: 'PersonIdentified', on: 0, by: PARTIES[0]!, irregular: [], data: { familyName: 'MARTIN', givenNames: 'Claire' } },
    ...facts,
  ].map(({ type, on, by: [organisation, role], irregular, data }, revision) => ({
    id: `event-${revision}`, type, schemaVersion: 1, personId: 'person-1', actor: { organisation, role, person: null }, recordedBy: null, evidence: null,
    data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
    occurredOn: day(on), recordedAt: `${day(on)}T10:00:00.000Z` as Instant, commandId: `command-${revision}`, causationId: null, correlationId: 'x', source: 'api',
    legalBasis: null, consentId: null, irregularities: irregular.length ? [{ code: 'x', article: 'y', zones: irregular }] : [], corrects: null,
    stream: `case-${CASE}`, revision, position: `p${revision}`, erased: false,
  })); // prettier-ignore

it('shows each viewer on each day what the one door shows, whatever viewers share', () => {
  let seenBySomebody = 0;
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 12 }), (facts) => {
      const events = history(facts);
      const full = deriveCase(CASE, events, actOfType);
      const sights = new Sights(full, events);
      for (const [organisation, role] of PARTIES) {
        const viewer = { organisation, role };
        const periods = sights.periodsOf(viewer);
        for (let on = day(0); on <= day(25); on = addDays(on, 1)) {
          const whole = deriveCase(CASE, events, actOfType, on);
          const period = periods.find(({ from, to }) => from <= on && (to === 'infinity' || on < to));
          expect(period !== undefined).toBe(takesPart(whole, organisation, on));
          if (!period) continue;
          seenBySomebody++;
          expect(period.whole).toEqual(whole);
          const sight = sightOf(viewer, whole, on);
          for (const event of events) {
            const act = actOfType(event.type)!;
            const zones = seenOf(
              zonesOf(event, act),
              isParty(event, viewer, whole) ? sight.asParty : sight.otherwise,
              isOwn(event, viewer),
              letGo(sight, sourcesOf(event, whole)),
            );
            expect(told(event, act, zones)).toEqual(redact(event, viewer, whole, on, actOfType));
          }
          expect(period.seen).toEqual(partnerView(CASE, visibleEvents(events, whole, viewer, on), on));
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(seenBySomebody).toBeGreaterThan(1000);
});
