import { type ActDefinition } from '../case/act.js';
import { type DomainEvent } from '../case/event.js';
import { type CaseView } from '../case/view.js';
import { type LocalDate } from '../kernel/local-date.js';
import { zonesKept } from './legal-duties.js';
import { mayUseNir } from './nir-use.js';
import { inZones, isOwn, type Viewer } from './redact.js';

/**
 * A fact as it is told to whoever takes no part any more: its own whole, and of others' what a legal duty of its own rests on. What the
 * program found about it may rest on what others told, and is left out.
 */
export function afterPart<E extends DomainEvent>(
  event: E,
  viewer: Viewer,
  view: CaseView,
  on: LocalDate,
  actOf: (type: string) => ActDefinition | undefined,
): E | undefined {
  const act = actOf(event.corrects?.type ?? event.type);
  if (!act) return undefined;
  const own = isOwn(event, viewer);
  const kept = own ? [] : zonesKept(view, viewer, on);
  return inZones({ ...event, irregularities: [] }, act, (zone) => own || kept.includes(zone), mayUseNir(viewer.role, on));
}
