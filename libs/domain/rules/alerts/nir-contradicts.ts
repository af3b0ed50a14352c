import { mayUseNir } from '../../confidentiality/nir-use.js';
import { t } from '../../kernel/text.js';
import { nirContradictions } from '../../person/traits.js';
import { caisseOf, accountableIn } from '../owners.js';
import { alert, type Owner } from '../rule.js';

/** The number held tells another date of birth or sex than the one held with it: somebody else's, or mistyped. */
export const nirContradicts = alert({
  code: 'nir-contradicts',
  label: t('Le NIR contredit la date de naissance ou le sexe', 'The NIR contradicts the date of birth or the sex'),
  whose: t(
    'qui l’a dit, qui répond du dossier et la caisse, s’ils peuvent utiliser le NIR',
    'whoever told it, the accountable partner and the fund, if they may use the NIR',
  ),
  article: 'L.4624-8 CT, RNIV, convention (D)',
  zone: 'identity',
  find: (v) => {
    const { nir, birthDate, sex } = v.person;
    const last = v.identities.findLast(({ traits }) => traits.nir ?? traits.birthDate ?? traits.sex);
    if (
      nir === undefined ||
      !last ||
      nirContradictions(nir, { ...(birthDate && { birthDate }), ...(sex && { sex }) }).length === 0
    )
      return [];
    const owners = [last.recordedBy ?? last.by, accountableIn(v), caisseOf(v)].filter(
      (o) => o !== undefined && mayUseNir(o.role, last.on),
    ) as Owner[];
    return owners
      .filter((o, i) => owners.findIndex(({ organisation, role }) => organisation === o.organisation && role === o.role) === i)
      .map((owner) => ({ subject: last.eventId, owner, since: last.on }));
  },
});
