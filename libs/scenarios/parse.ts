import { isLocalDate, type LocalDate } from '../domain/kernel/local-date.js';
import { EVIDENCE_KINDS, type Evidence, type Role, ROLE_CODES } from '../domain/kernel/roles.js';
import { isMap, isScalar } from 'yaml';
import { isReference, readData } from './data.js';
import { type Located, Reader } from './reader.js';
import {
  type ActOfCommand,
  type Expectations,
  type KnownAct,
  type Partner,
  type PersonOfStory,
  type Scenario,
  type Sight,
  type Step,
  type Who,
} from './scenario.js';
import { isKnownSight } from './sights.js';

/** What a file may choose where the source says nothing. Never an act, an actor, an opinion or an accord. */
const CHOOSABLE = ['date', 'nom'];

/**
 * Reads a history. `actOf` is the registry of acts, against which every step is checked.
 * @throws ScenarioErrors with every fault and its line
 */
export function parseScenario(text: string, file: string, actOf: ActOfCommand): Scenario {
  const reader = new Reader(text, file);
  const top = reader.entries(reader.root, ['histoire', 'source', 'partenaires', 'caisse', 'personne', 'personnes', 'étapes']);
  const partners = readPartners(reader, reader.required(top, 'partenaires', 1));
  const caisse = reader.requiredText(top, 'caisse', 1);
  if (caisse && !partners.some((p) => p.id === caisse))
    reader.fail(top.get('caisse')?.line ?? 1, `partenaire inconnu : « ${caisse} »`);
  const persons = readPersons(reader, top);
  const steps = new StepReader(reader, partners, [...persons.keys()], actOf).all(reader.required(top, 'étapes', 1));
  const scenario = {
    file,
    title: reader.requiredText(top, 'histoire', 1),
    source: reader.requiredText(top, 'source', 1),
    partners,
    caisse,
    persons,
    steps,
  };
  reader.end();
  return scenario;
}

function readPartners(reader: Reader, at: Located | undefined): Partner[] {
  if (!at) return [];
  return [...reader.entries(at)].map(([id, value]) => {
    const map = reader.entries(value, ['nom', 'rôles', 'territoire', 'codeSpst', 'siret', 'choisi']);
    readChosen(reader, map.get('choisi'));
    const spstCode = map.get('codeSpst');
    const siret = map.get('siret');
    return {
      id,
      name: reader.requiredText(map, 'nom', value.line),
      roles: reader
        .items(reader.required(map, 'rôles', value.line))
        .map((role) => readRole(reader, reader.text(role), role.line)),
      territory: reader.requiredText(map, 'territoire', value.line),
      ...(spstCode && { spstCode: reader.text(spstCode) }),
      ...(siret && { siret: reader.text(siret) }),
    };
  });
}

/** `personne`, or `personnes`, each under a key of its own. */
function readPersons(reader: Reader, top: Map<string, Located>): Map<string, PersonOfStory> {
  const several = top.get('personnes');
  if (several && top.has('personne')) reader.fail(several.line, '« personne » ou « personnes », pas les deux');
  if (several) return new Map([...reader.entries(several)].map(([key, at]) => [key, readPerson(reader, at)]));
  return new Map([[ALONE, readPerson(reader, reader.required(top, 'personne', 1))]]);
}
const ALONE = 'personne';

function readPerson(reader: Reader, at: Located | undefined): PersonOfStory {
  const map = at ? reader.entries(at, ['nom', 'prénoms', 'naissance', 'sexe', 'nir', 'choisi']) : new Map<string, Located>();
  const line = at?.line ?? 1;
  readChosen(reader, map.get('choisi'));
  const sex = map.get('sexe') ? reader.text(map.get('sexe')!) : undefined;
  if (sex !== undefined && sex !== 'F' && sex !== 'M') reader.fail(map.get('sexe')!.line, 'sexe : F ou M');
  const nir = map.get('nir');
  return {
    familyName: reader.requiredText(map, 'nom', line),
    givenNames: reader.requiredText(map, 'prénoms', line),
    birthDate: readDate(reader, reader.required(map, 'naissance', line)),
    ...(sex !== undefined && { sex: sex as 'F' | 'M' }),
    ...(nir && { nir: reader.text(nir) }),
  };
}

function readChosen(reader: Reader, at: Located | undefined): void {
  for (const item of reader.items(at)) {
    const what = reader.text(item);
    if (!CHOOSABLE.includes(what))
      reader.fail(
        item.line,
        `« choisi » : seuls une date ou un nom se choisissent, jamais un acte, un acteur, un avis ni un accord (« ${what} »)`,
      );
  }
}
function readDate(reader: Reader, at: Located | undefined): LocalDate {
  const value = at && reader.scalar(at);
  if (isLocalDate(value)) return value;
  if (at) reader.fail(at.line, `date AAAA-MM-JJ attendue, et non « ${String(value)} »`);
  return '1900-01-01' as LocalDate;
}
function readRole(reader: Reader, role: string, line: number): Role {
  if (!(ROLE_CODES as readonly string[]).includes(role))
    reader.fail(line, `rôle inconnu : « ${role} » (attendu : ${ROLE_CODES.join(', ')})`);
  return role as Role;
}

class StepReader {
  private readonly things = new Set<string>();
  private readonly opened = new Set<string>();
  private lastRecorded = '0';

  constructor(
    private readonly reader: Reader,
    private readonly partners: readonly Partner[],
    private readonly persons: readonly string[],
    private readonly actOf: ActOfCommand,
  ) {
    // A case is referred to by the key of its person.
    for (const key of persons) this.things.add(key);
  }

  all(at: Located | undefined): Step[] {
    return this.reader.items(at).flatMap((item, i) => this.step(item, i + 1) ?? []);
  }

  private step(at: Located, number: number): Step | undefined {
    const { reader } = this;
    const map = reader.entries(at, [
      'dit',
      'le',
      'enregistré',
      'qui',
      'attesté par',
      'preuve',
      'réuni par',
      'fait',
      'dossier',
      'avec',
      'nommé',
      'choisi',
      'attend',
    ]);
    readChosen(reader, map.get('choisi'));
    const on = readDate(reader, reader.required(map, 'le', at.line));
    const recordedOn = map.has('enregistré') ? readDate(reader, map.get('enregistré')) : on;
    this.order(on, recordedOn, map.get('enregistré')?.line ?? map.get('le')?.line ?? at.line);

    const actor = this.who(reader.required(map, 'qui', at.line));
    const recorder = map.has('attesté par') ? this.who(map.get('attesté par')) : undefined;
    const evidence = this.evidence(map.get('preuve'));
    if ((recorder === undefined) !== (evidence === undefined))
      reader.fail(at.line, '« attesté par » et « preuve » vont ensemble');
    if (actor && actor.organisation === null && !recorder)
      reader.fail(at.line, 'qui n’a pas de compte n’enregistre pas : il faut « attesté par » et « preuve »');
    if (recorder && recorder.organisation === null)
      reader.fail(map.get('attesté par')!.line, 'qui atteste a un compte : nommer un partenaire');

    const command = reader.requiredText(map, 'fait', at.line);
    const act = this.actOf(command);
    if (command && !act) reader.fail(map.get('fait')!.line, `acte inconnu : « ${command} »`);
    const dossier = this.dossier(map.get('dossier'), act, map.get('fait')?.line ?? at.line);
    if (act?.path !== undefined && recorder) reader.fail(at.line, `« ${command} » ne s’atteste pas : qui agit l’enregistre`);
    if (act && act.path === undefined && dossier !== undefined && !this.opened.has(dossier)) {
      if (!act.opens) reader.fail(map.get('fait')!.line, `« ${command} » ne peut pas ouvrir un dossier`);
      this.opened.add(dossier);
    }
    const joiner = map.has('réuni par') ? this.who(map.get('réuni par')) : undefined;
    if (joiner && (!act?.opens || joiner.organisation === null))
      reader.fail(
        map.get('réuni par')!.line,
        'un partenaire réunit le dossier qu’ouvre un signalement, une orientation ou une transmission',
      );
    const expects = this.expectations(map.get('attend'), at.line);
    const known = { partners: new Set(this.partners.map((p) => p.id)), things: new Set(this.things) };
    const names = act ? this.names(map.get('nommé'), act.fields, expects.refusal !== undefined) : {};
    const data = act ? readData(reader, map.get('avec'), at.line, act.fields, known, Object.keys(names)) : {};
    if (!act || !actor) return undefined;
    const says = map.get('dit');
    return {
      number, line: at.line, on, recordedOn, actor, act: { ...act, command }, data, names, expects, ...(dossier !== undefined && { dossier }),
      ...(says && { says: reader.text(says) }), ...(recorder && { recorder }), ...(evidence && { evidence }), ...(joiner && { joiner }),
    }; // prettier-ignore
  }

  /** Whose case it is: the only person's, when there is one; of what is beside the cases none, unless it is said. */
  private dossier(at: Located | undefined, act: KnownAct | undefined, line: number): string | undefined {
    if (!at) {
      if (act?.path !== undefined) return undefined;
      if (this.persons.length > 1) this.reader.fail(line, `« dossier » : dire de qui (${this.persons.join(', ')})`);
      return this.persons[0];
    }
    const key = this.reader.text(at);
    if (!this.persons.includes(key)) this.reader.fail(at.line, `personne inconnue : « ${key} »`);
    return key;
  }

  private order(on: LocalDate, recordedOn: LocalDate, line: number): void {
    if (recordedOn < on) this.reader.fail(line, `« enregistré » (${recordedOn}) précède le fait (${on})`);
    if (recordedOn < this.lastRecorded)
      this.reader.fail(
        line,
        `enregistré le ${recordedOn}, avant l’étape précédente (${this.lastRecorded}) : dire par « enregistré » quand on l’a su`,
      );
    this.lastRecorded = recordedOn;
  }

  /** `cpam-39`, `cpam-39 MC`, or a role alone for somebody without account: `MTR`. */
  private who(at: Located | undefined, words = at && this.reader.text(at)): Who | undefined {
    if (!at || !words) return undefined;
    const [first = '', second] = words.split(/\s+/);
    const partner = this.partners.find((p) => p.id === first);
    if (!partner) {
      if (second === undefined && (ROLE_CODES as readonly string[]).includes(first))
        return { organisation: null, role: first as Role };
      return this.reader.fail(at.line, `partenaire inconnu : « ${first} »`);
    }
    const role = second ?? (partner.roles.length === 1 ? partner.roles[0] : undefined);
    if (role === undefined)
      return this.reader.fail(at.line, `dire dans quel rôle agit « ${first} » : ${partner.roles.join(', ')}`);
    if (!(partner.roles as readonly string[]).includes(role))
      return this.reader.fail(at.line, `« ${first} » n’a pas le rôle ${role}`);
    return { organisation: partner.id, role: role as Role };
  }

  private evidence(at: Located | undefined): Evidence['kind'] | undefined {
    if (!at) return undefined;
    const kind = this.reader.text(at);
    if (!(EVIDENCE_KINDS as readonly string[]).includes(kind))
      this.reader.fail(at.line, `preuve inconnue : « ${kind} » (attendu : ${EVIDENCE_KINDS.join(', ')})`);
    return kind as Evidence['kind'];
  }

  /**
   * `nommé: essai-1` when the act makes one thing, else `nommé: { transmissionId: envoi, leaveId: arrêt }`. The field may also be a mere
   * reference: an accord to a measure that nobody asked for in this file.
   */
  private names(at: Located | undefined, fields: Step['act']['fields'], refused: boolean): Record<string, string> {
    if (!at) return {};
    const makes = Object.keys(fields).filter((name) => fields[name]?.kind === 'newId');
    const nameable = Object.keys(fields).filter((name) => makes.includes(name) || isReference(fields[name]));
    const named = isMap(at.node)
      ? [...this.reader.entries(at, nameable)].map(([field, value]) => [field, this.reader.text(value), value.line] as const)
      : [[makes[0] ?? '', this.reader.text(at), at.line] as const];
    if (isScalar(at.node) && makes.length !== 1)
      this.reader.fail(
        at.line,
        makes.length
          ? `cet acte crée plusieurs choses : nommer par champ (${makes.join(', ')})`
          : 'cet acte ne crée rien qui se nomme',
      );
    if (refused) this.reader.fail(at.line, 'une étape refusée ne crée rien qui se nomme');
    for (const [, name, line] of named) {
      if (this.things.has(name)) this.reader.fail(line, `nom déjà donné : « ${name} »`);
      this.things.add(name);
    }
    return Object.fromEntries(named.map(([field, name]) => [field, name]));
  }

  private expectations(at: Located | undefined, line: number): Expectations {
    const { reader } = this;
    if (!at) return { irregularities: [], sights: [], line };
    const map = reader.entries(at, ['refus', 'irrégularités', 'à qui le tour', 'statut', 'voit', 'ne voit pas']);
    const refusal = map.get('refus');
    const turn = map.get('à qui le tour');
    const status = map.get('statut');
    return {
      line: at.line,
      irregularities: reader.texts(map.get('irrégularités')),
      sights: [...this.sights(map.get('voit'), true), ...this.sights(map.get('ne voit pas'), false)],
      ...(refusal && { refusal: reader.text(refusal) }),
      ...(turn && { turn: this.turn(turn) }),
      ...(status && { status: reader.text(status) }),
    };
  }
  private turn(at: Located): string | null {
    const key = this.reader.text(at);
    if (key === 'personne') return null;
    if (!this.partners.some((p) => p.id === key)) this.reader.fail(at.line, `partenaire inconnu : « ${key} »`);
    return key;
  }
  private sights(at: Located | undefined, visible: boolean): Sight[] {
    if (!at) return [];
    return [...this.reader.entries(at)].flatMap(([key, list]) => {
      const who = this.who(list, key);
      return this.reader.items(list).flatMap((item) => {
        const what = this.reader.text(item);
        if (!isKnownSight(what)) this.reader.fail(item.line, `« ${what} » : un mot du dossier ou « tâche … » est attendu`);
        return who ? [{ who, what, visible, line: item.line }] : [];
      });
    });
  }
}
