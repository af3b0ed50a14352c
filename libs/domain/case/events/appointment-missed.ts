import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { appointmentOf } from '../view.js';
import { wordOnAppointment } from '../whose-word.js';

export const AppointmentMissed = act({
  type: 'AppointmentMissed',
  command: 'record-missed-appointment',
  label: t('Rendez-vous manqué', 'Appointment missed'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  rank: 50,
  by: CASE_WORKERS,
  fields: { appointmentId: ref('appointment', t('rendez-vous', 'appointment')) },
  settledBy: wordOnAppointment,
  apply(draft, { data, on, by }) {
    if (data.appointmentId !== undefined) appointmentOf(draft, data.appointmentId, by, on).outcome = 'missed';
  },
});
