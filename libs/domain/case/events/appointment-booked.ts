import { code, date, newId } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { CHANNELS } from '../codes.js';
import { appointmentOf } from '../view.js';
import { AGAIN } from '../same-day.js';

export const AppointmentBooked = act({
  type: 'AppointmentBooked',
  command: 'book-appointment',
  label: t('Rendez-vous pris', 'Appointment booked'),
  source: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  order: 'date',
  rank: 30,
  by: CASE_WORKERS,
  fields: {
    appointmentId: newId('appointment', t('rendez-vous', 'appointment')),
    date: date('coordination', t('jour du rendez-vous', 'day of the appointment'), '2023-03-28'),
    channel: code('coordination', t('mode', 'channel'), CHANNELS),
    again: AGAIN,
  },
  check: ({ data, occurredOn }) =>
    data.date < occurredOn
      ? [forbidden('appointment.beforeBooking', 'cohérence du dossier (D)', t('Le rendez-vous précède le jour où il a été pris.', 'The appointment is earlier than the day it was booked.'))]
      : [], // prettier-ignore
  once: { what: 'appointment', alike: ({ date, channel }) => [date, channel] },
  apply(draft, { data, on, by }) {
    const { appointmentId, ...booking } = data;
    if (appointmentId !== undefined) Object.assign(appointmentOf(draft, appointmentId, by, on), { ...booking, by, bookedOn: on });
  },
});
