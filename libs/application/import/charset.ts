import { decode } from 'iconv-lite';

/** What a file may declare. `macintosh` and `cp850` are the CSV (Macintosh) and CSV (MS-DOS) of spreadsheets. */
export const CHARSETS = ['utf-8', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'macintosh', 'cp850'] as const;
export type Charset = (typeof CHARSETS)[number];
const ALSO: Readonly<Record<string, Charset>> = {
  'utf8': 'utf-8', 'ascii': 'utf-8', 'us-ascii': 'utf-8', 'cp1252': 'windows-1252', 'x-cp1252': 'windows-1252', 'ansi': 'windows-1252',
  'latin1': 'iso-8859-1', 'latin-1': 'iso-8859-1', 'iso8859-1': 'iso-8859-1', 'iso_8859-1': 'iso-8859-1', 'latin9': 'iso-8859-15', 'latin-9': 'iso-8859-15',
  'iso8859-15': 'iso-8859-15', 'iso_8859-15': 'iso-8859-15', 'x-mac-roman': 'macintosh', 'ibm850': 'cp850',
}; // prettier-ignore

/** Undefined for a charset that is not known here. */
export function charsetOf(name: string): Charset | undefined {
  const folded = name.trim().toLowerCase();
  return CHARSETS.find((it) => it === folded) ?? ALSO[folded];
}

export type CharsetFault = 'nul' | 'notUtf8' | 'charsetMixed' | 'charsetUnknown' | 'notInCharset';
export interface Decoded {
  readonly text: string;
  readonly fault?: CharsetFault;
}

/** What French letters in UTF-8 are made of; read as another charset they are `Ã©`, `Å“`, `â€™`, which nobody is called. */
const UTF8_LETTER = /\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xc5[\x80-\xbf]|\xe2\x80[\x80-\xbf]/;
const BOM = '\xef\xbb\xbf';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the lines of one file, all in one charset. Declared, it is that one. Otherwise the first line with a letter beyond ASCII tells: UTF-8
 * or, failing that, what ISO-8859-1 and Windows-1252 have in common. A byte from 80 to 9F has another meaning in each of those, and in the
 * charsets of old Macintosh and MS-DOS programs: from there on a line with such letters is refused, since its names could be others.
 */
export class LineDecoder {
  #charset: Charset | 'unknown' | undefined;
  constructor(private readonly declared?: Charset) {
    this.#charset = declared;
  }

  /** Other than UTF-8, once it is known. */
  get charset(): Charset | undefined {
    return this.#charset === 'utf-8' || this.#charset === 'unknown' ? undefined : this.#charset;
  }

  decode(bytes: Buffer): Decoded {
    const raw = bytes.toString('latin1');
    if (raw.startsWith(BOM)) this.#charset = 'utf-8';
    if (raw.includes('\0')) return { text: this.lossy(bytes), fault: 'nul' };
    if (!/[\x80-\xff]/.test(raw)) return { text: raw };
    this.#charset = this.told(raw, bytes);
    if (this.#charset === 'unknown') return { text: decode(bytes, 'windows-1252'), fault: 'charsetUnknown' };
    if (this.#charset === 'utf-8') {
      const text = inUtf8(bytes);
      return text === undefined ? { text: this.lossy(bytes), fault: 'notUtf8' } : { text };
    }
    const text = decode(bytes, this.#charset);
    if (UTF8_LETTER.test(raw)) return { text, fault: 'charsetMixed' };
    return /[\x80-\x9f\ufffd]/.test(text) ? { text, fault: 'notInCharset' } : { text };
  }

  /** Whatever they are, for people to look at. */
  lossy(bytes: Buffer): string {
    return this.charset === undefined ? bytes.toString('utf8') : decode(bytes, this.charset);
  }

  private told(raw: string, bytes: Buffer): Charset | 'unknown' {
    // One UTF-8 letter in a line that is not UTF-8 as a whole: a line that was cut.
    if (this.#charset === undefined && (inUtf8(bytes) !== undefined || UTF8_LETTER.test(raw))) return 'utf-8';
    const guessing = this.declared === undefined && this.#charset !== 'utf-8' && this.#charset !== 'unknown';
    if (guessing && /[\x80-\x9f]/.test(raw) && !UTF8_LETTER.test(raw)) return 'unknown';
    return this.#charset ?? 'windows-1252';
  }
}

/** Without the mark of order that some programs put first. Undefined when it is not UTF-8. */
function inUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
