import { t } from '../../kernel/text.js';
import { drawn } from '../forms.js';
import { alert } from '../rule.js';

/** Told to whoever keeps the form; that it was shown is recorded by whoever controls it. */
export const formToShow = alert({
  code: 'form-to-show',
  label: t(
    'Formulaire d’accord tiré au sort, à montrer à qui répond du dossier',
    'Form of consent drawn for control, to show to the accountable partner',
  ),
  whose: t('qui a enregistré l’accord', 'whoever recorded the consent'),
  article: 'art. 7(1) RGPD, convention (D)',
  zone: 'coordination',
  find: (v, delays) => drawn(v, delays).map((c) => ({ subject: c.id, owner: c.toldBy, since: c.confirmations[0]?.on ?? c.from })),
});
