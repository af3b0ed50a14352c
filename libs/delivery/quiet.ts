import { LRUCache } from 'lru-cache';
import { type Viewer } from '../domain/confidentiality/redact.js';
import { type Position } from '../event-store/port.js';

interface Stretch {
  readonly from: Position | '';
  readonly to: Position;
}
const VIEWERS = 10_000;

/**
 * Stretches of the log in which there was nothing for a viewer. What a client holds is the place of the last event that it got: were it that
 * of the last one read, it would tell of those that were for others (ADR 0018). So the server remembers how far it had read, for as long as
 * it lives, and nobody reads the same stretch at each of its returns.
 */
export class QuietStretches {
  readonly #last = new LRUCache<string, Stretch>({ max: VIEWERS });

  /** Where reading may begin for whoever has all up to `after`. */
  past(viewer: Viewer, after: Position | undefined): Position | undefined {
    const known = this.#last.get(keyOf(viewer));
    return known && known.from <= (after ?? '') && (after ?? '') <= known.to ? known.to : after;
  }
  /** Nothing was for this viewer after `after`, up to and with `to`. */
  remember(viewer: Viewer, after: Position | undefined, to: Position | undefined): void {
    const from = after ?? '';
    if (to === undefined || to <= from) return;
    const known = this.#last.get(keyOf(viewer));
    if (known && known.to >= to) return;
    this.#last.set(keyOf(viewer), { from: known && known.from < from && from <= known.to ? known.from : from, to });
  }
}
const keyOf = ({ organisation, role }: Viewer): string => JSON.stringify([organisation, role]);
