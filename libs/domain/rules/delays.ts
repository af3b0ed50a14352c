import { type LocalDate, within } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { type Text, t } from '../kernel/text.js';
import { type Calendar, type Count, lastDay } from './calendar.js';

/**
 * A delay in force between two dates. Those of the law carry their article; those that are convention or practice (D or S) are
 * configuration: a change is a new row with its own `from`, and old rows stay, since a fact is judged by the delay of its day.
 */
export interface Delay extends Count {
  readonly name: string;
  /** Absent from those that ship: they hold for any day before the first change, since a fact may be of any day that a life can hold. */
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  /** Code of the département or region that it holds for; none for the whole country. */
  readonly place?: string;
  readonly source: string;
}

/** Raise it whenever a release changes a rule or a delay: lists and watch are then worked out anew, as when a delay is set. */
const VERSION = 7;
const CONVENTION = 'convention (D)';
const PRACTICE = 'Carsat BFC, bilan PDP 2023 (S)';
const delay = <const N extends string>(name: N, count: number, source: string, more: Partial<Count> = {}) => ({
  name, count, unit: 'day', dayOneCounts: false, lastDayOffMoves: false, source, ...more,
} as const satisfies Delay); // prettier-ignore

/** The country's delays, as they ship. */
export const DELAYS = [
  delay('transmission.acknowledge', 7, CONVENTION),
  delay('triage.conclude', 14, CONVENTION),
  delay('accord.ask', 30, CONVENTION),
  delay('accord.formControl', 10, CONVENTION, { unit: 'jourOuvre' }),
  delay('accord.formDraw', 10, CONVENTION, { unit: 'draw' }),
  delay('referral.answer', 7, CONVENTION),
  delay('referral.appointment', 14, PRACTICE),
  delay('appointment.outcome', 7, CONVENTION),
  delay('case.place', 7, CONVENTION),
  delay('lead.find', 90, 'Cnam, présentation de 2017 (S)'),
  delay('contact.make', 60, CONVENTION),
  delay('opinion.give', 15, CONVENTION),
  delay('assessment.write', 30, CONVENTION),
  delay('ilco.meeting', 90, CONVENTION),
  delay('ilco.record', 8, CONVENTION),
  delay('measure.decision', 30, CONVENTION),
  delay('measure.start', 0, CONVENTION),
  delay('measure.review', 15, CONVENTION),
  delay('report.deliver', 15, CONVENTION),
  delay('visit.hold', 30, CONVENTION),
  delay('preReturn.alert', 60, CONVENTION),
  delay('support.followUp', 6, PRACTICE, { unit: 'month' }),
  delay('support.followUpGrace', 30, CONVENTION),
  delay('followUp.attempts', 3, CONVENTION, { unit: 'attempt' }),
  delay('case.reopen', 15, CONVENTION),
  // "Dans les huit jours qui suivent cette reprise": calendar days, the day of the return not counted.
  delay('return.visit', 8, 'R.4624-31 CT'),
  delay('fact.recording', 7, CONVENTION),
  delay('escalation.organisation', 7, CONVENTION),
  delay('escalation.coordinator', 14, CONVENTION),
  delay('escalation.handle', 7, CONVENTION),
  delay('partner.silent', 30, CONVENTION),
  delay('file.answer', 2, CONVENTION, { unit: 'jourOuvre' }),
  delay('death.confirm', 2, CONVENTION, { unit: 'jourOuvre' }),
  delay('fact.confirm', 2, CONVENTION, { unit: 'jourOuvre' }),
  delay('file.change', 5, CONVENTION, { unit: 'jourOuvre' }),
] as const;
export type DelayName = (typeof DELAYS)[number]['name'];
export const DELAY_NAMES = DELAYS.map((d) => d.name);
export const isDelayName = (name: string): name is DelayName => (DELAY_NAMES as readonly string[]).includes(name);

/** The delays that hold for one case. */
export interface Delays {
  /** The one in force on a day. */
  of(name: DelayName, on: LocalDate): Delay;
  /** Last day of the delay that starts on `start`. */
  dueBy(name: DelayName, start: LocalDate): LocalDate;
}
/** Every delay there is, by the caisse of the case. */
export interface Rulebook {
  for(caisse: OrganisationId | undefined): Delays;
  /** Of the rules and of the changes that it rests on: what was worked out under another number may be worked out otherwise now. */
  readonly revision: number;
  /** Takes in changes made elsewhere. */
  catchUp(): Promise<void>;
}
/** Where changes come from. */
export interface DelayChanges {
  /** In the order in which they were made. */
  readonly delays: readonly Delay[];
  /** The places in which a caisse lies, nearest first: its département, its region. */
  placesOf(caisse: OrganisationId): readonly string[];
  catchUp(): Promise<void>;
}
const NO_CHANGES: DelayChanges = { delays: [], placesOf: () => [], catchUp: async () => undefined };

/** Of the delays in force on a day the nearest place counts, then the last set. */
export const rulebook = (calendar: Calendar, changes: DelayChanges = NO_CHANGES): Rulebook => ({
  get revision() {
    return VERSION * 1_000_000 + changes.delays.length;
  },
  catchUp: () => changes.catchUp(),
  for(caisse) {
    const places: readonly (string | undefined)[] = [...(caisse === undefined ? [] : changes.placesOf(caisse)), undefined];
    const all: readonly Delay[] = [...DELAYS, ...changes.delays];
    const of = (name: DelayName, on: LocalDate): Delay => {
      const inForce = all.filter((d) => d.name === name && within(on, d.from, d.to));
      const found = places.flatMap((place) => inForce.findLast((d) => d.place === place) ?? [])[0];
      if (!found) throw new RangeError(`no delay in force: ${name} on ${on}`);
      return found;
    };
    return { of, dueBy: (name, start) => lastDay(of(name, start), start, calendar, places[0]) };
  },
});

const UNIT_WORDS: Readonly<Record<Count['unit'], Text>> = {
  day: t('jours', 'days'),
  jourOuvrable: t('jours ouvrables', 'jours ouvrables (all but Sundays and public holidays)'),
  jourOuvre: t('jours ouvrés', 'working days'),
  month: t('mois', 'months'),
  attempt: t('essais', 'attempts'),
  draw: t('un tiré sur', 'one drawn in'),
};
/** `7 jours, le premier non compris`. */
export const countInWords = ({ count, unit, dayOneCounts, lastDayOffMoves }: Count): Text => {
  if (count === 0) return t('le jour même', 'the same day');
  const { fr, en } = UNIT_WORDS[unit];
  if (unit === 'attempt') return t(`${count} ${fr}`, `${count} ${en}`);
  if (unit === 'draw') return t(`${fr} ${count}`, `${en} ${count}`);
  return t(
    `${count} ${fr}, le premier ${dayOneCounts ? 'compris' : 'non compris'}${lastDayOffMoves ? ', reporté au jour ouvré suivant' : ''}`,
    `${count} ${en}, the first one ${dayOneCounts ? '' : 'not '}counted${lastDayOffMoves ? ', moved to the next working day' : ''}`,
  );
};
/** `7 jours, le premier non compris (convention (D))`. */
export const inWords = (delay: Delay): Text => {
  const { fr, en } = countInWords(delay);
  return t(`${fr} (${delay.source})`, `${en} (${delay.source})`);
};
