import { newId } from '../../kernel/fields.js';
import { type Finding, forbidden } from '../../kernel/errors.js';
import { addMonths, daysBetween, latest, type LocalDate } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { act } from '../act.js';
import { type CaseView, leaveAt, visitOf } from '../view.js';

/**
 * More than thirty days of leave, as prescribed so far, for a leave that began after 31 March 2022; more than three months for an
 * earlier one (décret 2022-372): the first day of the leave says which text applies.
 */
export const leaveLongEnough = ({ before, occurredOn }: { before: CaseView; occurredOn: LocalDate }): Finding[] => {
  const leave = leaveAt(before, occurredOn);
  const end = latest(leave?.endedOn ?? leave?.expectedEnd, occurredOn) ?? occurredOn;
  const formerText = leave?.start !== undefined && leave.start <= MARCH_2022;
  const long = leave?.start !== undefined && (formerText ? end >= addMonths(leave.start, 3) : daysBetween(leave.start, end) + 1 > 30);
  const message = formerText
    ? t('La visite de préreprise suppose un arrêt de plus de trois mois (arrêt antérieur au 1er avril 2022).', 'A pre-return visit supposes more than three months of leave (leave before 1 April 2022).')
    : t('La visite de préreprise suppose un arrêt en cours de plus de 30 jours.', 'A pre-return visit supposes a current leave of more than 30 days.');
  return long ? [] : [forbidden('preReturnVisit.leaveTooShort', formerText ? 'R.4624-29 CT (rédaction antérieure au 31/03/2022)' : 'R.4624-29 CT', message, ['leave'])];
}; // prettier-ignore

export const PreReturnVisitRequested = act({
  type: 'PreReturnVisitRequested',
  command: 'request-pre-return-visit',
  label: t('Visite de préreprise demandée', 'Pre-return visit requested'),
  source: 'L.4624-2-4 et R.4624-29 CT',
  zone: 'coordination',
  rank: 30,
  by: ['ASSURE', 'MTR', 'MC', 'MT'],
  fields: { visitId: newId('visit', t('visite', 'visit')) },
  check: leaveLongEnough,
  apply(draft, { data, on }) {
    if (data.visitId !== undefined) visitOf(draft, data.visitId, 'pre-return').requestedOn = on;
  },
});
