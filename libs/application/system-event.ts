import { type DomainEvent, type RecordedEvent } from '../domain/case/event.js';
import { latestInstant, type LocalDate } from '../domain/kernel/local-date.js';
import { type Parts } from './parts.js';

/** What the program itself tells a case: nobody asked for it here. The same each time that it is told under the same command. */
export const systemEvent = (
  { type, data, on, source }: { readonly type: string; readonly data: DomainEvent['data']; readonly on: LocalDate; readonly source: string },
  history: readonly RecordedEvent[],
  { ids, clock }: Pick<Parts, 'ids' | 'clock'>,
  commandId: string,
  personId: string | null,
): DomainEvent => ({
  id: ids.madeBy(commandId, type), type, schemaVersion: 1, data, personId, actor: { organisation: null, role: 'OPERATOR', person: null },
  recordedBy: null, evidence: null, occurredOn: on, recordedAt: latestInstant(clock.now(), history.at(-1)?.recordedAt), commandId, causationId: null, correlationId: commandId, source,
  legalBasis: null, consentId: null, irregularities: [], corrects: null,
}); // prettier-ignore
