import fc from 'fast-check';
import { SMALLEST, sumOf, withoutSmallCells } from './small-cells.js';

const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 1, max: 12 }));
const total = (all: Record<string, number>) => Object.values(all).reduce((sum, n) => sum + n, 0);

it('no small cell is told, nor left over once the others are taken away; nothing is lost', () => {
  fc.assert(
    fc.property(counts, (all) => {
      const told = withoutSmallCells(new Map(Object.entries(all)));
      if (!told) return expect(total(all)).toBeLessThan(SMALLEST);
      for (const [code, n] of Object.entries(told.cells)) expect([n >= SMALLEST, n]).toEqual([true, all[code]]);
      expect(told.few === 0 || told.few >= SMALLEST).toBe(true);
      expect(total(told.cells) + told.few).toBe(total(all));
      // What is left out is never one small cell by itself.
      const out = Object.keys(all).filter((code) => !(code in told.cells));
      return expect(out.length).not.toBe(1);
    }),
  );
});

it('a sum tells no more than its parts', () => {
  const parts = [
    { a: 9, b: 7 },
    { a: 3, b: 2, c: 6 },
  ].map((all) => withoutSmallCells(new Map(Object.entries(all)))!);
  expect(parts).toEqual([{ cells: { a: 9, b: 7 }, few: 0 }, { cells: { c: 6 }, few: 5 }]); // prettier-ignore
  expect(sumOf(parts)).toEqual({ cells: { a: 9, b: 7, c: 6 }, few: 5 });
});
