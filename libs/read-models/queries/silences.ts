import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../../access/authentication/caller.js';
import { type Organisation } from '../../domain/case/act.js';
import { conditionOf } from '../../domain/confidentiality/matrix.js';
import { addDays, addMonths, daysBetween, latest, type LocalDate, localDate } from '../../domain/kernel/local-date.js';
import { CASE_WORKERS, type OrganisationId, type Role } from '../../domain/kernel/roles.js';
import { STAND_INS } from '../../domain/rules/stand-ins.js';
import { NotFound } from '../errors.js';
import { REQUEST_KINDS, type RequestKind, RequestRow } from '../figures/request.js';
import { SMALLEST } from '../figures/small-cells.js';
import { ReadModelParts } from '../parts.js';
import { type Snapshot } from '../snapshot.js';
import { answering, asOf } from './cases.js';
import { type Answer, GetSilences } from './messages.js';

const USUAL_MONTHS = 12;
/** Senders on which a partner's figures towards others must rest. */
const SENDERS = 2;

interface Days {
  /** Of those answered alone: flattering, as silence is not in it. */
  readonly answered: number | null;
  /** Of all; those without an answer count up to today, or to the day on which none was awaited any more. */
  readonly all: number;
}
interface Asked {
  readonly organisation: OrganisationId;
  readonly role: Role;
  readonly kind: RequestKind;
}
interface Towards extends Asked {
  readonly count: number;
  readonly answered: number;
  readonly lastAnswer: LocalDate | null;
  readonly waiting: number;
  readonly oldest: LocalDate | null;
  readonly median: Days;
  readonly ninetieth: Days;
}
interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** How long partners take to answer what the caller's own organisation asks of them, who does not, and where else to go (docs/figures.md). */
@QueryHandler(GetSilences)
export class GetSilencesHandler implements IQueryHandler<GetSilences, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ caller, options: { months = USUAL_MONTHS, after } }: GetSilences): Promise<Answer> {
    const { parts } = this;
    if (!CASE_WORKERS.includes(caller.role)) throw new NotFound();
    await parts.rulebook.catchUp();
    return answering(parts, after, async (db) => {
      const today = parts.clock.today();
      const own = { from: addMonths(today, -months), to: today };
      // Whole months: figures that moved from one day to the next would tell of one request.
      const last = addDays(localDate(`${today.slice(0, 7)}-01`), -1);
      const others = { from: addMonths(addDays(last, 1), -USUAL_MONTHS), to: last };
      const kinds = kindsFor(caller.role, today);
      const table = db.table(RequestRow);
      const found = await rowsOf(db, table, OWN, own, kinds, caller);
      const byOthers = await rowsOf(db, table, OF_OTHERS, others, kinds, caller);
      const isSilent = silenceOf(parts, caller, today);
      const shy = new Set(found.filter(isSilent).map(({ organisation }) => organisation));
      const items = found.map((towards) => {
        const { organisation, role, kind, oldest, ...figures } = towards;
        const elsewhere = byOthers.find((o) => o.organisation === organisation && o.role === role && o.kind === kind);
        return {
          organisation,
          name: parts.directory.find(organisation)?.name,
          role,
          kind,
          label: REQUEST_KINDS[kind].label,
          ...figures,
          ...(oldest && { oldest: { since: oldest, days: daysBetween(oldest, today) } }),
          ...(elsewhere && { others: { median: elsewhere.median.all, ninetieth: elsewhere.ninetieth.all } }),
          silent: isSilent(towards),
          ...(isSilent(towards) && { routes: routesPast(parts, towards, shy, found, caller) }),
        };
      });
      items.sort((a, b) => Number(b.silent) - Number(a.silent) || (b.oldest?.days ?? -1) - (a.oldest?.days ?? -1));
      return { body: { ...own, others, items, asOf: asOf(parts) } };
    });
  }
}

/** An answer tells of some zones: who sees one of them only with an accord is not told by a number either. */
export const kindsFor = (role: Role, today: LocalDate): RequestKind[] =>
  (Object.keys(REQUEST_KINDS) as RequestKind[]).filter((kind) =>
    REQUEST_KINDS[kind].zones.every((zone) => conditionOf(role, zone, today) === 'A'),
  );

/** Something waits, and neither that nor the last answer is younger than the delay. */
const silenceOf =
  ({ rulebook }: ReadModelParts, { organisation }: Caller, today: LocalDate) =>
  ({ oldest, lastAnswer }: Towards): boolean => {
    const since = oldest === null ? undefined : latest(oldest, lastAnswer ?? undefined);
    return since !== undefined && today > rulebook.for(organisation).dueBy('partner.silent', since);
  };

interface Route {
  readonly organisation: OrganisationId;
  readonly name: string;
  readonly role: Role;
  /** Of its answers to the caller, when it was asked anything in the period. */
  readonly median: number | null;
}
/** Where the next request can go, or this person: partners of the same place that are not silent themselves, the quickest first. */
function routesPast(
  { directory }: ReadModelParts,
  { organisation, role, kind }: Towards,
  silent: ReadonlySet<OrganisationId>,
  found: readonly Towards[],
  caller: Caller,
): Route[] {
  const { like, standIns } = REQUEST_KINDS[kind].elsewhere;
  const place = placesOf(directory.find(organisation));
  const near = directory
    .all()
    .filter(({ id }) => id !== organisation && id !== caller.organisation && !silent.has(id))
    .filter((o) => placesOf(o).some((p) => place.includes(p)));
  const to = (wanted: Role): Route[] =>
    near
      .filter(({ roles }) => roles.includes(wanted))
      .map(({ id, name }) => ({ organisation: id, name, role: wanted, median: medianOf(found, id, kind) }));
  const alike = like ? to(role) : [];
  const routes = alike.length > 0 || !standIns ? alike : (STAND_INS[role] ?? []).flatMap(to);
  return routes
    .filter((route, i) => routes.findIndex(({ organisation: o }) => o === route.organisation) === i)
    .sort((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity) || 0);
}
const placesOf = ({ territory, region }: Partial<Organisation> = {}): string[] =>
  [territory, region].filter((place) => place !== undefined);
const medianOf = (found: readonly Towards[], id: OrganisationId, kind: RequestKind): number | null =>
  [kind, 'referral-answer'].flatMap((of) => found.find((f) => f.organisation === id && f.kind === of)?.median.all ?? [])[0] ??
  null;

/** What the caller's own organisation asked, of cases in which it takes part on the day. */
const OWN = { where: 'sender = $4 AND sender_there @> $2::date', having: 'true' };
/** What all the others asked: the caller can take nothing of its own away from it. */
const OF_OTHERS = { where: 'sender <> $4', having: `count(*) >= ${SMALLEST} AND count(DISTINCT sender) >= ${SENDERS}` };

const rowsOf = (
  db: Snapshot,
  table: string,
  { where, having }: typeof OWN,
  { from, to }: Period,
  kinds: readonly RequestKind[],
  { organisation }: Caller,
): Promise<Towards[]> =>
  db.rows(
    `SELECT asked AS organisation, asked_role AS role, kind, count(*)::int AS count, count(answer)::int AS answered,
            max(answer)::text AS "lastAnswer", count(waits)::int AS waiting, min(waits)::text AS oldest,
            ${percentile(0.5)} AS median, ${percentile(0.9)} AS ninetieth
     FROM (
       SELECT *, answer - asked_on AS answered_in, coalesce(answer, ended, $2) - asked_on AS passed, CASE WHEN coalesce(answer, ended) IS NULL THEN asked_on END AS waits
       FROM (
         SELECT asked, asked_role, kind, sender, asked_on, CASE WHEN answered_on <= $2 THEN greatest(answered_on, asked_on) END AS answer, CASE WHEN ended_on <= $2 THEN greatest(ended_on, asked_on) END AS ended
         FROM ${table} WHERE asked_on BETWEEN $1 AND $2 AND kind = ANY ($3::text[]) AND asked <> sender AND ${where}
       ) sent
     ) counted
     GROUP BY 1, 2, 3 HAVING ${having} ORDER BY 1, 2, 3`,
    [from, to, kinds, organisation],
  );
const percentile = (share: number): string =>
  `json_build_object('answered', percentile_disc(${share}) WITHIN GROUP (ORDER BY answered_in), 'all', percentile_disc(${share}) WITHIN GROUP (ORDER BY passed))`;
