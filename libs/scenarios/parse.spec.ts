import { actOfCommand } from '../domain/case/acts.js';
import { parseScenario } from './parse.js';
import { ScenarioErrors } from './scenario.js';

const HEAD = `histoire: Essai
source: fiction
partenaires:
  cpam-39: { nom: CPAM du Jura, rôles: [CPAM, MC], territoire: '39' }
  carsat-bfc: { nom: Service social, rôles: [AS], territoire: BFC }
caisse: cpam-39
personne: { nom: EXEMPLE, prénoms: Claire, naissance: 1975-06-12 }
étapes:
`;
const FIRST = `  - le: 2023-03-14
    qui: carsat-bfc
    fait: record-signal
    avec: { origin: person }
    nommé: venue
`;
const faultsOf = (text: string): string[] => {
  try {
    parseScenario(text, 'essai.yaml', actOfCommand);
  } catch (error) {
    if (error instanceof ScenarioErrors) return error.faults.map((f) => `${f.line} ${f.message}`);
    throw error;
  }
  return [];
};

describe('a history file', () => {
  it('gives each step its act, its partners and what is expected after it', () => {
    const { steps, persons } = parseScenario(
      `${HEAD}${FIRST}    attend: { à qui le tour: carsat-bfc, voit: { cpam-39 MC: [dossier] }, ne voit pas: { cpam-39 MC: [arrêts] } }\n`,
      'essai.yaml',
      actOfCommand,
    );
    expect(persons.get('personne')?.familyName).toBe('EXEMPLE');
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({
      number: 1, line: 9, on: '2023-03-14', recordedOn: '2023-03-14', actor: { organisation: 'carsat-bfc', role: 'AS' },
      data: { origin: 'person' }, names: { signalId: 'venue' },
      expects: { turn: 'carsat-bfc', irregularities: [], sights: [{ what: 'dossier', visible: true }, { what: 'arrêts', visible: false }] },
    }); // prettier-ignore
    expect(steps[0]?.act.command).toBe('record-signal');
  });

  it.each([
    [
      'an unknown act',
      `${FIRST}  - { le: 2023-03-15, qui: carsat-bfc, fait: record-nothing }\n`,
      /^14 acte inconnu : « record-nothing »/,
    ],
    [
      'an unknown partner',
      `${FIRST}  - { le: 2023-03-15, qui: mdph-39, fait: open-support, avec: { origin: person } }\n`,
      /^14 partenaire inconnu : « mdph-39 »/,
    ],
    [
      'a role that the partner does not have',
      FIRST.replace('carsat-bfc', 'carsat-bfc MC'),
      /^10 « carsat-bfc » n’a pas le rôle MC/,
    ],
    [
      'a partner of several roles without one',
      FIRST.replace('carsat-bfc', 'cpam-39'),
      /^10 dire dans quel rôle agit « cpam-39 »/,
    ],
    ['a chosen opinion', `${FIRST}    choisi: [date, avis]\n`, /^14 « choisi » : seuls une date ou un nom .*« avis »/],
    ['a chosen accord', `${FIRST}    choisi: [accord]\n`, /^14 « choisi »/],
    ['a day that does not exist', FIRST.replace('2023-03-14', '2023-02-30'), /^9 date AAAA-MM-JJ attendue/],
    [
      'a date of the data that does not exist',
      `${FIRST}  - { le: 2023-03-15, qui: cpam-39 CPAM, fait: record-sick-leave, avec: { start: 2023-13-01, risk: AT } }\n`,
      /^14 « start » : une date/,
    ],
    [
      'a field that the act does not have',
      FIRST.replace('origin: person', 'origin: person, humeur: bonne'),
      /^12 champ inconnu : « humeur »/,
    ],
    ['a field that the act requires', FIRST.replace('    avec: { origin: person }\n', ''), /^9 il manque le champ « origin »/],
    ['a code that the field does not have', FIRST.replace('origin: person', 'origin: voisine'), /^12 « origin » : un code parmi/],
    [
      'a name that nothing was given',
      `${FIRST}  - { le: 2023-03-15, qui: carsat-bfc, fait: conclude-triage, avec: { handshakeId: rien, outcome: no-need } }\n`,
      /^14 « handshakeId » : un nom donné/,
    ],
    [
      'a step recorded before the one above it',
      `${FIRST}  - { le: 2023-03-13, qui: carsat-bfc, fait: open-support, avec: { origin: person } }\n`,
      /^14 enregistré le 2023-03-13, avant l’étape précédente/,
    ],
    ['somebody without account who records', FIRST.replace('carsat-bfc', 'MTR'), /^9 qui n’a pas de compte n’enregistre pas/],
    [
      'an attestation without evidence',
      `${FIRST}    attesté par: carsat-bfc\n`,
      /^9 « attesté par » et « preuve » vont ensemble/,
    ],
    [
      'a first act that opens no case',
      FIRST.replace('record-signal', 'open-support').replace('    nommé: venue\n', ''),
      /^11 « open-support » ne peut pas ouvrir/,
    ],
    [
      'a word that is not of the case file',
      `${FIRST}    attend: { voit: { cpam-39 MC: [lune] } }\n`,
      /^14 « lune » : un mot du dossier/,
    ],
    ['a key that the format does not have', `${FIRST}    quand: hier\n`, /^14 clé inconnue : « quand »/],
  ])('names the line of %s', (_what, steps, expected) => {
    const faults = faultsOf(HEAD + steps);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });
  it('names every fault of a file, in the order of its lines', () => {
    const faults = faultsOf(HEAD + FIRST.replace('2023-03-14', 'hier').replace('origin: person', 'origin: voisine'));
    expect(faults.map((f) => f.split(' ')[0])).toEqual(['9', '12']);
  });
  it('names the line where the YAML itself breaks', () => {
    expect(faultsOf(`${HEAD}  - { le: 2023-03-14\n`)[0]).toMatch(/^(9|10) /);
  });
});
