import { localDate } from '../kernel/local-date.js';
import { t } from '../kernel/text.js';
import { beginOf, onLeave } from './facts.js';
import { type MeasureDefinition, type MeasureRule } from './measure.js';
import { excludesStatus, needsApproval } from './rules.js';

const SINCE = localDate('2019-01-01');

const afterLeave: MeasureRule = {
  code: 'startsDuringLeave',
  article: '(S) L.6323-17-1 CT',
  from: SINCE,
  stages: ['plan', 'start'],
  message: t(
    'Le congé de transition commence après l’arrêt ; la demande peut se faire pendant.',
    'It begins after the leave; it may be asked for during it.',
  ),
  broken: ({ measure, view, on }) => onLeave(view, beginOf(measure, on)),
};

/**
 * Projet de transition professionnelle (L.6323-17-1 and -2, D.6323-9 CT). Transitions Pro decides, and judges the seniority from
 * papers that no case holds; it is waived after an occupational disease, or six months of absence within the last 24 (D.6323-9 I).
 */
export const ptp: MeasureDefinition = {
  type: 'ptp',
  label: t('Projet de transition professionnelle (PTP)', 'Career transition project'),
  article: 'L.6323-17-2 CT',
  decidedBy: 'TRANSITIONS_PRO',
  opinions: [],
  assessed: false,
  signatories: [],
  reportTo: [],
  reviewed: false,
  rules: [excludesStatus(['TI'], 'tiExcluded', 'L.6323-17-1 CT', SINCE), needsApproval('L.6323-17-2 CT', SINCE), afterLeave],
};
