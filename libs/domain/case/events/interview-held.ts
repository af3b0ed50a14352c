import { code, int, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { appointmentOf } from '../view.js';
import { AGAIN } from '../same-day.js';
import { tellerOf, wordOnAppointment } from '../whose-word.js';

/** A conversation with the person. That it took place is known to all who take part; what came of it is social. */
export const InterviewHeld = act({
  type: 'InterviewHeld',
  command: 'record-interview',
  label: t('Entretien', 'Interview'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  rank: 52,
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST', 'CAP_EMPLOI', 'CEP'],
  fields: {
    mode: code('coordination', t('mode', 'mode'), ['visu', 'telephone', 'domicile', 'visio']),
    duration: int('coordination', t('durée en minutes', 'duration in minutes'), 1, 600, 45).optional(),
    outcome: code('social', t('suite donnée', 'outcome'), ['plan', 'next-interview', 'referral', 'measure', 'no-need', 'declined-by-person']).optional(),
    appointmentId: ref('appointment', t('rendez-vous honoré', 'appointment kept')).optional(),
    again: AGAIN,
  }, // prettier-ignore
  once: { what: 'interview', alike: ({ mode }) => [mode] },
  // One that keeps no appointment ends nothing: each contact is one.
  settledBy: (v, told) => (told.data.appointmentId === undefined ? [tellerOf(told).organisation] : wordOnAppointment(v, told)),
  apply(draft, { id, data, on, by }) {
    const { mode, outcome, appointmentId } = data;
    draft.contacts.push({ eventId: id, kind: 'interview', on, by, ...(mode && { mode }), ...(outcome && { outcome }) });
    if (appointmentId !== undefined) appointmentOf(draft, appointmentId, by, on).outcome = 'held';
  },
});
