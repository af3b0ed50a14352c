import fc from 'fast-check';
import { COLUMNS } from './columns.js';
import { cellsOfObject } from './object.js';

const faults = (text: string) =>
  cellsOfObject(text).faults.map((r) => (r.column === undefined ? r.code : `${r.column}: ${r.code}`));

describe('a line of NDJSON', () => {
  it('says what a line of CSV says; null and blanks say nothing', () =>
    expect(cellsOfObject('{"nom":" D\\u0027ARC ","rang":2,"Prénoms":"Jeanne","sexe":null,"telephone":"  "}')).toEqual({
      cells: { nom: "D'ARC", rang: '2', prenoms: 'Jeanne' },
      faults: [],
    }));

  it.each([
    ['', ['line.notObject']],
    ['nir;nom', ['line.notObject']],
    ['[{"nom":"A"}]', ['line.notObject']],
    ['null', ['line.notObject']],
    ['{"nom":"A"} {"nom":"B"}', ['line.notObject']],
    ['{"nom":"A",}', ['line.notObject']],
    ["{'nom':'A'}", ['line.notObject']],
    ['{"rang":01}', ['line.notObject']],
    ['{"nom":"A","nom":"A"}', ['nom: key.twice']],
    ['{"nom":"A","n\\u006fm":"B","Nom":"C"}', ['nom: key.twice', 'nom: key.twice']],
    ['{"nom":"A","NOM":"B"}', ['nom: key.twice']],
    ['{"diagnostic":"lombalgie","__proto__":{}}', ['diagnostic: key.unknown', '__proto__: key.unknown']],
    ['{"nir":255081416802538,"rang":"2","sexe":true}', ['nir: value.type', 'rang: value.type', 'sexe: value.type']],
    ['{"nom":{"nom":"A"},"prenoms":["Jeanne"]}', ['nom: value.nested', 'prenoms: value.nested']],
    [`{"nom":${'['.repeat(4_000)}${']'.repeat(4_000)}}`, ['nom: value.nested']],
    [`${'{"nom":'.repeat(1_000)}"A"${'}'.repeat(1_000)}`, ['nom: value.nested']],
    ['['.repeat(8_000), ['line.notObject']],
  ])('%#: every fault is named', (text, expected) => expect(faults(text)).toEqual(expected));

  it('is read, or rejected, whatever it holds', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...COLUMNS, 'autre', '__proto__'), fc.jsonValue()), (object) => {
        const { cells, faults: found } = cellsOfObject(JSON.stringify(object));
        for (const [name, value] of Object.entries(object)) {
          const blank = value === null || (typeof value === 'string' && value.trim() === '');
          if (!blank) expect(Object.hasOwn(cells!, name)).toBe(!found.some((f) => f.column === name));
        }
      }),
    ));
});
