import { type ActDefinition } from '../case/act.js';
import { type DomainEvent } from '../case/event.js';
import { inZones, isOwn, type Viewer } from './redact.js';

/** An own fact as it is told to whoever takes no part any more: what the program found about it rests on what others told. */
export function ownFact<E extends DomainEvent>(
  event: E,
  viewer: Viewer,
  actOf: (type: string) => ActDefinition | undefined,
): E | undefined {
  const act = actOf(event.corrects?.type ?? event.type);
  return act && isOwn(event, viewer) ? inZones({ ...event, irregularities: [] }, act, () => true, true) : undefined;
}
