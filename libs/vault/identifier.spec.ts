import { InvalidIdentifier, normaliseIdentifier, type RawIdentifier } from './identifier.js';

const NIR = '255081416802538';
const INS = '1.2.250.1.213.1.4';
const refusal = (raw: RawIdentifier, options?: { fictitious: boolean }) => {
  try {
    normaliseIdentifier(raw, options);
  } catch (error) {
    return error instanceof InvalidIdentifier ? error.reason : error;
  }
  return undefined;
};

describe('an identifier', () => {
  it.each<RawIdentifier>([
    { value: NIR },
    { value: '2 55 08 14 168 025 38' },
    { value: '2550814168025' },
    { value: NIR, kind: 'NIR' },
    { value: NIR, oid: `${INS}.8` },
    { value: '2550814168025', oid: `urn:oid:${INS}.8` },
  ])('has one form, from the caisse or from a health service: %j', (raw) => {
    expect(normaliseIdentifier(raw)).toEqual({ kind: 'NIR', value: '2550814168025' });
  });

  it.each([
    ['Corse-du-Sud', '180012A00400168'],
    ['Haute-Corse', '2 90 07 2B 033 012 31'],
  ])('of %s keeps its letter', (_, value) => {
    const digits = value.replaceAll(' ', '');
    expect(normaliseIdentifier({ value })).toEqual({ kind: 'NIR', value: digits.slice(0, 13) });
    expect(normaliseIdentifier({ value: value.toLowerCase() })).toEqual({ kind: 'NIR', value: digits.slice(0, 13) });
  });

  it('that waits for its certification is an NIA', () => {
    expect(normaliseIdentifier({ value: NIR, oid: `${INS}.9` }).kind).toBe('NIA');
    expect(normaliseIdentifier({ value: NIR, kind: 'NIA' }).kind).toBe('NIA');
  });

  it.each(['10', '11'])('of a fictitious patient (.%s) passes in a demonstration only', (last) => {
    const raw = { value: NIR, oid: `${INS}.${last}` };
    expect(refusal(raw)).toBe('fictitious');
    expect(normaliseIdentifier(raw, { fictitious: true })).toEqual({ kind: 'NIR', value: '2550814168025' });
  });

  it.each<[string, RawIdentifier]>([
    ['shape', { value: '' }],
    ['shape', { value: '25508141680253' }],
    ['shape', { value: `${NIR}1` }],
    ['parts', { value: '055081416802538' }],
    ['parts', { value: '000000000000097' }],
    ['parts', { value: '255131416802538' }],
    ['shape', { value: '255082C16802538' }],
    ['shape', { value: '25508141680253X' }],
    ['key', { value: '255081416802539' }],
    ['key', { value: '255081416802583' }],
    ['oid', { value: NIR, oid: `${INS}.2` }],
    ['oid', { value: NIR, oid: 'toString' }],
    ['kind', { value: NIR, oid: `${INS}.9`, kind: 'NIR' }],
  ])('is refused: %s %j', (reason, raw) => {
    expect(refusal(raw)).toBe(reason);
  });

  it('is not named by the error, which ends up in a log', () => {
    const error = new InvalidIdentifier('key');
    expect(JSON.stringify([error, error.message])).not.toMatch(/\d{6}/);
    expect(error.text.fr).toContain('clé');
  });
});
