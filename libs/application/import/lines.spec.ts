import fc from 'fast-check';
import { linesOf } from './lines.js';

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}
const read = async (text: string | Buffer, { size = 7, max = 100 } = {}) => {
  const lines = [];
  for await (const line of linesOf(chunks(Buffer.from(text as string), size), max)) lines.push(line);
  return lines;
};

describe('lines of a file', () => {
  it('are the same wherever the chunks are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[aé€;"]{0,12}$/), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 20 }),
        async (texts, end, size) => {
          const lines = await read(texts.map((x) => x + end).join(''), { size });
          expect(lines.map((l) => l.text)).toEqual(texts);
          expect(lines.at(-1)!.end).toBe(Buffer.byteLength(texts.join('')) + texts.length * end.length);
        },
      ),
    ));

  it('are numbered from one, and need no end on the last of them', async () =>
    expect(await read('a\n\nb')).toEqual([
      { number: 1, end: 2, text: 'a' },
      { number: 2, end: 3, text: '' },
      { number: 3, end: 4, text: 'b' },
    ]));

  it('end at CR, LF or CRLF, in one file too, and at nothing else', async () => {
    for (const size of [1, 2, 3, 100]) {
      const lines = await read('a\rb\nc\r\n\rd\r\r\ne\u0085\u2028\v\f', { size });
      expect(lines.map((l) => [l.number, l.text])).toEqual([[1, 'a'], [2, 'b'], [3, 'c'], [4, ''], [5, 'd'], [6, ''], [7, 'e\u0085\u2028\v\f']]); // prettier-ignore
      expect(lines.map((l) => l.end)).toEqual([2, 4, 7, 8, 10, 12, 20]);
    }
  });

  it('lose the mark of order', async () => expect((await read('\ufeffnir;nom\n'))[0]!.text).toBe('nir;nom'));

  it('are cut when too long, and the next one is whole', async () => {
    const [long, next] = await read(`${'x'.repeat(5_000)}\nnext\n`, { size: 64 });
    expect(long).toEqual({ number: 1, end: 5_001, text: 'x'.repeat(100), fault: 'tooLong' });
    expect(next).toEqual({ number: 2, end: 5_006, text: 'next' });
    expect((await read(`${'x'.repeat(100)}\r\n`))[0]!.fault).toBeUndefined();
  });

  it('spoil nothing but themselves when they are not UTF-8', async () =>
    expect(await read(Buffer.from('Fran\xe7ois\nJeanne\n', 'latin1'))).toEqual([
      { number: 1, end: 9, text: 'Fran\ufffdois', fault: 'notUtf8' },
      { number: 2, end: 16, text: 'Jeanne' },
    ]));
});
