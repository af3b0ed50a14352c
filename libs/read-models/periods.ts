import { partnerView } from '../access/visible.js';
import { type ActDefinition } from '../domain/case/act.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { actOfType } from '../domain/case/acts.js';
import { deriveCase } from '../domain/case/derive.js';
import { takesPart } from '../domain/case/taking-part.js';
import { type CaseView } from '../domain/case/view.js';
import { MATRICES } from '../domain/confidentiality/matrix.js';
import { NIR_USES } from '../domain/confidentiality/nir-use.js';
import { isOwn, isParty, sourcesOf, type Viewer } from '../domain/confidentiality/redact.js';
import { letGo, seenOf, type Sight, sightOf, told, type ZoneSet, zonesOf } from '../domain/confidentiality/sight.js';
import { addDays, type LocalDate } from '../domain/kernel/local-date.js';
import { type OrganisationId } from '../domain/kernel/roles.js';
import { NO_DATE } from './partners/worklist.js';

/** A case as one partner sees it from one day until another. */
export interface Period {
  readonly from: LocalDate;
  /** First day on which it is no longer so, or `infinity`. */
  readonly to: string;
  /** In full, on those days. */
  readonly whole: CaseView;
  readonly seen: CaseView;
}

/** The days on which what somebody may see of the case can change without any event: accords, parts and the law begin and end. */
const turningDays = (full: CaseView): LocalDate[] => {
  const after = (last: LocalDate | undefined): LocalDate | undefined => last && addDays(last, 1);
  const days = [
    ...full.participations.flatMap((p) => [p.from, p.to]),
    ...full.consents.flatMap((c) => [c.from, after(c.to), c.withdrawnOn, ...c.confirmations.map((k) => k.on)]),
    ...full.objections.map((o) => o.on),
    ...[...MATRICES, ...NIR_USES].flatMap((m) => [m.from, after(m.to)]),
  ];
  return [...new Set(days.filter((day) => day !== undefined))].sort();
};

/**
 * What each viewer sees of one case, for every day. A line of a list is computed from one of these, so neither the lists nor their counts
 * can tell of what is hidden, and nothing has to be written on the day on which an accord ends. Whoever is told the same shares one view.
 */
export class Sights {
  private readonly days: readonly Day[];
  private readonly events: readonly Tellable[];
  private readonly parties = new Map<OrganisationId, readonly boolean[]>();
  private readonly owned = new Map<string, readonly boolean[]>();
  private readonly views: Map<string, CaseView>;
  private readonly sights = new Map<string, CaseView>();

  constructor(
    private readonly full: CaseView,
    history: readonly RecordedEvent[],
  ) {
    this.events = history.flatMap((event) => tellable(event) ?? []);
    const all = this.events.map(({ zones }) => zones);
    this.views = new Map(this.events.length === history.length ? [[keyOf(all, ''), full]] : []);
    const wholes = new Map([['', full]]);
    this.days = turningDays(full).map((from, i, days) => {
      const lapsed = full.consents.flatMap((c) => (c.to !== undefined && c.to < from ? [c.id] : [])).join();
      const whole = wholes.get(lapsed) ?? deriveCase(full.caseId, history, actOfType, from);
      wholes.set(lapsed, whole);
      return { from, to: days[i + 1] ?? NO_DATE, lapsed, whole };
    });
  }

  /** The days on which a viewer takes part; as long as nothing changes it is one period. */
  periodsOf(viewer: Viewer): Period[] {
    const periods: Period[] = [];
    for (const day of this.days) {
      const { from, to, whole } = day;
      if (!takesPart(whole, viewer.organisation, from)) continue;
      const seen = this.seenBy(viewer, day);
      const last = periods.at(-1);
      if (last?.to === from && last.whole === whole && last.seen === seen) periods[periods.length - 1] = { ...last, to };
      else periods.push({ from, to, whole, seen });
    }
    return periods;
  }

  private seenBy(viewer: Viewer, day: Day): CaseView {
    const { from, lapsed, whole } = day;
    const sight = sightOf(viewer, whole, from);
    // On most days nothing has changed since the day before.
    const key = JSON.stringify([viewer, sight, lapsed]);
    const known = this.sights.get(key) ?? this.viewOf(viewer, sight, day);
    this.sights.set(key, known);
    return known;
  }

  private viewOf(viewer: Viewer, sight: Sight, { from, lapsed }: Day): CaseView {
    const parties = this.partiesOf(viewer);
    const owned = this.ownedBy(viewer);
    const zones = this.events.map(({ event, zones: all }, i) =>
      seenOf(all, parties[i] ? sight.asParty : sight.otherwise, owned[i]!, letGo(sight, sourcesOf(event, this.full))),
    );
    const key = keyOf(zones, lapsed);
    const seen = this.views.get(key) ?? partnerView(this.full.caseId, this.told(zones), from);
    this.views.set(key, seen);
    return seen;
  }

  private partiesOf(viewer: Viewer): readonly boolean[] {
    const known = this.parties.get(viewer.organisation) ?? this.events.map(({ event }) => isParty(event, viewer, this.full));
    this.parties.set(viewer.organisation, known);
    return known;
  }

  private ownedBy(viewer: Viewer): readonly boolean[] {
    const key = `${viewer.organisation}|${viewer.role}`;
    const known = this.owned.get(key) ?? this.events.map(({ event }) => isOwn(event, viewer));
    this.owned.set(key, known);
    return known;
  }

  private told(zones: readonly ZoneSet[]): RecordedEvent[] {
    return this.events.flatMap(({ event, act, versions }, i) => {
      const seen = zones[i]!;
      if (!versions.has(seen)) versions.set(seen, told(event, act, seen));
      return versions.get(seen) ?? [];
    });
  }
}

/** From one day on which access can change to the next. */
interface Day {
  readonly from: LocalDate;
  readonly to: string;
  /** The accords that have run out: all that makes the whole case differ from day to day. */
  readonly lapsed: string;
  readonly whole: CaseView;
}
interface Tellable {
  readonly event: RecordedEvent;
  readonly act: ActDefinition;
  readonly zones: ZoneSet;
  /** What is told of it, by the zones that are seen. */
  readonly versions: Map<ZoneSet, RecordedEvent | undefined>;
}
function tellable(event: RecordedEvent): Tellable | undefined {
  const act = actOfType(event.corrects?.type ?? event.type);
  if (!act) return undefined;
  const zones = zonesOf(event, act);
  return { event, act, zones, versions: new Map([[zones, event]]) };
}
const keyOf = (zones: readonly ZoneSet[], lapsed: string): string => `${zones.join()}|${lapsed}`;
