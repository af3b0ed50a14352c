import { deriveCase, knownOn } from '../../libs/domain/case/derive.js';
import { actOfType } from '../../libs/domain/case/acts.js';
import { type RecordedEvent } from '../../libs/domain/case/event.js';
import { measureEnd } from '../../libs/domain/case/measure-status.js';
import { type CaseView } from '../../libs/domain/case/view.js';
import { Refused } from '../../libs/domain/kernel/errors.js';
import { addDays, earliest, type Instant, type LocalDate, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Delay, type Delays, type Rulebook, rulebook } from '../../libs/domain/rules/delays.js';
import { type KnownRule, RULES } from '../../libs/domain/rules/index.js';
import { type Obligation, obligations } from '../../libs/domain/rules/obligations.js';
import { missedToTell, nextLook, type Told } from '../../libs/domain/rules/watch.js';
import { frenchCalendar } from '../../libs/platform/calendar.js';
import { type WorklistRow } from '../../libs/read-models/partners/worklist.js';
import { project } from '../../libs/read-models/project.js';
import { CONVENTIONS, party, Story, uuidOf } from '../support/story.js';
import { type Deed } from './deeds.js';

/** A case as its events make it, on a day. */
export interface State {
  readonly events: readonly RecordedEvent[];
  readonly today: LocalDate;
}
export const BEGINNING: State = { events: [], today: localDate('2023-03-14') };
export const CASE = uuidOf('case');
/** What goes from the caisse to the Service social goes under it, and is under way when it ends. */
CONVENTIONS.push({
  conventionId: uuidOf('convention'), title: 'Protocole', territory: '39', publics: ['salarie'], from: localDate('2023-01-01'), to: localDate('2023-04-04'),
  parties: [{ organisation: 'cpam-39', tasks: 'signale' }, { organisation: 'carsat-bfc', tasks: 'accompagne' }],
  proposedBy: 'cpam-39', proposedOn: localDate('2023-01-01'), declined: [],
  signatures: ['cpam-39', 'carsat-bfc'].map((organisation) => ({ organisation, to: localDate('2023-04-04') })),
}); // prettier-ignore

/** The same delay is asked for again and again. */
const remembered = (book: Rulebook): Rulebook => {
  const known = new Map<string, Delays>();
  const memo = ({ of, dueBy }: Delays): Delays => {
    const due = new Map<string, LocalDate>();
    return {
      of,
      dueBy: (name, start) => {
        const key = name + start;
        const day = due.get(key) ?? dueBy(name, start);
        due.set(key, day);
        return day;
      },
    };
  };
  return {
    ...book,
    for: (caisse) => {
      const delays = known.get(caisse ?? '') ?? memo(book.for(caisse));
      known.set(caisse ?? '', delays);
      return delays;
    },
  };
};
/** As they ship, but that every form is drawn: chance would leave the control of forms unexplored. */
const EVERY_FORM: Delay = { name: 'accord.formDraw', count: 1, unit: 'draw', dayOneCounts: false, lastDayOffMoves: false, from: localDate('2000-01-01'), source: 'la preuve' }; // prettier-ignore
export const DELAYS = remembered(
  rulebook(frenchCalendar, { delays: [EVERY_FORM], placesOf: () => [], catchUp: async () => undefined }),
);

/** What is put to the proof. A test breaks one of these on purpose. */
export interface Product {
  readonly rules: readonly KnownRule[];
  view(events: State['events'], on: LocalDate): CaseView;
  rows(events: State['events']): readonly WorklistRow[];
  /** What the watch has to tell. */
  missed(v: CaseView, knownOn: LocalDate | undefined, today: LocalDate): readonly Told[];
}
export const PRODUCT: Product = {
  rules: RULES,
  view: (events, on) => deriveCase(CASE, events, actOfType, on),
  rows: (events) => [...project(CASE, events, DELAYS).lines.values()].flat(),
  missed: (v, knownOn, today) => missedToTell(v, DELAYS, knownOn, today),
};

/** A state, and what the product makes of it. */
export interface Seen extends State {
  readonly view: CaseView;
  readonly knownOn: LocalDate | undefined;
  /** For any day. */
  readonly owed: readonly Obligation[];
}
export function look(product: Product, { events, today }: State): Seen {
  const view = product.view(events, today);
  const known = knownOn(events);
  return { events, today, view, knownOn: known, owed: obligations(view, DELAYS, known, view, product.rules) };
}

export const recorded = (events: readonly object[]): RecordedEvent[] =>
  events.map((e, revision) => ({ ...e, stream: `case-${CASE}`, revision, position: String(revision), erased: false })) as RecordedEvent[]; // prettier-ignore

/** The state after a deed; undefined when it is refused. */
export function after({ events, today }: State, { command, data, by, recordedBy, on = today }: Deed): State | undefined {
  const story = new Story();
  story.events.push(...events);
  try {
    const how = { by, on, today, key: `${events.length}`, ...(recordedBy && { recordedBy }) };
    const verdict = VERDICTS[command];
    if (verdict) story.judges(String(data['event']), verdict, how);
    else story.does(command, data, how);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
  return { events: recorded(story.events), today };
}

const VERDICTS: Readonly<Record<string, 'confirmed' | 'denied'>> = { 'confirm-fact': 'confirmed', 'deny-fact': 'denied' };

/** What the watch has to tell today, told. */
export function watched(product: Product, state: State): State {
  let now = state;
  // A step told may bring up the next duty.
  for (let rounds = 0; rounds < 10; rounds++) {
    const { view, knownOn: known } = look(product, now);
    const told = product.missed(view, known, now.today);
    if (told.length === 0) break;
    const events = told.map(({ type, on, data, key }) => ({
      id: uuidOf(`watch ${key}`), type, schemaVersion: 1, data, personId: uuidOf('person'), actor: party('OPERATOR'), recordedBy: null, evidence: null, occurredOn: on,
      recordedAt: `${now.today}T10:00:00.000Z` as Instant, commandId: uuidOf(key), causationId: null, correlationId: uuidOf(key), source: 'watch', legalBasis: null, consentId: null,
      irregularities: [], corrects: null,
    })); // prettier-ignore
    now = { ...now, events: recorded([...now.events, ...events]) };
  }
  return now;
}

const eve = (day: LocalDate | undefined): LocalDate | undefined => day && addDays(day, 1);
const firstAfter = (today: LocalDate, days: readonly (LocalDate | undefined)[]): LocalDate | undefined =>
  earliest(...days.filter((day) => day !== undefined && day > today));
/** Days on which a case is another one though nobody does anything: what somebody may see, or owes, begins or ends. */
const turns = (s: Seen): (LocalDate | undefined)[] => {
  const { view: v, owed } = s;
  return [
    ...owed.filter((o) => o.nature === 'duty').flatMap((o) => [o.since, eve(o.until), escalatesOn(s, o)]),
    ...v.consents.flatMap((c) => [c.from, eve(c.to)]),
    ...v.participations.flatMap((p) => [p.from, p.to]),
    ...v.leaves.map((l) => eve(l.endedOn ?? l.expectedEnd)),
    ...v.measures.flatMap((m) => [eve(measureEnd(m)), eve(m.ilco?.date)]),
    ...v.handshakes.map((h) => eve(h.conventionTo)),
  ];
};
/** The day on which it comes to the coordinator when nobody does it; undefined once it is there, or when there is nobody further to tell. */
export const escalatesOn = ({ view: v }: Seen, { graceUntil, step, rule }: Obligation): LocalDate | undefined =>
  graceUntil !== undefined && step < 3 && rule !== 'escalation-to-handle'
    ? eve(DELAYS.for(v.caisse).dueBy('escalation.coordinator', graceUntil))
    : undefined;
/** Those ahead, in their order. */
export const turnsAhead = (s: Seen): LocalDate[] =>
  [...new Set(turns(s).filter((day) => day !== undefined && day > s.today))].sort() as LocalDate[];

/**
 * Time passes until the case is another one; on each day in between on which something falls due the watch tells what is missed.
 * `asleep`: the watch would not have looked on a day on which there was something to tell.
 */
export function timePasses(product: Product, s: Seen): { readonly state: State; readonly asleep: boolean } | undefined {
  const [turn] = turnsAhead(s);
  if (turn === undefined) return undefined;
  let now = look(product, watched(product, s));
  let asleep = false;
  while (now.today < turn) {
    const alarm = nextLook(now.view, DELAYS, now.knownOn, now.today);
    const due = now.owed.filter((o) => o.nature === 'duty').flatMap((o) => [eve(o.due), eve(o.graceUntil)]);
    const today = firstAfter(now.today, [turn, alarm, ...due])!;
    const next = watched(product, { ...now, today });
    if (next.events.length > now.events.length && (alarm === undefined || alarm > today)) asleep = true;
    now = look(product, next);
  }
  return { state: now, asleep };
}
