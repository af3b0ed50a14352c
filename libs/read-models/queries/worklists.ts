import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { whoseMoveOf } from '../../access/visible.js';
import { knownOn } from '../../domain/case/derive.js';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { current, obligations } from '../../domain/rules/obligations.js';
import { NotFound } from '../errors.js';
import { linesOf } from '../lines.js';
import { ReadModelParts } from '../parts.js';
import { personBrief } from '../partners/briefs.js';
import { worklistsOf } from '../partners/index.js';
import { type WorklistView } from '../partners/worklist.js';
import { type Snapshot } from '../snapshot.js';
import { answering, asOf, type SeenCase, seenCases } from './cases.js';
import { type Answer, GetWorklist, ListWorklists } from './messages.js';
import { asked, whoseMove } from './present.js';
import { countStatement, cursorKind, pageRequest, pageStatement, type Place } from './worklist-page.js';

@QueryHandler(ListWorklists)
export class ListWorklistsHandler implements IQueryHandler<ListWorklists, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  execute({ caller }: ListWorklists): Promise<Answer> {
    const { parts } = this;
    return answering(parts, undefined, async (db) => {
      const worklists = [];
      for (const view of worklistsOf(caller.role)) {
        const { name, label, sorts } = view;
        worklists.push({ view: name, label, sorts, ...(await counted(parts, db, view, caller)) });
      }
      return { body: { worklists, asOf: asOf(parts) } };
    });
  }
}

@QueryHandler(GetWorklist)
export class GetWorklistHandler implements IQueryHandler<GetWorklist, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ view: name, caller, options }: GetWorklist): Promise<Answer> {
    const { parts } = this;
    const view = worklistsOf(caller.role).find((v) => v.name === name);
    if (!view) throw new NotFound();
    const page = pageRequest(view, options);
    const sealed = cursorKind(view, caller, page);
    const after = options.cursor === undefined ? undefined : (parts.cursors.open(sealed, options.cursor) as Place);
    return answering(parts, options.after, async (db) => {
      const today = parts.clock.today();
      const { sql, values } = pageStatement(db.table(view.entity), caller, today, page, after);
      const found = await db.rows<Found>(sql, values);
      const lines = found.slice(0, page.limit);
      const last = found.length > lines.length ? lines.at(-1) : undefined;
      const next =
        last && parts.cursors.seal(sealed, [last.key, last.caseId, last.kind, last.subject, last.rule] satisfies Place);
      const caseIds = [...new Set(lines.map(({ caseId }) => caseId))];
      const cases = await seenCases(db, caseIds, caller, today);
      const items = lines.flatMap((line) => {
        const one = cases.get(line.caseId);
        return one ? shown(parts, view, line, one, caller, today) : [];
      });
      const body = {
        view: name,
        asOf: asOf(parts, cases.values()),
        ...(await counted(parts, db, view, caller)),
        items,
        ...(next && { next }),
      };
      return { body, ...(next && { next }) };
    });
  }
}
interface Found {
  readonly key: string;
  readonly caseId: string;
  readonly kind: string;
  readonly subject: string;
  readonly rule: string;
}

/** The line anew, from the case as the caller may see it today: the table only said where to look. */
function shown(
  parts: ReadModelParts,
  view: WorklistView,
  at: Found,
  found: SeenCase,
  viewer: Viewer,
  today: LocalDate,
): Record<string, unknown>[] {
  const { full, seen, visible } = found;
  const owed = current(obligations(seen, parts.rulebook, knownOn(visible), full), today);
  const line = linesOf(view, seen, whoseMoveOf(full, seen, viewer.organisation), viewer.organisation, owed).find(
    ({ subject, rule = '' }) => rule === at.rule && subject === at.subject,
  );
  if (!line) return [];
  const { kind, subject, since, article } = line;
  const person = personBrief(seen);
  return [
    {
      kind,
      ...asked(parts, line, seen, today),
      caseId: seen.caseId,
      subject,
      since,
      ...(Object.keys(person).length > 0 && { person }),
      ...whoseMove(found, viewer),
      ...view.shows(seen, line, today),
      article,
    },
  ];
}

/** How many lines there are of each kind; each is one that the caller may see today, so the numbers tell of nothing else. */
async function counted(
  parts: ReadModelParts,
  db: Snapshot,
  view: WorklistView,
  viewer: Viewer,
): Promise<{ kinds: object; overdue: number }> {
  const { sql, values } = countStatement(db.table(view.entity), viewer, parts.clock.today());
  const counts = await db.rows<{ kind: string; total: number; overdue: number }>(sql, values);
  const of = (kind: string) => counts.find((c) => c.kind === kind) ?? { total: 0, overdue: 0 };
  return {
    kinds: Object.fromEntries(
      Object.entries(view.kinds).map(([kind, { label }]) => [kind, { label, total: of(kind).total, overdue: of(kind).overdue }]),
    ),
    overdue: counts.reduce((sum, { overdue }) => sum + overdue, 0),
  };
}
