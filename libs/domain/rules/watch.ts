import { type CaseView } from '../case/view.js';
import { addDays, earliest, latest, type LocalDate } from '../kernel/local-date.js';
import { type Zone } from '../kernel/fields.js';
import { type Delays, type Rulebook } from './delays.js';
import { current, type Obligation, obligations } from './obligations.js';

/** An event that the watch has to write: a duty was missed, and how far that is to be told. */
export interface Told {
  readonly type: string;
  /** The day on which it came so far, by the delays, not the day on which the watch looked; no day while a death was to be confirmed. */
  readonly on: LocalDate;
  readonly data: Readonly<Record<string, unknown>>;
  /** Names the clock and the step: the same, whoever looks and whenever. */
  readonly key: string;
}

const EVENT_OF: Partial<Record<Zone, string>> = {
  leave: 'LeaveDutyMissed',
  measure: 'MeasureDutyMissed',
  waiting: 'FileDutyMissed',
};
type Step = 1 | 2 | 3;
const STEPS: readonly Step[] = [1, 2, 3];

/** The first day on which a duty is missed so far; undefined for a step that it never takes. */
function reachedOn(o: Obligation, step: Step, delays: Delays): LocalDate | undefined {
  const last = o.graceUntil;
  if (last === undefined) return undefined;
  if (step === 1) return addDays(last, 1);
  // Beyond its organisation there is nobody to whom a coordinator's own silence could be told.
  if (step === 3 && o.rule === 'escalation-to-handle') return undefined;
  return addDays(delays.dueBy(step === 2 ? 'escalation.organisation' : 'escalation.coordinator', last), 1);
}

/**
 * What is to be told of a case today and has not been: for each duty the highest step that it has come to, so that a watch that was away
 * tells each one once, with the day on which it would have been told.
 */
export function missedToTell(v: CaseView, book: Rulebook, knownOn: LocalDate | undefined, today: LocalDate): Told[] {
  const delays = book.for(v.caisse);
  return current(obligations(v, book, knownOn), today).flatMap((o) => {
    const reached = STEPS.flatMap((step) => {
      const on = reachedOn(o, step, delays);
      return on !== undefined && on <= today ? [{ step, on }] : [];
    }).at(-1);
    if (!reached || reached.step <= o.step) return [];
    // In the zone of what was missed: an escalation about a hidden thing is hidden too.
    const { rule, subject, restartedBy, organisation, due, zone } = o;
    return [
      {
        type: EVENT_OF[zone] ?? 'DutyMissed',
        on: latest(reached.on, v.resumedOn) ?? reached.on,
        data: {
          rule,
          subject,
          ...(restartedBy !== undefined && { restartedBy }),
          owner: organisation,
          dueOn: due,
          step: reached.step,
        },
        key: [rule, subject, restartedBy ?? '', organisation, reached.step].join('|'),
      },
    ];
  });
}

/**
 * The next day on which the watch has to look at a case, should nothing happen until then: a step is reached, or an accord runs out and
 * the case is somebody else's. Undefined when there is none.
 */
export function nextLook(v: CaseView, book: Rulebook, knownOn: LocalDate | undefined, today: LocalDate): LocalDate | undefined {
  const delays = book.for(v.caisse);
  const steps = obligations(v, book, knownOn).flatMap((o) => {
    const on = STEPS.filter((step) => step > o.step)
      .map((step) => reachedOn(o, step, delays))
      .find((day) => day !== undefined);
    // Time alone ends some duties before they are missed.
    return on !== undefined && (o.until === undefined || on <= o.until) ? [on] : [];
  });
  const lapses = v.consents.flatMap((c) => (c.to !== undefined && c.to >= today ? [addDays(c.to, 1)] : []));
  return earliest(...steps, ...(steps.length > 0 || v.accountable ? lapses : []));
}
