import { t } from '../../kernel/text.js';
import { caisseOf } from '../owners.js';
import { duty } from '../rule.js';

/**
 * Another organisation opened a file on the same person: it is let in, by joining the two, or goes on apart. Silence lets nobody in. Where
 * birth date, sex or names differ, it is for the caisse, which knows who bears the number, to say whether it is one person.
 */
export const fileToLetIn = duty({
  code: 'file-to-let-in',
  label: t(
    'Autre dossier sur la même personne : réunir ou laisser à part',
    'Another file on the same person: join it or leave it apart',
  ),
  article: 'L.1110-4 CSP, convention (D)',
  zone: 'waiting',
  delay: 'file.answer',
  resolvedBy: ['set-file-aside', 'join-cases'],
  find: (v, delays) =>
    v.files.flatMap(({ fileId, since: foundOn, claim, change, differs, end }) => {
      // Since it was said whether the change is so, where it claimed one.
      const since = change?.on ?? foundOn;
      return end || (claim && !change)
        ? []
        : [
            {
              subject: fileId,
              since,
              due: delays.dueBy('file.answer', since),
              ...(differs.length > 0 && { owner: caisseOf(v) }),
            },
          ];
    }),
});
