import { code } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { SITUATIONS } from '../codes.js';
import { whileClosed, CALLERS, callUntold, closureBefore } from '../follow-up.js';

/** « Où en êtes-vous ? », six months after closure. Possible after somebody had given the person up as unreachable. */
export const SixMonthFollowUpCompleted = act({
  type: 'SixMonthFollowUpCompleted',
  command: 'complete-six-month-follow-up',
  label: t('Rappel à 6 mois fait', 'Six-month call made'),
  source: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  afterEnd: true,
  by: CALLERS,
  fields: {
    situation: code('outcome', t('situation', 'situation'), SITUATIONS),
    needsSupport: code('coordination', t('besoin exprimé', 'need expressed'), ['none', 'reopen']).optional(),
  },
  available: callUntold,
  check: ({ before, occurredOn }) => whileClosed(before, occurredOn),
  apply(draft, { data, on }) {
    const told = data.situation && { situation: data.situation };
    const closure = closureBefore(draft, on);
    if (closure) closure.call ??= { on, ...told };
    if (draft.followUp)
      draft.followUp = { ...draft.followUp, completedOn: on, ...told, ...(data.needsSupport && { needsSupport: data.needsSupport }) }; // prettier-ignore
  },
});
