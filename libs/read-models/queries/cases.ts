import { type Reading, readingOf, restsOn, visibleEtag } from '../../access/visible.js';
import { actOfType } from '../../domain/case/acts.js';
import { deriveCase } from '../../domain/case/derive.js';
import { type RecordedEvent } from '../../domain/case/event.js';
import { type CaseView } from '../../domain/case/view.js';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { type Position, Resync } from '../../event-store/port.js';
import { NotFound, NotYet } from '../errors.js';
import { type ReadModelParts } from '../parts.js';
import { CaseFile } from '../partners/case-file.js';
import { inSnapshot, type Snapshot, waitFor } from '../snapshot.js';
import { type Answer } from './messages.js';

/** How long an answer waits for the views to hold what the caller names, in milliseconds. */
const PATIENCE_MS = 5_000;
/** How long it waits for them to hold all that was in the log when it was asked for; then it says what they hold. */
const PATIENCE_FOR_ALL_MS = 2_000;

/** A case, both whole and as one viewer sees it. Only the latter is shown. */
export interface SeenCase extends Reading {
  readonly full: CaseView;
}

const files = async (db: Snapshot, where: string, values: unknown[]): Promise<Map<string, RecordedEvent[]>> => {
  const found = await db.rows<{ caseId: string; events: RecordedEvent[] }>(
    `SELECT case_id AS "caseId", events FROM ${db.table(CaseFile)} WHERE ${where}`,
    values,
  );
  return new Map(found.map(({ caseId, events }) => [caseId, events]));
};

/** Those of the cases in which the viewer takes part on that day. */
export async function seenCases(
  db: Snapshot,
  caseIds: readonly string[],
  viewer: Viewer,
  on: LocalDate,
): Promise<Map<string, SeenCase>> {
  return takingPart(asSeen(await filesOf(db, caseIds, viewer), viewer, on));
}
/**
 * One in which the viewer never took part is not even fetched: by nothing, the time that it takes included, is it to be told from one that
 * does not exist (ADR 0018).
 */
const filesOf = (db: Snapshot, caseIds: readonly string[], { organisation }: Viewer) =>
  files(db, 'case_id = ANY($1::text[]) AND $2 = ANY(organisations)', [caseIds, organisation]);
const takingPart = (cases: ReadonlyMap<string, SeenCase>): Map<string, SeenCase> =>
  new Map([...cases].filter(([, { live }]) => live));

function asSeen(histories: ReadonlyMap<string, RecordedEvent[]>, viewer: Viewer, on: LocalDate): Map<string, SeenCase> {
  const cases = [...histories].flatMap(([caseId, history]) => {
    const full = deriveCase(caseId, history, actOfType, on);
    const reading = readingOf(caseId, history, full, viewer, on);
    return reading ? [[caseId, { full, ...reading }] as const] : [];
  });
  return new Map(cases);
}
/**
 * One in which the viewer takes part, or did: it then goes on reading what it told.
 * @throws NotFound when, to this viewer, the case does not exist
 */
export async function seenCase(db: Snapshot, caseId: string, viewer: Viewer, on: LocalDate): Promise<SeenCase> {
  const found = asSeen(await filesOf(db, [caseId], viewer), viewer, on).get(caseId);
  if (!found) throw new NotFound();
  return found;
}
/** The person's other cases in which the viewer takes part: caps are counted across cases. */
export async function otherCases(
  db: Snapshot,
  { caseId, personId }: CaseView,
  viewer: Viewer,
  on: LocalDate,
): Promise<CaseView[]> {
  const histories = await files(db, 'person_id = $1 AND case_id <> $2', [personId, caseId]);
  return [...takingPart(asSeen(histories, viewer, on)).values()].map(({ seen }) => seen);
}

/**
 * A snapshot that holds all that was in the log when it was asked for, so that an act is in the next answer, and what somebody has withdrawn is in
 * none. Views that are further behind than that answer as they are, unless the caller names a write that they have to hold.
 */
export async function answering<T>(
  parts: ReadModelParts,
  after: string | undefined,
  read: (db: Snapshot) => Promise<T>,
): Promise<T> {
  if (after !== undefined) {
    const named = parts.cursors.open('position', after) as Position | null;
    // One of before a move would be behind anything that the views reached since, though they may not have come so far.
    const position = named === null ? undefined : await parts.present(named);
    if (position !== undefined) await waitFor(parts.views, position, PATIENCE_MS);
  } else await level(parts);
  return inSnapshot(parts.views, read);
}

/** Views that stand still are waited for once in a while, and not by each answer. */
const lastBehind = new WeakMap<ReadModelParts, number>();
async function level(parts: ReadModelParts): Promise<void> {
  if (performance.now() - (lastBehind.get(parts) ?? -Infinity) < PATIENCE_FOR_ALL_MS) return;
  const head = await parts.head();
  if (head === undefined) return;
  await waitFor(parts.views, head, PATIENCE_FOR_ALL_MS).catch((error: unknown) => {
    if (!(error instanceof NotYet || error instanceof Resync)) throw error;
    lastBehind.set(parts, performance.now());
  });
}

/**
 * When it was answered, and the last event that the caller sees of the cases in it: `cursor` may be given as `after`. How far the views
 * had come would tell of events in other cases (ADR 0018).
 */
export const asOf = (parts: ReadModelParts, cases: Iterable<SeenCase> = []): { cursor: string; at: string } => ({
  cursor: parts.cursors.seal('position', lastOf(cases)),
  at: parts.clock.now(),
});
const lastOf = (cases: Iterable<SeenCase>): Position | null =>
  [...cases].map(({ visible }) => visible.at(-1)!.position).reduce<Position | null>((last, p) => (last !== null && last > p ? last : p), null); // prettier-ignore

/** An answer about one case, with its tag. When it was given is not of what it says. */
export const tagged = (parts: ReadModelParts, found: SeenCase, viewer: Viewer, body: object): Answer => ({
  body: { ...body, asOf: asOf(parts, [found]) },
  etag: restsOn(parts.cursors, visibleEtag(parts.cursors, found.full.caseId, viewer, found.visible), body),
});
