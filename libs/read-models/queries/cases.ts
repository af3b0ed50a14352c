import { type Reading, readingOf, restsOn, visibleEtag } from '../../access/visible.js';
import { actOfType } from '../../domain/case/acts.js';
import { deriveCase } from '../../domain/case/derive.js';
import { type RecordedEvent } from '../../domain/case/event.js';
import { type CaseView } from '../../domain/case/view.js';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { type Position } from '../../event-store/port.js';
import { NotFound } from '../errors.js';
import { type ReadModelParts } from '../parts.js';
import { CaseFile } from '../partners/case-file.js';
import { inSnapshot, type Snapshot, waitFor } from '../snapshot.js';
import { tableOf } from '../tables.js';
import { type Answer } from './messages.js';

/** How long an answer waits for the views, in milliseconds. */
const PATIENCE_MS = 5_000;

/** A case, both whole and as one viewer sees it. Only the latter is shown. */
export interface SeenCase extends Reading {
  readonly full: CaseView;
}

const files = async (
  parts: ReadModelParts,
  db: Snapshot,
  where: string,
  values: unknown[],
): Promise<Map<string, RecordedEvent[]>> => {
  const found = await db.rows<{ caseId: string; events: RecordedEvent[] }>(
    `SELECT case_id AS "caseId", events FROM ${tableOf(parts.views, CaseFile)} WHERE ${where}`,
    values,
  );
  return new Map(found.map(({ caseId, events }) => [caseId, events]));
};

/** Those of the cases in which the viewer takes part on that day. */
export async function seenCases(
  parts: ReadModelParts,
  db: Snapshot,
  caseIds: readonly string[],
  viewer: Viewer,
  on: LocalDate,
): Promise<Map<string, SeenCase>> {
  return takingPart(asSeen(await filesOf(parts, db, caseIds, viewer), viewer, on));
}
/**
 * One in which the viewer never took part is not even fetched: by nothing, the time that it takes included, is it to be told from one that
 * does not exist (ADR 0018).
 */
const filesOf = (parts: ReadModelParts, db: Snapshot, caseIds: readonly string[], { organisation }: Viewer) =>
  files(parts, db, 'case_id = ANY($1::text[]) AND $2 = ANY(organisations)', [caseIds, organisation]);
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
export async function seenCase(
  parts: ReadModelParts,
  db: Snapshot,
  caseId: string,
  viewer: Viewer,
  on: LocalDate,
): Promise<SeenCase> {
  const found = asSeen(await filesOf(parts, db, [caseId], viewer), viewer, on).get(caseId);
  if (!found) throw new NotFound();
  return found;
}
/** The person's other cases in which the viewer takes part: caps are counted across cases. */
export async function otherCases(
  parts: ReadModelParts,
  db: Snapshot,
  { caseId, personId }: CaseView,
  viewer: Viewer,
  on: LocalDate,
): Promise<CaseView[]> {
  const histories = await files(parts, db, 'person_id = $1 AND case_id <> $2', [personId, caseId]);
  return [...takingPart(asSeen(histories, viewer, on)).values()].map(({ seen }) => seen);
}

/** A snapshot that holds the write that the caller names, if it names one. */
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
  }
  return inSnapshot(parts.views, read);
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
