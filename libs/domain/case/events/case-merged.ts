import { list, ref } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';

/**
 * Two persons turned out to be one, each with an open case: one of the two goes on with both histories, the other ends in it. A human
 * says so, and may take it back. The events of the case that ends stand in the stream of the other one as they are, same ids, same
 * bytes, behind this one, which names them.
 */
const spec = (label: ReturnType<typeof t>) =>
  ({ command: null, label, source: 'convention (D)', zone: 'coordination', nature: 'ask', afterEnd: true, by: [] }) as const;
const other = ref('case', t('l’autre dossier', 'the other case'));

export const CaseAbsorbed = act({
  ...spec(t('Dossier réuni à celui-ci', 'Another case joined to this one')),
  type: 'CaseAbsorbed',
  fields: {
    caseId: other,
    events: list(
      'coordination',
      t('ses événements', 'its events'),
      { id: ref('event', t('événement', 'event')) },
      { max: 100_000 },
    ),
  },
  apply(draft, { data, on }) {
    const file = draft.files.find((f) => f.fileId === data.caseId);
    if (!file) return;
    file.end = { kind: 'joined', on };
    // The other caisse pays now, as it told and as is confirmed hereby (R.312-1 CSS).
    if (file.claim !== 'caisse' || file.openedBy === undefined) return;
    if (draft.caisse !== undefined) file.formerCaisse = draft.caisse;
    draft.caisse = file.openedBy;
  },
});
export const CaseAbsorptionUndone = act({
  ...spec(t('Réunion de dossiers annulée', 'Joining of cases undone')),
  type: 'CaseAbsorptionUndone',
  fields: {
    caseId: other,
    leaving: list(
      'coordination',
      t('qui en était venu', 'who came with it'),
      { organisation: ref('organisation', t('organisation', 'organisation')) },
      { max: 1000 },
    ).optional(),
  },
  apply(draft, { data, on }) {
    for (const { organisation } of data.leaving ?? []) if (organisation !== undefined) draft.parted.push(organisation);
    // They were two after all: that has been looked at.
    const file = draft.files.find((f) => f.fileId === data.caseId);
    if (!file) return;
    file.end = { kind: 'aside', on };
    if (file.formerCaisse !== undefined) draft.caisse = file.formerCaisse;
    delete file.formerCaisse;
  },
});
export const CaseMerged = act({
  ...spec(t('Dossier réuni à un autre', 'Case joined to another one')),
  type: 'CaseMerged',
  fields: { into: other },
  apply(draft, { data }) {
    if (data.into !== undefined) draft.mergedInto = data.into;
  },
});
export const CaseMergeUndone = act({
  ...spec(t('Dossier de nouveau distinct', 'Case on its own again')),
  type: 'CaseMergeUndone',
  fields: {},
  apply(draft) {
    delete draft.mergedInto;
  },
});
