import { ASIDES } from '../domain/asides.js';
import { actOfType } from '../domain/case/acts.js';
import { type DeclaredEvent } from '../domain/kernel/declared-event.js';
import { type Fields } from '../domain/kernel/fields.js';
import { DuplicateRefused } from '../domain/person/duplicate.js';
import { PERSON_EVENTS } from '../domain/person/person.js';
import { type EventRegistry } from '../event-store/codec.js';

const others = new Map<string, DeclaredEvent<Fields>>([...PERSON_EVENTS, DuplicateRefused, ...ASIDES].map((e) => [e.type, e]));

/** Every type of event that this version of the program knows. A correction has the fields of what it corrects. */
export const eventRegistry: EventRegistry = {
  fieldsOf: (type, corrects) => (actOfType(corrects?.type ?? type) ?? others.get(type))?.fields,
  currentVersion: (type, corrects) => (actOfType(corrects?.type ?? type) ?? others.get(type))?.version,
  // Each with the golden JSON of the version that it reads (event-registry.spec.ts).
  upcastersOf: (type, corrects) => (actOfType(corrects?.type ?? type) ?? others.get(type))?.upcasters ?? [],
};

/** The version in which an event is written. */
export function versionOf(type: string): number {
  const version = eventRegistry.currentVersion(type, null);
  if (version === undefined) throw new TypeError(`${type} is not declared`);
  return version;
}
