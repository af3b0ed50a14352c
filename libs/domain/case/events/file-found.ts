import { bool, code, codes, ref } from '../../kernel/fields.js';
import { ROLE_CODES } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { formerSpst } from '../former-spst.js';

const spec = {
  command: null,
  source: 'convention (D), ADR 0014',
  zone: 'waiting',
  nature: 'ask',
  afterEnd: true,
  by: ['OPERATOR'],
} as const;
const fileId = ref('case', t('l’autre dossier', 'the other file'));

/**
 * Behind the log, a number of this case was found in a file that an organisation from outside has opened. Whoever answers for this case
 * learns of it, and nobody else: not those who take part in it, and not whoever opened the file. A health service whose place the file claims
 * is asked, and so learns of that one.
 */
export const FileFound = act({
  ...spec,
  type: 'FileFound',
  label: t('Autre dossier sur la même personne', 'Another file on the same person'),
  fields: {
    fileId,
    openedBy: ref('organisation', t('qui l’a ouvert', 'who opened it')).optional(),
    role: code('waiting', t('en quel rôle', 'in which role'), ROLE_CODES).optional(),
    claim: code('waiting', t('compétence affirmée', 'competence that it claims'), ['caisse', 'spst']).optional(),
    formerSpst,
    doubt: bool('waiting', t('la caisse y a agi, et pas ici', 'the fund has acted there, and not here')).optional(),
    differs: codes('waiting', t('traits qui diffèrent', 'traits that differ'), ['birthDate', 'sex', 'names']).optional(),
  },
  apply(draft, { data, on }) {
    const { fileId: id, differs = [], doubt, ...told } = data;
    const rest = { ...told, ...(doubt && { doubt: true as const }) };
    if (id === undefined) return;
    const known = draft.files.find((f) => f.fileId === id);
    const asked = data.formerSpst !== undefined && { askedOn: known?.askedOn ?? on };
    if (!known) draft.files.push({ fileId: id, since: on, told: 1, ...rest, differs, ...asked });
    // It is open again, or what differs, or whom to ask, has changed.
    else {
      Object.assign(known, { ...rest, differs, ...asked, told: known.told + 1 });
      if (known.change?.kind === 'denied') delete known.claim;
      if (known.end?.kind === 'over') {
        known.since = on;
        delete known.end;
      }
    }
  },
});
/** Its author has opened a support of its own: two may be leading. */
export const FileSupported = act({
  ...spec,
  type: 'FileSupported',
  label: t('Accompagnement ouvert dans l’autre dossier', 'Support opened in the other file'),
  fields: { fileId },
  apply(draft, { data, on }) {
    const file = draft.files.find((f) => f.fileId === data.fileId);
    if (file) file.supportedOn ??= on;
  },
});
/** It has ended, or its number turned out to be another one: there is nothing left to decide. */
export const FileOver = act({
  ...spec,
  type: 'FileOver',
  label: t('Autre dossier terminé', 'The other file is over'),
  fields: { fileId, formerSpst },
  apply(draft, { data, on }) {
    const file = draft.files.find((f) => f.fileId === data.fileId && !f.end);
    if (!file) return;
    file.end = { kind: 'over', on };
    file.told++;
  },
});
