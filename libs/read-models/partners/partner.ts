import { Entity } from 'typeorm';
import { t } from '../../domain/kernel/text.js';
import { measureBrief, senderBrief } from './briefs.js';
import { COMMON, MEASURES } from './kinds.js';
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
    opinions: { label: t('Avis à rendre', 'Opinions to give'), holds: ['opinion-to-give', 'ilco-avis-to-give'] },
    ...MEASURES,
    ...COMMON,
    followed: { label: t('Dossiers suivis', 'Cases followed'), holds: 'cases' },
  },
  sorts: ['due', 'since', 'person'],
  shows: (seen, { subject }) => ({ ...senderBrief(seen, subject), ...measureBrief(seen, subject) }),
};
