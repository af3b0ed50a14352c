import { newId } from '../../kernel/fields.js';
import { type Finding, forbidden } from '../../kernel/errors.js';
import { daysBetween, type LocalDate } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { MARCH_2022 } from '../../measures/rules.js';
import { act } from '../act.js';
import { type CaseView, leaveAt, liaisonOf } from '../view.js';

/** From the thirtieth day of absence, for leaves current on 31 March 2022 or later; there was no such meeting in the code before. */
export const absentThirtyDays = ({ before, occurredOn }: { before: CaseView; occurredOn: LocalDate }): Finding[] => {
  const start = leaveAt(before, occurredOn)?.start;
  const absent = start === undefined ? 0 : daysBetween(start, occurredOn) + 1;
  return occurredOn < MARCH_2022 || absent >= 30
    ? []
    : [forbidden('liaison.leaveTooShort', 'D.1226-8-1 CT', t('Le rendez-vous de liaison suppose 30 jours d’absence.', 'A liaison meeting supposes 30 days of absence.'), ['leave'])];
}; // prettier-ignore

/** Employer or worker proposes to keep in touch during the leave (L.1226-1-3 CT). A possibility: nobody owes it. */
export const LiaisonMeetingOffered = act({
  type: 'LiaisonMeetingOffered',
  command: 'offer-liaison-meeting',
  label: t('Rendez-vous de liaison proposé', 'Liaison meeting offered'),
  source: 'L.1226-1-3 et D.1226-8-1 CT',
  zone: 'coordination',
  rank: 30,
  by: ['EMPLOYER', 'ASSURE'],
  fields: { liaisonId: newId('liaison', t('rendez-vous de liaison', 'liaison meeting')) },
  check: absentThirtyDays,
  apply(draft, { data, on }) {
    if (data.liaisonId !== undefined) liaisonOf(draft, data.liaisonId).offeredOn = on;
  },
});
