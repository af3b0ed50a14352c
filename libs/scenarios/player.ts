import { createHash, randomInt, randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Door, type Listed, type Noted, type Story, type When } from './door.js';
import { httpDoor } from './http-door.js';
import { isReference, resolve } from './data.js';
import { type PersonOfStory, type Scenario, type Step, type Who } from './scenario.js';
import { sees } from './sights.js';

export interface Telling {
  /** Receives each line of the account. */
  readonly print: (line: string) => void;
  /** Only do the steps: nobody's lists are read, and only refusals and irregularities are held against the file. */
  readonly blind?: boolean;
  /** As the story of somebody else each time; otherwise what was played before is found again, and nothing new is done. */
  readonly anew?: boolean;
}
export interface PlayOptions extends Telling {
  /** Root of the API, `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
}
export interface Mismatch {
  readonly file: string;
  readonly line: number;
  readonly expected: string;
  readonly got: string;
}
export interface PlayResult {
  /** Steps that went as the file expects. */
  readonly played: number;
  /** Undefined when no step opened one. */
  readonly caseId?: string;
  readonly failure?: Mismatch;
  /** 0 when every step did, else 1. */
  readonly exitCode: 0 | 1;
}

/** Plays a history through the public API, in order, and stops at the first step whose outcome differs from what the file expects. */
export const playScenario = (scenario: Scenario, { baseUrl, ...telling }: PlayOptions): Promise<PlayResult> =>
  playAt(scenario, httpDoor(baseUrl), telling);

/** The same, through any door. */
export async function playAt(scenario: Scenario, door: Door, { print, blind, anew }: Telling): Promise<PlayResult> {
  print(`« ${scenario.title} » — ${scenario.source}`);
  const name = `${basename(scenario.file)}${anew ? `@${randomUUID()}` : ''}`;
  const persons = new Map([...scenario.persons].map(([key, person]) => [key, anew ? somebodyElse(person) : person]));
  const ids = new Map<string, string>();
  const stories = new Map<string, Told>();
  const first = scenario.steps[0];
  if (first) for (const partner of scenario.partners) await door.register(partner, { day: first.recordedOn, step: 0 });
  const caseId = (): string | undefined => [...stories.values()][0]?.story?.caseId;

  for (const step of scenario.steps) {
    const when: When = { day: step.recordedOn, step: step.number };
    print('');
    print(sentence(step, persons.size > 1));
    const spokenOf = Object.entries(step.names).filter(([field]) => isReference(step.act.fields[field]));
    for (const [, thing] of spokenOf) ids.set(thing, uuidOf(`${name}#${thing}`));
    const data = resolve({ ...step.data, ...Object.fromEntries(spokenOf) }, step.act.fields, ids);
    const idempotencyKey = encodeURI(`${name}#${step.number}`);
    const told: Told | undefined =
      step.dossier === undefined ? undefined : (stories.get(step.dossier) ?? { known: new Set(), wentOn: false });
    const asked = { step, data, idempotencyKey, when };
    const answer = await (step.act.path === undefined ? perform(asked, told!) : door.note(asked));
    if (answer.kind !== 'refused')
      for (const [field, thing] of Object.entries(step.names))
        if (answer.ids[field] !== undefined) ids.set(thing, answer.ids[field]);
    print(`   ${outcome(answer)}`);
    if (told?.wentOn) print('   déjà joué : le dossier est allé plus loin');
    const looked = told?.story !== undefined && !told.wentOn && !blind;
    const failure = unexpected(scenario, step, answer) ?? (looked ? await lookAt(step, told.story!, when) : undefined);
    if (failure) {
      print(`✗ ${failure.file}:${failure.line} attendu : ${failure.expected} ; obtenu : ${failure.got}`);
      return { played: step.number - 1, failure, exitCode: 1, ...(caseId() && { caseId: caseId()! }) };
    }
  }
  print('');
  print(`✓ ${scenario.steps.length} étapes jouées comme le fichier l’attend.`);
  return { played: scenario.steps.length, exitCode: 0, ...(caseId() && { caseId: caseId()! }) };

  async function perform(asked: Parameters<Door['note']>[0], told: Told): Promise<Answer> {
    const { step } = asked;
    const caller = step.recorder ?? step.actor;
    const knowsIt = !step.act.opens || told.known.has(caller.organisation);
    const story = told.story && knowsIt ? { story: told.story } : {};
    const answer = await door.perform({ ...asked, person: persons.get(step.dossier!)!, caisse: scenario.caisse, ...story });
    told.known.add(caller.organisation);
    if (answer.kind === 'recorded') {
      const known = told.story?.caseId;
      // Whoever comes from outside opens a file of its own; the story goes on in the case that lets it in.
      const letIn = step.joiner !== undefined && known !== undefined && known !== answer.caseId;
      if (letIn)
        await door.join({ by: step.joiner, openedBy: caller, caseId: known, fileId: answer.caseId, idempotencyKey: `${asked.idempotencyKey}+join`, when: asked.when }); // prettier-ignore
      told.story = { caseId: letIn ? known : answer.caseId, cursor: answer.cursor };
      // In a story told anew only the watch of a running instance can have gone further.
      told.wentOn = !anew && answer.wentOn;
      stories.set(step.dossier!, told);
      ids.set(step.dossier!, told.story.caseId);
    }
    return answer;
  }
  /** What is recorded beside the cases reaches them a moment later. */
  async function lookAt(step: Step, story: Story, when: When): Promise<Mismatch | undefined> {
    const latest = Date.now() + (step.act.path === undefined ? 0 : PATIENCE_MS);
    for (;;) {
      const lines: string[] = [];
      const failure = await look(scenario, step, door, story, when, (line) => lines.push(line));
      if (failure && Date.now() < latest) await pause(100);
      else {
        lines.forEach(print);
        return failure;
      }
    }
  }
}
const PATIENCE_MS = 10_000;

/** How far the story of one person has come. */
interface Told {
  story?: Story;
  readonly known: Set<string | null>;
  wentOn: boolean;
}

/** The same person to the reader, another one to an installation: with a NIR of nobody. */
function somebodyElse({ nir, ...person }: PersonOfStory): PersonOfStory {
  if (nir === undefined) return person;
  const number = `${nir.slice(0, 5)}99${randomInt(101, 1000)}${randomInt(101, 1000)}`;
  return { ...person, nir: number + String(97 - (Number(number) % 97)).padStart(2, '0') };
}

/** The same identifier each time for something that a step speaks of before anybody has made it. */
function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(`fil-rouge/histoires/${name}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
const named = ({ organisation, role }: Who): string => (organisation ? `${organisation} (${role})` : role);
function sentence(step: Step, several: boolean): string {
  const late = step.recordedOn === step.on ? '' : `, enregistré le ${step.recordedOn}`;
  const recorder = step.recorder ? `, attesté par ${named(step.recorder)} (${step.evidence})` : '';
  const of = several && step.dossier ? ` (${step.dossier})` : '';
  const joiner = step.joiner ? `, réuni par ${named(step.joiner)}` : '';
  return `${step.number}. ${step.on}${late}${of} — ${named(step.actor)}${recorder} : ${step.act.label.fr} [${step.act.command}]${step.says ? ` « ${step.says} »` : ''}${joiner}`;
}
const outcome = (answer: Answer | Noted): string =>
  answer.kind === 'refused'
    ? `refusé : ${answer.codes.join(', ')} — ${answer.detail}`
    : answer.kind === 'recorded' && answer.irregularities.length
      ? `enregistré, irrégulier : ${answer.irregularities.join(', ')}`
      : 'enregistré';

/** What the answer itself has that the file does not expect. */
function unexpected({ file }: Scenario, { expects }: Step, answer: Answer | Noted): Mismatch | undefined {
  const wrong = (expected: string): Mismatch => ({ file, line: expects.line, expected, got: outcome(answer) });
  if (expects.refusal !== undefined)
    return answer.kind === 'refused' && answer.codes.includes(expects.refusal) ? undefined : wrong(`refus ${expects.refusal}`);
  if (answer.kind === 'refused') return wrong('accepté');
  const found = answer.kind === 'recorded' ? answer.irregularities : [];
  const [wanted, got] = [expects.irregularities, found].map((codes) => [...new Set(codes)].sort().join(', '));
  return wanted === got ? undefined : wrong(wanted ? `irrégularités ${wanted}` : 'aucune irrégularité');
}

/** After a step: whose move it is, what each partner's lists hold, and whether each sees what the file says. */
async function look(
  { file, caisse, partners }: Scenario,
  { expects }: Step,
  door: Door,
  story: Story,
  when: When,
  print: (line: string) => void,
): Promise<Mismatch | undefined> {
  const differs = (line: number, expected: string, got: string): Mismatch => ({ file, line, expected, got });

  // The caisse answers for the case, so it always takes part, and coordination is open to it.
  const seen = await door.caseFile({ organisation: caisse, role: 'CPAM' }, story, when);
  const turn = (seen?.['whoseMove'] as { organisation?: string } | undefined)?.organisation ?? null;
  const status = String(seen?.['status'] ?? 'inconnu');
  print(`   à qui le tour : ${turn ?? 'personne'} ; statut : ${status}`);
  for (const { id, roles } of partners)
    for (const role of roles) {
      const who = { organisation: id, role };
      print(`   ${named(who)} : ${summary(await door.worklists(who, story, when), story.caseId)}`);
    }

  if (expects.turn !== undefined && expects.turn !== turn)
    return differs(expects.line, `à qui le tour : ${expects.turn ?? 'personne'}`, turn ?? 'personne');
  if (expects.status !== undefined && expects.status !== status)
    return differs(expects.line, `statut : ${expects.status}`, status);
  for (const { who, what, visible: wanted, line } of expects.sights) {
    const visible = sees(what, await door.caseFile(who, story, when), who.role);
    if (visible !== wanted)
      return differs(line, `${named(who)} ${wanted ? 'voit' : 'ne voit pas'} « ${what} »`, visible ? 'visible' : 'invisible');
  }
  return undefined;
}
/** How many lines of each kind, and whether this case is one of them. */
function summary(listed: readonly Listed[], caseId: string): string {
  const labels = [...new Set(listed.map(({ label }) => label))].sort();
  const told = labels.map((label) => {
    const lines = listed.filter((line) => line.label === label);
    const here = lines.filter((line) => line.caseId === caseId);
    const due = here.map((line) => line.due).find((day) => day !== undefined);
    return `${label} × ${lines.length}${here.length ? ` (dont ce dossier${due ? `, pour le ${due}` : ''})` : ''}`;
  });
  return told.join(' ; ') || 'rien';
}
