import { Entity } from 'typeorm';
import { t } from '../../domain/kernel/text.js';
import { callBrief, leaveBrief, measureBrief, senderBrief } from './briefs.js';
import { COMMON, MEASURES } from './kinds.js';
import { WorklistRow, type WorklistView } from './worklist.js';

@Entity({ name: 'cpam' })
export class CpamRow extends WorklistRow {}

/** The sickness fund: it decides on measures, and answers for a case when nobody else does. */
export const cpam: WorklistView = {
  name: 'cpam',
  label: t('Caisse (référent PDP)', 'Sickness fund'),
  roles: ['CPAM'],
  entity: CpamRow,
  kinds: {
    requests: { label: t('Demandes à décider', 'Requests to decide'), holds: ['request-to-decide'] },
    ilco: { label: t('Avis d’instance à rendre', 'Opinions of a forum to give'), holds: ['ilco-avis-to-give'] },
    ...MEASURES,
    'spst-unknown': { label: t('SPST à identifier', 'Occupational health services to identify'), holds: ['spst-to-identify'] },
    ...COMMON,
    accountable: { label: t('Dossiers dont la caisse répond', 'Cases that the fund answers for'), holds: 'cases' },
  },
  sorts: ['due', 'since', 'person'],
  shows: (seen, { subject, rule }, today) => ({
    ...leaveBrief(seen, today),
    ...senderBrief(seen, subject),
    ...measureBrief(seen, subject),
    ...callBrief(seen, rule),
  }),
};
