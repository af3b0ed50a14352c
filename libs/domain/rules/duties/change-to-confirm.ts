import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';

/**
 * A caisse or an SPST says that the person is its own now: she moved, or changed employers. Whoever answers for the case confirms it by
 * joining the two files; clocks and duties run meanwhile in both.
 */
export const changeToConfirm = duty({
  code: 'change-to-confirm',
  label: t(
    'Mutation ou changement de SPST annoncé : à confirmer',
    'A change of fund or occupational health service is told: to confirm',
  ),
  article: 'R.312-1 CSS (caisse), L.4622-2-1 CT (SPST) ; délai : convention (D)',
  zone: 'waiting',
  delay: 'file.change',
  resolvedBy: ['set-file-aside', 'join-cases'],
  find: (v, delays) =>
    v.files.flatMap(({ fileId, since, claim, end }) =>
      end || !claim ? [] : [{ subject: fileId, since, due: delays.dueBy('file.change', since) }],
    ),
});
