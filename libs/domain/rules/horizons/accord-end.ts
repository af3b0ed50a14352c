import { t } from '../../kernel/text.js';
import { horizon } from '../rule.js';

export const accordEnd = horizon({
  code: 'accord-end',
  label: t('Fin d’un accord de la personne', 'A consent of the person ends'),
  article: 'L.4622-2-1 CT, L.411-3 CASF',
  zone: 'coordination',
  find: (v) =>
    v.consents.flatMap((c) =>
      c.to !== undefined && c.withdrawnOn === undefined ? [{ subject: c.id, since: c.from, due: c.to, until: c.to }] : [],
    ),
});
