import { type LocalDate } from '../kernel/local-date.js';
import { isNir, nirFault } from './nir.js';
import { contradictions, fold, nirContradictions, sameName, type Traits, unrelatedNames } from './traits.js';

const named = (familyName: string, givenNames: string, usedName?: string): Traits => ({
  familyName,
  givenNames,
  ...(usedName !== undefined && { usedName }),
});
const withKey = (thirteen: string): string => {
  const digits = thirteen.replace('2A', '19').replace('2B', '18');
  return thirteen + String(97 - Number(BigInt(digits) % 97n)).padStart(2, '0');
};

describe('a folded name', () => {
  it.each([
    ['Lefèvre', 'LEFEVRE'],
    ['LEFE\u0300VRE', 'LEFEVRE'],
    ['Lætitia', 'LAETITIA'],
    ['Cœur', 'COEUR'],
    ['Strauß', 'STRAUSS'],
    ['GROẞ', 'GROSS'],
    ['Sørensen', 'SORENSEN'],
    ['Wałęsa', 'WALESA'],
    ['Đorđević', 'DORDEVIC'],
    ['Guðmundsson', 'GUDMUNDSSON'],
    ['Þór', 'THOR'],
    ['Yıldız', 'YILDIZ'],
    ['İnan', 'INAN'],
    ['Ħaġar', 'HAGAR'],
    ['ﬁn', 'FIN'],
    ["D'Angelo", 'D ANGELO'],
    ['D’ANGELO', 'D ANGELO'],
    ['D`Angelo', 'D ANGELO'],
    ['D\u02bcAngelo', 'D ANGELO'],
    ['O\u02b9Neill', 'O NEILL'],
    ['MARTIN-DUPONT', 'MARTIN DUPONT'],
    ['MARTIN\u2011DUPONT', 'MARTIN DUPONT'],
    ['  LE \u00a0\u202f GALL ', 'LE GALL'],
    ['LE\u200bGALL', 'LEGALL'],
    ['DU\u00adRAND', 'DURAND'],
    ['\u200e\u2066DURAND\u2069', 'DURAND'],
    ['\u3164\u115f\u2800', ''],
    ['---', ''],
    ['MARTIN (ép. DUPONT)', 'MARTIN EP DUPONT'],
    ['Иванов', 'ИВАНОВ'],
  ])('of %j is %j', (name, folded) => {
    expect(fold(name)).toBe(folded);
    expect(fold(fold(name))).toBe(folded);
  });
});

describe('two names', () => {
  it.each([
    [named('MARTIN DUPONT', 'Thi Lan'), named('Martin-Dupont', 'Thi-Lan')],
    [named('LE  GALL', 'Anne'), named('LE GALL', 'ANNE')],
    [named('LE GALL', 'Anne'), named('LEGALL', 'Anne')],
    [named("D'ANGELO", 'Zoé'), named('DANGELO', 'Zoe')],
    [named('LEFEVRE', 'Zoé'), named('Lefèvre', 'ZOE')],
    [named('DURAND', 'Jean-Pierre'), named('DURAND', 'JEANPIERRE')],
    [named('DURAND', 'Jean-Pierre'), named('DURAND', 'Jean Pierre')],
    [named('DURAND', 'JEANPIERRE'), named('DURAND', 'Jean-Pierre Marie')],
    [named('DURAND', 'Marie Claude Annick'), named('DURAND', 'Marie')],
    [named('DURAND', 'Marie, Claude'), named('DURAND', 'Marie Claude Annick')],
    [named('NOUR', 'Salah'), named('SALAH', 'Nour')],
    [named('NOUR', 'Salah Eddine'), named('SALAH', 'Nour')],
    [named('MARTIN', 'Claire', 'DUPONT'), named('DUPONT', 'Claire')],
    [named('DUPONT', 'Claire'), named('MARTIN', 'Claire', 'DUPONT')],
    [named('MARTIN', 'Claire', 'DUPONT'), named('BERNARD', 'Claire', 'Dupont')],
    [named('SALAH', 'Nour'), named('MARTIN', 'Salah', 'NOUR')],
    [named('Œuvrard', 'Zoé'), named('OEUVRARD', 'zoe')],
    [named('ИВАНОВ', 'Пётр'), named('Иванов', 'Петр')],
  ])('of one person: %j, %j', (a, b) => {
    expect(sameName(a, b)).toBe(true);
    expect(sameName(b, a)).toBe(true);
    expect(unrelatedNames(a, b)).toBe(false);
  });

  it.each([
    [named('MARTIN', 'Claire'), named('MARTIN', 'Clarisse')],
    [named('MARTIN', 'Marie'), named('MARTIN', 'Mariette')],
    [named('MARTIN', 'Anne Marie'), named('MARTIN', 'Marie Anne')],
    [named('MARTIN', 'Claire'), named('MARTINEZ', 'Claire')],
    [named('', ''), named('', '')],
    [named('---', '…'), named("'", '-')],
    [{ familyName: 'MARTIN' }, { familyName: 'MARTIN' }],
    [{}, {}],
  ])('that nobody would take for one: %j, %j', (a, b) => {
    expect(sameName(a, b)).toBe(false);
  });

  it.each([
    [named('ALPHA', 'Anne'), named('BRAVO', 'Bea')],
    [named('LE GALL', 'Anne'), named('LE ROUX', 'Bea')],
    [named('DE LA FONTAINE', 'Jean'), named('DE LA TOUR', 'Paul')],
    [named('BEN ALI', 'Mohamed'), named('BEN YOUSSEF', 'Karim')],
    [named('ALPHA', 'Anne', 'CHARLIE'), named('BRAVO', 'Bea', 'DELTA')],
  ])('with nothing in common: %j, %j', (a, b) => {
    expect(unrelatedNames(a, b)).toBe(true);
    expect(unrelatedNames(b, a)).toBe(true);
  });

  it.each([
    // A slip of the finger, letters exchanged, another transcription, a marriage, a name in another script, no name at all.
    [named('LEFEVRE', 'Anne'), named('LEFEBVRE', 'Bea')],
    [named('DURAND', 'Anne'), named('DRUAND', 'Bea')],
    [named('MARTIN', 'Claire'), named('DUPONT', 'Claire')],
    [named('MARTIN', 'Claire', 'DUPONT'), named('BERNARD', 'Zoé', 'Dupont')],
    [named('LI', 'Wei'), named('Li', 'Na')],
    [named('ИВАНОВ', 'Пётр'), named('IVANOV', 'Piotr')],
    [named('', ''), named('MARTIN', 'Claire')],
    [{}, named('MARTIN', 'Claire')],
  ])('that leave room: %j, %j', (a, b) => {
    expect(unrelatedNames(a, b)).toBe(false);
  });
});

describe('two sets of traits', () => {
  const held: Traits = { ...named('ALPHA', 'Anne'), birthDate: '1979-05-21' as LocalDate, sex: 'F' };
  it.each<[string, object, string[]]>([
    ['the same', {}, []],
    ['nothing told', { familyName: undefined, givenNames: undefined, birthDate: undefined, sex: undefined }, []],
    ['another day', { birthDate: '1979-05-22' }, ['birthDate']],
    ['a slip of one digit', { birthDate: '1979-08-21' }, ['birthDate']],
    ['the day unknown', { birthDate: '1979-05-01' }, []],
    ['the day unknown, of another month', { birthDate: '1979-06-01' }, ['birthDate']],
    ['day and month unknown', { birthDate: '1979-12-31' }, []],
    ['day and month unknown, as written formerly', { birthDate: '1979-01-01' }, []],
    ['day and month unknown, of another year', { birthDate: '1960-12-31' }, ['birthDate']],
    ['another sex', { sex: 'M' }, ['sex']],
    ['other names', named('BRAVO', 'Bea'), ['names']],
    ['somebody else', { ...named('BRAVO', 'Bea'), birthDate: '1960-01-02', sex: 'M' }, ['birthDate', 'sex', 'names']],
  ])('%s', (_, told, found) => {
    const other = Object.fromEntries(Object.entries({ ...held, ...told }).filter(([, v]) => v !== undefined)) as Traits;
    expect(contradictions(other, held)).toEqual(found);
    expect(contradictions(held, other)).toEqual(found);
  });

  it('with day and month exchanged are two dates', () => {
    expect(contradictions({ birthDate: '1979-03-05' as LocalDate }, { birthDate: '1979-05-03' as LocalDate })).toEqual([
      'birthDate',
    ]);
  });
});

describe('a number and the person told with it', () => {
  const F79 = { birthDate: '1979-05-21' as LocalDate, sex: 'F' };
  it.each([
    ['a woman of May 1979', '2790539478001', F79, []],
    ['with its key', withKey('2790539478001'), F79, []],
    ['a man of February 1954', '1540239478001', F79, ['birthDate', 'sex']],
    ['another month', '2790639478001', F79, ['birthDate']],
    ['another year, its month unknown', '2782039478001', F79, ['birthDate']],
    ['Corse-du-Sud', '279052A004001', F79, []],
    ['Haute-Corse', '279052B033001', F79, []],
    ['registered from abroad, 4', '4790599350001', F79, []],
    ['waiting for its certification, 8', '8790599350001', F79, []],
    ['waiting for its certification, 7', '7790599350001', F79, ['sex']],
    ['registered from abroad, 3', '3790599350001', { birthDate: F79.birthDate, sex: 'M' }, []],
    ...['20', '30', '31', '42', '50', '62', '63', '99'].map((m) => [`month ${m}`, `279${m}99350001`, F79, []] as const),
    ['day and month unknown', '2790539478001', { ...F79, birthDate: '1979-12-31' as LocalDate }, []],
    ['a century apart', '2250539478001', { ...F79, birthDate: '1925-05-21' as LocalDate }, []],
    ['no traits', '1540239478001', {}, []],
    ['not a number', '0000000000000', F79, []],
  ] as const)('%s', (_, nir, traits, found) => {
    expect(nirContradictions(nir, traits)).toEqual(found);
  });
});

describe('a NIR', () => {
  it.each([
    '2790539478001', '1800199999001', '279052A004001', '279052B033001', '2790597105001', '2790598718001', '2790596350001', '3790599350001', '4790599350001',
    '7790599350001', '8790599350001', '2792099350001', '2794299350001', '2795099350001', '2799999350001', '2000101001001', '2791275120999',
  ])('%s is possible', (thirteen) => {
    expect(nirFault(thirteen)).toBeUndefined();
    expect(isNir(withKey(thirteen))).toBe(true);
    expect(isNir(thirteen)).toBe(false);
    expect(nirFault(withKey(thirteen).slice(0, 13) + '00')).toBe('key');
  }); // prettier-ignore

  it.each([
    ['sex 0', '0790539478001'], ['sex 5', '5790539478001'], ['sex 6', '6790539478001'], ['sex 9', '9790539478001'], ['month 00', '2790039478001'], ['month 13', '2791339478001'],
    ['month 19', '2791939478001'], ['month 43', '2794339478001'], ['month 49', '2794939478001'], ['département 00', '2790500478001'], ['commune 000', '2790539000001'],
    ['order 000', '2790539478000'], ['overseas without its third digit', '2790597001001'], ['overseas commune 00', '2790597100001'], ['nothing', '0000000000000'],
  ])('of %s is not', (_, thirteen) => {
    expect(nirFault(thirteen)).toBe('parts');
    expect(isNir(withKey(thirteen))).toBe(false);
  }); // prettier-ignore

  it.each(['', '279053947800', '279053947800A', '279052C004001', '2 79 05 39 478 001', '27905394780011'])('%j has not its shape', (value) => {
    expect(nirFault(value)).toBe('shape');
  }); // prettier-ignore

  it('has a key from 01 to 97', () => {
    expect(isNir('000000000000097')).toBe(false);
    const key97 = Array.from({ length: 97 }, (_, i) => `2790539478${String(i + 1).padStart(3, '0')}`).find((n) => withKey(n).endsWith('97'))!; // prettier-ignore
    expect(isNir(withKey(key97))).toBe(true);
    expect(nirFault(`${key97}00`)).toBe('key');
  });
});
