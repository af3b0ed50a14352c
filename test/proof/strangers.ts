import { readingOf, seesZone } from '../../libs/access/visible.js';
import { type Context, type Directory, type Organisation } from '../../libs/domain/case/act.js';
import { actOfCommand, actOfType } from '../../libs/domain/case/acts.js';
import { goesOnWith, kinOf, lastStanding } from '../../libs/domain/case/at-home.js';
import { decideCorrection } from '../../libs/domain/case/correct.js';
import { decide, numberFindingsFor } from '../../libs/domain/case/decide.js';
import { deriveCase, knownOn } from '../../libs/domain/case/derive.js';
import { type DomainEvent, type RecordedEvent } from '../../libs/domain/case/event.js';
import { filesToTell, filesBeside, givesUp, isUnderWay, waitsFor } from '../../libs/domain/case/files.js';
import { identification } from '../../libs/domain/case/identification.js';
import { partEnded } from '../../libs/domain/case/part-ended.js';
import { takesPart } from '../../libs/domain/case/taking-part.js';
import { type CaseView, VOID } from '../../libs/domain/case/view.js';
import { answersFor, isOwn, type Viewer } from '../../libs/domain/confidentiality/redact.js';
import { Refused, veiled } from '../../libs/domain/kernel/errors.js';
import { type Instant, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { CASE_WORKERS, type Party, type Role } from '../../libs/domain/kernel/roles.js';
import { contradictions, type Traits } from '../../libs/domain/person/traits.js';
import { obligations } from '../../libs/domain/rules/obligations.js';
import { AS, CAP, CPAM, directory, ORGANISATIONS, party, uuidOf } from '../support/story.js';
import { ANYTHING, type Bounds, type Deed, IDENTITIES, tried } from './deeds.js';
import { type FoundGap, type Step } from './explore.js';
import { CASE, DELAYS, PRODUCT, type Product, recorded } from './world.js';

/**
 * What strangers can do to a case, and learn of it (docs/proof.md): a case that is known, the files that they open beside it, and every act
 * that they could try on either. What they are answered is compared with what they would be answered if there were no such case.
 */

/** What keeps a case to those who are at home in it. A test breaks one of these on purpose. */
export interface Door {
  /** Whether the index leads somebody from a number to a case of whoever bears it. */
  leadsTo(v: CaseView, comer: Viewer, on: LocalDate): boolean;
  readonly goesOnWith: typeof goesOnWith;
  readonly reading: typeof readingOf;
  readonly filesToTell: typeof filesToTell;
  readonly filesBeside: typeof filesBeside;
  readonly waitsFor: typeof waitsFor;
  readonly rows: Product['rows'];
}
export const DOOR: Door = {
  leadsTo: (v, comer, on) => kinOf(comer, WORLD).some((o) => takesPart(v, o, on)),
  goesOnWith,
  reading: readingOf,
  filesToTell,
  filesBeside,
  waitsFor,
  rows: PRODUCT.rows,
};

const org = (id: string, territory: string, ...roles: Role[]): Organisation => ({ id, name: id, territory, roles });
/** Those of the stories, and enough others for somebody of each role to be a stranger. */
const EVERYBODY: readonly Organisation[] = [
  ...ORGANISATIONS,
  org('carsat-21', '21', 'AS', 'CSAM'),
  org('cap-emploi-21', '21', 'CAP_EMPLOI'),
  org('cep-21', '21', 'CEP'),
  org('mdph-39', '39', 'MDPH'),
  org('comete-39', '39', 'COMETE'),
  org('cpam-70', '70', 'CPAM', 'MC'),
  org('ast-70', '70', 'CPDP', 'MT', 'IDEST'),
  org('scierie-39', '39', 'EMPLOYER'),
];
const WORLD: Directory = { ...directory, all: () => EVERYBODY, find: (id) => EVERYBODY.find((o) => o.id === id) };
const VIEWERS: readonly Party[] = EVERYBODY.flatMap((o) => o.roles.map((role) => party(role, o.id)));
const viewerOf = ({ organisation, role }: Party): Viewer => ({ organisation: organisation!, role });
const nameOf = ({ organisation, role }: Party): string => `${organisation} (${role})`;

/** A log, on the day of the state. Each one is made once, so that what was worked out of it is worked out once. */
interface File {
  readonly caseId: string;
  readonly personId: string;
  readonly today: LocalDate;
  readonly events: readonly RecordedEvent[];
}
/** Logs side by side, in the order in which they were opened. */
type World = readonly File[];

const VIEWS = new WeakMap<File, CaseView>();
function viewOf(file: File): CaseView {
  const view = VIEWS.get(file) ?? deriveCase(file.caseId, file.events, actOfType, file.today);
  VIEWS.set(file, view);
  return view;
}
/** The same made of the same thing is the same. */
function once<K extends object, V>(): (of: K, key: string, make: () => V) => V {
  const known = new WeakMap<K, Map<string, V>>();
  return (of, key, make) => {
    const made = known.get(of) ?? new Map<string, V>();
    known.set(of, made);
    if (!made.has(key)) made.set(key, make());
    return made.get(key)!;
  };
}
const IDS = new WeakMap<object, string>();
let ids = 0;
/** Tells a thing from any other one. */
function idOf(thing: object): string {
  const id = IDS.get(thing) ?? `${ids++}`;
  IDS.set(thing, id);
  return id;
}
const REMEMBERING = new WeakMap<Door, Door>();
/** The same rules, each asked the same thing once. */
function remembering(door: Door): Door {
  const [goesOn, read, told] = [
    once<CaseView, boolean>(),
    once<CaseView, Read>(),
    once<CaseView, ReturnType<Door['filesToTell']>>(),
  ];
  const made: Door = REMEMBERING.get(door) ?? {
    ...door,
    goesOnWith: (last, comer, said, on, among) =>
      goesOn(last, JSON.stringify([comer, said, on]), () => door.goesOnWith(last, comer, said, on, among)),
    reading: (caseId, history, view, viewer, on) =>
      read(view, JSON.stringify(viewer), () => door.reading(caseId, history, view, viewer, on)),
    filesToTell: (known, others) => told(known, others.map(idOf).join(), () => door.filesToTell(known, others)),
  };
  REMEMBERING.set(door, made);
  return made;
}
const grownOnce = once<File, File>();
/** A log with more in it. */
const grown = (file: File, events: readonly DomainEvent[]): File =>
  grownOnce(file, events.map((e) => e.id).join(), () => ({ ...file, events: recorded([...file.events, ...events]) }));
const EMPTY = new Map<string, File>();
function emptyFile(caseId: string, personId: string, today: LocalDate): File {
  const key = [caseId, personId, today].join();
  const file = EMPTY.get(key) ?? { caseId, personId, today, events: [] };
  EMPTY.set(key, file);
  return file;
}

const NUMBER = '2790539300001';
/** What an opening act says of the person. */
const TOLD = {
  'le numéro': { traits: traitsOf(IDENTITIES[0]!), numbers: [{ kind: 'NIR', value: NUMBER }] },
  'le numéro et d’autres traits': { traits: traitsOf(IDENTITIES[1]!), numbers: [{ kind: 'NIR', value: NUMBER }] },
  'les traits sans numéro': { traits: traitsOf(IDENTITIES[0]!), numbers: [] },
} as const satisfies Record<string, { traits: Traits; numbers: readonly object[] }>;
function traitsOf({ nir: _, ...traits }: Record<string, unknown>): Traits {
  return traits;
}
const bears = (file: File): boolean => viewOf(file).numbers.some((n) => n.value === NUMBER);

/** Something that somebody tries. */
export type Try =
  | { readonly kind: 'open'; readonly deed: Deed; readonly told: keyof typeof TOLD }
  | { readonly kind: 'act'; readonly deed: Deed; readonly caseId: string }
  | { readonly kind: 'correct'; readonly by: Party; readonly caseId: string; readonly event: RecordedEvent; readonly data?: Record<string, unknown> }
  | { readonly kind: 'pair'; readonly by: Party; readonly caseId: string; readonly otherCaseId: string }; // prettier-ignore
const triedBy = (x: Try): Party => ('deed' in x ? (x.deed.recordedBy ?? x.deed.by) : x.by);

/** What comes of it: the answer, as far as it could tell of anything, and the logs. */
interface Outcome {
  readonly answer: string;
  readonly world: World;
}
type Decided = { readonly refused: string } | { readonly events: readonly DomainEvent[] };
const decidedOnce = once<File, Decided>();

function decided(file: File, key: string, comer: Party, run: () => readonly DomainEvent[]): Decided {
  return decidedOnce(file, key, () => {
    try {
      return { events: run() };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const sees = seesZone(viewOf(file), viewerOf(comer), file.today);
      return { refused: saidOf(error.findings.map((f) => veiled(f, sees))) };
    }
  });
}
const saidOf = (findings: Refused['findings']): string => findings.map((f) => `${f.code} : ${f.message.fr}`).join(' ');
const contextOf = (file: File, key: string, earlier: readonly CaseView[]): Context => ({
  now: `${file.today}T11:00:00.000Z` as Instant, today: file.today, commandId: uuidOf(key), newId: (label) => uuidOf(`${key} ${label}`), directory: WORLD, rulebook: DELAYS, earlier,
}); // prettier-ignore
const replaced = (world: World, by: File): World => world.map((file) => (file.caseId === by.caseId ? by : file));

/** The answer to whoever told something, from what it reads of it. */
function answered(door: Door, world: World, file: File, by: Party, what: Decided): Outcome {
  if ('refused' in what) return { answer: `refusé : ${what.refused}`, world };
  const next = grown(file, what.events);
  const visible = door.reading(file.caseId, next.events, viewOf(next), viewerOf(by), file.today)?.visible ?? [];
  const written = visible.filter((e) => what.events.some(({ id }) => id === e.id));
  const irregular = [...new Set(written.flatMap((e) => e.irregularities.map((i) => i.code)))].sort();
  const where = file.caseId === CASE ? 'dans le dossier des autres' : 'dans un dossier à part';
  const answer = `enregistré ${where} : ${[what.events.at(-1)?.type, ...irregular].join(' ')}`;
  return { answer, world: world.includes(file) ? replaced(world, next) : [...world, next] };
}

/** As `OpenCaseHandler` places an opening act. */
function placed(
  door: Door,
  world: World,
  comer: Party,
  { traits, numbers }: (typeof TOLD)[keyof typeof TOLD],
  today: LocalDate,
): File {
  const viewer = viewerOf(comer);
  const numbered = numbers.length > 0 ? world.filter(bears) : [];
  const led = numbered.filter((file) => door.leadsTo(viewOf(file), viewer, today));
  const toldItself = numbered.filter((file) => file.events[0]?.actor.organisation === comer.organisation);
  for (const personId of new Set([...led, ...toldItself].map((file) => file.personId))) {
    const files = world.filter((file) => file.personId === personId);
    const current = files.at(-1)!;
    if (door.goesOnWith(lastStanding(files.map(viewOf))!, viewer, traits, today, WORLD))
      return isUnderWay(viewOf(current)) ? current : emptyFile(ownId(world, comer), personId, today);
  }
  const own = ownId(world, comer);
  return emptyFile(own, `${own} person`, today);
}
/** It comes from the command in the product, and so tells of nothing either. */
const ownId = (world: World, { organisation }: Party): string =>
  uuidOf(`file ${world.filter((f) => f.caseId !== CASE && f.events[0]?.actor.organisation === organisation).length} of ${organisation}`); // prettier-ignore
const earlierOf = (world: World, file: File): CaseView[] =>
  world.filter((other) => other !== file && other.personId === file.personId).map(viewOf);

const NOT_FOUND = 'introuvable';
type Read = ReturnType<Door['reading']>;
/** As the application's handlers guard a case that was named: what somebody reads of it, if to them it exists. */
const guarded = (door: Door, file: File | undefined, by: Party): Read =>
  file && door.reading(file.caseId, file.events, viewOf(file), viewerOf(by), file.today);
const overFor = (reading: NonNullable<Read>): string => `refusé : ${saidOf([partEnded(reading.visible)])}`;

export function attempt(door: Door, world: World, x: Try, today: LocalDate): Outcome {
  const by = triedBy(x);
  if (x.kind === 'pair') return { answer: paired(door, world, x), world };
  if (x.kind === 'open') {
    const told = TOLD[x.told];
    const barred = told.numbers.length > 0 ? numberFindingsFor(by, today) : [];
    if (barred.length > 0) return { answer: `refusé : ${saidOf(barred)}`, world };
    const file = placed(door, world, by, told, today);
    const own = WORLD.find(by.organisation!);
    const caisse = own?.roles.includes('CPAM') ? own.id : 'cpam-39';
    const opening = [
      ...(file.events.length === 0 ? [{ type: 'CaseOpened', data: { caisse } }] : []),
      ...identification(told.traits, told.numbers, viewOf(file)),
    ];
    return answered(door, world, file, by, doneBy(world, file, x.deed, x.told, opening));
  }
  const file = world.find((f) => f.caseId === x.caseId);
  const reading = guarded(door, file, by);
  if (!file || !reading) return { answer: NOT_FOUND, world };
  if (x.kind === 'correct') return answered(door, world, file, by, corrected(file, x, reading.visible));
  if (!reading.live) return { answer: overFor(reading), world };
  return answered(door, world, file, by, doneBy(world, file, x.deed));
}

/** As `decide` is asked by the handlers. @param told what an opening act says of the person */
function doneBy(world: World, file: File, deed: Deed, told?: keyof typeof TOLD, opening: Opening = []): Decided {
  const earlier = earlierOf(world, file);
  const { command, data, by, recordedBy } = deed;
  return decided(file, [idOf(deed), told, ...earlier.map(idOf)].join(), recordedBy ?? by, () => {
    const key = JSON.stringify([file.events.length, deed, told]);
    return decide(
      actOfCommand(command)!,
      {
        caseId: file.caseId, personId: file.personId, source: 'api', correlationId: uuidOf(key), actor: by, recordedBy: recordedBy ?? null,
        evidence: recordedBy ? { kind: 'attestation' } : null, occurredOn: file.today, data: data as never, opening,
      },
      file.events, contextOf(file, key, earlier), actOfType,
    ); // prettier-ignore
  });
}
type Opening = readonly { readonly type: string; readonly data: Record<string, unknown> }[];

function corrected(
  file: File,
  { by, event, data }: Extract<Try, { kind: 'correct' }>,
  visible: readonly RecordedEvent[],
): Decided {
  const key = JSON.stringify([file.events.length, 'correct', event.id, data]);
  return decided(file, key, by, () =>
    decideCorrection(
      {
        caseId: file.caseId, personId: file.personId, event: visible.some((e) => e.id === event.id) ? event.id : '', actor: by, recordedBy: null, evidence: null,
        occurredOn: file.today, source: 'api', correlationId: uuidOf(key), ...(data && { replacement: { occurredOn: event.occurredOn, data } }),
      },
      file.events, contextOf(file, key, []), actOfType,
    ),
  ); // prettier-ignore
}

/** As `PairHandler` lets somebody say that two cases are one person's, are two, or come apart again. */
function paired(door: Door, world: World, { by, caseId, otherCaseId }: Extract<Try, { kind: 'pair' }>): string {
  const viewer = viewerOf(by);
  const files = [caseId, otherCaseId].map((id) => world.find((f) => f.caseId === id));
  const seen: (CaseView | undefined)[] = [];
  for (const file of files) {
    const reading = guarded(door, file, by);
    if (reading && !reading.live) return overFor(reading);
    seen.push(file && reading && seesZone(viewOf(file), viewer, file.today)('identity') ? viewOf(file) : undefined);
  }
  const [one, other] = seen;
  const waits = (v: CaseView, id: string): boolean => door.waitsFor(v, id, viewer) || givesUp(v, id, viewer);
  return (one && (other || waits(one, otherCaseId))) || (other && givesUp(other, caseId, viewer)) ? 'admis' : NOT_FOUND;
}

/** What the process behind the log then tells. */
function followed(door: Door, world: World): World {
  const open = world.filter((f) => bears(f) && isUnderWay(viewOf(f)));
  const besides = open.map((file) => ({ view: viewOf(file), earlier: earlierOf(world, file) }));
  return world.map((file) =>
    open.includes(file) ? withTold(door, file, door.filesBeside(besides, besides.find((b) => b.view === viewOf(file))!)) : viewOf(file).files.length === 0 || !isUnderWay(viewOf(file)) ? file : withTold(door, file, []),
  ); // prettier-ignore
}
function withTold(door: Door, file: File, others: readonly CaseView[]): File {
  const told = door.filesToTell(viewOf(file), others).map(({ type, data, label }): DomainEvent => {
    const id = uuidOf(`file ${file.caseId} ${data.fileId} ${label}`);
    return {
        id, type, schemaVersion: 1, data, personId: file.personId, actor: party('OPERATOR'), recordedBy: null, evidence: null, occurredOn: file.today,
        recordedAt: `${file.today}T10:00:00.000Z` as Instant, commandId: id, causationId: null, correlationId: id, source: 'doublons', legalBasis: null, consentId: null,
        irregularities: [], corrects: null,
      }; // prettier-ignore
  });
  return told.length === 0 ? file : grown(file, told);
}

/** Why somebody is no part of the case. */
export const KINDS = ['stranger', 'former', 'beneficiary', 'employer'] as const;
export type Kind = (typeof KINDS)[number];
export interface Actor {
  readonly kind: Kind;
  readonly party: Party;
}
/** Somebody of each role who takes no part and is not named; whoever took part, or is named by an accord or by what was sent. */
function actorsBeside(known: File): Actor[] {
  const v = viewOf(known);
  const outside = VIEWERS.filter((p) => !takesPart(v, p.organisation!, known.today));
  const former = (p: Party): boolean => known.events.some((e) => isOwn(e, viewerOf(p)));
  const named = (p: Party): boolean =>
    v.participations.some((x) => x.organisation === p.organisation) ||
    v.handshakes.some((h) => h.to.organisation === p.organisation) ||
    v.consents.some((c) => c.recipient === p.organisation || (c.recipient === undefined && c.recipientRole === p.role));
  const kindOf = (p: Party): Kind =>
    former(p) ? 'former' : named(p) ? 'beneficiary' : p.role === 'EMPLOYER' ? 'employer' : 'stranger';
  const all = outside
    .filter(({ role }) => CASE_WORKERS.includes(role) || role === 'EMPLOYER')
    .map((p) => ({ party: p, kind: kindOf(p) }));
  const firstOfRole = ({ party: p, kind }: Actor): boolean =>
    all.find((a) => a.kind === kind && a.party.role === p.role)?.party === p;
  return all.filter((a) => a.kind === 'former' || firstOfRole(a));
}
/** The log as it was when an organisation last took part: nothing that came after it may show in what it is answered. */
function cutFor(known: File, organisation: string): File {
  let length = known.events.length;
  const tookPart = (n: number): boolean =>
    takesPart(viewOf({ ...known, events: known.events.slice(0, n) }), organisation, known.today);
  const isTheirs = (e: RecordedEvent): boolean => e.actor.organisation === organisation || e.recordedBy?.organisation === organisation; // prettier-ignore
  while (length > 1 && !isTheirs(known.events[length - 1]!) && !tookPart(length - 1)) length--;
  return { ...known, events: known.events.slice(0, length) };
}

const BOUNDS: Bounds = { ...ANYTHING, types: ['formation'], targets: [AS, CAP] };
const triedOnce = once<File, readonly Deed[]>();
const deedsOn = (file: File, by: Party): readonly Deed[] =>
  triedOnce(file, nameOf(by), () => tried(viewOf(file), file.today, by, BOUNDS));
const openedOnce = once<File, readonly Deed[]>();
/** Those that open a file; somebody moved to whoever signals, and is its own by law. */
const openingsOf = (by: Party, today: LocalDate): readonly Deed[] =>
  openedOnce(emptyFile('none', 'none', today), nameOf(by), () => {
    const opening = deedsOn(emptyFile('none', 'none', today), by).filter((d) => actOfCommand(d.command)?.opens);
    const moved = opening.filter((d) => d.command === 'record-signal').map((d) => ({ ...d, data: { origin: 'moved' } }));
    return [...opening, ...moved];
  });

/** Everything that somebody could try. @param mostFiles no more are opened */
function* triesOf(door: Door, world: World, by: Party, today: LocalDate, mostFiles: number): Generator<Try> {
  const files = world.filter((f) => f.caseId !== CASE);
  const own = files.filter((f) => f.events[0]?.actor.organisation === by.organisation);
  if (files.length < mostFiles)
    for (const deed of openingsOf(by, today))
      for (const told of Object.keys(TOLD) as (keyof typeof TOLD)[]) yield { kind: 'open', deed, told };
  const known = world.filter((f) => f.caseId === CASE);
  for (const file of [...known, ...own]) {
    for (const deed of deedsOn(file, by)) yield { kind: 'act', deed, caseId: file.caseId };
    for (const event of guarded(door, file, by)?.visible ?? [])
      if (!event.corrects && isOwn(event, viewerOf(by))) {
        const common = { kind: 'correct', by, caseId: file.caseId, event } as const;
        yield common;
        const whole = file.events.find(({ id }) => id === event.id)!.data;
        for (const data of event.type === 'PersonIdentified' ? IDENTITIES : [whole]) yield { ...common, data };
      }
  }
  if (CASE_WORKERS.includes(by.role))
    for (const { caseId } of known)
      for (const file of files) {
        yield { kind: 'pair', by, caseId, otherCaseId: file.caseId };
        yield { kind: 'pair', by, caseId: file.caseId, otherCaseId: caseId };
      }
}

/** The lines that a stranger's file makes: whoever answers for the case lets it in or leaves it apart. */
const LINES: readonly string[] = ['file-to-let-in', 'change-to-confirm', 'two-leads'];
const isWaiting = (e: DomainEvent): boolean => actOfType(e.corrects?.type ?? e.type)?.zone === 'waiting';
const asTold = (file: File): string => JSON.stringify(file.events.map(({ personId: _, revision: _r, position: _p, ...e }) => e)); // prettier-ignore
interface Fault {
  readonly code: string;
  readonly what: string;
}

/**
 * What those at home see and owe  of a case that is another than it was, and what others read of it though they have no part.
 * @param first before any stranger came
 * @param before the same, with what those who left have corrected since of their own facts
 */
function faultsIn(door: Door, first: File, before: File, now: File): Fault[] {
  const faults: Fault[] = [];
  const fault = (code: string, what: string): void => void faults.push({ code, what });
  const [was, is] = [viewOf(before), viewOf(now)];
  const { today } = now;
  for (const p of VIEWERS) {
    const viewer = viewerOf(p);
    const [start, a, b] = [first, before, now].map((f) => door.reading(f.caseId, f.events, viewOf(f), viewer, today));
    if (!start?.live) {
      if (b?.live) fault('stranger.inside', `${nameOf(p)} n’a pas part au dossier, et y est.`);
      const foreign = b?.visible.filter((e) => !isOwn(e, viewer)) ?? [];
      if (foreign.length > 0)
        fault('stranger.reads', `${nameOf(p)} lit du dossier ce que d’autres ont dit : ${[...new Set(foreign.map((e) => e.type))].join(', ')}.`); // prettier-ignore
    }
    const seen = [a, b].map(
      (r) => new Map((r?.visible ?? []).map((e) => [JSON.stringify({ ...e, revision: 0, position: '' }), e])),
    );
    const changed = [...seen[1]!].filter(([key, e]) => !seen[0]!.has(key) && !isWaiting(e)).map(([, e]) => e.type);
    const gone = [...seen[0]!].filter(([key]) => !seen[1]!.has(key)).map(([, e]) => e.type);
    if (start?.live && (changed.length > 0 || gone.length > 0))
      fault('others.see', `${nameOf(p)} ne voit plus le même dossier : ${[...changed.map((x) => `+ ${x}`), ...gone.map((x) => `− ${x}`)].join(', ')}.`); // prettier-ignore
    if (b?.visible.some((e) => isWaiting(e) && e.data['formerSpst'] !== viewer.organisation) && !answersFor(is, viewer))
      fault('others.told', `${nameOf(p)} ne répond pas du dossier, et apprend qu’un autre suit la personne.`);
  }
  const rest = ({ files: _, toldUntil: _t, ...view }: CaseView): string => unnumbered(view);
  if (rest(was) !== rest(is)) fault('others.case', 'Le dossier n’est plus le même.');
  const owedIn = (f: File) => obligations(viewOf(f), DELAYS, knownOn(f.events), viewOf(f)).filter(isNoLine);
  const rowsIn = (f: File) => door.rows(f.events).filter((r) => r.validTo > today);
  for (const o of differing(owedIn(before), owedIn(now))) fault('others.owe', `Une échéance n’est plus la même : ${o}.`);
  for (const r of differing(rowsIn(before).filter(isNoLine), rowsIn(now).filter(isNoLine)))
    fault('others.list', `Une liste n’est plus la même : ${r}.`);
  for (const { organisation, role, rule, subject, validFrom } of rowsIn(now).filter((r) => !isNoLine(r))) {
    const then = deriveCase(now.caseId, now.events, actOfType, validFrom > today ? validFrom : today);
    // The service whose place a file claims is asked too.
    const asked = rule === 'change-to-confirm' && then.files.some((f) => f.fileId === subject && f.formerSpst === organisation);
    if (!asked && !answersFor(then, { organisation, role })) fault('others.told', `${organisation} (${role}) ne répond pas du dossier, et a « ${rule} » dans sa liste.`); // prettier-ignore
  }
  return faults;
}
/** Places in the log are not told to anybody. */
const unnumbered = (of: object): string => JSON.stringify(of, (key, value: unknown) => (key === 'revision' || key === 'told' ? undefined : value)); // prettier-ignore
interface Owed {
  readonly rule: string;
  readonly organisation: string;
  readonly role: Role;
}
const isNoLine = ({ rule }: Owed): boolean => !LINES.includes(rule);
/** What one has and the other has not, in words. */
function differing(a: readonly Owed[], b: readonly Owed[]): string[] {
  const [one, other] = [a, b].map(
    (all) => new Map(all.map((o) => [unnumbered(o), `« ${o.rule || 'dossier'} » chez ${o.organisation} (${o.role})`])),
  );
  const lacking = (of: Map<string, string>, among: Map<string, string>): string[] => [...of].flatMap(([key, words]) => (among.has(key) ? [] : [words])); // prettier-ignore
  return [...lacking(one!, other!).map((x) => `− ${x}`), ...lacking(other!, one!).map((x) => `+ ${x}`)];
}

/** What strangers have come to. */
interface Node {
  readonly world: World;
  /** What there would be without the case, or with as much of it as whoever left it knows. */
  readonly twins: ReadonlyMap<string, World>;
  /** The case as it was, with what those who left it corrected of their own facts. */
  readonly before: File;
  readonly steps: readonly Step[];
}
const NOBODY = '';
const knownIn = (world: World): File => world.find((f) => f.caseId === CASE)!;

const sketchedOnce = once<File, readonly unknown[]>();
/**
 * What of it decides how it can go on: what the case is told of each file, and what its author can do with it. Beside another file it is no
 * matter any more who its author is.
 */
function sketchOf({ world, before }: Node): string {
  const { person } = viewOf(knownIn(world));
  const besides = world.filter((f) => f.caseId !== CASE);
  const files = besides.map((f) =>
    sketchedOnce(f, `${idOf(person)} ${besides.length > 1}`, () => {
      const v = viewOf(f);
      const author = [v.openedBy!.role, f.events.find((e) => actOfType(e.type)?.opens)?.type];
      const effect = [v.status, bears(f), contradictions(v.person, person), v.signals[0]?.origin === 'moved', v.caisse === v.openedBy!.organisation]; // prettier-ignore
      return besides.length > 1 ? effect : [...effect, ...author];
    }),
  );
  return JSON.stringify([toldOf(knownIn(world)), correctedIn(before), files]);
}
/** What a case was told of other files, whoever opened them, and what those who left it have corrected. */
const toldOf = (known: File): unknown[] => viewOf(known).files.map((f) => [f.claim, f.formerSpst, f.doubt, f.differs, f.supportedOn !== undefined, f.end?.kind]); // prettier-ignore
const correctedIn = ({ events }: File): unknown[] =>
  [...new Map(events.flatMap((e) => (e.corrects ? [[e.corrects.event, e.data]] : [])))].sort();

/** The last state of a path as a case that is known: somebody in it has told the number. */
function knownCase(path: readonly Step[]): File {
  const { events, today } = path.at(-1)!.state;
  const [first, ...others] = events;
  const identified = { ...first!, id: uuidOf('identified'), type: 'PersonIdentified', data: IDENTITIES[0]!, actor: CPAM, recordedBy: null, evidence: null, irregularities: [] }; // prettier-ignore
  return { caseId: CASE, personId: first!.personId!, today, events: recorded([first!, identified, ...others]) };
}

export interface Reach {
  /** How many acts of strangers one after the other. */
  readonly depth: number;
  /** How many files at once. */
  readonly files: number;
  /** After the first act it is its author again, or another one of each kind. */
  readonly lean?: boolean;
}
export interface FoundBeside {
  /** Acts tried. */
  readonly tried: number;
  readonly states: number;
  readonly by: Readonly<Partial<Record<Kind, number>>>;
  readonly gaps: readonly FoundGap[];
}
/** All that strangers can do beside a case that was reached, one act after the other. */
export function beside(given: Door, path: readonly Step[], reach: Reach, isLate: () => boolean = () => false): FoundBeside {
  const door = remembering(given);
  const first = knownCase(path);
  const actors = actorsBeside(first);
  const formers = new Set(actors.filter((a) => a.kind === 'former').map((a) => a.party.organisation!));
  const twins = new Map<string, World>([[NOBODY, []], ...[...formers].map((o): [string, World] => [o, [cutFor(first, o)]])]);
  const root: Node = { world: [first], twins, before: first, steps: path };
  const gaps: FoundGap[] = faultsIn(door, first, first, first).map((f) => ({ ...f, path }));
  const checked = new Map<string, readonly Fault[]>();
  const by: Partial<Record<Kind, number>> = {};
  const queue: Node[] = [root];
  const seen = new Set([sketchOf(root)]);
  let count = 0;
  for (let i = 0; i < queue.length && !isLate(); i++) {
    const node = queue[i]!;
    const depth = node.steps.length - path.length;
    if (depth === reach.depth) break;
    for (const { party: actor, kind } of reach.lean && depth > 0 ? leanOf(actors, node) : actors)
      for (const x of triesOf(door, node.world, actor, first.today, reach.files)) {
        count++;
        by[kind] = (by[kind] ?? 0) + 1;
        const { next, faults } = went(door, first, node, x, formers, checked);
        if (faults.length > 0) gaps.push(...faults.map((f) => ({ ...f, path: [...next.steps, stepOf(x, knownIn(next.world))] })));
        if (faults.length > 0 || next.world === node.world || depth + 1 === reach.depth) continue;
        const key = sketchOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push({ ...next, steps: [...next.steps, stepOf(x, knownIn(next.world))] });
      }
  }
  return { tried: count, states: seen.size, by, gaps };
}

/** Those whose files are open, whoever acted last, and one more of each kind. */
function leanOf(actors: readonly Actor[], { world, steps }: Node): readonly Actor[] {
  const { by, recordedBy = by } = steps.at(-1)!.deed!;
  const authors = [recordedBy, ...world.filter((f) => f.caseId !== CASE).map((f) => viewOf(f).openedBy!)];
  const isAuthor = ({ party: p }: Actor): boolean => authors.some((a) => nameOf(a) === nameOf(p));
  const isOther = ({ party: p }: Actor): boolean => authors.every((a) => a.organisation !== p.organisation);
  return actors.filter((a) => isAuthor(a) || a === actors.find((x) => x.kind === a.kind && isOther(x)));
}

/** One act further, in every world. */
function went(
  door: Door,
  first: File,
  node: Node,
  x: Try,
  formers: ReadonlySet<string>,
  checked: Map<string, readonly Fault[]>,
): { next: Node; faults: Fault[] } {
  const by = triedBy(x);
  const twinOf = formers.has(by.organisation!) ? by.organisation! : NOBODY;
  const outcome = attempt(door, node.world, x, first.today);
  const done = outcome.world !== node.world;
  const world = done ? followed(door, outcome.world) : node.world;
  // Where nothing is done here, nothing is there: its answer would be another one.
  const twins = new Map([...node.twins].map(([of, twin]) => (done || of === twinOf ? [of, attempt(door, twin, x, first.today)] : [of, { answer: '', world: twin }]))); // prettier-ignore
  const twin = twins.get(twinOf)!;
  const after = new Map([...twins].map(([of, t]) => [of, done ? followed(door, t.world) : t.world]));
  const known = knownIn(world);
  const added = known.events.slice(knownIn(node.world).events.length).filter((e) => !isWaiting(e));
  const own = added.filter((e) => isOwnCorrection(e, node.before, viewerOf(by)));
  const before = own.length > 0 ? grown(node.before, own) : node.before;
  const next: Node = { world, twins: after, before, steps: node.steps };
  const faults: Fault[] = [];
  if (added.length > own.length)
    faults.push({ code: 'stranger.writes', what: `${nameOf(by)} n’a pas part au dossier, et y écrit : ${added.map((e) => e.type).join(', ')}.` }); // prettier-ignore
  if (x.kind === 'pair' && outcome.answer === 'admis')
    faults.push({ code: 'stranger.joins', what: `${nameOf(by)} n’a pas part au dossier, et le réunit au sien.` });
  if (outcome.answer !== twin.answer)
    faults.push({ code: 'stranger.answer', what: `${nameOf(by)} apprend quelque chose de la réponse : « ${outcome.answer} », au lieu de « ${twin.answer} ».` }); // prettier-ignore
  else if (done) {
    const [here, there] = [world, after.get(twinOf)!].map((w) => w.filter((f) => f.caseId !== CASE));
    const differs = here!.length !== there!.length || here!.some((f, i) => f !== there![i] && asTold(f) !== asTold(there![i]!)); // prettier-ignore
    if (here!.some((f) => f.personId === known.personId) && !VOID.includes(viewOf(known).status))
      faults.push({ code: 'stranger.person', what: `${nameOf(by)} n’a pas part au dossier, et en ouvre la suite.` });
    if (differs)
      faults.push({ code: 'stranger.file', what: `Le dossier de ${nameOf(by)} n’est pas celui d’une personne inconnue.` });
  }
  if (done) {
    const key = JSON.stringify([toldOf(known), added.map((e) => e.data), correctedIn(before)]);
    if (!checked.has(key)) checked.set(key, faultsIn(door, first, before, known));
    faults.push(...checked.get(key)!);
  }
  return { next, faults };
}
/** Whoever has left a case goes on correcting what it told there, and nothing else (ADR 0020). */
function isOwnCorrection(e: RecordedEvent, before: File, viewer: Viewer): boolean {
  const target = before.events.find(({ id }) => id === e.corrects?.event);
  return target !== undefined && isOwn(target, viewer) && isOwn(e, viewer);
}

/** As a step of a path, for people to read. */
function stepOf(x: Try, known: File): Step {
  const state = { events: known.events, today: known.today };
  const where = (caseId: string): string => (caseId === CASE ? 'dans le dossier' : 'dans le sien');
  switch (x.kind) {
    case 'open':
      return { deed: x.deed, state, note: `avec ${x.told}` };
    case 'act':
      return { deed: x.deed, state, note: where(x.caseId) };
    case 'correct':
      return { deed: { command: x.data ? 'correct' : 'withdraw', data: {}, by: x.by }, state, note: `${actOfType(x.event.type)?.label.fr}, ${where(x.caseId)}` }; // prettier-ignore
    case 'pair':
      return { deed: { command: 'join-cases', data: {}, by: x.by }, state, note: `${where(x.caseId)}, avec l’autre` };
    default:
      return x satisfies never;
  }
}
