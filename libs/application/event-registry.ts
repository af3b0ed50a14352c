import { actOfType } from '../domain/case/acts.js';
import { DelaySet } from '../domain/config/delay.js';
import { GROUP_EVENTS } from '../domain/group/group.js';
import { type DeclaredEvent } from '../domain/kernel/declared-event.js';
import { type Fields } from '../domain/kernel/fields.js';
import { MandateGranted } from '../domain/mandate/mandate.js';
import { OrganisationRegistered } from '../domain/organisation/organisation.js';
import { DuplicateRefused } from '../domain/person/duplicate.js';
import { PERSON_EVENTS } from '../domain/person/person.js';
import { SatisfactionAnswered } from '../domain/satisfaction/satisfaction.js';
import { type EventRegistry } from '../event-store/codec.js';

const others = new Map<string, DeclaredEvent<Fields>>(
  [
    ...PERSON_EVENTS,
    OrganisationRegistered,
    MandateGranted,
    DelaySet,
    DuplicateRefused,
    ...GROUP_EVENTS,
    SatisfactionAnswered,
  ].map((e) => [e.type, e]),
);

/** Every type of event that this version of the program knows. A correction has the fields of what it corrects. */
export const eventRegistry: EventRegistry = {
  fieldsOf: (type, corrects) => (actOfType(corrects?.type ?? type) ?? others.get(type))?.fields,
  currentVersion: (type, corrects) => (actOfType(corrects?.type ?? type) ?? others.get(type))?.version,
  // None yet: every type is at its first version. An upcaster goes here with the golden JSON of the version that it reads.
  upcastersOf: () => [],
};
