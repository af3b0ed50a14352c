import { Entity } from 'typeorm';
import { t } from '../../domain/kernel/text.js';
import { appointmentBrief, callBrief, leaveBrief, measureBrief, senderBrief } from './briefs.js';
import { COMMON, MEASURES } from './kinds.js';
import { WorklistRow, type WorklistView } from './worklist.js';

@Entity({ name: 'social_worker' })
export class SocialWorkerRow extends WorklistRow {}

/** The Service social of the CARSAT: people, not logs. */
export const socialWorker: WorklistView = {
  name: 'social-worker',
  label: t('Service social de la CARSAT', 'CARSAT social service'),
  roles: ['AS', 'CSAM'],
  entity: SocialWorkerRow,
  kinds: {
    referrals: {
      label: t('Orientations à traiter', 'Referrals to handle'),
      holds: ['referral-to-answer', 'referral-to-triage', 'transmission-to-triage'],
    },
    signals: { label: t('Signalements', 'Signals'), holds: ['signal-to-triage', 'lead-to-assign'] },
    handovers: { label: t('Relais proposés', 'Hand-overs offered'), holds: ['handover-to-answer'] },
    appointments: { label: t('Rendez-vous', 'Appointments'), holds: ['appointment'] },
    assessments: { label: t('Évaluations globales à rédiger', 'Assessments to write'), holds: ['assessment-to-write'] },
    ilco: { label: t('Avis d’instance à rendre', 'Opinions of a forum to give'), holds: ['ilco-avis-to-give'] },
    ...MEASURES,
    'six-month-calls': { label: t('Rappels à 6 mois', 'Six-month calls'), holds: ['six-month-call', 'case-to-reopen'] },
    ...COMMON,
    caseload: { label: t('Dossiers en charge', 'Caseload'), holds: 'cases' },
  },
  sorts: ['due', 'since', 'person'],
  shows: (seen, { subject, rule }, today) => ({
    ...leaveBrief(seen, today),
    ...senderBrief(seen, subject),
    ...appointmentBrief(seen, subject),
    ...measureBrief(seen, subject),
    ...callBrief(seen, rule),
  }),
};
