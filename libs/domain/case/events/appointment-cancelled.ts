import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { appointmentOf } from '../view.js';
import { wordOnAppointment } from '../whose-word.js';

/** Called off beforehand, by the person or by the partner: the actor says which. */
export const AppointmentCancelled = act({
  type: 'AppointmentCancelled',
  command: 'cancel-appointment',
  label: t('Rendez-vous annulé', 'Appointment cancelled'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  rank: 40,
  by: [...CASE_WORKERS, 'ASSURE'],
  fields: { appointmentId: ref('appointment', t('rendez-vous', 'appointment')) },
  settledBy: wordOnAppointment,
  apply(draft, { data, on, by }) {
    if (data.appointmentId !== undefined) appointmentOf(draft, data.appointmentId, by, on).outcome = 'cancelled';
  },
});
