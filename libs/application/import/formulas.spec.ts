import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { guarded, plainCell, withoutBareFormulas, withoutGuards } from './formulas.js';
import { REJECTS } from './rejects.js';

const text = fc.array(fc.constantFrom('=', '+', '-', '@', '＝', '\t', "'", '"', ';', ',', '|', ' ', 'a', '1', 'é'), { maxLength: 12 }).map((parts) => parts.join('')); // prettier-ignore

describe('what a spreadsheet would run', () => {
  it('begins no cell, wherever the spreadsheet cuts, and can be had back', () =>
    fc.assert(
      fc.property(text, (line) => {
        for (const cell of guarded(line).split(/[;,|\t]/)) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝]/);
        expect(guarded(line)).not.toMatch(/^\t/);
        expect(withoutGuards(guarded(line))).toBe(line);
      }),
    ));

  it.each([
    ['=cmd|A1;x', "'=cmd|A1;x"],
    ['x;"+33";-1', 'x;"\'+33";\'-1'],
    ["D'ARC;Anne-Marie;a=b", "D'ARC;Anne-Marie;a=b"],
    ['a; @x', "a; '@x"],
  ])('%s is written %s', (line, expected) => expect(guarded(line)).toBe(expected));

  it('is shown, not run, in the file of rejected lines; the lines of JSON stay as they are', () => {
    const original = '=HYPERLINK("http://x");"+33 6",@a,-1';
    const rejected = { type: 'rejected', line: 2, original, reasons: [] } as const;
    const [row] = parse(REJECTS.csv.row(rejected), { delimiter: ';' }) as [string[]];
    expect(row[3]).toBe('\'=HYPERLINK("http://x");"\'+33 6",\'@a,\'-1');
    expect(withoutGuards(row[3]!)).toBe(original);
    expect(JSON.parse(REJECTS.ndjson.row(rejected))).toEqual(rejected);
  });
});

describe('a cell', () => {
  it.each([
    ["'0612345678", '0612345678'], ['="0612345678"', '0612345678'], ["'+33 6", '+33 6'], ["''=x", '=x'], ["'", ''],
    ["'t Hooft", "'t Hooft"], ["D'ARC", "D'ARC"], ['=A1', '=A1'],
  ])('%s is what was typed: %s', (cell, expected) => expect(plainCell(cell)).toBe(expected)); // prettier-ignore

  it('of a bare formula gets the quotes that it lacks, and others are let alone', () => {
    expect(withoutBareFormulas('="06";a; ="2" ;b="3"', ';')).toBe('"06";a; "2" ;b="3"');
    expect(withoutBareFormulas('="06"', ',')).toBe('"06"');
  });
});
