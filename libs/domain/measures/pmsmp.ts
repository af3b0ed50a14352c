import { addDays, addMonths, type LocalDate, localDate } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { t } from '../kernel/text.js';
import { type Measure } from '../case/view.js';
import { beginOf, boundsOf, lastDayOfMonths, type MeasureCheck, othersOfType, type Span, spansOf, totalDays } from './facts.js';
import { type MeasureDefinition, type MeasureRule } from './measure.js';
import { duringLeave, hasSigned, LEAVE_OPINIONS, needsAgreement, needsEmployer } from './rules.js';

const LAW = localDate('2014-03-07');
const DECREE = localDate('2014-11-16');
const YEAR = 12;
const MAX_CONVENTIONS = 2;
const MAX_DAYS = 60;
/** France Travail, missions locales, OPS, and the bodies that hold a convention to prescribe (L.5135-2, D.5135-7 CT). */
const PRESCRIBERS: readonly Role[] = ['FRANCE_TRAVAIL', 'CAP_EMPLOI', 'COMETE', 'CEP', 'PROVIDER', 'AS', 'MDPH'];
const signatories = ['ASSURE', 'HOST'] as const;

const prescribed: MeasureRule = {
  code: 'prescriberMissing',
  article: 'L.5135-4 CT',
  from: LAW,
  stages: ['plan', 'start'],
  message: t('L’organisme prescripteur est partie à la convention.', 'The prescribing body is a party to the agreement.'),
  broken: ({ measure, on }) => !hasSigned(measure, PRESCRIBERS, on),
};
const monthPerPeriod: MeasureRule = {
  code: 'periodTooLong',
  article: 'D.5135-3 CT',
  from: DECREE,
  stages: ['request', 'approve', 'plan', 'start', 'renew'],
  message: t('Une période ne dépasse pas un mois de date à date.', 'One period lasts at most a month, date to date.'),
  broken: ({ measure }) => {
    const { from, to } = boundsOf(measure.periods.at(-1) ?? { slots: [] });
    return from !== undefined && to !== undefined && to > lastDayOfMonths(from, 1);
  },
};
const oneRenewal: MeasureRule = {
  code: 'renewedTwice',
  article: 'D.5135-3 CT',
  from: DECREE,
  stages: ['renew'],
  message: t('La convention ne se renouvelle qu’une fois, pour le même objet.', 'It is renewed once only, for the same object.'),
  broken: ({ measure }) => measure.periods.length > 2,
};

/** The conventions of this person with this host, the one considered first; one measure is one convention, renewed or not. */
const sameHost = (c: MeasureCheck): Measure[] => {
  const { hostSiret, host } = c.measure;
  const same = (m: Measure): boolean =>
    (hostSiret !== undefined && m.hostSiret === hostSiret) || (host !== undefined && m.host === host);
  return [c.measure, ...othersOfType(c).filter(same)];
};
/** The twelve months that end on a day. */
const yearTo = (day: LocalDate): Span => ({ from: addDays(addMonths(day, -YEAR), 1), to: day });
const overlap = (a: Span, b: Span): Span[] => {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from <= to ? [{ from, to }] : [];
};
const twoConventions: MeasureRule = {
  code: 'sameHostThirdConvention',
  acrossCases: true,
  article: 'D.5135-3 CT',
  from: DECREE,
  stages: ['request', 'approve', 'plan', 'start'],
  message: t(
    'Au plus deux conventions avec la même structure d’accueil sur douze mois.',
    'At most two agreements with the same host over twelve months.',
  ),
  broken: (c) => {
    const begins = sameHost(c).map((m) => beginOf(m, c.on));
    return begins.some((day) => {
      const year = yearTo(day);
      const inYear = begins.map((b) => year.from <= b && b <= year.to);
      return inYear[0] === true && inYear.filter(Boolean).length > MAX_CONVENTIONS;
    });
  },
};
// The text counts the duration of conventions, whether presence is continuous or not: calendar days.
const sixtyDays: MeasureRule = {
  code: 'sameHostTooManyDays',
  acrossCases: true,
  article: 'D.5135-3 CT',
  from: DECREE,
  stages: ['request', 'approve', 'plan', 'start', 'renew'],
  message: t(
    'Au plus soixante jours avec la même structure d’accueil sur douze mois.',
    'At most sixty days with the same host over twelve months.',
  ),
  broken: (c) => {
    const spans = sameHost(c).map((m) => spansOf(m));
    return spans.flat().some((s) => {
      const inYear = spans.map((own) => own.flatMap((x) => overlap(x, yearTo(s.to))));
      return inYear[0]?.length !== 0 && totalDays(inYear.flat()) > MAX_DAYS;
    });
  },
};

/**
 * Période de mise en situation en milieu professionnel (L.5135-1 to -8, D.5135-1 to -8 CT), on leave or not. The text lets two
 * conventions with one host differ by their objectives alone, which are not recorded: that is left to the prescriber.
 */
export const pmsmp: MeasureDefinition = {
  type: 'pmsmp',
  label: t('Période de mise en situation en milieu professionnel (PMSMP)', 'Work placement period'),
  article: 'L.5135-1 CT',
  decidedBy: 'CPAM',
  decidedOnlyOnLeave: true,
  opinions: LEAVE_OPINIONS,
  assessed: false,
  signatories,
  reportTo: [],
  reviewed: true,
  reviewArticle: 'D.5135-6 CT',
  rules: [
    ...duringLeave(),
    needsAgreement('L.5135-4 CT', signatories, LAW),
    prescribed,
    needsEmployer('D.5135-1 CT', DECREE),
    monthPerPeriod,
    oneRenewal,
    twoConventions,
    sixtyDays,
  ],
};
