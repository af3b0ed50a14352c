import { type RecordedEvent } from '../domain/case/event.js';
import { type CaseView, VOID } from '../domain/case/view.js';
import { evolvePerson, initialPerson, type PersonState } from '../domain/person/person.js';
import { NO_STREAM } from '../event-store/port.js';
import { loadCase, viewOf } from './case-stream.js';
import { plainEvent } from './plain-event.js';
import { type Party } from '../domain/kernel/roles.js';
import { type Parts } from './parts.js';

const streamOf = (personId: string): string => `person-${personId}`;
export interface PersonStream {
  readonly personId: string;
  readonly history: readonly RecordedEvent[];
  readonly state: PersonState;
}
export async function loadPerson(parts: Parts, personId: string): Promise<PersonStream> {
  const history = await parts.codec.decode(await parts.store.readStream(streamOf(personId)));
  return { personId, history, state: history.reduce<PersonState>(evolvePerson, initialPerson) };
}
/** The person, or the one that this one turned out to be. */
export async function loadLivePerson(parts: Parts, personId: string): Promise<PersonStream> {
  let person = await loadPerson(parts, personId);
  // Two that were linked to each other would lead round in a circle.
  for (
    const seen = new Set([personId]);
    person.state.linkedTo !== undefined && !seen.has(person.state.linkedTo);
    seen.add(person.personId)
  )
    person = await loadPerson(parts, person.state.linkedTo);
  return person;
}
/** @throws WrongExpectedRevision when somebody else opened or closed a case of this person in between */
export async function appendToPerson(
  parts: Parts,
  person: PersonStream,
  events: readonly { type: string; data: Record<string, unknown> }[],
  commandId: string,
  by: Party,
): Promise<void> {
  const recorded = events.map((e, i) => plainEvent(parts, e, { commandId, by, personId: person.personId, label: `person.${i}` }));
  await parts.store.append(
    streamOf(person.personId),
    person.history.at(-1)?.revision ?? NO_STREAM,
    await parts.codec.encode(recorded),
  );
}

/** The person's other cases: a cap across cases is decided on them. */
export async function earlierCases(parts: Parts, person: PersonStream, caseId: string): Promise<CaseView[]> {
  const joined = await Promise.all(person.state.joined.map((id) => loadPerson(parts, id)));
  const others = [person, ...joined].flatMap(({ state }) => state.cases).filter((c) => c.caseId !== caseId);
  const views = await Promise.all(others.map(async (c) => viewOf(c.caseId, await loadCase(parts, c.caseId))));
  return views.filter((v) => !VOID.includes(v.status));
}
export { isUnderWay } from '../domain/case/files.js';
