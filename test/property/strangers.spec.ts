import { partnerView, visibleEvents } from '../../libs/access/visible.js';
import { isUnderWay } from '../../libs/domain/case/files.js';
import { contradictions } from '../../libs/domain/person/traits.js';
import { type Combinations, combinationsIn, merge } from '../proof/explore.js';
import { scopesOf } from '../proof/scopes.js';
import { beside, type Door, DOOR, type FoundBeside, KINDS } from '../proof/strangers.js';
import { inWords, printed, shortest } from '../proof/words.js';
import { AS, CPAM, MT, party, Story } from '../support/story.js';
import { BEGINNING, CASE, PRODUCT, recorded } from '../proof/world.js';

/** `npm run proof -- --deep` goes further, from more states; here is as much as can be shown in a minute, and that a leak would be found. */
const SCOPES = ['signalement', 'transmission', 'accords', 'référent', 'transfert', 'clôture', 'orientation'];
const all = SCOPES.reduce<Combinations>(
  (found, name) => merge(found, combinationsIn(PRODUCT, { ...scopesOf('quick').find((s) => s.name === name)!, most: 40 })),
  new Map(),
);
/** What a stranger's own file can become depends on the day: worked out once for those of the first one. */
const reached = new Map([...all].filter(([, path]) => path.at(-1)!.state.today === BEGINNING.today));
const words = ({ gaps }: FoundBeside): string[] => shortest(gaps).map((gap) => printed(inWords(gap)));
/** A case whose fund passed its part on to another one, and that is closed. */
function passedOn(): Story {
  const story = new Story();
  const on = BEGINNING.today;
  story.does('record-signal', { origin: 'cpam' }, { by: CPAM, on });
  story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on });
  story.does('open-support', { origin: 'cpam' }, { by: AS, on });
  const { transferId } = story.does('propose-transfer', { to: 'cpam-21', toRole: 'CPAM', motive: 'moved' }, { by: CPAM, on });
  story.does('accept-transfer', { transferId }, { by: party('CPAM', 'cpam-21'), on });
  story.does('close-support', { motive: 'goal-reached' }, { by: AS, on });
  return story;
}

describe('strangers, two acts deep', () => {
  const by = new Set<string>();
  it.each([...reached.keys()])('learn and change nothing of a case: %s', (combination) => {
    const shown = beside(DOOR, reached.get(combination)!, { depth: 2, files: 2, lean: true });
    expect(words(shown)).toEqual([]);
    expect(shown.states).toBeGreaterThan(50);
    expect(shown.tried).toBeGreaterThan(20_000);
    for (const kind of Object.keys(shown.by)) by.add(kind);
  });
  it('come back by nothing that they had told themselves', () => {
    const story = new Story();
    const on = BEGINNING.today;
    const { signalId } = story.does('record-signal', { origin: 'person' }, { by: AS, on });
    story.does('conclude-triage', { handshakeId: signalId, outcome: 'accompanied' }, { by: AS, on });
    const asked = [{ organisation: 'ast-39', role: 'MT' }];
    const { measureId } = story.does('request-measure', { type: 'essaiEncadre', from: '2023-03-28', to: '2023-04-10', asked }, { by: AS, on }); // prettier-ignore
    story.does('close-measure', { measureId, endedOn: on }, { by: MT, on });
    const shown = beside(DOOR, [{ state: { events: recorded(story.events), today: on } }], { depth: 1, files: 0 });
    expect(words(shown)).toEqual([]);
    expect(shown.by.former).toBeGreaterThan(50);
  });
  it('open nothing for a person whose case has ended, though they had opened that one themselves', () => {
    const path = [{ state: { events: recorded(passedOn().events), today: BEGINNING.today } }];
    expect(words(beside(DOOR, path, { depth: 1, files: 1 }))).toEqual([]);
    const goesOnWith: Door['goesOnWith'] = (last, ...rest) => !isUnderWay(last) || DOOR.goesOnWith(last, ...rest);
    const { gaps } = beside({ ...DOOR, goesOnWith }, path, { depth: 1, files: 1 });
    expect(new Set(gaps.map((g) => g.code))).toEqual(new Set(['stranger.person']));
  });
  it('of every kind were there', () => expect([...by].sort()).toEqual([...KINDS].sort()));
  it('came beside cases in very different states', () => expect(reached.size).toBeGreaterThan(14));
});

describe('a door that is broken is found, by the shortest path', () => {
  const paths = [...reached].sort(([, a], [, b]) => a.length - b.length).map(([, path]) => path);
  /** The first fault of its sort, from the state that is reached first: breadth first, so no path is shorter. */
  const found = (broken: Partial<Door>, sort: RegExp, depth = 1): string => {
    for (const path of paths) {
      const { gaps } = beside({ ...DOOR, ...broken }, path, { depth, files: 2, lean: true });
      const gap = gaps.map((g) => printed(inWords(g))).find((g) => sort.test(g));
      if (gap !== undefined) return gap;
    }
    return 'no gap';
  };
  const byNumber: Partial<Door> = {
    leadsTo: () => true,
    goesOnWith: (...[last, , told]) => contradictions(told, last.person).length === 0,
  };
  it('a number that opens, by the answer', () =>
    expect(found(byNumber, /stranger.answer/)).toMatchInlineSnapshot(`
     "Trou (stranger.answer) : ast-39 (CPDP) apprend quelque chose de la réponse : « enregistré dans le dossier des autres : SignalReceived », au lieu de « enregistré dans un dossier à part : SignalReceived ».
       1. 14/03/2023  assistant de service social (carsat-bfc) : Signalement (person)  [record-signal]
       2. 14/03/2023  cellule PDP du SPST (ast-39) : Signalement (person), avec le numéro  [record-signal]"
    `));
  it('a number that opens, by what those at home owe', () =>
    expect(found(byNumber, /others.owe/)).toMatchInlineSnapshot(`
     "Trou (others.owe) : Une échéance n’est plus la même : + « signal-to-triage » chez ast-39 (CPDP).
       1. 14/03/2023  assistant de service social (carsat-bfc) : Signalement (person)  [record-signal]
       2. 14/03/2023  cellule PDP du SPST (ast-39) : Signalement (person), avec le numéro  [record-signal]"
    `));
  it('lines of the first case alone, whose absence tells of it', () => {
    const filesBeside: Door['filesBeside'] = (open, known) => (known === open[0] ? open.slice(1).map(({ view }) => view) : []);
    expect(found({ filesBeside }, /stranger.file/, 2)).toMatchInlineSnapshot(`
     "Trou (stranger.file) : Le dossier de ast-39 (CPDP) n’est pas celui d’une personne inconnue.
       1. 14/03/2023  assistant de service social (carsat-bfc) : Signalement (person)  [record-signal]
       2. 14/03/2023  cellule PDP du SPST (ast-39) : Signalement (person), avec le numéro  [record-signal]
       3. 14/03/2023  cellule PDP du SPST (ast-39) : Signalement (person), avec le numéro et d’autres traits  [record-signal]"
    `);
  });
  it('own facts that let whoever has left read those of others', () => {
    const reading: Door['reading'] = (caseId, history, view, viewer, on) => {
      const read = DOOR.reading(caseId, history, view, viewer, on);
      if (!read || read.live) return read;
      const visible = visibleEvents(history, view, viewer, on);
      return { ...read, visible, seen: partnerView(caseId, visible, on) };
    };
    expect(found({ reading }, /stranger.reads/)).toMatchInlineSnapshot(`
     "Trou (stranger.reads) : cpam-39 (CPAM) lit du dossier ce que d’autres ont dit : CaseOpened, SignalReceived, CaseOpenedByMistake.
       1. 14/03/2023  assistant de service social (carsat-bfc) : Signalement (person)  [record-signal]
       2. 14/03/2023  assistant de service social (carsat-bfc) : Ouvert sur la mauvaise personne  [undo-opening]"
    `);
  });
  it('an accord that whoever it names can end for the person', () => {
    const reading: Door['reading'] = (caseId, history, view, viewer, on) => {
      const named = caseId === CASE && view.consents.some((c) => c.recipient === viewer.organisation);
      return DOOR.reading(caseId, history, view, viewer, on) ?? (named ? { live: true, visible: [], seen: view } : undefined);
    };
    expect(found({ reading }, /others.see[^]*withdraw-consent\]$/)).toMatchInlineSnapshot(`
     "Trou (others.see) : cpam-39 (CPAM) ne voit plus le même dossier : + ConsentWithdrawn.
       1. 14/03/2023  référent PDP de la caisse (cpam-39) : Transmission de l’arrêt au SPST (ast-39)  [transmit-sick-leave]
       2. 14/03/2023  cellule PDP du SPST (ast-39) : Orientation déclinée (no-capacity)  [decline-referral]
       3. 14/03/2023  la personne accompagnée, enregistré par médecin du travail (ast-39) : Retrait d’accord, dans le dossier  [withdraw-consent]"
    `);
  });
  it('a line that is in the list of everybody', () => {
    const rows: Door['rows'] = (events) =>
      DOOR.rows(events).flatMap((row) =>
        row.rule === 'file-to-let-in' ? [row, { ...row, organisation: 'carsat-bfc', role: 'AS' as const }] : [row],
      );
    expect(found({ rows }, /others.told/)).toMatchInlineSnapshot(`
     "Trou (others.told) : carsat-bfc (AS) ne répond pas du dossier, et a « file-to-let-in » dans sa liste.
       1. 14/03/2023  référent PDP de la caisse (cpam-39) : Transmission de l’arrêt au SPST (ast-39)  [transmit-sick-leave]
       2. 14/03/2023  assistant de service social (carsat-bfc) : Signalement (person), avec le numéro  [record-signal]"
    `);
  });
  it('a file that is joined by its own author', () =>
    expect(found({ waitsFor: () => true }, /stranger.joins/, 2)).toMatchInlineSnapshot(`
     "Trou (stranger.joins) : ast-39 (CPDP) n’a pas part au dossier, et le réunit au sien.
       1. 14/03/2023  assistant de service social (carsat-bfc) : Signalement (person)  [record-signal]
       2. 14/03/2023  cellule PDP du SPST (ast-39) : Signalement (person), avec le numéro  [record-signal]
       3. 14/03/2023  cellule PDP du SPST (ast-39) : Réunion de deux dossiers, dans le sien, avec l’autre  [join-cases]"
    `));
});
