import { code, date } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { CHANNELS } from '../codes.js';
import { whileClosed, CALLERS, callUntold, tried } from '../follow-up.js';

/** The person was not reached, or asks to be called back. It moves no deadline: the next try is the caller's own plan. */
export const SixMonthCallAttempted = act({
  type: 'SixMonthCallAttempted',
  command: 'record-six-month-attempt',
  label: t('Essai de rappel à 6 mois', 'Six-month call attempted'),
  source: 'convention (D)',
  zone: 'coordination',
  by: CALLERS,
  fields: {
    channel: code('coordination', t('moyen', 'channel'), CHANNELS, 'telephone'),
    outcome: code('coordination', t('résultat', 'outcome'), ['no-answer', 'message-left', 'call-back-asked']),
    nextTry: date('coordination', t('prochain essai', 'next try'), '2024-01-19').optional(),
  },
  available: callUntold,
  check: ({ before, data, occurredOn }) => [
    ...whileClosed(before, occurredOn),
    ...(data.nextTry !== undefined && data.nextTry < occurredOn
      ? [impossible('followUp.nextTryPast', t('Le prochain essai précède celui-ci.', 'The next try comes before this one.'))]
      : []),
  ],
  apply(draft, { data: { channel, outcome, nextTry }, on }) {
    tried(draft, { on, ...(channel && { channel }), ...(outcome && { outcome }), ...(nextTry && { nextTry }) });
  },
});
