import { t } from '../../kernel/text.js';
import { caisseOf } from '../owners.js';
import { duty } from '../rule.js';

/**
 * A partner who neither leads nor answers for the case told of a death. Everything else is suspended meanwhile, and this is the one clock
 * that runs (ADR 0020).
 */
export const deathToConfirm = duty({
  code: 'death-to-confirm',
  label: t('Décès annoncé, à confirmer ou à démentir', 'A death was told, to confirm or to deny'),
  article: 'convention (D)',
  zone: 'coordination',
  afterClosure: true,
  delay: 'death.confirm',
  resolvedBy: ['confirm-death', 'deny-death'],
  find: (v, delays) => {
    const { deathTold, accountable } = v;
    if (!deathTold || !accountable) return [];
    const { eventId: subject, toldOn: since, by } = deathTold;
    // Nobody confirms its own word.
    const owner = by.organisation === accountable.organisation ? caisseOf(v) : undefined;
    return [{ subject, since, due: delays.dueBy('death.confirm', since), ...(owner && { owner }) }];
  },
});
