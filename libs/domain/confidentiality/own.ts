import { type ActDefinition } from '../case/act.js';
import { type DomainEvent } from '../case/event.js';
import { inZones, type Viewer } from './redact.js';

/** What was said of a fact by whom: all that tells whose it is. */
type Told = Pick<DomainEvent, 'actor' | 'recordedBy'>;

/**
 * Whoever did or recorded a fact goes on reading it whole, whatever the matrix says and whether or not it still takes part (ADR 0020). The
 * same organisation in the same role: what a médecin conseil has said is the Service médical's, not the rest of the caisse's.
 */
export const isOwn = ({ actor, recordedBy }: Told, { organisation, role }: Viewer): boolean =>
  [actor, recordedBy].some((party) => party?.organisation === organisation && party.role === role);

/** An own fact as it is told to whoever takes no part any more: what the program found about it rests on what others told. */
export function ownFact<E extends DomainEvent>(
  event: E,
  viewer: Viewer,
  actOf: (type: string) => ActDefinition | undefined,
): E | undefined {
  const act = actOf(event.corrects?.type ?? event.type);
  return act && isOwn(event, viewer) ? inZones({ ...event, irregularities: [] }, act, () => true, true) : undefined;
}
