import { Entity } from 'typeorm';
import { SPST_ROLES } from '../../domain/kernel/roles.js';
import { t } from '../../domain/kernel/text.js';
import { callBrief, leaveBrief, measureBrief, senderBrief, visitBrief } from './briefs.js';
import { COMMON, MEASURES } from './kinds.js';
import { WorklistRow, type WorklistView } from './worklist.js';

@Entity({ name: 'spst_cellule' })
export class SpstCelluleRow extends WorklistRow {}

/** The occupational health service and its PDP unit. */
export const spstCellule: WorklistView = {
  name: 'spst-cellule',
  label: t('Cellule PDP du SPST', 'PDP unit of the occupational health service'),
  roles: SPST_ROLES,
  entity: SpstCelluleRow,
  kinds: {
    transmissions: { label: t('Transmissions à trier', 'Transmissions to triage'), holds: ['transmission-to-triage'] },
    referrals: {
      label: t('Orientations et relais', 'Referrals and hand-overs'),
      holds: ['referral-to-answer', 'referral-to-triage', 'handover-to-answer', 'lead-to-assign'],
    },
    signals: { label: t('Signalements', 'Signals'), holds: ['signal-to-triage'] },
    visits: { label: t('Visites à tenir', 'Visits to hold'), holds: ['visit-to-hold'] },
    opinions: { label: t('Avis à rendre', 'Opinions to give'), holds: ['opinion-to-give', 'ilco-avis-to-give'] },
    ...MEASURES,
    ...COMMON,
    followed: { label: t('Dossiers suivis', 'Cases followed'), holds: 'cases' },
  },
  sorts: ['due', 'since', 'person'],
  shows: (seen, { subject, rule }, today) => ({
    ...leaveBrief(seen, today),
    ...senderBrief(seen, subject),
    ...visitBrief(seen, subject),
    ...measureBrief(seen, subject),
    ...callBrief(seen, rule),
  }),
};
