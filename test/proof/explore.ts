import { type CaseView } from '../../libs/domain/case/view.js';
import { type Gap, gapsIn, isUnderWay } from './checks.js';
import { ANYTHING, type Bounds, type Deed, deedsOf } from './deeds.js';
import { combinationOf } from './landmarks.js';
import { sketch } from './sketch.js';
import { after, BEGINNING, look, type Product, type Seen, type State, timePasses } from './world.js';

/** One way of going on from a state: a deed, or time. */
export interface Step {
  readonly deed?: Deed;
  readonly asleep?: boolean;
  readonly state: State;
  /** What more people are told of it. */
  readonly note?: string;
}
/** A deed that may need to know what the ones before it made. */
export type Seeding = (v: CaseView) => Deed;
/** Where states are looked for. */
export interface Scope extends Bounds {
  readonly name: string;
  /** Deeds that lead to where it begins. */
  readonly seed: readonly Seeding[];
  /** No more states than that are gone on from. */
  readonly most?: number;
  /** States are told apart by more. */
  readonly fine?: boolean;
}
export interface FoundGap extends Gap {
  readonly path: readonly Step[];
}
export interface Explored {
  readonly states: readonly string[];
  readonly transitions: readonly (readonly [from: string, to: string])[];
  readonly gaps: readonly FoundGap[];
  /** Of landmarks among the states. */
  readonly combinations: Combinations;
  /** States that were reached, and not gone on from. */
  readonly frontier: number;
}

interface Node {
  readonly key: string;
  readonly from: Node | undefined;
  readonly step: Step;
  /** Somebody has to move. */
  readonly open: boolean;
}
const pathTo = (node: Node | undefined): Step[] => (node?.from ? [...pathTo(node.from), node.step] : []);

export function stepsFrom(product: Product, s: Seen, bounds: Bounds): Step[] {
  const silent = s.owed.filter((o) => o.step === 3).length;
  const later = silent < bounds.silences ? timePasses(product, s) : undefined;
  return [
    ...deedsOf(s.view, s.today, bounds).flatMap((deed) => {
      const state = after(s, deed);
      return state ? [{ deed, state }] : [];
    }),
    ...(later ? [later] : []),
  ];
}

/** What is done with what a search comes upon. */
interface Visitor {
  /** A state that was not reached before. */
  reached(node: Node, seen: Seen): void;
  went?(from: Node, to: Node): void;
}
/** Breadth first, so that the first path to a state is a shortest one. Gives how many states were reached, and not gone on from. */
function search(product: Product, scope: Scope, isLate: () => boolean, visitor: Visitor): number {
  const nodes = new Map<string, Node>();
  const queue: Node[] = [];
  const reach = (from: Node | undefined, step: Step): Node => {
    const seen = look(product, step.state);
    const key = sketch(seen, scope.fine === true);
    const known = nodes.get(key);
    const node = known ?? { key, from, step, open: isUnderWay(seen.view) };
    if (from) visitor.went?.(from, node);
    if (known) return known;
    nodes.set(key, node);
    queue.push(node);
    visitor.reached(node, seen);
    return node;
  };
  let root = reach(undefined, { state: BEGINNING });
  for (const seeding of scope.seed) {
    const { state } = root.step;
    const deed = seeding(product.view(state.events, state.today));
    const next = after(state, deed);
    if (!next) throw new Error(`${scope.name}: ${deed.command} refused`);
    root = reach(root, { deed, state: next });
  }
  let i = queue.indexOf(root);
  for (; i < queue.length && i < (scope.most ?? Infinity) && !isLate(); i++) {
    const node = queue[i]!;
    for (const step of stepsFrom(product, look(product, node.step.state), scope)) reach(node, step);
  }
  return queue.length - i;
}

/** Everything that can be reached is looked at. What was reached is then shown to lead to closure and call. */
export function explore(product: Product, scope: Scope, isLate: () => boolean = () => false): Explored {
  const nodes: Node[] = [];
  const transitions: [string, string][] = [];
  const gaps: FoundGap[] = [];
  const combinations: Combinations = new Map();
  const done = new Set<string>();
  const frontier = search(product, scope, isLate, {
    went: (from, to) => void transitions.push([from.key, to.key]),
    reached: (node, seen) => {
      nodes.push(node);
      combine(combinations, node, seen);
      if (isCalled(seen.view)) done.add(node.key);
      if (node.step.asleep)
        gaps.push({ code: 'watch.asleep', what: 'La veille ne se serait pas réveillée ce jour-là.', path: pathTo(node) });
      if (seen.events.length > 0) for (const gap of gapsIn(product, seen)) gaps.push({ ...gap, path: pathTo(node) });
    },
  });
  const keyOf = (s: Seen): string => sketch(s, scope.fine === true);
  const closing = closable(transitions, done);
  for (const node of nodes) {
    if (!node.open || node.step.state.events.length === 0 || isLate()) continue;
    if (!closes(product, keyOf, node.step.state, closing))
      gaps.push({ code: 'closure.unreachable', what: 'De là, ni clôture ni rappel à six mois.', path: pathTo(node) });
  }
  return { states: nodes.map(({ key }) => key), transitions, gaps, combinations, frontier };
}

/** For each combination of landmarks that a state shows, a shortest path to one that shows it. */
export type Combinations = Map<string, readonly Step[]>;
function combine(combinations: Combinations, node: Node, seen: Seen): void {
  if (seen.events.length === 0) return;
  const key = combinationOf(seen);
  if (!combinations.has(key)) combinations.set(key, pathTo(node));
}
/** The shorter of two paths to the same combination, for each. */
export function merge(into: Combinations, more: Combinations): Combinations {
  for (const [key, path] of more) if (path.length < (into.get(key)?.length ?? Infinity)) into.set(key, path);
  return into;
}
/** Combinations of landmarks alone, without a look at what is owed. */
export function combinationsIn(product: Product, scope: Scope): Combinations {
  const combinations: Combinations = new Map();
  search(product, scope, () => false, { reached: (node, seen) => combine(combinations, node, seen) });
  return combinations;
}

/** Closed, and the person was called six months later, or could not be reached. */
const isCalled = ({ status, followUp: f }: CaseView): boolean =>
  status === 'closed' && (f?.completedOn !== undefined || f?.unreachableOn !== undefined);

/** The states from which some of these can be reached over the transitions. */
function closable(transitions: Explored['transitions'], goals: ReadonlySet<string>): Set<string> {
  const before = new Map<string, string[]>();
  for (const [from, to] of transitions) before.set(to, [...(before.get(to) ?? []), from]);
  const found = new Set(goals);
  for (const key of found) for (const from of before.get(key) ?? []) found.add(from);
  return found;
}

/** What leads to an end, the most direct first. */
const FINISHING = [
  'deny-death', 'complete-six-month-follow-up', 'close-support', 'close-measure', 'refuse-measure', 'open-support', 'conclude-triage', 'acknowledge-receipt', 'assign-lead',
  'accept-handover', 'accept-referral', 'identify-spst', 'accept-transfer', 'propose-handover', 'refer-case', 'grant-consent', 'record-signal',
]; // prettier-ignore
const LONGEST = 14;

/** Looks for a way to closure and call, one command after the other. @param known states that have one; those on the way are added */
function closes(
  product: Product,
  keyOf: (s: Seen) => string,
  state: State,
  known: Set<string>,
  on: ReadonlySet<string> = new Set(),
): boolean {
  const s = look(product, state);
  const key = keyOf(s);
  if (known.has(key) || isCalled(s.view)) return true;
  if (on.has(key) || on.size > LONGEST) return false;
  const path = new Set(on).add(key);
  const bounds = { ...ANYTHING, commands: FINISHING, outcomes: ['accompanied'] };
  const found = deedsOf(s.view, s.today, bounds).some((deed) => {
    const next = after(state, deed);
    return next !== undefined && closes(product, keyOf, next, known, path);
  });
  if (found) known.add(key);
  return found;
}
