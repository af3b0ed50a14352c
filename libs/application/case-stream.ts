import { type Caller } from '../access/authentication/caller.js';
import { partnerEvents, visibleEtag } from '../access/visible.js';
import { actOfType } from '../domain/case/acts.js';
import { type Context } from '../domain/case/act.js';
import { deriveCase } from '../domain/case/derive.js';
import { type DomainEvent, type RecordedEvent } from '../domain/case/event.js';
import { type CaseView } from '../domain/case/view.js';
import { type Viewer } from '../domain/confidentiality/redact.js';
import { type Irregularity } from '../domain/kernel/errors.js';
import { latestInstant, type LocalDate } from '../domain/kernel/local-date.js';
import { NO_STREAM, WrongExpectedRevision } from '../event-store/port.js';
import { type CommandId, isOf } from './ids.js';
import { Busy, type Outcome } from './messages.js';
import { type Parts } from './parts.js';
import { PATIENCE_MS } from './turns.js';

export const streamOf = (caseId: string): string => `case-${caseId}`;
export const loadCase = async (parts: Pick<Parts, 'store' | 'codec'>, caseId: string): Promise<RecordedEvent[]> =>
  parts.codec.decode(await parts.store.readStream(streamOf(caseId)));
/**
 * The same, for somebody who named it: every way to a case by its id comes through here. A case that does not exist for the caller is to be
 * told from one that does not exist at all by nothing, the time that it takes included: what it takes to know that is asked here, before
 * anything is read (ADR 0018).
 */
export const historyFor = async (parts: Parts, caseId: string, { organisation }: Caller): Promise<RecordedEvent[]> => {
  await parts.homes.catchUp();
  return (await parts.homes.isKnown(caseId, organisation, parts.clock.today())) ? loadCase(parts, caseId) : [];
};
export const viewOf = (caseId: string, history: readonly RecordedEvent[], on?: LocalDate): CaseView =>
  deriveCase(caseId, history, actOfType, on);

/** Time, ids and the person's other cases, for one attempt. Recording time never goes back within a stream. */
export async function contextFor(
  parts: Parts,
  commandId: string,
  history: readonly RecordedEvent[],
  earlier: readonly CaseView[],
): Promise<Context> {
  await parts.followed.catchUp();
  const now = latestInstant(parts.clock.now(), history.at(-1)?.recordedAt);
  return {
    now,
    today: parts.clock.today(),
    commandId,
    newId: (label) => parts.ids.madeBy(commandId, label),
    directory: parts.followed,
    rulebook: parts.rulebook,
    earlier,
  };
}

/** What a command wrote, or had written already when it comes again. */
export interface Written {
  readonly history: readonly RecordedEvent[];
  readonly written: readonly RecordedEvent[];
}

/**
 * Load, decide, append at the revision that was read; when another process was first, decide again on what is there now. Whoever
 * loses to an event that changes the answer gets the new answer; whoever loses to anything else never notices.
 * @throws Busy when it can't be done in time; nothing was written
 */
export async function runDecider(
  parts: Parts,
  caseId: string,
  command: CommandId,
  decide: (history: readonly RecordedEvent[]) => Promise<readonly DomainEvent[]>,
  load: () => Promise<readonly RecordedEvent[]> = () => loadCase(parts, caseId),
): Promise<Written> {
  return parts.turns.take(streamOf(caseId), async () => {
    for (const begun = performance.now(); performance.now() - begun < PATIENCE_MS;) {
      const history = await load();
      const mine = history.filter((e) => isOf(e, command));
      if (mine.length > 0) return { history, written: mine };
      try {
        const events = await decide(history);
        await parts.store.append(streamOf(caseId), history.at(-1)?.revision ?? NO_STREAM, await parts.codec.encode(events));
        // It was done: that its author has lost its part since takes nothing from the answer.
        const now = await loadCase(parts, caseId);
        return { history: now, written: now.filter((e) => isOf(e, command)) };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
    throw new Busy();
  });
}

/** The answer to whoever gave the command. It depends on the act and on what the caller may see, so it answers no guess. */
export function outcomeOf(parts: Parts, caseId: string, viewer: Viewer, { history, written }: Written): Outcome {
  const today = parts.clock.today();
  const visible = partnerEvents(history, viewOf(caseId, history, today), viewer, today);
  const own = written.at(-1);
  return {
    caseId,
    events: own ? [{ id: own.id, type: own.type }] : [],
    ids: own ? idsOf(own, written) : {},
    irregularities: irregularitiesOf(visible.filter((e) => written.some(({ id }) => id === e.id))),
    cursor: parts.cursors.seal('position', own?.position ?? null),
    etag: visibleEtag(parts.cursors, caseId, viewer, visible),
  };
}
/** Of the act and of what it brought, each once. */
const irregularitiesOf = (told: readonly RecordedEvent[]): Irregularity[] => {
  const all = told.flatMap((e) => e.irregularities);
  return all
    .filter(({ code }, i) => all.findIndex((other) => other.code === code) === i)
    .map(({ code, article }) => ({ code, article }));
};
/** What the act itself names of what it made: its own things, and those that came with it. */
function idsOf(own: RecordedEvent, written: readonly RecordedEvent[]): Record<string, string> {
  const made = written.flatMap((e) => [
    ...(actOfType(e.type)?.names ?? []),
    ...Object.entries(actOfType(e.corrects?.type ?? e.type)?.fields ?? {}).flatMap(([name, f]) =>
      f.kind === 'newId' ? [name] : [],
    ),
  ]);
  return Object.fromEntries(
    made.flatMap((name) => (typeof own.data[name] === 'string' ? [[name, own.data[name]] as const] : [])),
  );
}
