import { type Evidence, type Party } from '../kernel/roles.js';
import { type Instant, type LocalDate } from '../kernel/local-date.js';
import { type Irregularity } from '../kernel/errors.js';

/** What FactCorrected, FactWithdrawn, FactConfirmed and FactDenied say of the event that they replace, take back, or say to be so or not. */
export interface Correction {
  readonly event: string;
  readonly type: string;
  /** The day of the corrected fact; absent on a withdrawal. */
  readonly occurredOn?: LocalDate;
  /** Told by whoever takes no part any more: it is no later word than what it corrects. */
  readonly keepsPlace?: true;
}

/** Who, when and why: the part of an event that is the same for all types. Kept in clear, so it names people by id only. */
export interface Envelope {
  readonly personId: string | null;
  readonly actor: Party;
  /** Whoever entered the act of another one; null when the actor recorded it. */
  readonly recordedBy: Party | null;
  readonly evidence: Evidence | null;
  /** When it happened, as told. */
  readonly occurredOn: LocalDate;
  /** When it was recorded, by our clock; never decreasing within a stream. */
  readonly recordedAt: Instant;
  readonly commandId: string;
  readonly causationId: string | null;
  readonly correlationId: string;
  /** The way in: `api`, `import`, `cli`. */
  readonly source: string;
  readonly legalBasis: string | null;
  readonly consentId: string | null;
  /** What was irregular about it, as known when it was recorded. */
  readonly irregularities: readonly Irregularity[];
  readonly corrects: Correction | null;
}

/** A field that can't be read any more (the person's key is destroyed) or not by this partner is simply absent from `data`. */
export interface DomainEvent extends Envelope {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Readonly<Record<string, unknown>>;
}
export interface RecordedEvent extends DomainEvent {
  readonly stream: string;
  readonly revision: number;
  /** Opaque, sortable. */
  readonly position: string;
  /** True once the person's key is destroyed: the zones are gone for everybody. */
  readonly erased: boolean;
}
