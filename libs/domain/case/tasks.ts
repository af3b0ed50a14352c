import { type Text, t } from '../kernel/text.js';
import { type WorkItemKind } from './view.js';

/** What each kind of work item asks of its owner, in a few words. */
export const TASKS: Readonly<Record<WorkItemKind, Text>> = {
  'transmission-to-triage': t('Transmission à accuser et à trier', 'Transmission to acknowledge and triage'),
  'referral-to-answer': t('Orientation à accepter ou décliner', 'Referral to accept or decline'),
  'signal-to-triage': t('Signalement à trier', 'Signal to triage'),
  'referral-to-triage': t('Orientation acceptée, tri à conclure', 'Referral accepted, triage to conclude'),
  'lead-to-assign': t('Accompagnement décidé, référent à désigner', 'To be accompanied, lead to assign'),
  'handover-to-answer': t('Relais proposé, à reprendre ou décliner', 'Hand-over to take or decline'),
  'spst-to-identify': t('SPST à identifier', 'Occupational health service to identify'),
  appointment: t('Rendez-vous', 'Appointment'),
  'assessment-to-write': t('Évaluation globale à rédiger', 'Assessment to write'),
  'opinion-to-give': t('Avis à rendre', 'Opinion to give'),
  'request-to-decide': t('Demande à décider', 'Request to decide'),
  'measure-running': t('Mesure en cours', 'Measure running'),
  'measure-to-review': t('Mesure terminée, bilan à établir', 'Measure ended, final review to write'),
  'visit-to-hold': t('Visite demandée, à tenir', 'Visit requested, to hold'),
  'six-month-call': t('Rappel à six mois', 'Six-month call'),
};
