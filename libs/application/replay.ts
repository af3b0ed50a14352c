import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { actOfType } from '../domain/case/acts.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { isOpen } from '../domain/case/measure-status.js';
import { type CaseView } from '../domain/case/view.js';
import { inZones } from '../domain/confidentiality/redact.js';
import { type Irregularity } from '../domain/kernel/errors.js';
import { type Zone } from '../domain/kernel/fields.js';
import { dateOf, type LocalDate, within } from '../domain/kernel/local-date.js';
import { type Text } from '../domain/kernel/text.js';
import { type Mandate, mandateFor } from '../domain/mandate/mandate.js';
import { loadCase, viewOf } from './case-stream.js';
import { NotFound } from './messages.js';
import { Parts } from './parts.js';

export interface ReplayDays {
  /** Only what was recorded by the end of this day. */
  readonly knownOn?: LocalDate;
  /** Only what had happened by the end of this day. */
  readonly trueOn?: LocalDate;
}
/** One case, event by event, for an auditor with a mandate: what was known on one day about another. */
export class ReplayCase {
  constructor(
    readonly caseId: string,
    readonly caller: Caller,
    readonly days: ReplayDays = {},
  ) {}
}

export interface ReplayState {
  readonly status: CaseView['status'];
  readonly accountable: CaseView['accountable'] | null;
  readonly lead: CaseView['lead'] | null;
  readonly openMeasures: readonly Pick<CaseView['measures'][number], 'id' | 'type' | 'status'>[];
}
export interface ReplayStep extends Pick<
  RecordedEvent,
  'id' | 'type' | 'occurredOn' | 'recordedAt' | 'actor' | 'recordedBy' | 'evidence' | 'corrects' | 'erased' | 'data'
> {
  /** 1, 2 … among the events of this replay; it does not count what the mandate leaves out. */
  readonly step: number;
  readonly label: Text;
  readonly irregularities: readonly Irregularity[];
  /** Once this event was recorded, as told by the events of this replay alone. */
  readonly state: ReplayState;
}
export interface Replay extends ReplayDays {
  readonly caseId: string;
  readonly mandate: Pick<Mandate, 'mandateId' | 'zones' | 'factsFrom' | 'factsTo' | 'validTo'>;
  readonly steps: readonly ReplayStep[];
}

@QueryHandler(ReplayCase)
export class ReplayCaseHandler implements IQueryHandler<ReplayCase, Replay> {
  constructor(private readonly parts: Parts) {}

  /** @throws NotFound without a mandate, exactly as for a case that does not exist */
  async execute({ caseId, caller, days }: ReplayCase): Promise<Replay> {
    const { followed, clock, ids } = this.parts;
    await followed.catchUp();
    // One of before names the auditor as the token does.
    const mandates = followed.mandates.map((m) => ({ ...m, auditor: ids.professional(m.auditor) }));
    const auditor = ids.professional(caller.person);
    const mandate = caller.role === 'AUDITOR' ? mandateFor(mandates, auditor, caseId, clock.today()) : undefined;
    const history = mandate ? await loadCase(this.parts, caseId) : [];
    if (!mandate || history.length === 0) throw new NotFound();
    const { mandateId, zones, factsFrom, factsTo, validTo } = mandate;
    const seen = ofTheDays(history, mandate, days).flatMap((e) => withinZones(e, zones) ?? []);
    return {
      caseId,
      mandate: { mandateId, zones, factsFrom, factsTo, validTo },
      ...days,
      steps: seen.map((e, i) => stepOf(caseId, seen, e, i)),
    };
  }
}

/** The events known on the one day about facts of the other, and of the mandate's period. A correction goes with what it corrects. */
function ofTheDays(history: readonly RecordedEvent[], mandate: Mandate, { knownOn, trueOn }: ReplayDays): RecordedEvent[] {
  const known = history.filter((e) => knownOn === undefined || dateOf(e.recordedAt) <= knownOn);
  // The day of a fact is the last one told: a fact moved by a correction is judged where it was moved to.
  const days = new Map<string, LocalDate>();
  for (const e of known) {
    if (!e.corrects) days.set(e.id, e.occurredOn);
    else if (e.corrects.occurredOn) days.set(e.corrects.event, e.corrects.occurredOn);
  }
  return known.filter((e) => {
    const on = days.get(e.corrects?.event ?? e.id);
    return on !== undefined && within(on, mandate.factsFrom, mandate.factsTo) && within(on, undefined, trueOn);
  });
}

/** By the zones of the mandate, which is what the matrix is to a partner; an auditor is none of those who may use the number. */
const withinZones = (event: RecordedEvent, zones: readonly Zone[]): RecordedEvent | undefined => {
  const act = actOfType(event.corrects?.type ?? event.type);
  return act && inZones(event, act, (zone) => zones.includes(zone), false);
};

/** The state is derived from what the mandate shows, so it can't tell of what it does not. */
function stepOf(caseId: string, seen: readonly RecordedEvent[], event: RecordedEvent, index: number): ReplayStep {
  const { id, type, occurredOn, recordedAt, actor, recordedBy, evidence, corrects, erased, data } = event;
  const view = viewOf(caseId, seen.slice(0, index + 1));
  return {
    step: index + 1, id, type, label: actOfType(corrects?.type ?? type)!.label, occurredOn, recordedAt, actor, recordedBy, evidence, corrects, erased, data,
    irregularities: event.irregularities.map(({ code, article }) => ({ code, article })),
    state: {
      status: view.status,
      accountable: view.accountable ?? null,
      lead: view.lead ?? null,
      openMeasures: view.measures.filter(isOpen).map((m) => ({ id: m.id, type: m.type, status: m.status })),
    },
  }; // prettier-ignore
}
