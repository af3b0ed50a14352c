import { QuietStretches } from './quiet.js';

const AS = { organisation: 'carsat-bfc', role: 'AS' } as const;
const place = (n: number): string => `1-${String(n).padStart(4, '0')}`;

describe('what was read for nobody', () => {
  it('is passed over by whoever has all that lies before it, and by nobody else', () => {
    const quiet = new QuietStretches();
    quiet.remember(AS, place(10), place(100));
    expect(quiet.past(AS, place(10))).toBe(place(100));
    expect(quiet.past(AS, place(60))).toBe(place(100));
    expect(quiet.past(AS, place(100))).toBe(place(100));
    for (const at of [undefined, place(9), place(101)]) expect(quiet.past(AS, at)).toBe(at);
    expect(quiet.past({ ...AS, role: 'CSAM' }, place(10))).toBe(place(10));
  });
  it('grows as reading goes on, from wherever it overlaps; another stretch takes its place when it ends later', () => {
    const quiet = new QuietStretches();
    quiet.remember(AS, undefined, place(10));
    quiet.remember(AS, place(5), place(20));
    expect(quiet.past(AS, undefined)).toBe(place(20));
    quiet.remember(AS, place(5), place(15));
    quiet.remember(AS, place(30), place(30));
    quiet.remember(AS, place(30), undefined);
    expect(quiet.past(AS, undefined)).toBe(place(20));
    quiet.remember(AS, place(30), place(40));
    expect([quiet.past(AS, undefined), quiet.past(AS, place(30))]).toEqual([undefined, place(40)]);
    quiet.remember(AS, place(2), place(12));
    expect(quiet.past(AS, place(30))).toBe(place(40));
  });
});
