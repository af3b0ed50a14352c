import { commandIdOf, derivedId, uuidV5 } from './ids.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('ids', () => {
  it.each([
    ['www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'], // RFC 9562, A.4
    ['python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'], // Python's uuid documentation
  ])('uuid v5 of %s is %s', (name, expected) => expect(uuidV5(DNS, name)).toBe(expected));

  it('refuses a namespace that is no UUID', () => expect(() => uuidV5('carsat-bfc', 'x')).toThrow(RangeError));

  it('gives the same command the same ids, and two organisations with one key two commands', () => {
    const id = commandIdOf('carsat-bfc', 'k-1');
    expect(commandIdOf('carsat-bfc', 'k-1')).toBe(id);
    expect(commandIdOf('cpam-39', 'k-1')).not.toBe(id);
    expect(commandIdOf('carsat-bf', 'ck-1')).not.toBe(id);
    expect(derivedId(id, 'case')).toBe(derivedId(id, 'case'));
    expect(derivedId(id, 'case')).not.toBe(derivedId(id, 'event-0'));
  });

  it('never changes: ids that are in a log must derive again from the same command', () => {
    const id = commandIdOf('carsat-bfc', 'k-1');
    expect([id, derivedId(id, 'case')]).toEqual(['e995bf8d-2a29-552e-8b7e-bde5b2a831ec', '69634d3f-a0f4-55c5-a2a0-69bdd10dfc75']);
  });
});
