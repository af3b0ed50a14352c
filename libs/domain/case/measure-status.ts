import { type LocalDate, latest } from '../kernel/local-date.js';
import { definitionOf } from '../measures/index.js';
import { type Measure, type MeasureStatus } from './view.js';

const periodEnd = (m: Measure): LocalDate | undefined =>
  latest(...m.periods.flatMap((p) => [p.to, ...p.slots.map((s) => s.date)]), ...m.decisions.map((d) => d.to));
export const measureEnd = (m: Measure): LocalDate | undefined => m.closed?.endedOn ?? m.interruptedOn ?? periodEnd(m);

export function measureStatus(m: Measure): MeasureStatus {
  if (m.closed) return 'closed';
  if (m.interruptedOn) return 'interrupted';
  if (m.startedOn) return 'running';
  if (m.plannedStart) return 'planned';
  const decision = m.decisions.at(-1);
  if (decision) return decision.kind;
  return m.requestedOn ? 'requested' : 'mentioned';
}
/** Open, and nobody has taken it over. */
export const isOpen = (m: Measure): boolean => !m.takenOverBy && isUnfinished(m);
/** Asked for, under way, or ended without its bilan. */
export const isUnfinished = (m: Measure): boolean => {
  if (m.status === 'interrupted' || m.status === 'running') return definitionOf(m)?.reviewed !== false || m.status === 'running';
  return m.status === 'requested' || m.status === 'approved' || m.status === 'planned';
};
