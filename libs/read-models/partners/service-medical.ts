import { Entity } from 'typeorm';
import { t } from '../../domain/kernel/text.js';
import { leaveBrief, measureBrief, senderBrief } from './briefs.js';
import { COMMON } from './kinds.js';
import { WorklistRow, type WorklistView } from './worklist.js';

@Entity({ name: 'service_medical' })
export class ServiceMedicalRow extends WorklistRow {}

/** The médecins conseils, in an organisation of their own or within a caisse. */
export const serviceMedical: WorklistView = {
  name: 'service-medical',
  label: t('Service médical', 'Medical service of the sickness fund'),
  roles: ['MC'],
  entity: ServiceMedicalRow,
  kinds: {
    opinions: { label: t('Avis à rendre', 'Opinions to give'), holds: ['opinion-to-give', 'ilco-avis-to-give'] },
    ...COMMON,
    followed: { label: t('Dossiers suivis', 'Cases followed'), holds: 'cases' },
  },
  sorts: ['due', 'since', 'person'],
  shows: (seen, { subject }, today) => ({
    ...leaveBrief(seen, today),
    ...senderBrief(seen, subject),
    ...measureBrief(seen, subject),
  }),
};
