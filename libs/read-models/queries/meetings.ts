import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { seesZone } from '../../access/visible.js';
import { knownOn } from '../../domain/case/derive.js';
import { takesPart } from '../../domain/case/taking-part.js';
import { measureIn } from '../../domain/case/view.js';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { type Forum, forumOf, sitsIn } from '../../domain/forum/forum.js';
import { type AgendaItem, isSame, type Meeting, meetingOf } from '../../domain/forum/meeting.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { type OrganisationId } from '../../domain/kernel/roles.js';
import { current, type Obligation, obligations } from '../../domain/rules/obligations.js';
import { NotFound } from '../errors.js';
import { ReadModelParts } from '../parts.js';
import { measureBrief, personBrief } from '../partners/briefs.js';
import { worklistsOf } from '../partners/index.js';
import { NO_DATE } from '../partners/worklist.js';
import { type Snapshot } from '../snapshot.js';
import { answering, asOf, type SeenCase, seenCases } from './cases.js';
import { type Answer, GetAgendaProposal, GetMeeting, ListForums, ListMeetings } from './messages.js';
import { asked, whoseMove } from './present.js';

const MOST_PROPOSED = 100;

/** The forums that an organisation chairs or sits in; to anyone else they do not exist. */
async function forumsOf(parts: ReadModelParts, organisation: OrganisationId): Promise<Map<string, Forum>> {
  const all = [...(await parts.histories('forum'))].flatMap(([id, history]) => {
    const forum = forumOf(history);
    return forum && sitsIn(forum, organisation) ? [[id, forum] as const] : [];
  });
  return new Map(all);
}

@QueryHandler(ListForums)
export class ListForumsHandler implements IQueryHandler<ListForums, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ caller }: ListForums): Promise<Answer> {
    return { body: { items: [...(await forumsOf(this.parts, caller.organisation)).values()] } };
  }
}

@QueryHandler(ListMeetings)
export class ListMeetingsHandler implements IQueryHandler<ListMeetings, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ caller, forumId }: ListMeetings): Promise<Answer> {
    const forums = await forumsOf(this.parts, caller.organisation);
    const today = this.parts.clock.today();
    const meetings = [...(await this.parts.histories('meeting')).values()].flatMap((history) => meetingOf(history) ?? []);
    const items = meetings
      .filter((m) => forums.has(m.forumId) && (forumId === undefined || m.forumId === forumId))
      .sort((a, b) => (a.date < b.date ? 1 : -1))
      .map((m) => head(m, forums.get(m.forumId)!, caller.organisation, today));
    return { body: { items } };
  }
}

/** A meeting without its cases. */
const head = (
  { meetingId, date, status, heldOn, attendees }: Meeting,
  forum: Forum,
  organisation: OrganisationId,
  today: LocalDate,
) => {
  const { forumId, name, type, chair } = forum;
  const yours = chair === organisation;
  return {
    meetingId,
    forum: { forumId, name, type, chair },
    date,
    status,
    ...(heldOn && { heldOn }),
    attendees,
    // Who chairs it has it to hold, then to close.
    ...(yours && (status === 'held' || (status === 'planned' && date <= today)) && { todo: status === 'held' ? 'close-meeting' : 'hold-meeting' }), // prettier-ignore
  };
};

/** @throws NotFound when the caller's organisation has no seat there */
async function seatedIn(
  parts: ReadModelParts,
  meetingId: string,
  { organisation }: Viewer,
): Promise<{ meeting: Meeting; forum: Forum }> {
  const forums = await forumsOf(parts, organisation);
  const known = meetingOf((await parts.histories('meeting')).get(meetingId) ?? []);
  const forum = known && forums.get(known.forumId);
  if (!forum) throw new NotFound();
  // What stays in memory holds no avis: a person who is erased must be erased here too.
  return { meeting: meetingOf(await parts.meeting(meetingId))!, forum };
}

@QueryHandler(GetMeeting)
export class GetMeetingHandler implements IQueryHandler<GetMeeting, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ meetingId, caller, options }: GetMeeting): Promise<Answer> {
    const { parts } = this;
    return answering(parts, options.after, async (db) => {
      const { meeting, forum } = await seatedIn(parts, meetingId, caller);
      const today = parts.clock.today();
      const cases = await seenCases(db, [...new Set(meeting.items.map((i) => i.caseId))], caller, today);
      const refused = await parts.refusedCopies(`meeting-${meetingId}`);
      const items = meeting.items
        .flatMap((item) => {
          const found = cases.get(item.caseId);
          const mine = refused.filter((r) => r.caseId === item.caseId).flatMap((r) => r.reasons);
          return (found && shown(parts, { ...item, meetingId }, found, caller, today, mine)) ?? [];
        })
        .sort(byUrgency);
      return { body: { ...head(meeting, forum, caller.organisation, today), items, asOf: asOf(parts, cases.values()) } };
    });
  }
}

interface Shown {
  readonly due?: LocalDate;
  readonly caseId: string;
}
const byUrgency = (a: Shown, b: Shown): number => compare(a.due ?? NO_DATE, b.due ?? NO_DATE) || compare(a.caseId, b.caseId);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What a viewer sees of a point of the agenda: the case as it may see it, and what is due in it first. A request that it may not see is on
 * no agenda; whoever may not see decisions is not told that there is an avis either.
 */
export function shown(
  parts: Pick<ReadModelParts, 'rulebook' | 'directory'>,
  item: Pick<AgendaItem, 'caseId' | 'measureId'> & Partial<AgendaItem> & { readonly meetingId?: string },
  found: SeenCase,
  viewer: Viewer,
  today: LocalDate,
  notCopied: readonly string[],
) {
  const { full, seen, visible } = found;
  const { caseId, measureId, addedBy, answered, meetingId } = item;
  const measure = measureIn(seen, measureId);
  if (measureId !== undefined && !measure) return undefined;
  // What was typed wrong is put right in the case: that is then what the meeting said.
  const told = meetingId === undefined ? undefined : measure?.ilcoOpinions.findLast((o) => o.meetingId === meetingId);
  const avis = told?.opinion ?? item.avis;
  const seesDecisions = seesZone(full, viewer, today)('decision');
  const owed = current(obligations(seen, parts.rulebook, knownOn(visible)), today).filter((o) => o.nature === 'duty');
  const first = mostUrgent(owed.filter((o) => o.subject === measureId)) ?? mostUrgent(owed);
  return {
    caseId,
    ...(measureId && { measureId }),
    status: seen.status,
    person: personBrief(seen),
    ...whoseMove(found, viewer),
    ...(measure && measureBrief(seen, measure.id)),
    ...(measure && { decisions: measure.decisions.map(({ kind, on, motive }) => ({ kind, on, ...(motive && { motive }) })) }),
    ...(first?.due && { due: first.due, duty: { ...asked(parts, first, seen, today), organisation: first.organisation } }),
    ...(addedBy && { addedBy }),
    ...(seesDecisions && { ...(answered && { answered }), ...(avis && { avis }), ...(notCopied.length > 0 && { notCopied }) }),
  };
}
const mostUrgent = (owed: readonly Obligation[]): Obligation | undefined =>
  [...owed].filter((o) => o.due !== undefined).sort((a, b) => compare(a.due!, b.due!))[0];

@QueryHandler(GetAgendaProposal)
export class GetAgendaProposalHandler implements IQueryHandler<GetAgendaProposal, Answer> {
  constructor(private readonly parts: ReadModelParts) {}

  async execute({ meetingId, caller, options }: GetAgendaProposal): Promise<Answer> {
    const { parts } = this;
    return answering(parts, options.after, async (db) => {
      const { meeting, forum } = await seatedIn(parts, meetingId, caller);
      const today = parts.clock.today();
      const lines = await pressing(db, caller, today);
      const cases = await seenCases(db, [...new Set(lines.map((l) => l.caseId))], caller, today);
      const items = lines.flatMap(({ caseId, rule, subject }) => {
        const found = cases.get(caseId);
        // Whoever chairs it must know the case, or it can't be spoken of there.
        if (!found || !takesPart(found.seen, forum.chair, today)) return [];
        const measureId = measureIn(found.seen, subject)?.status === 'requested' ? subject : undefined;
        const item = { caseId, ...(measureId && { measureId }) };
        if (meeting.items.some((i) => isSame(i, item))) return [];
        const point = shown(parts, item, found, caller, today, []);
        return point ? [{ reason: rule === AWAITED ? 'awaits-avis' : 'overdue', ...point }] : [];
      });
      const once = items
        .filter((item, i) => items.findIndex((o) => isSame(o, item)) === i)
        .map(({ reason: _, ...item }) => ({
          reasons: [...new Set(items.filter((o) => isSame(o, item)).map((o) => o.reason))],
          ...item,
        }));
      return { body: { items: once.sort(byUrgency).slice(0, MOST_PROPOSED), asOf: asOf(parts, cases.values()) } };
    });
  }
}
const AWAITED = 'ilco-avis-to-give';

/** The lines of the caller's lists that await an avis, or are overdue, the oldest first. */
async function pressing(db: Snapshot, { organisation, role }: Viewer, today: LocalDate) {
  const found = await Promise.all(
    worklistsOf(role).map((view) =>
      db.rows<{ caseId: string; rule: string; subject: string; due: string }>(
        `SELECT case_id AS "caseId", rule, subject, due::text FROM ${db.table(view.entity)}
         WHERE organisation = $1 AND role = $2 AND valid_from <= $3 AND $3 < valid_to AND (rule = '${AWAITED}' OR overdue_from <= $3)
         ORDER BY due, case_id, subject, rule LIMIT ${2 * MOST_PROPOSED}`,
        [organisation, role, today],
      ),
    ),
  );
  return found.flat().sort((a, b) => compare(a.due, b.due));
}
