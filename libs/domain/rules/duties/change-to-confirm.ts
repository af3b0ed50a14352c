import { changeToldIn } from '../../case/files.js';
import { takesPart } from '../../case/taking-part.js';
import { type LocalDate } from '../../kernel/local-date.js';
import { t } from '../../kernel/text.js';
import { lastDayIn, spstIn } from '../owners.js';
import { duty, type Found } from '../rule.js';

/**
 * A caisse or an SPST says that the person is its own now: she moved, or changed employers. Whoever answers for the case confirms it by
 * joining the two files, and the service that had followed the person is asked as well; clocks and duties run meanwhile in both.
 */
export const changeToConfirm = duty({
  code: 'change-to-confirm',
  label: t(
    'Mutation ou changement de SPST annoncé : à confirmer',
    'A change of fund or occupational health service is told: to confirm',
  ),
  whose: t(
    'le partenaire qui répond du dossier, et le SPST qui suivait la personne',
    'the accountable partner, and the service that followed the person',
  ),
  article: 'R.312-1 CSS (caisse), L.4622-2-1 CT (SPST) ; délai : convention (D)',
  zone: 'waiting',
  delay: 'file.change',
  resolvedBy: ['confirm-change', 'deny-change', 'set-file-aside', 'join-cases'],
  find: (v, delays) =>
    v.files.flatMap(({ fileId, since }) => {
      const told = changeToldIn(v, fileId);
      if (!told) return [];
      const from = (on: LocalDate): Found => ({ subject: fileId, since: on, due: delays.dueBy('file.change', on) });
      const asked = told.formerSpst === undefined ? undefined : spstIn(v, told.formerSpst);
      const on = lastDayIn(v);
      const isAsked =
        asked?.organisation && asked.organisation !== v.accountable?.organisation && on && takesPart(v, asked.organisation, on);
      return isAsked ? [from(since), { ...from(told.askedOn ?? since), owner: asked }] : [from(since)];
    }),
});
