import { caseActs } from '../case/acts.js';
import { isOpaquePerson, isOpaqueReference, opaqueFieldFindings } from './opaque.js';
import { withKey } from './nir.js';

const NIR = withKey('1790539300001');
const CORSICA = withKey('179052A300001');

describe('the reference of a document', () => {
  it.each([
    'GED-2026-000123', 'COU-2023-118', 'C-17', 'R-12', '2026/0412', 'courrier-2026-118', 'Formulaire_12', 'lettre/2026-03-14', 'DOC.2026.12#3', 'a1b2c3', '118',
    '0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01', '0D6D5A1E-2AD4-4B6E-8A43-7A6B3A3F1C01', 'a'.repeat(63) + '1', '9f86d081884c7d659a2feaa0c55ad015', 'DOC-2026-00123', 'EE-2023-041', 'N-20260314', 'note-GED-12', '384001122',
  ])('is %s', (reference) => expect(isOpaqueReference(reference)).toBe(true)); // prettier-ignore

  it.each([
    ['a name', 'DUPONT'],
    ['a name with a number', 'DUPONT-2023-118'],
    ['a first name', 'Jean1'],
    ['letters alone', 'GED'],
    ['an e-mail address', 'jean.dupont@exemple.fr'],
    ['words', 'DUPONT Jean 1 79 05 39'],
    ['accents', 'Zoé-12'],
    ['a NIR', NIR],
    ['a NIR without its key', NIR.slice(0, 13)],
    ['a NIR with another key', NIR.slice(0, 13) + '00'],
    ['a NIR that was mistyped', '179053900000123'],
    ['a NIR of Corsica', CORSICA],
    ['a NIR of Corsica in small letters', CORSICA.toLowerCase()],
    ['a NIR in groups', '1-79-05-39-300-001-23'],
    ['a NIR behind something', `GED-${NIR}`],
    ['a NIR before something', `${NIR}-2026`],
    ['a phone number', '0612345678'],
    ['a phone number in groups', 'T-06.12.34.56.78'],
    ['a phone number from abroad', '0033612345678'],
    ['a birth date', '1979-05-14'],
    ['a birth date as it is said here', 'GED/14.05.1979'],
    ['a birth date in one', 'N19790514'],
    ['a birth date with two digits of the year', '21-05-79'],
    ['a birth date the other way round', '79.5.21'],
    ['a birth date without its zeros', '1979-5-21'],
    ['a birth date of a child', '2016-05-21'],
    ['a phone number without its zero', '612345678'],
    ['a name in groups of three', 'ROY-ALI-1'],
    ['a name in groups behind what a document is called', 'note-DUP-ONT-1'],
    ['a NIR in a UUID', `00000000-0000-0000-0${NIR.slice(0, 3)}-${NIR.slice(3)}`],
    ['a NIR in the end of a UUID', `00000000-0000-4000-8000-${NIR.slice(0, 12)}`],
    ['a NIR in a digest', NIR.padStart(32, '0')],
    ['a digest of digits', '1'.repeat(32)],
    ['nothing', ''],
    ['separators alone', '--'],
    ['too long', '12-'.repeat(30) + '1'],
  ])('is not %s', (_, reference) => expect(isOpaqueReference(reference)).toBe(false));
});

describe('the identifier of a professional', () => {
  it.each(['p-4821', 'p-17', 'AS12', 'p.1', 'p-1979', 'as-48210', '0d6d5a1e-2ad4-8b6e-8a43-7a6b3a3f1c01'])('is %s', (person) =>
    expect(isOpaquePerson(person)).toBe(true));
  it.each(['jean.dupont', 'jean.dupont@carsat.fr', 'jdupont39', 'carsat-bfc.as', '10003456789', 'rpps-10003456789', 'p-19790514', '', 'JD', 'ROY1', 'jea1979', 'je1979', 'dup.1979052', 'jd-790521', '00000000-0000-0000-0000-279053930000'])(
    'is not %s',
    (person) => expect(isOpaquePerson(person)).toBe(false),
  );
}); // prettier-ignore

describe('what an act names in its payload', () => {
  it('is held to the same: every field that is called a reference or a person', () => {
    const named = caseActs().flatMap((act) =>
      Object.entries(act.fields).flatMap(([name, field]) => (/reference|person$/i.test(name) ? [{ act, name, field }] : [])),
    );
    expect(named.map(({ act, name }) => `${act.type}.${name}`)).toEqual(['LeadAssigned.person', 'MeasureClosed.reportReference']);
    for (const { act, name, field } of named) {
      const said = (value: unknown) => opaqueFieldFindings(act.fields, { [name]: value }).map(({ code }) => code);
      expect(said('DUPONT-279053930000112')).toEqual([name === 'person' ? 'person.notOpaque' : 'reference.notOpaque']);
      expect(said(field.example)).toEqual([]);
    }
  });
});
