import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { ReadModelParts } from '../parts.js';
import { CaseFile } from '../partners/case-file.js';
import { inSnapshot, type Snapshot } from '../snapshot.js';
import { tableOf } from '../tables.js';
import { asOf, type SeenCase, seenCases } from './cases.js';
import { type Answer, ListDuplicates } from './messages.js';

const MOST_PAIRS = 200;

/**
 * Open cases of the same names and birth date under two persons, both of them the caller's to see, so that it learns of no case that it
 * did not know. A proposal: a human joins them or says that they are two.
 */
@QueryHandler(ListDuplicates)
export class ListDuplicatesHandler implements IQueryHandler<ListDuplicates, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  execute({ caller }: ListDuplicates): Promise<Answer> {
    const { parts } = this;
    return inSnapshot(parts.views, async (db) => {
      const today = parts.clock.today();
      const pairs = await alike(parts, db, caller);
      const cases = await seenCases(parts, db, [...new Set(pairs.flat())], caller, today);
      const items = [];
      for (const [a, b] of pairs) {
        const [one, other] = [cases.get(a), cases.get(b)];
        if (!one || !other || !(named(one) && named(other)) || (await parts.keptApart(a, b))) continue;
        items.push({ person: one.seen.person, cases: [brief(one), brief(other)] });
      }
      return { body: { items, asOf: asOf(parts, cases.values()) } };
    });
  }
}

const named = ({ seen: { person } }: SeenCase): boolean => person.familyName !== undefined && person.birthDate !== undefined;
const brief = ({ seen }: SeenCase): object => ({
  caseId: seen.caseId,
  openedOn: seen.openedOn,
  openedBy: seen.openedBy,
  status: seen.status,
  nir: seen.person.nir,
});

/** Pairs in both of which the caller took part one day. */
async function alike(parts: ReadModelParts, db: Snapshot, { organisation }: Viewer): Promise<(readonly [string, string])[]> {
  const file = tableOf(parts.views, CaseFile);
  const rows = await db.rows<{ one: string; other: string }>(
    `SELECT a.case_id AS one, b.case_id AS other FROM ${file} a JOIN ${file} b ON a.traits = b.traits AND a.case_id < b.case_id
     WHERE a.person_id IS DISTINCT FROM b.person_id AND $1 = ANY (a.organisations) AND $1 = ANY (b.organisations)
     ORDER BY 1, 2 LIMIT ${MOST_PAIRS}`,
    [organisation],
  );
  return rows.map(({ one, other }) => [one, other] as const);
}
