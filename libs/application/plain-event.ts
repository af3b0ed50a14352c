import { type DomainEvent } from '../domain/case/event.js';
import { type Party } from '../domain/kernel/roles.js';
import { versionOf } from './event-registry.js';
import { type CommandId, formerlyMadeBy } from './ids.js';
import { type Parts } from './parts.js';

const nameOf = (label: string, type: string): string => `event.${label}.${type}`;
/** The id that the command had given the event before ids had a key. */
export const formerIdOf = (command: CommandId, label: string, type: string): string =>
  formerlyMadeBy(command, nameOf(label, type));

/** Under which id a command tells it, and told it before ids had a key. */
export const idsOf = ({ ids }: Pick<Parts, 'ids'>, command: CommandId, label: string, type: string): readonly string[] => [
  ids.madeBy(command.id, nameOf(label, type)),
  formerIdOf(command, label, type),
];

/** An event of one of the small aggregates, with an envelope that says who and when. */
export const plainEvent = (
  parts: Parts,
  e: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  { commandId, by, personId, label }: { commandId: string; by: Party; personId: string | null; label: string },
): DomainEvent => ({
  id: parts.ids.madeBy(commandId, nameOf(label, e.type)),
  type: e.type,
  schemaVersion: versionOf(e.type),
  data: e.data,
  personId,
  actor: { organisation: by.organisation, role: by.role, person: by.person },
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
