import { type DomainEvent } from '../domain/case/event.js';
import { type Caller } from '../access/authentication/caller.js';
import { derivedId } from './ids.js';
import { type Parts } from './parts.js';

/** An event of one of the small aggregates, with an envelope that says who and when. */
export const plainEvent = (
  parts: Parts,
  e: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  { commandId, caller, personId, label }: { commandId: string; caller: Caller; personId: string | null; label: string },
): DomainEvent => ({
  id: derivedId(commandId, `event.${label}.${e.type}`),
  type: e.type,
  schemaVersion: 1,
  data: e.data,
  personId,
  actor: { organisation: caller.organisation, role: caller.role, person: caller.person },
  recordedBy: null,
  evidence: null,
  occurredOn: parts.clock.today(),
  recordedAt: parts.clock.now(),
  commandId,
  causationId: null,
  correlationId: commandId,
  source: 'api',
  legalBasis: null,
  consentId: null,
  irregularities: [],
  corrects: null,
});
