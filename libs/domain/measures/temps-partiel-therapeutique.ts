import { type LocalDate, localDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import {
  beginOf,
  isOccupational,
  lastDayOfMonths,
  lastLeave,
  type MeasureCheck,
  spansOf,
  statusesOn,
  totalDays,
} from './facts.js';
import { type MeasureDefinition, type MeasureRule } from './measure.js';
import { needsApproval, needsEmployer, needsOpinions } from './rules.js';

// R.433-15 says who takes part after an accident at work or an occupational disease. For other leaves L.323-3 names nobody, and
// practice is the same.
const WHO = 'R.433-15 CSS (AT/MP), sinon (S)';
const opinions = [
  { role: 'MTR', article: WHO },
  { role: 'MC', article: WHO },
] as const;
/** Three years of daily allowances and one more (R.323-1, 2° and R.323-3 CSS). */
const MONTHS = 48;
/** 90 days, 270 in a long-term illness. Which it is would be a diagnosis, and no field holds one: beyond 270 it is surely too long. */
const TI_DAYS = 270;

const isTi = ({ measure, view, on }: MeasureCheck): boolean => {
  const statuses = statusesOn(view, beginOf(measure, on));
  return statuses.length > 0 && statuses.every((s) => s === 'TI');
};
const lastDay = (c: MeasureCheck): LocalDate | undefined => spansOf(c.measure).at(-1)?.to;

const withinFourYears: MeasureRule = {
  code: 'ijExhausted',
  article: 'R.323-3 CSS',
  from: localDate('2019-08-23'),
  stages: ['approve', 'plan', 'start', 'renew'],
  message: t(
    'Un an au plus au-delà des trois ans d’indemnités journalières.',
    'At most one year beyond the three years of daily allowances.',
  ),
  broken: (c) => {
    const leave = lastLeave(c.view, beginOf(c.measure, c.on));
    if (leave?.start === undefined || leave.risk === undefined || isOccupational(leave)) return false;
    const last = lastDay(c);
    return last !== undefined && last > lastDayOfMonths(leave.start, MONTHS);
  },
};
const independentDays: MeasureRule = {
  code: 'tiTooLong',
  article: 'D.622-10 CSS',
  from: localDate('2021-06-14'),
  stages: ['approve', 'plan', 'start', 'renew'],
  message: t(`Au plus ${TI_DAYS} jours pour un travailleur indépendant.`, `At most ${TI_DAYS} days for an independent worker.`),
  broken: (c) => isTi(c) && totalDays(spansOf(c.measure)) > TI_DAYS,
};

/** Temps partiel thérapeutique (L.323-3 CSS; AT/MP: L.433-1, R.433-15 CSS, no maximum; independents: D.622-10 CSS). */
export const tempsPartielTherapeutique: MeasureDefinition = {
  type: 'tempsPartielTherapeutique',
  label: t('Temps partiel thérapeutique', 'Therapeutic part-time'),
  article: 'L.323-3 CSS',
  decidedBy: 'CPAM',
  opinions,
  assessed: false,
  signatories: [],
  reportTo: [],
  reviewed: false,
  rules: [...needsOpinions(opinions), needsApproval('L.323-3 CSS'), needsEmployer(WHO), withinFourYears, independentDays],
};
