import { metrics, type BatchObservableResult } from '@opentelemetry/api';
import { BEFORE_FIRST, fromPosition } from '../event-store/position.js';
import { type Position } from '../event-store/port.js';
import { type Log } from './read-cases.js';
import { type RunnerHealth } from './runner.js';

/**
 * How far the views are behind the log, and how many cases are held up, looked up each time that somebody asks for the metrics.
 * @returns what ends it
 */
export function observeViews({ store }: Pick<Log, 'store'>, health: () => Promise<RunnerHealth>): () => void {
  const meter = metrics.getMeter('fil-rouge');
  const lag = meter.createObservableGauge('fil_rouge.views.lag', { unit: 's', description: 'Age of the oldest event that the views do not hold; 0 when they hold all.' }); // prettier-ignore
  const behind = meter.createObservableGauge('fil_rouge.views.behind', { description: 'Events that the views do not hold, where the store numbers them without a hole.' }); // prettier-ignore
  const parked = meter.createObservableGauge('fil_rouge.views.parked', {
    description: 'Cases whose rows could not be worked out.',
  });
  const observe = async (result: BatchObservableResult) => {
    const head = await store.head();
    const { position, parked: cases } = await health();
    const { events } = await store.readAll(position ?? undefined, 1);
    const next = events[0] && (JSON.parse(events[0].metadata) as { recordedAt: string });
    result.observe(lag, next ? Math.max(0, (Date.now() - Date.parse(next.recordedAt)) / 1000) : 0);
    if (store.traits.densePositions) result.observe(behind, Math.max(0, ordinalOf(head) - ordinalOf(position)));
    result.observe(parked, cases);
  };
  meter.addBatchObservableCallback(observe, [lag, behind, parked]);
  return () => meter.removeBatchObservableCallback(observe, [lag, behind, parked]);
}

const ordinalOf = (position: Position | null | undefined): number =>
  Number(position ? fromPosition(position).ordinal : BEFORE_FIRST);
