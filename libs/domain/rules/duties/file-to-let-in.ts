import { type OtherFile } from '../../case/view.js';
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
  find: (v, delays) => {
    // Since it was said whether the change is so, where it claimed one.
    const waiting = v.files
      .filter(({ claim, change, end }) => !end && !(claim && !change))
      .map((f) => ({ ...f, since: f.change?.on ?? f.since }))
      .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
    const sortOf = ({ openedBy, differs }: OtherFile): string => `${openedBy} ${differs.length > 0}`;
    // However many an organisation opens, it is one line with a count.
    return waiting.flatMap((file, i) => {
      if (waiting.findIndex((f) => sortOf(f) === sortOf(file)) !== i) return [];
      const count = waiting.filter((f) => sortOf(f) === sortOf(file)).length;
      const { fileId: subject, since, differs } = file;
      const due = delays.dueBy('file.answer', since);
      return [{ subject, since, due, ...(count > 1 && { count }), ...(differs.length > 0 && { owner: caisseOf(v) }) }];
    });
  },
});
