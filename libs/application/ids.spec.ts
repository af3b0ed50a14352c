import fc from 'fast-check';
import { formerlyMadeBy, Ids, isOf, uuidV5 } from './ids.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const ids = new Ids(Buffer.alloc(32, 3));

describe('ids', () => {
  it('are UUIDs of version 8, the same for the same key and names only', () => {
    const names = fc.array(fc.string(), { maxLength: 3 });
    fc.assert(
      fc.property(names, names, (one, other) => {
        const id = ids.of('pair', ...one);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(new Ids(Buffer.alloc(32, 3)).of('pair', ...one)).toBe(id);
        expect(new Ids(Buffer.alloc(32, 4)).of('pair', ...one)).not.toBe(id);
        expect(ids.of('watch', ...one)).not.toBe(id);
        expect(ids.of('pair', ...other) === id).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('give the same command the same ids, and two organisations with one key two commands', () => {
    const { id } = ids.commandOf('carsat-bfc', 'k-1');
    expect(ids.commandOf('carsat-bfc', 'k-1').id).toBe(id);
    expect(ids.commandOf('cpam-39', 'k-1').id).not.toBe(id);
    expect(ids.commandOf('carsat-bf', 'ck-1').id).not.toBe(id);
    expect(ids.madeBy(id, 'case')).toBe(ids.madeBy(id, 'case'));
    expect(ids.madeBy(id, 'case')).not.toBe(ids.madeBy(id, 'event-0'));
  });

  it('never change: ids that are in a log must derive again from the same command', () => {
    const { id } = ids.commandOf('carsat-bfc', 'k-1');
    expect([id, ids.madeBy(id, 'case'), ids.fingerprint('import-line', 'DUPONT').slice(0, 16)]).toEqual([
      '2b5872e7-ef5a-8b28-b814-d4056e035201',
      '7c876dff-3ee6-8f73-89f0-e75539f7891e',
      'c48b73321e270914',
    ]);
  });

  it('stand for whoever a token does not call by an opaque identifier, always the same, and stay as they are', () => {
    const [jean, other] = ['jean.dupont@carsat.fr', 'jean.dupond@carsat.fr'].map((sub) => ids.professional(sub));
    expect([jean, ids.professional(jean!), ids.professional('jean.dupont@carsat.fr')]).toEqual([jean, jean, jean]);
    expect(jean).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8/);
    expect([jean === other, jean === new Ids(Buffer.alloc(32, 9)).professional('jean.dupont@carsat.fr')]).toEqual([false, false]);
    expect(['p-4821', '0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01'].map((sub) => ids.professional(sub))).toEqual(['p-4821', '0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01']); // prettier-ignore
  });

  it('want 32 bytes of key', () => expect(() => new Ids(Buffer.alloc(16))).toThrow(RangeError));
});

describe('ids of before they had a key', () => {
  it.each([
    ['www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'], // RFC 9562, A.4
    ['python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'], // Python's uuid documentation
  ])('uuid v5 of %s is %s', (name, expected) => expect(uuidV5(DNS, name)).toBe(expected));

  it('refuse a namespace that is no UUID', () => expect(() => uuidV5('carsat-bfc', 'x')).toThrow(RangeError));

  it('are known again, whatever the key', () => {
    const command = ids.commandOf('carsat-bfc', 'k-1');
    expect(command.former).toBe('e995bf8d-2a29-552e-8b7e-bde5b2a831ec');
    expect(formerlyMadeBy(command, 'case')).toBe('69634d3f-a0f4-55c5-a2a0-69bdd10dfc75');
    expect(ids.commandOf('carsat-bfc', 'k-2', 'k-1').former).toBe(command.former);
    for (const commandId of [command.id, command.former]) expect(isOf({ commandId }, command)).toBe(true);
    expect(isOf({ commandId: ids.commandOf('carsat-bfc', 'k-2').id }, command)).toBe(false);
  });
});
