import { type RejectedLine } from './import-transmissions.js';

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Head of the file of rejected lines; the mark of order tells a spreadsheet that it is UTF-8. */
export const REJECTS_HEADER = '\ufeffnumero_ligne;codes;motifs;ligne_originale\r\n';
/** One rejected line: its number in the imported file, every reason, and what it was. */
export const rejectRow = ({ line, reasons, original }: RejectedLine): string =>
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
