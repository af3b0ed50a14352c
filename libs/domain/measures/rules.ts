import { type EmploymentStatus, leaveAt, type Measure, type Opinion } from '../case/view.js';
import { type Zone } from '../kernel/fields.js';
import { addMonths, daysBetween, type LocalDate, localDate } from '../kernel/local-date.js';
import { ROLES, type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import {
  beginOf,
  beginsOnLeave,
  daysOf,
  isEmployed,
  type MeasureCheck,
  onLeave,
  othersOfType,
  presenceDays,
  spansOf,
  statusesOn,
  totalDays,
} from './facts.js';
import { type MeasureRule, type OpinionAsked } from './measure.js';

/** Rules that several measures share, each with its article and the days on which it is law. */

/** The law of 2 August 2021 took effect for these articles on 31 March 2022 (décrets 2022-372 and 2022-373). */
export const MARCH_2022 = localDate('2022-03-31');
/** L.323-3-1 CSS, first version: actions during a leave, with the treating physician's accord, the medical adviser's opinion, the caisse's accord. */
export const DECEMBER_2010 = localDate('2010-12-22');
const DURING_LEAVE = 'L.323-3-1 CSS';
/** The person's status is that of the leave, else that of the activities, which are told in the zone of the job. */
const BY_STATUS: readonly Zone[] = ['leave', 'job', 'measure', 'decision'];

/** The rule, for the cases that it is about only. */
export const when = (applies: (c: MeasureCheck) => boolean, rule: MeasureRule): MeasureRule => ({
  ...rule,
  broken: (c) => applies(c) && rule.broken(c),
});
/** The last opinion of a role that had been given by a day. */
const opinionOf = (m: Measure, role: Role, by: LocalDate): Opinion | undefined =>
  m.opinions.filter((o) => o.role === role && o.on <= by).at(-1);
/** Approved on that day, and not refused since. */
const approvedBy = (m: Measure, on: LocalDate): boolean => m.decisions.filter((d) => d.on <= on).at(-1)?.kind === 'approved';

/**
 * "No approval without the opinions that its type needs": each of these roles has agreed, with or without conditions, before the
 * decision. That holds for an avis of the médecin conseil too: it binds the caisse (L.315-2 CSS). An erased opinion was given.
 */
export const needsOpinions = (opinions: readonly OpinionAsked[]): MeasureRule[] =>
  opinions.map(({ role, article, from, to }) => ({
    code: `opinionMissing.${role}`,
    article,
    ...(from && { from }),
    ...(to && { to }),
    stages: ['approve'],
    message: t(
      `L’accord ou l’avis est requis avant la décision : ${ROLES[role].fr}.`,
      `An opinion is needed before the decision: ${ROLES[role].en}.`,
    ),
    broken: ({ measure, on }) => {
      const last = opinionOf(measure, role, on);
      return !last || last.opinion === 'no';
    },
  }));

export const needsAssessment = (article: string, from?: LocalDate): MeasureRule => ({
  code: 'assessmentMissing',
  article,
  zones: ['social', 'measure', 'decision'],
  ...(from && { from }),
  stages: ['approve'],
  message: t(
    'L’évaluation globale du Service social est requise avant la décision.',
    'The social worker’s assessment is needed before the decision.',
  ),
  broken: ({ view, on }) => !view.assessments.some((a) => a.on <= on),
});

/** Nothing starts, or goes on for another period, before the decision. */
export const needsApproval = (article: string, from?: LocalDate): MeasureRule => ({
  code: 'notApproved',
  article,
  ...(from && { from }),
  stages: ['plan', 'start', 'renew'],
  message: t(
    'La mesure ne commence qu’après la décision qui l’accorde.',
    'The measure starts only after the decision that grants it.',
  ),
  broken: ({ measure, on }) => !approvedBy(measure, on),
});
/** During a leave nothing starts that the caisse has not agreed to. */
export const needsApprovalOnLeave = (): MeasureRule => when(beginsOnLeave, needsApproval(DURING_LEAVE, DECEMBER_2010));

export const needsAgreement = (article: string, signatories: readonly Role[], from?: LocalDate): MeasureRule => ({
  code: 'agreementMissing',
  article,
  ...(from && { from }),
  stages: ['plan', 'start'],
  message: t(
    'La convention doit être signée par toutes les parties avant le début.',
    'All parties must have signed the agreement before the start.',
  ),
  broken: ({ measure, on }) => signatories.some((role) => !hasSigned(measure, [role], on)),
});
/** A salaried person's employer is a party too; the unemployed and the independent have none. */
export const needsEmployer = (article: string, from?: LocalDate): MeasureRule => ({
  ...when(isEmployed, needsAgreement(article, ['EMPLOYER'], from)),
  code: 'employerAgreementMissing',
  zones: BY_STATUS,
  message: t(
    'L’employeur d’un salarié doit avoir donné son accord avant le début.',
    'The employer of an employee must have agreed before the start.',
  ),
});
/** One of these roles has signed by a day. */
export const hasSigned = (m: Measure, roles: readonly Role[], on: LocalDate): boolean =>
  m.agreements.some((a) => a.on <= on && a.signatories.some((s) => roles.includes(s)));

/** A measure on leave lasts no longer than the leave that carries it (the médecin conseil opines on just that). Before or after a leave it is free. */
export const leaveCovers = (): MeasureRule =>
  when(beginsOnLeave, {
    code: 'leaveTooShort',
    article: DURING_LEAVE,
    from: DECEMBER_2010,
    stages: ['plan', 'start', 'renew', 'present'],
    message: t('L’arrêt doit couvrir toute la période de la mesure.', 'The leave must cover the whole period of the measure.'),
    broken: ({ measure, view }) =>
      [...daysOf(measure, measure.periods.slice(-1)), ...measure.presences.map((s) => s.date)].some((day) => !leaveAt(view, day)),
  });
/** The measure exists only during a leave. */
export const needsLeave = (article: string, from?: LocalDate): MeasureRule => ({
  code: 'notOnLeave',
  article,
  ...(from && { from }),
  stages: ['plan', 'start'],
  message: t('La mesure suppose un arrêt de travail en cours.', 'The measure supposes a current sick leave.'),
  broken: ({ measure, view, on }) => !onLeave(view, beginOf(measure, on)),
});

/** Who is asked where a measure falls in a leave. */
export const LEAVE_OPINIONS = [
  { role: 'MTR', article: DURING_LEAVE, from: DECEMBER_2010 },
  { role: 'MC', article: DURING_LEAVE, from: DECEMBER_2010 },
] as const satisfies readonly OpinionAsked[];
/** L.323-3-1 CSS for a measure that is possible off leave too: its conditions hold only where it begins in a leave. */
export const duringLeave = (): MeasureRule[] => [
  ...needsOpinions(LEAVE_OPINIONS).map((rule) => when(beginsOnLeave, rule)),
  needsApprovalOnLeave(),
  leaveCovers(),
];

/** Excluded when all that the person is on that day is excluded: an employee who also trades on his own account is an employee. */
export const excludesStatus = (
  statuses: readonly EmploymentStatus[], code: string, article: string, from: LocalDate, to?: LocalDate,
): MeasureRule => ({
  code,
  article,
  from,
  ...(to && { to }),
  zones: BY_STATUS,
  stages: ['request', 'approve', 'plan', 'start'],
  message: t('Le statut de la personne exclut cette mesure.', 'The person’s status excludes this measure.'),
  broken: ({ view, on }) => {
    const known = statusesOn(view, on);
    return known.length > 0 && known.every((s) => statuses.includes(s));
  },
}); // prettier-ignore

/** Caps count distinct days of presence, whatever their slots, across all periods and renewals of all measures of the type. */
export const atMostDays = (total: number, article: string, from: LocalDate): MeasureRule => ({
  code: 'capExceeded',
  acrossCases: true,
  article,
  from,
  stages: ['request', 'approve', 'plan', 'start', 'renew', 'present'],
  message: t(`Le total des jours de présence dépasse ${total} jours.`, `The days of presence add up to more than ${total}.`),
  broken: (c) =>
    new Set([c.measure, ...othersOfType(c)].flatMap((m) => [...presenceDays(m), ...m.presences.map((s) => s.date)])).size > total,
});
export const periodAtMostDays = (days: number, article: string, from: LocalDate): MeasureRule => ({
  code: 'periodTooLong',
  article,
  from,
  stages: ['request', 'approve', 'plan', 'start', 'renew'],
  message: t(`Une période ne dépasse pas ${days} jours de présence.`, `One period has at most ${days} days of presence.`),
  broken: ({ measure }) => new Set(presenceDays(measure, measure.periods.slice(-1))).size > days,
});
/** All periods together, and those that the agreements name, in calendar days of that many months date to date. */
export const atMostMonths = (months: number, article: string, from?: LocalDate): MeasureRule => ({
  code: 'tooLong',
  article,
  ...(from && { from }),
  stages: ['request', 'approve', 'plan', 'start', 'renew'],
  message: t(`La durée totale dépasse ${months} mois.`, `It lasts more than ${months} months in all.`),
  broken: ({ measure, on }) => {
    const start = beginOf(measure, on);
    return totalDays(agreedSpans(measure)) > daysBetween(start, addMonths(start, months));
  },
});
export const agreedSpans = (m: Measure): ReturnType<typeof spansOf> => [...spansOf(m), ...spansOf(m, m.agreements)];
