import { frenchCalendar } from '../../platform/calendar.js';
import { caseActs } from '../case/acts.js';
import { type LocalDate, localDate } from '../kernel/local-date.js';
import { type Count, lastDay } from './calendar.js';
import { type Delay, DELAYS, inWords, rulebook } from './delays.js';
import { RULES } from './index.js';

const day = localDate;
const count = (n: number, more: Partial<Count> = {}): Count => ({
  count: n,
  unit: 'day',
  dayOneCounts: false,
  lastDayOffMoves: false,
  ...more,
});
const due = (c: Count, start: string, place?: string): LocalDate => lastDay(c, day(start), frenchCalendar, place);

describe('the French calendar', () => {
  it.each([
    ['Noël', '2024-12-25', undefined, true],
    ['la Saint-Étienne, dans le pays', '2024-12-26', '39', false],
    ['la Saint-Étienne, en Moselle', '2024-12-26', '57', true],
    ['le Vendredi saint, dans le Bas-Rhin', '2024-03-29', '67', true],
    ['l’abolition de l’esclavage, en Guadeloupe', '2024-05-27', '971', true],
    ['l’abolition de l’esclavage, dans le Jura', '2024-05-27', '39', false],
    ['l’abolition de l’esclavage, à La Réunion', '2024-12-20', '974', true],
    ['le lundi de Pâques', '2024-04-01', 'BFC', true],
    ['un lundi', '2024-04-08', undefined, false],
  ])('knows %s', (_, on, place, off) => {
    expect(frenchCalendar.isHoliday(day(on), place)).toBe(off);
  });
});

describe('a delay', () => {
  it.each<[string, LocalDate, string]>([
    ['days, the first not counted', due(count(7), '2023-03-14'), '2023-03-21'],
    ['days, the first counted', due(count(7, { dayOneCounts: true }), '2023-03-14'), '2023-03-20'],
    ['none at all', due(count(0), '2023-03-14'), '2023-03-14'],
    ['months', due(count(6, { unit: 'month' }), '2023-08-31'), '2024-02-29'],
    // 1 May is a Monday, 8 May too: 2, 3, 4, 5, 6, 9 May.
    ['jours ouvrables', due(count(6, { unit: 'jourOuvrable' }), '2023-04-29'), '2023-05-09'],
    ['jours ouvrés', due(count(6, { unit: 'jourOuvre' }), '2023-04-29'), '2023-05-10'],
    [
      'jours ouvrables, the first counted',
      due(count(1, { unit: 'jourOuvrable', dayOneCounts: true }), '2023-04-29'),
      '2023-04-29',
    ],
    ['days whose last is a Saturday', due(count(4, { lastDayOffMoves: true }), '2023-03-14'), '2023-03-20'],
    ['days whose last is the eve of two days off', due(count(1, { lastDayOffMoves: true }), '2024-12-24', '57'), '2024-12-27'],
    ['the same elsewhere', due(count(1, { lastDayOffMoves: true }), '2024-12-24', '39'), '2024-12-26'],
  ])('of %s', (_, found, expected) => expect(found).toBe(expected));

  const set = (over: Partial<Delay>): Delay => ({
    ...count(10),
    name: 'referral.answer',
    from: day('2024-01-01'),
    source: 'convention',
    ...over,
  });
  const book = (...delays: Delay[]) =>
    rulebook(frenchCalendar, {
      delays,
      placesOf: (caisse) => (caisse === 'cpam-39' ? ['39', 'BFC'] : []),
      catchUp: async () => undefined,
    });
  const answer = (b: ReturnType<typeof book>, on: string, caisse = 'cpam-39') =>
    b.for(caisse).of('referral.answer', day(on)).count;

  it('is judged by its own day: what was in force before a change stays so', () => {
    const changed = book(set({}));
    expect([answer(changed, '2023-12-31'), answer(changed, '2024-01-01')]).toEqual([7, 10]);
  });
  it('is that of the département, else of the region, else of the country; the last one set counts', () => {
    const changed = book(
      set({ place: 'BFC', count: 5 }),
      set({ place: '39', count: 3, to: day('2024-06-30') }),
      set({ count: 20 }),
      set({ place: 'BFC', count: 6, from: day('2025-01-01') }),
    );
    expect(['2024-03-01', '2024-07-01', '2025-02-01'].map((on) => answer(changed, on))).toEqual([3, 5, 6]);
    expect(answer(changed, '2024-03-01', 'cpam-75')).toBe(20);
  });
  it('says itself in words', () => {
    expect(inWords(DELAYS.find((d) => d.name === 'return.visit')!).fr).toBe('8 jours, le premier non compris (R.4624-31 CT)');
    expect(inWords(set({ unit: 'jourOuvre', dayOneCounts: true, lastDayOffMoves: true })).fr).toBe(
      '10 jours ouvrés, le premier compris, reporté au jour ouvré suivant (convention)',
    );
  });
});

describe('the rules', () => {
  // Two cases are joined beside them: `POST /v1/duplicates/join`; and a fact is confirmed, as it is corrected, by an event about it.
  const commands = [...caseActs().map((a) => a.command), 'join-cases', 'confirm-fact', 'deny-fact'];
  it.each(RULES.map((rule) => [rule.code, rule] as const))(
    '%s names its words, its article, and commands that exist',
    (_, rule) => {
      expect(rule.label.fr && rule.label.en && rule.article).toBeTruthy();
      if (rule.nature !== 'duty') return;
      expect(rule.resolvedBy.length).toBeGreaterThan(0);
      for (const command of rule.resolvedBy) expect(commands).toContain(command);
    },
  );
  it('have each a code of their own', () => expect(new Set(RULES.map((r) => r.code)).size).toBe(RULES.length));
});
