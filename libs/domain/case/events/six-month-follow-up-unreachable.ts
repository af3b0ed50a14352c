import { int } from '../../kernel/fields.js';
import { forbidden } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { whileClosed, CALLERS, callUntold, closureBefore } from '../follow-up.js';

/** The person was given up. The call stays possible: people ring back. */
export const SixMonthFollowUpUnreachable = act({
  type: 'SixMonthFollowUpUnreachable',
  command: 'record-six-month-unreachable',
  label: t('Injoignable à 6 mois', 'Unreachable at six months'),
  source: 'Carsat BFC, bilan PDP 2023 (S)',
  zone: 'coordination',
  nature: 'fact',
  order: 'arrival',
  afterEnd: true,
  by: CALLERS,
  fields: {
    attempts: int('outcome', t('nombre d’essais, s’ils ne sont pas au dossier', 'number of attempts, if the case does not have them'), 1, 20, 3).optional(), // prettier-ignore
  },
  available: callUntold,
  check({ before, data, occurredOn, ctx }) {
    const wanted = ctx.rulebook.for(before.caisse).of('followUp.attempts', occurredOn);
    const made = Math.max(data.attempts ?? 0, before.followUp?.attempts ?? 0);
    return [
      ...whileClosed(before, occurredOn),
      ...(made < wanted.count
        ? [forbidden('followUp.tooFewAttempts', wanted.source, t(`${wanted.count} essais avant de dire la personne injoignable.`, `${wanted.count} attempts before the person is called unreachable.`), ['outcome'])]
        : []),
    ]; // prettier-ignore
  },
  apply(draft, { data, on }) {
    const closure = closureBefore(draft, on);
    if (closure) closure.unreachableOn = on;
    if (draft.followUp)
      draft.followUp = { ...draft.followUp, unreachableOn: on, ...(data.attempts !== undefined && { declaredAttempts: data.attempts }) }; // prettier-ignore
  },
});
