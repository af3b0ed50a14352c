import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';

/** Held, missed or cancelled: told within the grace that follows its day. */
export const appointment = duty({
  code: 'appointment',
  label: t('Rendez-vous à tenir', 'Appointment to keep'),
  whose: t('qui l’a fixé', 'whoever booked it'),
  article: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  delay: 'appointment.outcome',
  grace: 'appointment.outcome',
  resolvedBy: ['record-interview', 'record-missed-appointment', 'cancel-appointment'],
  find: (v) =>
    v.appointments.flatMap((a) => (!a.outcome && a.date ? [{ subject: a.id, owner: a.by, since: a.bookedOn, due: a.date }] : [])),
});
