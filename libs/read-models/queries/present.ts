import { seesZone, whoseMoveOf } from '../../access/visible.js';
import { actOfType } from '../../domain/case/acts.js';
import { type RecordedEvent } from '../../domain/case/event.js';
import { knownOn } from '../../domain/case/derive.js';
import { type CaseView } from '../../domain/case/view.js';
import { type Viewer } from '../../domain/confidentiality/redact.js';
import { type Irregularity } from '../../domain/kernel/errors.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { ruleOf } from '../../domain/rules/index.js';
import { escalatedBy, explain, heldSince } from '../../domain/rules/explain.js';
import { current, type Obligation, obligations } from '../../domain/rules/obligations.js';
import { type ReadModelParts } from '../parts.js';
import { type SeenCase } from './cases.js';

/**
 * An irregularity is told to whoever may see all that its rule looked at. It is worked out on what the viewer sees, so it can't tell of
 * anything else; and where a rule looks at what is hidden, what it finds there says nothing.
 */
const tellable = (full: CaseView, viewer: Viewer, on: LocalDate) => {
  const sees = seesZone(full, viewer, on);
  return ({ zones = ['coordination'] }: Irregularity): boolean => zones.every(sees);
};
const told = ({ code, article }: Irregularity): Irregularity => ({ code, article });

export const whoseMove = ({ full, seen }: SeenCase, { organisation }: Viewer): Record<string, unknown> => {
  const accountable = whoseMoveOf(full, seen, organisation);
  return accountable ? { whoseMove: { ...accountable, yours: accountable.organisation === organisation } } : {};
};

/** What a rule asks of its owner, or shows: when, by when, how late, and why; of a case that is just held, since when. */
export function asked(
  parts: Pick<ReadModelParts, 'rulebook' | 'directory'>,
  o: MaybeRuled,
  seen: CaseView,
  today: LocalDate,
): Record<string, unknown> {
  if (!isWhole(o)) return { why: heldSince(o.since) };
  const { nature, rule, due, graceUntil, past, step } = o;
  const missed = escalatedBy(o, seen);
  return {
    task: rule,
    nature,
    label: ruleOf(rule)?.label,
    ...(due !== undefined && { due }),
    ...(graceUntil !== undefined && { overdue: graceUntil < today }),
    ...(past !== undefined && { past }),
    ...(step > 0 && { escalation: step }),
    ...(o.count !== undefined && { count: o.count }),
    ...(missed && {
      missed: { task: missed.rule, label: ruleOf(missed.rule ?? '')?.label, organisation: missed.owner, due: missed.dueOn },
    }),
    why: explain(o, { seen, rulebook: parts.rulebook, nameOf: (id) => parts.directory.find(id)?.name ?? id, today }),
  };
}
type MaybeRuled = Pick<Obligation, 'since'> & Partial<Obligation>;
const isWhole = (o: MaybeRuled): o is Obligation => o.rule !== undefined;

/** The case file. Revisions count hidden events too, so they stay inside. */
export function presentCase(
  parts: Pick<ReadModelParts, 'rulebook' | 'directory'>,
  found: SeenCase,
  viewer: Viewer,
  today: LocalDate,
): Record<string, unknown> {
  const { full, seen, visible } = found;
  const {
    caseId,
    status,
    toldUntil: _told,
    missed: _missed,
    personId: _person,
    identities: _identities,
    accountable: _accountable,
    irregularities: irregular,
    leads: _leads,
    numbers: _numbers,
    accordMarks: _marks,
    withdrawals: _withdrawals,
    denials: _denials,
    reach: _reach,
    tellers: _tellers,
    retold: _retold,
    formsTakenBack: _formsTakenBack,
    toldBy: _toldBy,
    parted: _parted,
    joins: _joins,
    openedAt: _openedAt,
    deaths: _deaths,
    deathAnswers: _answers,
    resumedOn: _resumed,
    settled: _settled,
    unsettled,
    ...facts
  } = seen;
  const irregularities = irregular.filter(tellable(full, viewer, today)).map(({ eventId, subject, ...rest }) => ({
    ...told(rest),
    subject,
    ...(eventId !== null && { event: eventId }),
  }));
  return {
    caseId,
    status,
    ...whoseMove(found, viewer),
    ...withoutRevisions(facts),
    ...(unsettled.length > 0 && {
      toConfirm: unsettled.map(({ eventId, on, since, by }) => ({ event: eventId, on, since, by })),
    }),
    items: current(obligations(seen, parts.rulebook, knownOn(visible), full), today)
      .filter(({ organisation }) => organisation === viewer.organisation)
      .map((o) => ({
        kind: o.rule,
        subject: o.subject,
        role: o.role,
        since: o.since,
        article: o.article,
        ...asked(parts, o, seen, today),
      })),
    irregularities,
  };
}
const withoutRevisions = (facts: object): object =>
  JSON.parse(JSON.stringify(facts, (key, value: unknown) => (key === 'revision' ? undefined : value))) as object;

/** Events as told to a partner: without their place in the stream or in the log, which would tell of those left out. */
export function presentEvents({ visible }: SeenCase): Record<string, unknown>[] {
  return visible.map((event: RecordedEvent) => ({
    id: event.id,
    type: event.type,
    label: actOfType(event.corrects?.type ?? event.type)?.label,
    occurredOn: event.occurredOn,
    recordedAt: event.recordedAt,
    actor: event.actor,
    ...(event.recordedBy && { recordedBy: event.recordedBy }),
    ...(event.evidence && { evidence: event.evidence }),
    data: event.data,
    ...(event.corrects && { corrects: event.corrects }),
    ...(event.irregularities.length > 0 && { irregularities: event.irregularities.map(told) }),
    ...(event.erased && { erased: true }),
  }));
}
