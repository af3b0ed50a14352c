import { forbidden } from '../../kernel/errors.js';
import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { type Text, t } from '../../kernel/text.js';
import { act } from '../act.js';
import { changeToldIn, mayAnswerChange, noSuchFile } from '../files.js';
import { formerSpst, withFormerSpst } from '../former-spst.js';

/**
 * Another fund, or another health service, says in a file of its own that the person is its own now. Whoever answers for the case, the
 * service that had followed her, the fund, or she herself says whether that is so (ADR 0022).
 */
const answer = <const T extends string>(type: T, command: string, label: Text, kind: 'confirmed' | 'denied') =>
  act({
    type,
    command,
    label,
    source: 'R.312-1 CSS (caisse), L.4622-2-1 CT (SPST), convention (D)',
    zone: 'waiting',
    nature: 'ask',
    afterEnd: true,
    by: [...CASE_WORKERS, 'ASSURE'],
    recorders: CASE_WORKERS,
    fields: { fileId: ref('case', t('l’autre dossier', 'the other file')), formerSpst },
    complete: withFormerSpst,
    check: ({ data, before, actor, recordedBy }) => {
      const file = changeToldIn(before, data.fileId);
      const teller = recordedBy ?? actor;
      // She herself was sent a page about it.
      if (!file || !(teller.role === 'ASSURE' || mayAnswerChange(before, file, teller)))
        return [noSuchFile];
      const caisse = teller.role === 'CPAM' && teller.organisation === before.caisse;
      return kind === 'confirmed' && file.differs.length > 0 && !caisse
        ? [forbidden('change.traitsDiffer', 'L.4624-8 CT, convention (D)', t('Des traits diffèrent : à la caisse de dire si c’est une même personne.', 'Traits differ: it is for the fund to say whether it is one person.'))]
        : [];
    }, // prettier-ignore
    apply(draft, { data, on }) {
      const file = draft.files.find((f) => f.fileId === data.fileId);
      if (!file) return;
      file.change = { kind, on };
      if (kind === 'denied') delete file.claim;
    },
  });

/** It is so: what follows the log joins the two. */
export const ChangeConfirmed = answer(
  'ChangeConfirmed',
  'confirm-change',
  t('Changement confirmé', 'Change confirmed'),
  'confirmed',
);
/** It is not so: the file is one like any other, to be let in or left apart. */
export const ChangeDenied = answer('ChangeDenied', 'deny-change', t('Changement démenti', 'Change denied'), 'denied');
