import { isUnconfirmed } from '../../case/at-home.js';
import { t } from '../../kernel/text.js';
import { accountableIn, caisseOf } from '../owners.js';
import { alert } from '../rule.js';

/** It came before ADR 0014, by a number alone: whoever answers for the case says whether it has a part in it. */
export const partToConfirm = alert({
  code: 'part-to-confirm',
  label: t(
    'Partenaire entré par un signalement : participation à confirmer',
    'A partner came in by a signal: its part is to be confirmed',
  ),
  article: 'L.1110-4 CSP, convention (D)',
  zone: 'coordination',
  find: (v) =>
    v.signals
      .filter((s) => isUnconfirmed(v, s))
      .map((s) => {
        const accountable = accountableIn(v);
        return {
          subject: s.id,
          since: s.on,
          owner: accountable?.organisation === s.holder.organisation ? caisseOf(v) : accountable,
        };
      })
      .flatMap(({ owner, ...found }) => (owner ? [{ ...found, owner }] : [])),
});
