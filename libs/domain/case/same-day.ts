import { type Finding, impossible } from '../kernel/errors.js';
import { type Party } from '../kernel/roles.js';
import { bool } from '../kernel/fields.js';
import { t } from '../kernel/text.js';
import { type ActDefinition, type Command, type Fact } from './act.js';

/** For acts that are `once`: yes, once more that day. */
export const AGAIN = bool(
  'coordination',
  t('une seconde fois ce jour-là, et non la même saisie deux fois', 'a second time on that day, and not the same entry twice'),
  false,
).optional();

/**
 * The same thing by the same person on the same day is most often a double click or a second entry, and would count twice in the figures: it
 * is asked about. A fact all the same: said `again`, it is recorded (convention (D)). Only what one's own organisation told in that role is looked
 * at, so it tells nothing.
 */
export function sameDayTwice(act: ActDefinition, c: Command, facts: readonly Fact<Record<string, never>>[]): Finding[] {
  const { once } = act;
  const alike = once?.alike(c.data);
  if (!once || !alike || (c.data as { readonly again?: boolean }).again === true) return [];
  const key = JSON.stringify(alike);
  const told = facts.some(
    (f) =>
      f.type === act.type && f.on === c.occurredOn && isSameParty(workerOf(f.by, f.recordedBy), workerOf(c.actor, c.recordedBy)) &&
      isSameSide(f.recordedBy ?? f.by, c.recordedBy ?? c.actor) && JSON.stringify(once.alike(f.data)) === key,
  ); // prettier-ignore
  return told
    ? [impossible(`${once.what}.sameDay`, t(`« ${act.label.fr} » : déjà enregistré par vous pour ce jour. Si c’est bien une seconde fois, le dire : again.`, `"${act.label.en}": you recorded it already for that day. If it is a second time indeed, say so: again.`), 'convention (D)')]
    : []; // prettier-ignore
}
/** Who did it: whoever records, without a name, what its own organisation did in its own role did it itself. */
const workerOf = (by: Party, recordedBy: Party | null): Party =>
  recordedBy && by.person === null && isSameSide(by, recordedBy) ? recordedBy : by;
const isSameParty = (a: Party, b: Party): boolean => isSameSide(a, b) && a.person === b.person;
const isSameSide = (a: Party, b: Party): boolean => a.organisation === b.organisation && a.role === b.role;
