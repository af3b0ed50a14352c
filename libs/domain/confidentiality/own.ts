import { type ActDefinition } from '../case/act.js';
import { type DomainEvent } from '../case/event.js';
import { dateOf } from '../kernel/local-date.js';
import { mayUseNir } from './nir-use.js';
import { inZones, isOwn, type Viewer } from './redact.js';

/** An own fact as it is told to whoever takes no part any more: what the program found about it rests on what others told. */
export function ownFact<E extends DomainEvent>(
  event: E,
  viewer: Viewer,
  actOf: (type: string) => ActDefinition | undefined,
): E | undefined {
  const act = actOf(event.corrects?.type ?? event.type);
  return act && isOwn(event, viewer)
    ? inZones({ ...event, irregularities: [] }, act, () => true, mayUseNir(viewer.role, dateOf(event.recordedAt)), true)
    : undefined;
}
