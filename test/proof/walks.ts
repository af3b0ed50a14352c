import fc from 'fast-check';
import { actOfCommand } from '../../libs/domain/case/acts.js';
import { Refused } from '../../libs/domain/kernel/errors.js';
import { addDays } from '../../libs/domain/kernel/local-date.js';
import { MEASURE_TYPES } from '../../libs/domain/measures/types.js';
import { CAP, CPAM, CPDP, AS, party, Story } from '../support/story.js';
import { gapsIn } from './checks.js';
import { ANYTHING, type Bounds, deedsOf, FRANCE_TRAVAIL } from './deeds.js';
import { type FoundGap, type Step } from './explore.js';
import { after, BEGINNING, look, type Product, recorded, type State, watched } from './world.js';

/** One step: which deed of those there are, after how many days, told how many days late; sometimes the last fact of its kind is withdrawn. */
type Pace = readonly [choice: number, days: number, late: number, takesBack: boolean];
const pace: fc.Arbitrary<Pace> = fc.tuple(
  fc.nat(10_000),
  fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.nat(200) }),
  fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) }),
  fc.nat(20).map((n) => n === 0),
);
/** More of everything than is explored. */
const BEYOND: Bounds = {
  ...ANYTHING, referrals: 5, signals: 3, consents: 4, measures: 4, transfers: 3, reopenings: 3, types: MEASURE_TYPES, opinions: ['yes', 'no', 'conditions'],
  targets: [AS, CPDP, CPAM, CAP, party('CEP', 'cep-39'), FRANCE_TRAVAIL], motives: ['goal-reached', 'moved-away', 'measure-taken-over', 'death'],
  outcomes: ['accompanied', 'accompanied', 'passed-on', 'no-need'],
}; // prettier-ignore

/** The states that a walk passes through. What is refused is no step. */
function* passed(product: Product, paces: readonly Pace[]): Generator<Step> {
  let state = BEGINNING;
  for (const [choice, days, late, takesBack] of paces) {
    const today = addDays(state.today, days);
    if (days > 0 && state.events.length > 0) yield { state: (state = watched(product, { ...state, today })) };
    const deeds = deedsOf(look(product, state).view, today, BEYOND);
    const deed = deeds[choice % deeds.length];
    if (!deed) continue;
    const isFact = actOfCommand(deed.command)?.order === 'date';
    const told = isFact && late > 0 ? { ...deed, on: addDays(today, -late) } : deed;
    const next = takesBack ? takenBack(state, choice) : after(state, told);
    if (next) yield { ...(!takesBack && { deed: told }), state: (state = next) };
  }
}
/** A fact is withdrawn by whoever told it; undefined when that is refused. */
function takenBack({ events, today }: State, choice: number): State | undefined {
  const fact = events[choice % Math.max(1, events.length)];
  if (!fact) return undefined;
  const story = new Story();
  story.events.push(...events);
  try {
    story.withdraws(fact.type, { by: fact.recordedBy ?? fact.actor, on: today, key: `withdrawn ${events.length}` });
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
  return { events: recorded(story.events), today };
}

/** Of the walks; another one with `SEED=…`. */
export const SEED = Number(process.env['SEED'] ?? 1);

/** Walks at random, longer and with more of everything than is explored; a walk that ends in a gap is cut down to what is needed. */
export function walk(
  product: Product,
  walks: number,
  seed: number,
  isLate: () => boolean,
): { readonly states: number; readonly gaps: readonly FoundGap[] } {
  let states = 0;
  const gapsOn = (paces: readonly Pace[]): FoundGap[] => {
    const path: Step[] = [];
    for (const step of passed(product, paces)) {
      path.push(step);
      states++;
      const gaps = gapsIn(product, look(product, step.state));
      if (gaps.length > 0) return gaps.map((gap) => ({ ...gap, path }));
    }
    return [];
  };
  const details = fc.check(
    fc.property(fc.array(pace, { maxLength: 40, size: 'max' }), (paces) => isLate() || gapsOn(paces).length === 0),
    { numRuns: walks, seed },
  );
  return { states, gaps: details.counterexample ? gapsOn(details.counterexample[0]) : [] };
}
