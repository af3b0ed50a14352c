const LF = 0x0a;
const CR = 0x0d;

/** A line of the file, as it came. */
export interface Line {
  /** From 1, the header included, so that an editor shows the same. */
  readonly number: number;
  /** Bytes of the file up to here, its end included. */
  readonly end: number;
  /** Without its end. Cut at the limit when it is too long; with a mark for each wrong byte when it is not UTF-8. */
  readonly text: string;
  readonly fault?: 'tooLong' | 'notUtf8';
}

/**
 * Lines of a stream of bytes, in memory for one line at most. The format has one record on each line: a quote that nobody closed
 * then spoils its own line, not the rest of the file.
 * @param maxBytes of one line, without its end
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  let number = 0;
  let before = 0;
  let held: Uint8Array[] = [];
  let size = 0;
  const hold = (bytes: Uint8Array): void => {
    const room = maxBytes + 1 - size;
    if (room > 0) held.push(bytes.subarray(0, room));
    size += bytes.length;
  };
  const take = (end: number): Line => {
    const bytes = Buffer.concat(held);
    const line = { number: ++number, end, ...textOf(bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes, maxBytes) };
    held = [];
    size = 0;
    return line;
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      hold(chunk.subarray(start, end));
      start = end + 1;
      yield take(before + start);
    }
    if (start < chunk.length) hold(chunk.subarray(start));
    before += chunk.length;
  }
  if (size > 0) yield take(before);
}

function textOf(bytes: Uint8Array, maxBytes: number): Pick<Line, 'text' | 'fault'> {
  const lossy = () => Buffer.from(bytes.subarray(0, maxBytes)).toString('utf8');
  if (bytes.length > maxBytes) return { text: lossy(), fault: 'tooLong' };
  try {
    // The mark of order that some programs put first is left out.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: lossy(), fault: 'notUtf8' };
  }
}
