import { withKey } from '../person/nir.js';
import { type Traits } from '../person/traits.js';
import { formerNumbers } from './identities.js';
import { type CaseView } from './view.js';

/**
 * Traits and numbers as an opening act brings them, when the case does not have them already. One that the caisse has replaced leads here, and
 * is written as the new one.
 */
export function identification(
  traits: Traits,
  numbers: readonly Pick<CaseView['numbers'][number], 'kind' | 'value'>[],
  view: CaseView,
): { type: string; data: Record<string, unknown> }[] {
  const former = formerNumbers(view);
  const numberOf = ({ kind, value }: (typeof numbers)[number]): string =>
    kind === 'NIR' && former.has(value) && view.person.nir !== undefined ? view.person.nir : withKey(value);
  const told = Object.fromEntries(numbers.map((n) => [n.kind === 'NIR' ? 'nir' : 'nia', numberOf(n)]));
  const held = view.person as Record<string, unknown>;
  const known =
    numbers.every(({ value }) => view.numbers.some((n) => n.value === value)) &&
    Object.entries(traits).every(([key, value]) => held[key] === value);
  return known ? [] : [{ type: 'PersonIdentified', data: { ...traits, ...told } }];
}
