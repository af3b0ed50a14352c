import { type CharsetFault, LineDecoder } from './charset.js';

const LF = 0x0a;
const CR = 0x0d;
/** Ctrl-Z, the end of a file of MS-DOS. */
const SUB = 0x1a;

/** A line of the file, as it came. */
export interface Line {
  /** From 1, the header included, so that an editor shows the same. */
  readonly number: number;
  /** Bytes of the file up to here, its end included. */
  readonly end: number;
  /** Without its end. Cut at the limit when it is too long; with a mark for each wrong byte when it is not UTF-8. */
  readonly text: string;
  readonly fault?: LineFault;
}
export type LineFault = 'tooLong' | 'utf16' | CharsetFault;

/** Nothing but spaces, or the mark that MS-DOS put at the end. */
export const isBlank = (text: string): boolean => /^[\s\x1a]*$/.test(text);

/**
 * Lines of a stream of bytes, in memory for one line at most. CR, LF and CRLF end a line, all in one file too; nothing else does. The format
 * has one record on each line: a quote that nobody closed then spoils its own line, not the rest of the file.
 * @param maxBytes of one line, without its end
 */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  decoder = new LineDecoder('utf-8'),
): AsyncGenerator<Line> {
  let number = 0;
  let before = 0;
  let held: Uint8Array[] = [];
  let size = 0;
  /** A CR came last: the LF of CRLF may be in the next chunk. */
  let afterCr = false;
  const hold = (bytes: Uint8Array): void => {
    const room = maxBytes + 1 - size;
    if (room > 0) held.push(bytes.subarray(0, room));
    size += bytes.length;
  };
  const take = (end: number): Line => {
    const bytes = Buffer.concat(held);
    held = [];
    size = 0;
    afterCr = false;
    return { number: ++number, end, ...textOf(bytes, number === 1) };
  };
  const textOf = (bytes: Buffer, first: boolean): Pick<Line, 'text' | 'fault'> => {
    if (first && isUtf16(bytes)) return { text: '', fault: 'utf16' };
    if (bytes.length > maxBytes) return { text: decoder.lossy(bytes.subarray(0, maxBytes)), fault: 'tooLong' };
    return decoder.decode(bytes);
  };
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    let start: number = afterCr && chunk[0] === LF ? 1 : 0;
    if (afterCr) yield take(before + start);
    for (const ends = endsIn(chunk); ;) {
      const end: number = ends(start);
      if (end < 0) break;
      hold(chunk.subarray(start, end));
      start = end + 1;
      afterCr = chunk[end] === CR && start === chunk.length;
      if (afterCr) break;
      if (chunk[end] === CR && chunk[start] === LF) start++;
      yield take(before + start);
    }
    if (start < chunk.length) hold(chunk.subarray(start));
    before += chunk.length;
  }
  const rest = withoutSub(Buffer.concat(held));
  if (afterCr || rest.length > 0) {
    held = [rest];
    yield take(before);
  }
}

/** Where the next end of a line is, at `start` or after; -1 when there is none. Each byte is looked at twice, however many lines. */
function endsIn(chunk: Uint8Array): (start: number) => number {
  const next = new Map([LF, CR].map((byte) => [byte, -2]));
  return (start) => {
    for (const [byte, at] of next) if (at !== -1 && at < start) next.set(byte, chunk.indexOf(byte, start));
    const found = [...next.values()].filter((at) => at >= 0);
    return found.length === 0 ? -1 : Math.min(...found);
  };
}

const isUtf16 = (bytes: Buffer): boolean => ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'));

function withoutSub(bytes: Buffer): Buffer {
  let length = bytes.length;
  while (bytes[length - 1] === SUB) length--;
  return bytes.subarray(0, length);
}
