import { overseerOf } from '../../case/accord.js';
import { t } from '../../kernel/text.js';
import { drawn } from '../forms.js';
import { duty } from '../rule.js';

export const formToControl = duty({
  code: 'form-to-control',
  label: t(
    'Formulaire d’accord tiré au sort, à demander et à contrôler',
    'Form of consent drawn for control, to ask for and to check',
  ),
  whose: t(
    'le partenaire qui répond du dossier ; la caisse quand c’est lui qui a dit l’accord',
    'the accountable partner; the fund when that is the one who told of the consent',
  ),
  article: 'art. 7(1) RGPD, convention (D)',
  zone: 'coordination',
  delay: 'accord.formControl',
  resolvedBy: ['record-form-control'],
  find: (v, delays) =>
    drawn(v, delays).flatMap((c) => {
      const owner = overseerOf(v, c);
      const [told] = c.confirmations;
      const since = told?.on ?? c.from;
      return owner ? [{ subject: c.id, owner, since, due: delays.dueBy('accord.formControl', since) }] : [];
    }),
});
