import { Entity } from 'typeorm';
import { t } from '../../domain/kernel/text.js';
import { measureBrief, senderBrief } from './briefs.js';
import { WorklistRow, type WorklistView } from './worklist.js';

@Entity({ name: 'partner' })
export class PartnerRow extends WorklistRow {}

/** Everybody else who has an account. */
export const partner: WorklistView = {
  name: 'partner',
  label: t('Partenaire', 'Partner'),
  roles: ['CAP_EMPLOI', 'CEP', 'MDPH', 'COMETE'],
  entity: PartnerRow,
  kinds: {
    referrals: {
      label: t('Orientations et relais', 'Referrals and hand-overs'),
      holds: ['referral-to-answer', 'referral-to-triage', 'handover-to-answer', 'signal-to-triage', 'lead-to-assign'],
    },
    opinions: { label: t('Avis à rendre', 'Opinions to give'), holds: ['opinion-to-give'] },
    measures: {
      label: t('Mesures en cours ou à évaluer', 'Measures running or to review'),
      holds: ['measure-running', 'measure-to-review'],
    },
    tasks: { label: t('Autres actions', 'Other tasks'), holds: 'duty' },
    alerts: { label: t('À regarder', 'To look at'), holds: 'alert' },
    horizons: { label: t('Dates à venir', 'Dates to come'), holds: 'horizon', apart: true },
    opportunities: { label: t('Possibilités', 'Opportunities'), holds: 'opportunity', apart: true },
    followed: { label: t('Dossiers suivis', 'Cases followed'), holds: 'cases' },
  },
  sorts: ['due', 'since', 'person'],
  shows: (seen, { subject }) => ({ ...senderBrief(seen, subject), ...measureBrief(seen, subject) }),
};
