import fc from 'fast-check';
import { CursorSealer, InvalidCursor } from './sealed-cursor.js';

const sealer = new CursorSealer(Buffer.alloc(32, 7));

describe('sealed cursors', () => {
  it('open again, and the same value is the same text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, kind) => {
        const text = sealer.seal(kind, value);
        expect(sealer.open(kind, text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(new CursorSealer(Buffer.alloc(32, 7)).seal(kind, value)).toBe(text);
        expect(text).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('do not show the position, nor how far apart two of them are', () => {
    const one = sealer.seal('stream', '1-000000000041');
    const next = sealer.seal('stream', '1-000000000042');
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('000');
    expect(one.slice(0, 16)).not.toBe(next.slice(0, 16));
    expect(one.slice(16, 32)).not.toBe(next.slice(16, 32));
  });

  it('open only as the kind they are', () =>
    expect(() => sealer.open('stream', sealer.seal('list', '1-42'))).toThrow(InvalidCursor));

  it('do not open under another key', () =>
    expect(() => new CursorSealer(Buffer.alloc(32, 8)).open('list', sealer.seal('list', 1))).toThrow(InvalidCursor));

  it('do not open once a single bit is changed', () => {
    const bytes = Buffer.from(sealer.seal('list', { after: '1-42', page: 3 }), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => sealer.open('list', altered.toString('base64url'))).toThrow(InvalidCursor);
    }
  });

  it.each(['', 'x', 'eyJhIjoxfQ', `${sealer.seal('list', 1)}=`, ` ${sealer.seal('list', 1)}`])('refuse %j', (text) =>
    expect(() => sealer.open('list', text)).toThrow(InvalidCursor),
  );

  it('want 32 bytes of key', () => expect(() => new CursorSealer(Buffer.alloc(16))).toThrow(RangeError));
});

describe('entity tags', () => {
  it('are quoted, stable, and tell their parts apart', () => {
    expect(sealer.mark(['case-1', '4'])).toMatch(/^[\w-]{22}$/);
    expect(sealer.mark(['case-1', '4'])).toBe(sealer.mark(['case-1', '4']));
    const tags = [['case-1', '4'], ['case-1', '5'], ['case-14'], ['case-1', '', '4'], []].map((parts) => sealer.mark(parts));
    expect(new Set(tags).size).toBe(tags.length);
  });
});
