import { guarded } from './formulas.js';
import { type Format, type RejectedLine } from './import-transmissions.js';

const quoted = (text: string): string => `"${guarded(text).replaceAll('"', '""')}"`;
/** One rejected line: its number in the imported file, every reason, and what it was. */
const row = ({ line, reasons, original }: RejectedLine): string =>
  `${[
    String(line),
    quoted(reasons.map((r) => r.code).join(' ')),
    quoted(
      reasons
        .map(({ column, message, article }) => `${column ? `${column} : ` : ''}${message.fr}${article ? ` (${article})` : ''}`)
        .join(' | '),
    ),
    quoted(original),
  ].join(';')}\r\n`;

/** How rejected lines are written, beside a file of the same format. */
export const REJECTS: Readonly<Record<Format, { readonly head: string; readonly row: (line: RejectedLine) => string }>> = {
  // The mark of order tells a spreadsheet that it is UTF-8.
  csv: { head: '\ufeffnumero_ligne;codes;motifs;ligne_originale\r\n', row },
  // The words of the API. `jq -r .original` gives the lines back as they came.
  ndjson: { head: '', row: (line) => `${JSON.stringify(line)}\n` },
};
