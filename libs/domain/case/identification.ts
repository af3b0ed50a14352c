import { withKey } from '../person/nir.js';
import { type Traits } from '../person/traits.js';
import { type CaseView } from './view.js';

/** Traits and numbers as an opening act brings them, when the case does not have them already. */
export function identification(
  traits: Traits,
  numbers: readonly Pick<CaseView['numbers'][number], 'kind' | 'value'>[],
  view: CaseView,
): { type: string; data: Record<string, unknown> }[] {
  const told = Object.fromEntries(numbers.map(({ kind, value }) => [kind === 'NIR' ? 'nir' : 'nia', withKey(value)]));
  const held = view.person as Record<string, unknown>;
  const known =
    numbers.every(({ value }) => view.numbers.some((n) => n.value === value)) &&
    Object.entries(traits).every(([key, value]) => held[key] === value);
  return known ? [] : [{ type: 'PersonIdentified', data: { ...traits, ...told } }];
}
