import { type CaseView } from '../case/view.js';
import { type Slot } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { beginsOnLeave } from './facts.js';
import { type MeasureDefinition, type MeasureRule } from './measure.js';
import { atMostMonths, duringLeave, LEAVE_OPINIONS, when } from './rules.js';

/** Published by the Agefiph, without a date; no article of a code has it. */
const PRACTICE = '(S) Agefiph, PSOP';
const MONTHS = 3;
const HOURS = 40;

/** Asked for here, or decided by the CDAPH: the last word counts. A pension that was asked for may come to the same (L.5212-13 CT). */
const recognised = (v: CaseView, on: LocalDate): boolean => {
  const told = v.milestones.filter((m) => m.on <= on);
  const rqth = told.filter((m) => m.kind === 'rqth-requested' || m.kind === 'rqth-decided').at(-1);
  return (
    (rqth !== undefined && rqth.code !== 'refused') ||
    told.some((m) => m.kind === 'disability-pension-requested') ||
    v.measures.some((m) => m.type === 'rqth' && m.requestedOn !== undefined && m.requestedOn <= on && m.status !== 'refused')
  );
};
const boeth: MeasureRule = {
  code: 'notRecognised',
  article: PRACTICE,
  stages: ['approve', 'plan', 'start'],
  zones: ['decision', 'measure'],
  message: t(
    'La PSOP suppose la qualité de travailleur handicapé (BOETH), ou sa demande déposée.',
    'It supposes recognition as a disabled worker, or a request that was filed.',
  ),
  broken: ({ view, on }) => !recognised(view, on),
};
const seenBeforeReturn: MeasureRule = when(beginsOnLeave, {
  code: 'preReturnVisitMissing',
  article: PRACTICE,
  stages: ['approve', 'plan', 'start'],
  zones: ['coordination', 'leave', 'measure', 'decision'],
  message: t('Pendant l’arrêt, elle suppose une visite de préreprise.', 'During a leave it supposes a pre-return visit.'),
  broken: ({ view, on }) => !view.visits.some((v) => v.kind === 'pre-return' && v.heldOn !== undefined && v.heldOn <= on),
});
const minutesOf = (slots: readonly Slot[]): number => slots.reduce((sum, { minutes = 0 }) => sum + minutes, 0);
/** Of slots that say how long: the others leave it open. */
const hours: MeasureRule = {
  code: 'tooManyHours',
  article: PRACTICE,
  stages: ['request', 'approve', 'plan', 'start', 'renew', 'present'],
  message: t(`La prestation dépasse ${HOURS} heures.`, `It takes more than ${HOURS} hours.`),
  broken: ({ measure }) =>
    [measure.periods.flatMap((p) => p.slots), measure.presences].some((slots) => minutesOf(slots) > HOURS * 60),
};

/** Prestation spécifique d'orientation professionnelle: paid for by the Agefiph, on leave or not; Cap emploi or the Service social proposes. */
export const psop: MeasureDefinition = {
  type: 'psop',
  label: t('Prestation spécifique d’orientation professionnelle (PSOP)', 'Career guidance for disabled workers'),
  article: PRACTICE,
  decidedBy: 'CPAM',
  decidedOnlyOnLeave: true,
  opinions: LEAVE_OPINIONS,
  assessed: false,
  signatories: [],
  // The Agefiph has it by practice, not by a text: with the person's accord.
  reportTo: [],
  reviewed: true,
  rules: [boeth, seenBeforeReturn, ...duringLeave(), atMostMonths(MONTHS, PRACTICE), hours],
};
