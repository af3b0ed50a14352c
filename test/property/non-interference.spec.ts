import fc from 'fast-check';
import { CursorSealer } from '../../libs/access/sealed-cursor.js';
import { readingOf, visibleEtag, visibleEvents, whoseMoveOf } from '../../libs/access/visible.js';
import { actOfType, caseActs } from '../../libs/domain/case/acts.js';
import { deriveCase, knownOn } from '../../libs/domain/case/derive.js';
import { type RecordedEvent } from '../../libs/domain/case/event.js';
import { type Avis } from '../../libs/domain/forum/meeting.js';
import { takesPart } from '../../libs/domain/case/taking-part.js';
import { zonesKept } from '../../libs/domain/confidentiality/legal-duties.js';
import { conditionOf } from '../../libs/domain/confidentiality/matrix.js';
import { isOwn, maySee, redact, sourcesOf, type Viewer } from '../../libs/domain/confidentiality/redact.js';
import { exampleOf, type Field, type Fields, type Zone, ZONE_CODES } from '../../libs/domain/kernel/fields.js';
import { type Instant, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Party } from '../../libs/domain/kernel/roles.js';
import { obligations } from '../../libs/domain/rules/obligations.js';
import { type RequestRow, requests } from '../../libs/read-models/figures/request.js';
import { kindsFor } from '../../libs/read-models/queries/silences.js';
import { linesOf } from '../../libs/read-models/lines.js';
import { project } from '../../libs/read-models/project.js';
import { WORKLISTS } from '../../libs/read-models/partners/index.js';
import { shown } from '../../libs/read-models/queries/meetings.js';
import { presentCase, presentEvents } from '../../libs/read-models/queries/present.js';
import { optionsOf } from '../../libs/read-models/queries/options.js';
import { ASSURE, BOOK, directory, ORGANISATIONS, party, uuidOf } from '../support/story.js';

const CASE = uuidOf('case');
const TODAY = localDate('2023-07-01');
const DAYS = ['2023-03-14', '2023-04-01', '2023-05-02', '2023-06-05', '2023-06-30', '2024-01-31'].map((d) => localDate(d));
const PARTNERS: readonly Party[] = ORGANISATIONS.flatMap((o) => o.roles.map((role) => party(role, o.id)));
const VIEWERS: readonly Viewer[] = [
  ...PARTNERS.map(({ organisation, role }) => ({ organisation: organisation!, role })),
  { organisation: 'scierie-39', role: 'HOST' },
  { organisation: 'scierie-39', role: 'EMPLOYER' },
];
const ORGANISATION_IDS = [...ORGANISATIONS.map((o) => o.id), 'scierie-39'];
/** Few, so that facts are often about the same thing. */
const idOf = (of: string): fc.Arbitrary<string> => fc.constantFrom(0, 1).map((n) => uuidOf(`${of} ${n}`));

/** Any value that a field can hold. */
function valueOf(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'newId':
    case 'ref':
      return field.of === 'organisation' ? fc.constantFrom(...ORGANISATION_IDS) : idOf(field.of);
    case 'date':
      return fc.constantFrom(...DAYS);
    case 'code':
      return fc.constantFrom(...field.codes);
    case 'codes':
      return fc.subarray([...field.codes], { minLength: 1 });
    case 'int':
      return fc.integer({ min: field.min, max: field.max });
    case 'bool':
      return fc.boolean();
    case 'list':
      return fc.array(dataOf(field.items), { minLength: Math.max(1, field.min), maxLength: Math.min(3, field.max) });
    case 'group':
      return dataOf(field.items);
    case 'text':
    case 'pattern':
    case 'siret':
    case 'nir':
      return fc.constantFrom(field.example, `${String(field.example)} bis`);
    default:
      return field satisfies never;
  }
}
const dataOf = (fields: Fields): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field)])), {
    requiredKeys: Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : [])),
  });

type Told = Pick<RecordedEvent, 'type' | 'data' | 'occurredOn' | 'actor' | 'recordedBy'>;
const told = (type: string, data: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Told> =>
  fc.record({ type: fc.constant(type), data, occurredOn: fc.constantFrom(...DAYS.slice(0, 5)), actor: fc.constantFrom(...PARTNERS, ASSURE), recordedBy: fc.constantFrom(null, ...PARTNERS) }); // prettier-ignore
const anything = fc
  .constantFrom(...caseActs().filter((a) => a.type !== 'CaseOpened'))
  .chain((act) => told(act.type, dataOf(act.fields)));
/** What lets partners in, so that there is somebody to hide something from. */
const consents = fc.array(told('ConsentGranted', dataOf(actOfType('ConsentGranted')!.fields)), { maxLength: 2 });
const referrals = fc.array(told('CaseReferred', dataOf(actOfType('CaseReferred')!.fields)), { minLength: 1, maxLength: 3 });

const recorded = (all: readonly Told[], stream = CASE): RecordedEvent[] =>
  [{ type: 'CaseOpened', data: { caisse: 'cpam-39' }, occurredOn: DAYS[0]!, actor: PARTNERS[0]!, recordedBy: null }, ...all].map((e, revision) => ({
    ...e, id: uuidOf(`${stream} event ${revision}`), schemaVersion: 1, personId: null, evidence: null, recordedAt: '2023-07-01T08:00:00.000Z' as Instant,
    commandId: uuidOf(`command ${revision}`), causationId: null, correlationId: uuidOf('c'), source: 'api', legalBasis: null, consentId: null, irregularities: [],
    corrects: null, stream: `case-${stream}`, revision, position: String(revision).padStart(20, '0'), erased: false,
  })); // prettier-ignore
const cases = fc.tuple(consents, referrals, fc.array(anything, { maxLength: 25 })).map(([c, r, a]) => [...c, ...r, ...a]);

const sealer = new CursorSealer(Buffer.alloc(32, 7));
/** What a meeting has said of a request. */
interface Point {
  readonly measureId: string;
  readonly answered: boolean;
  readonly avis?: Avis;
}
/** All that a viewer can be told of a case on a day, as bytes; undefined when the case does not exist for it. */
function answers(history: readonly RecordedEvent[], viewer: Viewer, point?: Point): string | undefined {
  const full = deriveCase(CASE, history, actOfType, TODAY);
  const reading = readingOf(CASE, history, full, viewer, TODAY);
  if (!reading) return undefined;
  const { visible } = reading;
  const found = { full, ...reading };
  const ctx = { now: '2023-07-01T08:00:00.000Z' as Instant, today: TODAY, commandId: CASE, newId: (l: string) => l, directory, rulebook: BOOK, earlier: [] }; // prettier-ignore
  const move = whoseMoveOf(full, found.seen, viewer.organisation);
  const rows = [...project(CASE, history, BOOK).lines].flatMap(([view, lines]) =>
    lines.filter((l) => l.organisation === viewer.organisation && l.role === viewer.role).map((l) => ({ view: view.name, ...l })),
  );
  const file = [presentCase({ rulebook: BOOK, directory }, found, viewer, TODAY), presentEvents(found), optionsOf(found, { ...viewer, person: 'p', expiresAt: ctx.now }, ctx), visibleEtag(sealer, CASE, viewer, visible)]; // prettier-ignore
  // Whoever takes no part any more has its own facts there, and is in no list and at no meeting.
  if (!found.live) return JSON.stringify([file, rows.filter((l) => l.validFrom <= TODAY && TODAY < l.validTo)]);
  const agenda = [{}, { measureId: uuidOf('measure 0') }, { measureId: uuidOf('measure 1') }, ...(point ? [point] : [])];
  const asked = (requests.rowsOf(full) as readonly RequestRow[])
    .filter(({ kind, sender }) => sender === viewer.organisation && kindsFor(viewer.role, TODAY).includes(kind))
    .filter(({ sender, asked: to }) => sender !== to)
    .map(({ n: _n, ...row }) => row);
  return JSON.stringify([
    agenda.map((item) =>
      shown(
        { rulebook: BOOK, directory },
        { caseId: CASE, addedBy: 'carsat-bfc', ...item },
        found,
        viewer,
        TODAY,
        item === point ? ['person.erased'] : [],
      ),
    ),
    asked,
    WORKLISTS.flatMap((view) => linesOf(view, found.seen, move, viewer.organisation, obligations(found.seen, BOOK, knownOn(visible), full)).map((line) => [line, view.shows(found.seen, line, TODAY)])), // prettier-ignore
    rows,
    file,
  ]);
}

/** Zones that this viewer may see on no day of the case, as a party or not, nor by the word of whoever told a fact: it must learn nothing of them. */
function hiddenZones(history: readonly RecordedEvent[], viewer: Viewer): (event: RecordedEvent) => Zone[] {
  const full = deriveCase(CASE, history, actOfType);
  const known = new Map<string, Zone[]>();
  return (event) => {
    const sources = sourcesOf(event, full);
    const key = JSON.stringify(sources);
    const found = known.get(key) ?? ZONE_CODES.filter((zone) => ![false, true].some((isParty) => [TODAY, ...DAYS].some((on) => maySee(viewer, zone, full, isParty, on, sources)))); // prettier-ignore
    known.set(key, found);
    return found;
  };
}
function hiddenFields(history: readonly RecordedEvent[], viewer: Viewer): { index: number; name: string; field: Field }[] {
  const hiddenIn = hiddenZones(history, viewer);
  return history.flatMap((e, index) => {
    // What it did or recorded itself it reads whole.
    if (isOwn(e, viewer)) return [];
    const hidden = hiddenIn(e);
    return Object.entries(actOfType(e.type)!.fields).flatMap(([name, field]) =>
      field.zone !== null && hidden.includes(field.zone) ? [{ index, name, field }] : [],
    );
  });
}

const names = (value: unknown, { organisation }: Viewer): boolean => JSON.stringify(value ?? null).includes(organisation);

describe('what a partner may not see', () => {
  let changed = 0;
  it('changes not one byte of what it is told: case file, history, options, lists, tag', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...VIEWERS), fc.nat(), (all, viewer, at) => {
        const history = recorded(all);
        const before = answers(history, viewer);
        const candidates = hiddenFields(history, viewer);
        const where = candidates[at % Math.max(1, candidates.length)];
        if (before === undefined || !where) return;
        for (const value of [undefined, ...fc.sample(valueOf(where.field), { numRuns: 3, seed: at })]) {
          const { [where.name]: old, ...rest } = history[where.index]!.data;
          // A list of those who are asked lets in whom it names.
          if (names(old, viewer) !== names(value, viewer)) continue;
          const data = value === undefined ? rest : { ...rest, [where.name]: value };
          const other = history.map((e, i) => (i === where.index ? { ...e, data } : e));
          expect(answers(other, viewer)).toBe(before);
          changed++;
        }
      }),
      { numRuns: 500 },
    );
  });
  it('was there to be hidden', () => expect(changed).toBeGreaterThan(200));

  let dropped = 0;
  it('might as well not have happened', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...VIEWERS), (all, viewer) => {
        const history = recorded(all);
        const hiddenIn = hiddenZones(history, viewer);
        const others = history.filter((e) => !hiddenIn(e).includes(actOfType(e.type)!.zone) || isOwn(e, viewer));
        const [before, after] = [answers(history, viewer), answers(others, viewer)];
        // A measure that is hidden from whoever is asked about it lets it in all the same.
        // What is its own move it is told (decision 14).
        const [full, less] = [history, others].map((events) => deriveCase(CASE, events, actOfType));
        if (takesPart(full!, viewer.organisation, TODAY) !== takesPart(less!, viewer.organisation, TODAY)) return;
        if ([full, less].some((v) => v!.accountable?.organisation === viewer.organisation)) return;
        if (others.length === history.length || before === undefined || after === undefined) return;
        expect(after).toBe(before);
        dropped++;
      }),
      { numRuns: 300 },
    );
    expect(dropped).toBeGreaterThan(20);
  });

  it('is not told by a meeting either: that a request is on the agenda, that it has an avis, which one', () => {
    const onlyWithAccord = VIEWERS.filter(({ role }) => conditionOf(role, 'decision', TODAY) === 'C');
    let hid = 0;
    fc.assert(
      fc.property(cases, fc.constantFrom(...onlyWithAccord), fc.constantFrom(0, 1), (all, viewer, n) => {
        const history = recorded(all);
        const hiddenIn = hiddenZones(history, viewer);
        const measureId = uuidOf(`measure ${n}`);
        const told = (avis?: Avis) =>
          answers(history, viewer, { measureId, answered: avis !== undefined, ...(avis && { avis }) });
        if (history.some((e) => !hiddenIn(e).includes('decision')) || told() === undefined) return;
        expect([told('favourable'), told('unfavourable')]).toEqual([told(), told()]);
        hid++;
      }),
      { numRuns: 2000 },
    );
    expect(hid).toBeGreaterThan(20);
  });

  it('is not there for whoever takes no part', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...VIEWERS), (all, viewer) => {
        const history = recorded(all);
        const full = deriveCase(CASE, history, actOfType);
        if (takesPart(full, viewer.organisation, TODAY) || zonesKept(full, viewer, TODAY).length > 0) return;
        expect(answers(history, viewer) === undefined).toBe(!history.some((e) => isOwn(e, viewer)));
      }),
      { numRuns: 300 },
    );
  });

  let former = 0;
  it('is not there either for whoever took part, beside what it told itself', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...VIEWERS), (all, viewer) => {
        const history = recorded(all);
        const own = history.filter((e) => isOwn(e, viewer));
        const full = deriveCase(CASE, history, actOfType);
        if (takesPart(full, viewer.organisation, TODAY) || zonesKept(full, viewer, TODAY).length > 0 || own.length === 0) return;
        const others = own.map((e) => ({ ...e, irregularities: [] }));
        if (takesPart(deriveCase(CASE, others, actOfType), viewer.organisation, TODAY)) return;
        expect(answers(history, viewer)).toBe(answers(others, viewer));
        former++;
      }),
      { numRuns: 3000 },
    );
    expect(former).toBeGreaterThan(20);
  });
});

describe('a fact with any of its fields missing', () => {
  const missing = fc.tuple(cases, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 60 }));
  it('still derives, is redacted and listed, for everybody', () => {
    fc.assert(
      fc.property(missing, ([all, holes]) => {
        const history = recorded(all).map((e) => ({ ...e, data: { ...e.data } as Record<string, unknown> }));
        for (const [i, j] of holes) {
          const names = Object.keys(history[i % history.length]!.data);
          const name = names[j % Math.max(1, names.length)];
          if (name !== undefined) delete history[i % history.length]!.data[name];
        }
        const full = deriveCase(CASE, history, actOfType);
        for (const viewer of VIEWERS) {
          deriveCase(CASE, visibleEvents(history, full, viewer, TODAY), actOfType);
          answers(history, viewer);
        }
        expect(project(CASE, history, BOOK).parked).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
  it('and with none left at all, as after an erasure', () => {
    for (const act of caseActs()) {
      const [event] = recorded([{ type: act.type, data: {}, occurredOn: TODAY, actor: ASSURE, recordedBy: null }]).slice(1);
      expect(() => deriveCase(CASE, [event!], actOfType)).not.toThrow();
      for (const viewer of VIEWERS) {
        const seen = redact(
          { ...event!, data: exampleOf(act.fields) },
          viewer,
          deriveCase(CASE, [], actOfType),
          TODAY,
          actOfType,
        );
        for (const name of Object.keys(seen?.data ?? {})) expect(Object.keys(act.fields)).toContain(name);
      }
    }
  });
});
