import fc from 'fast-check';
import { actOfType } from '../../libs/domain/case/acts.js';
import { deriveCase } from '../../libs/domain/case/derive.js';
import { type DomainEvent } from '../../libs/domain/case/event.js';
import { addDays, type Instant, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Party } from '../../libs/domain/kernel/roles.js';
import { MEASURE_TYPES } from '../../libs/domain/measures/types.js';
import { AS, ASSURE, CPAM, MC, MT, MTR, party, SLOTS, supported, uuidOf } from '../support/story.js';

/** A fact as it is told, and whether a correction or a withdrawal follows it. */
interface Told {
  readonly type: string;
  readonly on: string;
  readonly by: Party;
  readonly data: Record<string, unknown>;
  readonly then?: { readonly on: string; readonly data: Record<string, unknown> } | 'withdrawn' | undefined;
}
const day = fc.integer({ min: 0, max: 900 }).map((n) => addDays(localDate('2021-09-01'), n));
const id = (of: string, n = 2) => fc.integer({ min: 1, max: n }).map((i) => uuidOf(`${of} ${i}`));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const slots = fc.tuple(day, fc.integer({ min: 1, max: 20 })).map(([from, days]) => SLOTS(from, days));
const measureId = id('measure', 3);
const type = fc.constantFrom(...MEASURE_TYPES);

const told = (name: string, by: fc.Arbitrary<Party>, fields: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Told> => {
  const data = fc.record(fields) as fc.Arbitrary<Record<string, unknown>>;
  const then = fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('withdrawn' as const) },
    { weight: 2, arbitrary: fc.record({ on: day, data }) },
  );
  return fc.record({ type: fc.constant(name), on: day, by, data, then });
};
const by = (...parties: Party[]) => fc.constantFrom(...parties);
const fact: fc.Arbitrary<Told> = fc.oneof(
  told('SickLeaveRecorded', by(CPAM, AS), { leaveId: id('leave'), start: day, expectedEnd: maybe(day), risk: fc.constantFrom('maladie', 'AT', 'MP'), status: maybe(fc.constantFrom('TI', 'salarie')) }),
  told('SickLeaveExtended', by(CPAM), { leaveId: id('leave'), expectedEnd: day }),
  told('SickLeaveEnded', by(CPAM), { leaveId: id('leave'), lastDay: day }),
  told('ActivityRecorded', by(AS), { activityId: id('activity'), status: fc.constantFrom('TI', 'salarie', 'sansEmploi'), from: maybe(day), to: maybe(day) }),
  told('ConsentGranted', by(ASSURE), { consentId: id('consent'), zones: fc.constant(['job']), recipient: fc.constantFrom('ast-39', 'cep-39'), from: maybe(day) }),
  told('ConsentWithdrawn', by(ASSURE), { consentId: id('consent') }),
  told('MeasureRequested', by(ASSURE, AS), { measureId, type, from: maybe(day), to: maybe(day), slots: maybe(slots), object: maybe(fc.constant('essai')), hostSiret: maybe(fc.constant('77567227221138')) }),
  told('MedicalOpinionGiven', by(MTR, MC, MT), { measureId, opinion: fc.constantFrom('yes', 'no', 'conditions') }),
  told('MeasureApproved', by(CPAM, AS), { measureId, from: maybe(day), to: maybe(day), type: maybe(type) }),
  told('MeasureRefused', by(CPAM), { measureId, motive: fc.constant('funding'), recourseStated: fc.boolean() }),
  told('AgreementSigned', by(AS), { measureId, signatories: fc.constantFrom(['ASSURE', 'HOST'], ['EMPLOYER', 'ASSURE', 'CPAM']), from: maybe(day), to: maybe(day) }),
  told('MeasureStartPlanned', by(AS), { measureId, startsOn: day }),
  told('MeasureStarted', by(AS, party('HOST')), { measureId, type: maybe(type), to: maybe(day), slots: maybe(slots) }),
  told('PresenceRecorded', by(AS), { measureId, slots }),
  told('MeasureRenewed', by(AS), { measureId, from: maybe(day), to: maybe(day), slots: maybe(slots) }),
  told('MeasureInterrupted', by(AS), { measureId }),
  told('MeasureReviewed', by(AS), { measureId }),
  told('MeasureClosed', by(AS), { measureId, endedOn: maybe(day), type: maybe(type) }),
  told('ReportDelivered', by(AS), { measureId, toRole: fc.constantFrom('MT', 'EMPLOYER') }),
  told('IlcoReviewHeld', by(CPAM), { measureId, opinion: fc.constant('favourable') }),
  told('SocialAssessmentCompleted', by(AS), { fit: fc.constant('suited'), timing: fc.constant('now') }),
  told('InterviewHeld', by(AS), { mode: fc.constant('visu') }),
  told('AppointmentBooked', by(AS), { appointmentId: id('appointment'), date: day, channel: fc.constant('visu') }),
  told('AppointmentMissed', by(AS), { appointmentId: id('appointment') }),
  told('PreReturnVisitRequested', by(MC, MT), { visitId: id('visit') }),
  told('PreReturnVisitHeld', by(MT), { visitId: maybe(id('visit')), riskOfUnfitness: maybe(fc.boolean()), opposed: maybe(fc.boolean()) }),
  told('ReturnVisitHeld', by(MT), { outcome: fc.constant('fit') }),
  told('LiaisonMeetingOffered', by(AS), { liaisonId: id('liaison') }),
  told('LiaisonMeetingHeld', by(AS), { liaisonId: maybe(id('liaison')) }),
  told('EmploymentEnded', by(AS)), told('NewJobStarted', by(AS)), told('UnfitnessIssued', by(MT)),
  told('FinancialAidRequested', by(AS), { aidId: id('aid'), funder: fc.constant('cass') }),
  told('FinancialAidGranted', by(AS), { aidId: id('aid'), amount: fc.constant(500) }),
  told('TechnicalAidRequested', by(AS), { aidId: id('aid') }),
  told('TechnicalAidFoundInsufficient', by(AS), { aidId: id('aid') }),
  told('ContactAttempted', by(AS), { channel: fc.constant('telephone'), outcome: fc.constant('reached') }),
  told('PersonDied', by(AS)),
); // prettier-ignore

const base = supported();
const defined = (data: Record<string, unknown>) => Object.fromEntries(Object.entries(data).filter(([, v]) => v !== undefined));
const eventOf = (type: string, on: string, who: Party, data: Record<string, unknown>, key: string): DomainEvent => ({
  ...base.events[0]!, id: uuidOf(key), type, occurredOn: localDate(on), actor: who, data: defined(data), corrects: null, irregularities: [], recordedAt: '2024-06-01T10:00:00.000Z' as Instant,
}); // prettier-ignore
/** The events of one fact, in the only order in which they can arrive: what corrects it comes after it. */
const eventsOf = ({ type, on, by: who, data, then }: Told, i: number): DomainEvent[] => {
  const first = eventOf(type, on, who, data, `fact ${i}`);
  if (!then) return [first];
  const second = then === 'withdrawn' ? eventOf('FactWithdrawn', on, who, {}, `word ${i}`) : eventOf('FactCorrected', on, who, then.data, `word ${i}`);
  return [first, { ...second, corrects: { event: first.id, type, ...(then !== 'withdrawn' && { occurredOn: localDate(then.on) }) } }];
}; // prettier-ignore
/** Several series dealt into one, each keeping its own order; `deal` says from which one the next event comes. */
const dealt = (series: readonly DomainEvent[][], deal: readonly number[]): DomainEvent[] => {
  const left = series.map((s) => [...s]);
  const out: DomainEvent[] = [];
  for (let n = 0; left.some((s) => s.length); n++) {
    const open = left.filter((s) => s.length);
    out.push(open[(deal[n % deal.length] ?? 0) % open.length]!.shift()!);
  }
  return out;
};
const derived = (events: readonly DomainEvent[]) => deriveCase(base.caseId, events.map((e, revision) => ({ ...e, revision })), actOfType); // prettier-ignore
/** The case but for the places in the stream, which differ as they must. */
const amountsTo = (events: readonly DomainEvent[]) =>
  JSON.parse(JSON.stringify(derived(events), (key, value: unknown) => (key === 'revision' ? undefined : value))) as unknown;

/**
 * The order in which the facts happened; of one day, as they came, since the last word counts then (ADR 0017). A fact is dated, and its
 * last word came, where what corrects it says.
 */
const asHappened = (series: readonly DomainEvent[][], came: readonly DomainEvent[]): DomainEvent[][] => {
  const day = (events: readonly DomainEvent[]) => events.at(-1)!.corrects?.occurredOn ?? events[0]!.occurredOn;
  const place = (events: readonly DomainEvent[]) => came.indexOf(events.at(-1)!);
  return [...series].sort((a, b) => (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : place(a) - place(b)));
};

describe('any order of arrival of any facts', () => {
  it('gives the same case, corrections and withdrawals included, and never fails', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { minLength: 2, maxLength: 30, size: 'max' }),
        fc.array(fc.nat(100), { minLength: 5, maxLength: 60, size: 'max' }),
        (facts, deal) => {
          const series = facts.map(eventsOf);
          const came = dealt([[...base.events], ...series], deal);
          expect(amountsTo(came)).toEqual(amountsTo(asHappened([...base.events.map((e) => [e]), ...series], came).flat()));
        },
      ),
      { numRuns: 500 },
    );
  });
});
