import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { alike } from '../../domain/person/traits.js';
import { ReadModelParts } from '../parts.js';
import { CaseFile } from '../partners/case-file.js';
import { type Snapshot } from '../snapshot.js';
import { answering, asOf, type SeenCase, seenCases } from './cases.js';
import { type Answer, ListDuplicates } from './messages.js';

/** Pairs looked at for one page. */
const PAGE = 200;
type Pair = readonly [one: string, other: string];

/**
 * Open cases that look like one person's under two: the same number, or names and date of birth that are one's. Both are the caller's to
 * see, and so is what is alike, so that it learns of no case and of no number that it did not know. A proposal: a human joins them or
 * says that they are two.
 */
@QueryHandler(ListDuplicates)
export class ListDuplicatesHandler implements IQueryHandler<ListDuplicates, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  execute({ caller, cursor }: ListDuplicates): Promise<Answer> {
    const { parts } = this;
    const sealed = JSON.stringify(['duplicates', caller.organisation, caller.role]);
    const after = cursor === undefined ? undefined : (parts.cursors.open(sealed, cursor) as Pair);
    return answering(parts, undefined, async (db) => {
      const today = parts.clock.today();
      const found = await perhapsOne(db, caller, after);
      const pairs = found.slice(0, PAGE);
      const next = found.length > PAGE ? parts.cursors.seal(sealed, pairs.at(-1)!) : undefined;
      const cases = await seenCases(db, [...new Set(pairs.flat())], caller, today);
      const items = [];
      for (const [a, b] of pairs) {
        const [one, other] = [cases.get(a), cases.get(b)];
        if (!one || !other || !alike(one.seen.person, other.seen.person) || (await parts.keptApart(a, b))) continue;
        items.push({ person: one.seen.person, cases: [brief(one), brief(other)] });
      }
      return {
        body: { items, asOf: asOf(parts, cases.values()), ...(next !== undefined && { next }) },
        ...(next !== undefined && { next }),
      };
    });
  }
}

const brief = ({ seen }: SeenCase): object => ({
  caseId: seen.caseId,
  openedOn: seen.openedOn,
  openedBy: seen.openedBy,
  status: seen.status,
  nir: seen.person.nir,
});

/** Pairs with a likeness in common, in both of which the caller took part one day. */
async function perhapsOne(db: Snapshot, { organisation }: Viewer, [one, other]: Pair = ['', '']): Promise<Pair[]> {
  const rows = await db.rows<{ one: string; other: string }>(
    `WITH known AS (
       SELECT case_id, person_id, unnest(likeness) AS likeness FROM ${db.table(CaseFile)} WHERE $1 = ANY (organisations)
     )
     SELECT DISTINCT a.case_id AS one, b.case_id AS other
     FROM known a JOIN known b ON a.likeness = b.likeness AND a.case_id < b.case_id
     WHERE a.person_id IS DISTINCT FROM b.person_id AND (a.case_id, b.case_id) > ($2, $3)
     ORDER BY 1, 2 LIMIT ${PAGE + 1}`,
    [organisation, one, other],
  );
  return rows.map((row) => [row.one, row.other]);
}
