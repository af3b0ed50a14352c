/** What makes a spreadsheet run a cell (OWASP, CSV injection); the wide forms too, which some of them take for the others. */
const RUN = '=+\\-@＝＋－＠';
/** Where a cell begins for whatever separator the spreadsheet cuts at, quotes and spaces passed over. */
const BEGINS = '(?<=(?:^|[;,|\\t])[\\s"]*)';

const TO_GUARD = new RegExp(`(?<=^)(?='*\\t)|${BEGINS}(?='*[${RUN}])`, 'g');
const GUARD = new RegExp(`(?<=^)'(?='*\\t)|${BEGINS}'(?='*[${RUN}])`, 'g');

/** With an apostrophe before whatever a spreadsheet would run, in any cell of the text: it then shows it. */
export const guarded = (text: string): string => text.replace(TO_GUARD, "'");
/** What `guarded` was given. */
export const withoutGuards = (text: string): string => text.replace(GUARD, '');

/** A cell as it was typed: without the apostrophe or the formula by which spreadsheets and exports keep a number as text. */
export const plainCell = (cell: string): string =>
  cell
    .replace(/^="(.*)"$/s, '$1')
    .replace(new RegExp(`^'+(?=[${RUN}\\d(]|$)`), '')
    .trim();
/** A line in which `="0612345678"` stands without the quotes that CSV asks for. */
export const withoutBareFormulas = (line: string, delimiter: string): string =>
  line.replace(new RegExp(`(?<=(?:^|${delimiter})\\s*)="([^"]*)"(?=\\s*(?:${delimiter}|$))`, 'g'), '"$1"');
