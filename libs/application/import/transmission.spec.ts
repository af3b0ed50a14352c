import { cellsByColumn, type Cells, headerOf, InvalidHeader } from './columns.js';
import { transmissionOf } from './transmission.js';

const good: Cells = {
  nir: '2 55 08 14 168 025 38', nom: 'MARTIN', prenoms: 'Claire', date_naissance: '21/05/1979', sexe: 'f', debut_arret: '2026-01-09', fin_prevue: '2026-06-30',
  risque: 'Maladie', rang: '2', code_spst: 'MT39', statut: 'salarie', siret_employeur: '775 672 272 21138', date_accord: '2026-03-10', preuve_accord: 'form',
  date_transmission: '2026-03-14',
}; // prettier-ignore
const codes = (more: Record<string, string | undefined>) => {
  const cells = Object.fromEntries(Object.entries({ ...good, ...more }).filter(([, v]) => v !== undefined)) as Cells;
  const read = transmissionOf(cells, { fictitious: false });
  return 'person' in read ? [] : read.map((r) => `${r.column}: ${r.code}`);
};

describe('a line of the import', () => {
  it('is the body of the command that anybody else would give', () =>
    expect(transmissionOf(good, { fictitious: false })).toEqual({
      person: {
        identifiers: [{ kind: 'NIR', value: '255081416802538' }],
        familyName: 'MARTIN',
        givenNames: 'Claire',
        birthDate: '1979-05-21',
        sex: 'F',
      },
      caisse: undefined,
      body: {
        occurredOn: '2026-03-14',
        data: {
          spstCode: 'MT39',
          leave: { start: '2026-01-09', expectedEnd: '2026-06-30', risk: 'maladie', rank: 2 },
          activity: { status: 'salarie', employerSiret: '77567227221138' },
          accord: { date: '2026-03-10', proof: 'form' },
        },
      },
    }));

  it('needs little', () =>
    expect(
      codes({ nir: undefined, ins: '255081416802538', oid: '1.2.250.1.213.1.4.8', sexe: undefined, fin_prevue: undefined, rang: undefined, code_spst: undefined, statut: undefined, siret_employeur: undefined, date_transmission: undefined }), // prettier-ignore
    ).toEqual([]));

  it.each<[Record<string, string | undefined>, string[]]>([
    [{ nir: undefined }, ['nir: person.identifierMissing']],
    [{ nir: '255081416802539' }, ['nir: identifier.key']],
    [{ nir: '255' }, ['nir: identifier.shape']],
    [{ ins: '255081416802538', oid: '1.2.3' }, ['oid: identifier.oid']],
    [{ ins: '255081416802538', oid: '1.2.250.1.213.1.4.10' }, ['oid: identifier.fictitious']],
    [{ nom: undefined, prenoms: undefined }, ['nom: cell.missing', 'prenoms: cell.missing']],
    [{ nom: 'x'.repeat(101) }, ['nom: cell.text']],
    [{ nom: 'half \ud83d' }, ['nom: cell.text']],
    [{ date_naissance: '30/02/1979' }, ['date_naissance: cell.date']],
    [{ sexe: 'X' }, ['sexe: cell.code']],
    [{ telephone: 'abc' }, ['telephone: person.phone']],
    [{ debut_arret: '9 janvier' }, ['debut_arret: cell.date']],
    [{ fin_prevue: '2026-01-08' }, ['fin_prevue: leave.endBeforeStart']],
    [{ risque: undefined }, ['risque: cell.missing']],
    [{ risque: 'lombalgie' }, ['risque: cell.code']],
    [{ rang: '0' }, ['rang: leave.rank']],
    [{ code_spst: 'jura' }, ['code_spst: spst.code']],
    [{ statut: undefined }, ['statut: activity.statusMissing']],
    [{ siret_employeur: '77567227221139' }, ['siret_employeur: cell.siret']],
    [{ date_accord: undefined }, ['date_accord: transmission.consentMissing']],
    [{ date_accord: undefined, preuve_accord: undefined }, ['date_accord: transmission.consentMissing']],
    [{ preuve_accord: undefined }, ['preuve_accord: cell.missing']],
    [{ preuve_accord: 'silence' }, ['preuve_accord: cell.code']],
    [{ caisse: 'CPAM du Jura' }, ['caisse: caisse.identifier']],
  ])('%j is rejected with %j', (more, expected) => expect(codes(more)).toEqual(expected));

  it('names every fault at once', () =>
    expect(codes({ nir: '1', date_naissance: 'hier', siret_employeur: '1', date_accord: undefined })).toEqual([
      'nir: identifier.shape',
      'date_naissance: cell.date',
      'siret_employeur: cell.siret',
      'date_accord: transmission.consentMissing',
    ]));

  it('repeats no identifier in its reasons', () =>
    expect(JSON.stringify(transmissionOf({ ...good, nir: '255081416802539' }, { fictitious: false }))).not.toContain('2550814'));
});

describe('the header', () => {
  const HEAD = 'nir;nom;prenoms;date_naissance;debut_arret;risque;date_accord;preuve_accord';
  const faults = (text: string) => {
    try {
      return headerOf(text).columns;
    } catch (error) {
      return (error as InvalidHeader).reasons.map((r) => `${r.code} ${r.column}`);
    }
  };
  it('tells semicolons from commas', () => {
    expect(headerOf(HEAD).delimiter).toBe(';');
    expect(headerOf(HEAD.replaceAll(';', ',')).delimiter).toBe(',');
  });
  it('forgives capitals, accents and spaces', () =>
    expect(faults(HEAD.replace('prenoms', 'Prénoms').replace('date_accord', 'Date accord'))).toEqual(HEAD.split(';')));
  it('names every column that is missing, unknown or there twice', () => {
    expect(faults(`${HEAD};nom;diagnostic`)).toEqual(['header.unknownColumn diagnostic', 'header.twice nom']);
    expect(faults('nom;prenoms;date_naissance;debut_arret;risque;date_accord')).toEqual([
      'header.missingColumn preuve_accord',
      'header.missingColumn nir',
    ]);
    expect(() => headerOf('')).toThrow(InvalidHeader);
  });
  it('reads quoted cells, and says which line is not of the file', () => {
    const header = headerOf('nir,nom,prenoms,date_naissance,debut_arret,risque,date_accord,preuve_accord');
    expect(cellsByColumn('1,"D\'ARC, ""dite"" ",Jeanne,,,,,', header)).toEqual({
      cells: { nir: '1', nom: 'D\'ARC, "dite"', prenoms: 'Jeanne' },
      faults: [],
    });
    expect(cellsByColumn('1,"D', header)).toMatchObject({ faults: [{ code: 'line.quotes' }] });
    expect(cellsByColumn('1,2', header)).toMatchObject({ faults: [{ code: 'line.cells' }] });
  });
});
