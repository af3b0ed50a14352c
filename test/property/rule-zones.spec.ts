import fc from 'fast-check';
import { type Context } from '../../libs/domain/case/act.js';
import { effectiveFacts } from '../../libs/domain/case/derive.js';
import { type Finding } from '../../libs/domain/kernel/errors.js';
import { partnerView } from '../../libs/access/visible.js';
import { actOfType, caseActs } from '../../libs/domain/case/acts.js';
import { type RecordedEvent } from '../../libs/domain/case/event.js';
import { type CaseView, measureIn } from '../../libs/domain/case/view.js';
import { inZones } from '../../libs/domain/confidentiality/redact.js';
import { type Field, type Fields, type Zone, ZONE_CODES } from '../../libs/domain/kernel/fields.js';
import { type Instant, localDate } from '../../libs/domain/kernel/local-date.js';
import { knownOn } from '../../libs/domain/measures/facts.js';
import { MEASURES } from '../../libs/domain/measures/index.js';
import { type MeasureDefinition, type MeasureRule, rulesOf, type Stage, zonesOf } from '../../libs/domain/measures/measure.js';
import { AS, BOOK, CAP, CPAM, CPDP, directory, MT, uuidOf } from '../support/story.js';

/**
 * A refusal names its rule to whoever may see the zones that the rule declares. So these must be all the zones whose events change its
 * answer: else it tells of what is hidden.
 */
const CASE = uuidOf('case');
const MEASURE = uuidOf('measure 0');
const DAYS = ['2023-03-14', '2023-04-01', '2023-05-02', '2023-05-20', '2023-06-30'].map((d) => localDate(d));
const STAGES: readonly Stage[] = ['request', 'approve', 'plan', 'start', 'renew', 'present'];
/** Those that say something of a measure, of who the person is, and of what they are on leave for. */
const TELLING = [
  'ActivityRecorded', 'SickLeaveRecorded', 'SickLeaveExtended', 'SickLeaveEnded', 'EmploymentEnded', 'NewJobStarted', 'SocialAssessmentCompleted', 'UnfitnessIssued',
  'MedicalOpinionGiven', 'MeasureApproved', 'MeasureRefused', 'AgreementSigned', 'MeasureStarted', 'MeasureStartPlanned', 'MeasureRenewed', 'PresenceRecorded',
  'MeasureInterrupted', 'MeasureClosed', 'RqthDecided', 'ReturnVisitHeld', 'WorkResumed', 'AdaptedResumption',
].filter((type) => actOfType(type) !== undefined); // prettier-ignore

function valueOf(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'newId':
    case 'ref':
      return fc.constantFrom(0, 0, 1).map((n) => (field.of === 'organisation' ? 'atelier-39' : uuidOf(`${field.of} ${n}`)));
    case 'date':
      return fc.constantFrom(...DAYS);
    case 'code':
      return fc.constantFrom(...field.codes);
    case 'codes':
      return fc.subarray([...field.codes], { minLength: 1 });
    case 'int':
      return fc.constant(field.min);
    case 'bool':
      return fc.boolean();
    case 'list':
      return fc.array(dataOf(field.items), { minLength: Math.max(1, field.min), maxLength: 3 });
    case 'group':
      return dataOf(field.items);
    default:
      return fc.constant(field.example);
  }
}
const dataOf = (fields: Fields): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field)])), {
    requiredKeys: Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : [])),
  });
interface Told {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly occurredOn: RecordedEvent['occurredOn'];
}
const told = (type: string): fc.Arbitrary<Told> =>
  fc.record({ type: fc.constant(type), data: dataOf(actOfType(type)!.fields), occurredOn: fc.constantFrom(...DAYS) });
const anyFact = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TELLING).chain(told) },
  { weight: 1, arbitrary: fc.constantFrom(...caseActs().filter((a) => a.type !== 'CaseOpened').map((a) => a.type)).chain(told) }, // prettier-ignore
);
const recorded = (all: readonly Told[]): RecordedEvent[] =>
  all.map((e, revision) => ({
    ...e, id: uuidOf(`event ${revision}`), schemaVersion: 1, personId: null, actor: AS, recordedBy: null, evidence: null, recordedAt: '2023-07-01T08:00:00.000Z' as Instant,
    commandId: uuidOf('k'), causationId: null, correlationId: uuidOf('k'), source: 'api', legalBasis: null, consentId: null, irregularities: [], corrects: null,
    stream: `case-${CASE}`, revision, position: String(revision).padStart(6, '0'), erased: false,
  })); // prettier-ignore

const histories = fc.record({
  definition: fc.constantFrom(...Object.values(MEASURES)),
  request: dataOf(actOfType('MeasureRequested')!.fields),
  facts: fc.array(anyFact, { maxLength: 8 }),
  on: fc.constantFrom(...DAYS, localDate('2024-02-01')),
});
const without = (history: readonly RecordedEvent[], hidden: Zone): CaseView =>
  partnerView(CASE, history.flatMap((e) => inZones(e, actOfType(e.type)!, (zone) => zone !== hidden, true) ?? [])); // prettier-ignore
const answer = (rule: MeasureRule, view: CaseView, on: RecordedEvent['occurredOn'], { type }: MeasureDefinition): boolean | undefined => {
  const measure = measureIn(view, MEASURE);
  return measure?.type === type ? rule.broken({ measure: knownOn(measure, on), view, earlier: [], on }) : undefined;
}; // prettier-ignore

it('a measure’s rule declares every zone whose events change its answer', () => {
  fc.assert(
    fc.property(histories, ({ definition, request, facts, on }) => {
      const asked: Told = { type: 'MeasureRequested', occurredOn: DAYS[0]!, data: { ...request, measureId: MEASURE, type: definition.type } }; // prettier-ignore
      const history = recorded([asked, ...facts]);
      const whole = partnerView(CASE, history);
      for (const hidden of ZONE_CODES) {
        const rules = [...new Set(STAGES.flatMap((stage) => rulesOf(definition, stage, on)))].filter((r) => !zonesOf(r).includes(hidden)); // prettier-ignore
        if (rules.length === 0) continue;
        const seen = without(history, hidden);
        for (const rule of rules) {
          const [all, less] = [whole, seen].map((view) => answer(rule, view, on, definition));
          if (all !== less) throw new Error(`${definition.type}.${rule.code} looks at ${hidden}, and does not declare it`);
        }
      }
    }),
    { numRuns: 400 },
  );
});

it('a measure’s rule that does not say that it counts across cases is blind to the others', () => {
  const blind = new Proxy([], {
    get: () => {
      throw new Error('it looks at the other cases');
    },
  });
  fc.assert(
    fc.property(histories, ({ definition, request, facts, on }) => {
      const asked: Told = { type: 'MeasureRequested', occurredOn: DAYS[0]!, data: { ...request, measureId: MEASURE, type: definition.type } }; // prettier-ignore
      const view = partnerView(CASE, recorded([asked, ...facts]));
      const measure = knownOn(measureIn(view, MEASURE)!, on);
      for (const rule of definition.rules)
        if (!rule.acrossCases) expect(() => rule.broken({ measure, view, earlier: blind, on })).not.toThrow();
    }),
    { numRuns: 50 },
  );
});

/**
 * What an act finds in a case is told to whoever sees the zones that the finding declares, coordination alone where it declares none. So
 * hiding any other zone must change nothing of it. What can't be done on what is seen alone is told by its name in any case: nobody names
 * what it does not see.
 */
const ACTS = caseActs().filter((a) => a.check !== undefined || a.available !== undefined);
const BY = [AS, CPAM, CPDP, MT, CAP];
const asked = fc.constantFrom(...ACTS).chain((act) =>
  fc.record({ act: fc.constant(act), data: dataOf(act.fields), actor: fc.constantFrom(...BY), recordedBy: fc.constantFrom(null, null, ...BY), on: fc.constantFrom(...DAYS), facts: fc.array(anyFact, { maxLength: 8 }) }),
); // prettier-ignore
const COORDINATION: readonly Zone[] = ['coordination'];

it('what an act finds declares every zone whose events change it', () => {
  fc.assert(
    fc.property(asked, ({ act, data, actor, recordedBy, on, facts }) => {
      const opened: Told = { type: 'CaseOpened', occurredOn: DAYS[0]!, data: { caisse: 'cpam-39' } };
      const history = recorded([opened, ...facts]);
      const draft = recorded([{ type: act.type, occurredOn: on, data }]).map((e) => ({ ...e, id: uuidOf('asked'), revision: history.length, actor, recordedBy }));
      const found = (events: readonly RecordedEvent[]): readonly Finding[] => {
        const [before, after] = [partnerView(CASE, events), partnerView(CASE, [...events, ...draft])];
        const ctx: Context = { now: '2024-02-01T10:00:00.000Z' as Instant, today: localDate('2024-02-01'), commandId: uuidOf('k'), newId: uuidOf, directory, rulebook: BOOK, earlier: [] };
        const c = { data: data as never, occurredOn: on, actor, recordedBy, evidence: null, before, after, ctx, facts: effectiveFacts(events) };
        return [...(act.available?.(before, actor, ctx) ?? []), ...(act.check?.(c) ?? [])];
      };
      const whole = found(history);
      for (const hidden of ZONE_CODES) {
        if (hidden === 'coordination') continue;
        const less = found(history.flatMap((e) => inZones(e, actOfType(e.type)!, (zone) => zone !== hidden, true) ?? []));
        const told = (all: readonly Finding[]) => all.filter(({ zones = COORDINATION }) => !zones.includes(hidden));
        const only = (all: readonly Finding[], others: readonly Finding[]) => told(all).filter((f) => !told(others).some((o) => o.code === f.code && o.article === f.article && o.message.fr === f.message.fr));
        const telling = [...only(whole, less), ...only(less, whole).filter(({ severity }) => severity !== 'impossible')];
        if (telling.length > 0) throw new Error(`${act.type} looks at ${hidden} for ${telling[0]!.code}, and does not declare it`);
      }
    }),
    { numRuns: 1500 },
  );
}); // prettier-ignore
