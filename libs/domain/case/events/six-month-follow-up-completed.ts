import { code } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/** « Où en êtes-vous ? », six months after closure. */
export const SixMonthFollowUpCompleted = act({
  type: 'SixMonthFollowUpCompleted',
  command: 'complete-six-month-follow-up',
  label: t('Rappel à 6 mois fait', 'Six-month call made'),
  source: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  afterEnd: true,
  // The caisse calls when whoever closed may not see the case any more.
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST', 'CPAM'],
  fields: {
    situation: code('outcome', t('situation', 'situation'), ['same-job', 'same-employer-adapted', 'other-employer', 'training', 'job-seeking', 'on-leave', 'disability-pension', 'retired', 'other']),
    needsSupport: code('coordination', t('besoin exprimé', 'need expressed'), ['none', 'reopen']).optional(),
  }, // prettier-ignore
  available: (v) =>
    v.status === 'closed' && v.followUp && !v.followUp.completedOn
      ? []
      : [impossible('followUp.none', t('Aucun rappel n’est dû.', 'No follow-up is due.'))],
  apply(draft, { data, on }) {
    if (draft.followUp)
      draft.followUp = {
        ...draft.followUp,
        completedOn: on,
        ...(data.situation && { situation: data.situation }),
        ...(data.needsSupport && { needsSupport: data.needsSupport }),
      };
  },
});
