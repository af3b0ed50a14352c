import { whoseMoveOf } from '../access/visible.js';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase, knownOn } from '../domain/case/derive.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { type Accountable, type CaseView } from '../domain/case/view.js';
import { addDays } from '../domain/kernel/local-date.js';
import { type OrganisationId } from '../domain/kernel/roles.js';
import { likenessKeys, searchable } from '../domain/person/traits.js';
import { type Rulebook } from '../domain/rules/delays.js';
import { type Obligation, obligations } from '../domain/rules/obligations.js';
import { type StoredEvent } from '../event-store/port.js';
import { linesOf, rolesIn } from './lines.js';
import { type Figure, type FigureRow } from './figures/figure.js';
import { FIGURES } from './figures/index.js';
import { type CaseFile } from './partners/case-file.js';
import { WORKLISTS } from './partners/index.js';
import { NO_DATE, type WorklistRow, type WorklistView } from './partners/worklist.js';
import { Sights } from './periods.js';
import { type ParkedCase } from './tables.js';

const PREFIX = 'case-';
export const CASE_STREAMS = { streamPrefixes: [PREFIX] } as const;
export const streamOf = (caseId: string): string => `${PREFIX}${caseId}`;
/** What an event changes: the rows of its case, and no others. */
export const caseOf = ({ stream }: Pick<StoredEvent, 'stream'>): string => stream.slice(PREFIX.length);

/** All that the tables hold of one case: a function of its events and of nothing else, neither the day nor what was there before. */
export interface Projection {
  readonly caseId: string;
  readonly file?: CaseFile;
  readonly lines: ReadonlyMap<WorklistView, readonly WorklistRow[]>;
  readonly figures?: ReadonlyMap<Figure, readonly FigureRow[]>;
  readonly parked?: ParkedCase;
}

/**
 * A history that can't be worked out counts up to the event that breaks it: the case stays as it was before, the same after a rebuild,
 * and only this one is held up.
 */
export function project(
  caseId: string,
  history: readonly RecordedEvent[],
  rulebook: Rulebook,
  views: readonly WorklistView[] = WORKLISTS,
): Projection {
  let broken: { at: RecordedEvent; error: unknown } | undefined;
  for (let length = history.length; length > 0; length--) {
    try {
      const whole = projectWhole(caseId, history.slice(0, length), rulebook, views);
      return broken ? { ...whole, parked: parked(caseId, broken.at, broken.error) } : whole;
    } catch (error) {
      broken = { at: history[length - 1]!, error };
    }
  }
  return { caseId, lines: new Map(), ...(broken && { parked: parked(caseId, broken.at, broken.error) }) };
}
export const parked = (caseId: string, at: Pick<RecordedEvent, 'revision'>, error: unknown): ParkedCase => ({
  caseId,
  revision: at.revision,
  error: String(error).replaceAll('\0', ''),
});

function projectWhole(
  caseId: string,
  history: readonly RecordedEvent[],
  rulebook: Rulebook,
  views: readonly WorklistView[],
): Projection {
  // Copied, because `data` is decrypted when it is asked for, and what can't be opened must fail here.
  const events = history.map((event) => ({ ...event }));
  const full = deriveCase(caseId, events, actOfType);
  const last = events.at(-1)!;
  const organisations = [...new Set(full.participations.map((p) => p.organisation))].sort();
  const sights = new Sights(full, events);
  const known = knownOn(events);
  const owed = once((seen: CaseView, whole: CaseView) => obligations(seen, rulebook, known, whole));
  const lines = new Map(views.map((view) => [view, [] as WorklistRow[]] as const));
  for (const organisation of organisations) {
    const roles = rolesIn(full, organisation);
    for (const [view, rows] of lines) {
      const elsewhere = roles.size > 0 && !view.roles.some((role) => roles.has(role));
      if (!elsewhere) rows.push(...rowsOf(view, full, organisation, sights, owed));
    }
  }
  const { personId } = full;
  const { revision, position } = last;
  const file = { caseId, personId, likeness: likenessOf(full), organisations, revision, position, events };
  return { caseId, file, lines, figures: new Map(FIGURES.map((figure) => [figure, figure.rowsOf(full)])) };
}

/** What is owed in a case as somebody sees it. */
type Owed = (seen: CaseView, whole: CaseView) => readonly Obligation[];

/** One organisation's rows in one list, for each role that works from it. */
function rowsOf(
  view: WorklistView,
  { caseId }: CaseView,
  organisation: OrganisationId,
  sights: Sights,
  owed: Owed,
): WorklistRow[] {
  const linesSeen = once((seen: CaseView, whole: CaseView) =>
    once((accountable: Accountable | undefined) => linesOf(view, seen, accountable, organisation, owed(seen, whole))),
  );
  return view.roles.flatMap((role) => {
    const rows = new Map<string, WorklistRow>();
    for (const { from, to, whole, seen } of sights.periodsOf({ organisation, role })) {
      const personName = searchable(seen.person);
      const lines = linesSeen(seen, whole)(whoseMoveOf(whole, seen, organisation));
      for (const { kind, subject, rule = '', since, until, due = NO_DATE, graceUntil } of lines) {
        const validTo = until !== undefined && addDays(until, 1) < to ? addDays(until, 1) : to;
        const begin = since > from && rule !== '' ? since : from;
        if (begin >= validTo) continue;
        // The same line as in the period before is one row.
        const key = [kind, subject, rule, since, due, personName].join();
        const validFrom = rows.get(`${key}${begin}`)?.validFrom ?? begin;
        rows.delete(`${key}${begin}`);
        const overdueFrom = graceUntil === undefined ? NO_DATE : addDays(graceUntil, 1);
        rows.set(`${key}${validTo}`, { organisation, role, caseId, kind, subject, rule, validFrom, validTo, since, due, overdueFrom, personName }); // prettier-ignore
      }
    }
    return [...rows.values()];
  });
}

/** Works a thing out once for whatever it is asked of; what else it takes follows from that. */
function once<K, V, More extends readonly unknown[]>(workOut: (of: K, ...more: More) => V): (of: K, ...more: More) => V {
  const known = new Map<K, V>();
  return (of, ...more) => {
    const found = known.get(of) ?? workOut(of, ...more);
    known.set(of, found);
    return found;
  };
}

const UNDER_WAY: readonly CaseView['status'][] = ['signal', 'supported'];
const likenessOf = ({ status, person }: CaseView): string[] => (UNDER_WAY.includes(status) ? likenessKeys(person) : []);
