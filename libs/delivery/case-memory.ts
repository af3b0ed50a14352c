import { LRUCache } from 'lru-cache';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { takesPart } from '../domain/case/taking-part.js';
import { type CaseView } from '../domain/case/view.js';
import { dateOf } from '../domain/kernel/local-date.js';
import { type OrganisationId } from '../domain/kernel/roles.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore } from '../event-store/port.js';

export const STREAM_PREFIX = 'case-';
/** As long as the vault keeps a key in memory: whoever is erased must not live on here. */
const KEPT_MS = 5_000;
const MAX_EVENTS = 50_000;

/** One case as read so far, and who took part in it at each of its events. */
export class RememberedCase {
  readonly #events: RecordedEvent[] = [];
  readonly #viewsAt = new Map<number, Pick<CaseView, 'participations'>>();
  #view: CaseView | undefined;
  #reading: Promise<void> | undefined;

  constructor(
    readonly caseId: string,
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly grown: (events: number) => void,
  ) {}

  /** Reads on until `revision` is known. Callers at the same time share one reading. */
  async reach(revision: number): Promise<void> {
    while (this.#events.length <= revision) await (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
  }
  async #read(): Promise<void> {
    const stored = await this.store.readStream(`${STREAM_PREFIX}${this.caseId}`, this.#events.length);
    // A revision that the log showed is in its stream; nothing else may keep a reader waiting for ever.
    if (stored.length === 0) throw new Error(`case ${this.caseId} ends before an event that the log has`);
    this.#events.push(...(await this.codec.decode(stored)));
    this.#view = undefined;
    this.grown(this.#events.length);
  }

  eventAt(revision: number): RecordedEvent {
    return this.#events[revision]!;
  }
  /** The case as it is, with all that was read. */
  get view(): CaseView {
    return (this.#view ??= this.#derive(this.#events.length - 1));
  }
  /** Whether an organisation took part once this event was recorded, on the day of its recording. */
  tookPart(revision: number, organisation: OrganisationId): boolean {
    let at = this.#viewsAt.get(revision);
    if (!at) {
      const { participations } = revision === this.#events.length - 1 ? this.view : this.#derive(revision);
      this.#viewsAt.set(revision, (at = { participations }));
    }
    return takesPart(at, organisation, dateOf(this.eventAt(revision).recordedAt));
  }

  #derive(revision: number): CaseView {
    return deriveCase(this.caseId, this.#events.slice(0, revision + 1), actOfType);
  }
}

/** The cases that the streams of this process are about now, each read and decrypted once for all of its subscribers. */
export class CaseMemory {
  readonly #cases = new LRUCache<string, RememberedCase>({ maxSize: MAX_EVENTS, ttl: KEPT_MS });

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /** The case, read at least as far as `revision`. */
  async at(caseId: string, revision: number): Promise<RememberedCase> {
    let found = this.#cases.get(caseId);
    if (!found) {
      const made: RememberedCase = new RememberedCase(caseId, this.store, this.codec, (size) => this.#weigh(made, size));
      this.#cases.set(caseId, (found = made), { size: 1 });
    }
    await found.reach(revision);
    return found;
  }

  /** Growing does not make a case younger: it is forgotten in its time, counted from when it was first read. */
  #weigh(grown: RememberedCase, size: number): void {
    if (this.#cases.peek(grown.caseId) !== grown) return;
    const left = this.#cases.getRemainingTTL(grown.caseId);
    if (left > 0) this.#cases.set(grown.caseId, grown, { size, ttl: left });
  }
}
