import { t } from '../../domain/kernel/text.js';
import { type Kind } from './worklist.js';

/** Kinds that all partners' lists have. */
export const COMMON = {
  escalations: { label: t('À relancer chez un partenaire', 'To press at a partner'), holds: ['escalation-to-handle'] },
  tasks: { label: t('Autres actions', 'Other tasks'), holds: 'duty' },
  alerts: { label: t('À regarder', 'To look at'), holds: 'alert' },
  horizons: { label: t('Dates à venir', 'Dates to come'), holds: 'horizon', apart: true },
  opportunities: { label: t('Possibilités', 'Opportunities'), holds: 'opportunity', apart: true },
} as const satisfies Record<string, Kind>;

/** Of those who follow measures. */
export const MEASURES = {
  reviews: {
    label: t('Mesures à démarrer ou à évaluer', 'Measures to start or to review'),
    holds: ['measure-to-start', 'measure-to-review', 'report-to-deliver'],
  },
  measures: { label: t('Mesures en cours', 'Measures running'), holds: ['measure-running'], apart: true },
} as const satisfies Record<string, Kind>;
