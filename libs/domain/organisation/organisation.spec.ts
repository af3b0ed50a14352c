import { ORGANISATIONS } from '../../../test/support/story.js';
import { type Organisation } from '../case/act.js';
import { exampleOf } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { caisseIn, OrganisationRegistered, spstOf } from './organisation.js';

const org = (id: string, roles: Role[], more: Partial<Organisation> = {}): Organisation => ({
  id,
  name: `nom ${id}`,
  roles,
  territory: '89',
  ...more,
});
const known = [org('aist-89', ['CPDP', 'MT'], { spstCode: 'MT89', siret: '12345678200028' }), org('cpam-89', ['CPAM'])];
const found = (data: object, all: readonly Organisation[] = known) =>
  OrganisationRegistered.check!({
    data: data as never, history: [], by: { organisation: 'exploitant', role: 'OPERATOR', person: null }, today: '2026-12-01' as LocalDate,
    directory: { all: () => all, find: (id) => all.find((o) => o.id === id), conventions: () => [] }, past: () => [], seen: undefined,
  }); // prettier-ignore
const codes = (data: object, all?: readonly Organisation[]) => found(data, all).map((f) => f.code);

describe('a routing code belongs to one organisation that is an SPST', () => {
  it('is not given to a second one, and says whose it is', () => {
    const [finding, ...more] = found(org('a-faux', ['CPDP'], { spstCode: 'MT89' }));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: 'organisation.spstCodeTaken', severity: 'impossible' });
    expect(finding!.message.fr).toContain('« nom aist-89 » (aist-89)');
  });
  it('is not given to one without any role of an SPST, nor kept by one that loses them', () => {
    expect(codes(org('carsat-bfc', ['AS', 'CSAM'], { spstCode: 'MT39' }))).toEqual(['organisation.spstCodeNotSpst']);
    expect(codes(org('aist-89', ['AS'], { spstCode: 'MT89' }))).toEqual(['organisation.spstCodeNotSpst']);
  });
  it('stays with its holder, who may change all else, and is free once the holder has another one', () => {
    expect(codes(org('aist-89', ['CPDP', 'MT', 'IDEST'], { spstCode: 'MT89', siret: '12345678200028' }))).toEqual([]);
    expect(codes(org('new-89', ['MT'], { spstCode: 'MT89' }), [org('aist-89', ['MT'], { spstCode: 'MT890' })])).toEqual([]);
  });
  it('means nobody when two hold it, or its holder is no SPST, whatever their ids', () => {
    const spst = org('aist-21', ['MT'], { spstCode: 'MT21' });
    expect(spstOf('MT21', [spst, org('other', ['MT'])])?.id).toBe('aist-21');
    for (const id of ['a-first', 'z-last']) for (const roles of [['CPDP'], ['AS']] as Role[][]) expect(spstOf('MT21', [spst, org(id, roles, { spstCode: 'MT21' })])).toBeUndefined(); // prettier-ignore
    expect(spstOf('MT21', [org('carsat', ['AS'], { spstCode: 'MT21' })])).toBeUndefined();
  });
});
it('has one organisation for a SIRET', () => {
  expect(codes(org('b', ['HOST'], { siret: '12345678200028' }))).toEqual(['organisation.siretTaken']);
  expect(codes(org('aist-89', ['MT'], { siret: '12345678200028' }))).toEqual([]);
});
it('takes no caisse of a territory that has several for the one that is meant', () => {
  const nord = ['cpam-flandres', 'cpam-hainaut'].map((id) => org(id, ['CPAM'], { territory: '59' }));
  expect(caisseIn('59', nord)).toBeUndefined();
  expect(caisseIn('59', nord.slice(1))?.id).toBe('cpam-hainaut');
  expect(caisseIn('39', nord)).toBeUndefined();
});
it('has an example that may be sent as it is, beside everybody', () => {
  const example = exampleOf(OrganisationRegistered.fields);
  expect(codes(example, ORGANISATIONS)).toEqual([]);
  expect(ORGANISATIONS.map((o) => o.id)).not.toContain(example['id']);
});
