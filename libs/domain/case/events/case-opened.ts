import { ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { act } from '../act.js';

/** First event of every case; no command of its own: the act that opens the case brings it. */
export const CaseOpened = act({
  type: 'CaseOpened',
  command: null,
  label: t('Ouverture du dossier', 'Case opened'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  by: CASE_WORKERS,
  fields: { caisse: ref('organisation', t('Caisse qui répond du dossier', 'Fund that answers for the case')) },
  apply(draft, { data, on, by, recordedBy, toldAt }) {
    // That of a case that was joined to this one comes second.
    draft.openedOn ??= on;
    draft.openedAt ??= toldAt;
    // For somebody without account, whoever records it opens the case.
    draft.openedBy ??= recordedBy ?? by;
    if (data.caisse !== undefined) draft.caisse ??= data.caisse;
  },
});
