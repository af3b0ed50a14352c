import { mindsFiles } from '../../confidentiality/redact.js';
import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { noSuchFile } from '../files.js';
import { formerSpst, withFormerSpst } from '../former-spst.js';

/** « Sans suite de notre part » : the other file goes on by itself, and its author learns nothing. */
export const FileSetAside = act({
  type: 'FileSetAside',
  command: 'set-file-aside',
  label: t('Autre dossier : sans suite de notre part', 'The other file: no follow-up by us'),
  source: 'convention (D), ADR 0014',
  zone: 'waiting',
  nature: 'ask',
  afterEnd: true,
  by: CASE_WORKERS,
  fields: { fileId: ref('case', t('l’autre dossier', 'the other file')), formerSpst },
  complete: withFormerSpst,
  check: ({ data, before, actor }) =>
    // To whoever it does not fall to there is no such file.
    before.files.some((f) => f.fileId === data.fileId && !f.end) &&
    actor.organisation !== null &&
    mindsFiles(before, { organisation: actor.organisation, role: actor.role })
      ? []
      : [noSuchFile],
  apply(draft, { data, on }) {
    const file = draft.files.find((f) => f.fileId === data.fileId);
    if (file) file.end = { kind: 'aside', on };
  },
});
