import { isSameAsked } from '../../case/accord.js';
import { type CaseView, type Consent } from '../../case/view.js';
import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

/** She was asked again since, and agreed. */
const isGivenAnew = (v: CaseView, accord: Consent): boolean =>
  v.consents.some((c) => c !== accord && isSameAsked(c, accord) && c.withdrawnOn === undefined);

/**
 * A withdrawal that was told by somebody else than whoever told of the accord, receives by it or answers for the case: it stops all reading
 * at once, and the person can be asked whether it is so.
 */
export const withdrawalToCheck = alert({
  code: 'withdrawal-to-check',
  label: t('Retrait d’accord dit par un tiers, à vérifier auprès de la personne', 'A consent withdrawn by the word of somebody else, to check with the person'),
  article: 'art. 7(3) RGPD, convention (D)',
  zone: 'coordination',
  find: (v) =>
    v.consents.flatMap((c) => {
      const { withdrawal } = c;
      const teller = withdrawal?.toldBy.organisation;
      if (!withdrawal || withdrawal.deniedOn !== undefined || isGivenAnew(v, c)) return [];
      return teller && ![c.toldBy.organisation, c.recipient, v.accountable?.organisation].includes(teller) ? [{ subject: c.id, since: withdrawal.on }] : [];
    }),
}); // prettier-ignore

export const withdrawalDenied = alert({
  code: 'withdrawal-denied',
  label: t('Faux retrait : la personne dit n’avoir pas retiré son accord', 'A false withdrawal: the person says that she did not withdraw her consent'),
  article: 'art. 5(1)(d) RGPD, convention (D)',
  zone: 'coordination',
  find: (v) =>
    v.consents.flatMap((c) => {
      const on = c.withdrawal?.deniedOn;
      return on === undefined || isGivenAnew(v, c) ? [] : [{ subject: c.id, since: on }];
    }),
}); // prettier-ignore
