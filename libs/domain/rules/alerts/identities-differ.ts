import { contradictoryWords } from '../../case/identities.js';
import { t } from '../../kernel/text.js';
import { caisseOf } from '../owners.js';
import { alert } from '../rule.js';

/**
 * Two partners at home tell numbers, names, dates of birth or sexes that can't be one person's. The caisse knows who bears the number: it or
 * whoever was wrong tells anew, and it is over. Nobody else is shown it, so nobody learns by it of a number that it may not use.
 */
export const identitiesDiffer = alert({
  code: 'identities-differ',
  label: t('Deux partenaires disent deux personnes : numéro, noms, date de naissance ou sexe', 'Two partners tell two persons: number, names, date of birth or sex'),
  whose: t('la caisse', 'the fund'),
  article: 'L.4624-8 CT, RNIV, convention (D)',
  zone: 'identity',
  find: (v) => contradictoryWords(v).map(({ eventId, on }) => ({ subject: eventId, owner: caisseOf(v), since: on })),
}); // prettier-ignore
