import { bool, list, ref } from '../../kernel/fields.js';
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

const eventsOf = (label: ReturnType<typeof t>) =>
  list('coordination', label, { id: ref('event', t('événement', 'event')) }, { max: 100_000 });
const organisations = (label: ReturnType<typeof t>) =>
  list('coordination', label, { organisation: ref('organisation', t('organisation', 'organisation')) }, { max: 1000 });
const named = (all: readonly { readonly organisation?: string }[] | undefined): string[] =>
  (all ?? []).flatMap(({ organisation }) => organisation ?? []);

export const CaseAbsorbed = act({
  ...spec(t('Dossier réuni à celui-ci', 'Another case joined to this one')),
  type: 'CaseAbsorbed',
  fields: {
    caseId: other,
    events: eventsOf(t('ses événements', 'its events')),
    // All that it depends on how the two go together is told with it: who takes part sees the case as it is.
    letIn: bool('coordination', t('n’y fait entrer personne d’autre', 'lets in nobody else')).optional(),
    // Without it, as before there was any, what it brings counts as if it had been told here.
    toConfirm: bool('coordination', t('n’y met fin à rien sans confirmation', 'ends nothing unless confirmed')).optional(),
    known: organisations(t('dont la parole vaut ici', 'whose word counts here')).optional(),
    words: organisations(t('dont la parole se passe de confirmation', 'whose word needs no confirmation')).optional(),
    caisse: ref('organisation', t('caisse, après un changement confirmé', 'fund, after a change that was confirmed')).optional(),
    author: ref(
      'organisation',
      t('qui avait ouvert l’autre, et y entre seul', 'who had opened the other one, and alone comes in'),
    ).optional(),
    guests: organisations(t('qui y avait part, et n’entre pas ici', 'who took part there, and does not come in here')).optional(),
  },
  apply(draft, { data, on, by, joined }) {
    const file = draft.files.find((f) => f.fileId === data.caseId);
    if (file) file.end = { kind: 'joined', on };
    if (data.caseId === undefined) return;
    // One that was joined to the case which came here: what it changed there, it changed there.
    if (joined !== undefined) {
      draft.joins.push({
        caseId: data.caseId,
        on,
        by: by.organisation,
        letIn: true,
        known: [],
        guests: [],
        words: [],
        within: joined,
      });
      return;
    }
    // Before that was told with it, it rested on the file alone.
    const before = data.letIn === undefined && file?.claim !== undefined ? file.openedBy : undefined;
    const caisse = data.caisse ?? (file?.claim === 'caisse' ? before : undefined);
    const known = before === undefined ? named(data.known) : [before];
    // In two parts, where somebody wrote at the same instant.
    const first = draft.joins.find((j) => j.caseId === data.caseId && j.within === undefined);
    draft.joins = draft.joins.filter((j) => j !== first);
    draft.joins.push({
      caseId: data.caseId, on, by: by.organisation, letIn: data.letIn ?? file !== undefined, known, ...(data.toConfirm && { toConfirm: true as const }), ...(data.author && { author: data.author }), guests: named(data.guests), words: named(data.words),
      ...(first?.formerCaisse !== undefined ? { caisse: first.caisse!, formerCaisse: first.formerCaisse } : caisse !== undefined && draft.caisse !== undefined && { caisse, formerCaisse: draft.caisse }),
    }); // prettier-ignore
    // The other caisse pays now, as it told and as is confirmed hereby (R.312-1 CSS).
    if (caisse !== undefined) draft.caisse = caisse;
  },
});
export const CaseAbsorptionUndone = act({
  ...spec(t('Réunion de dossiers annulée', 'Joining of cases undone')),
  type: 'CaseAbsorptionUndone',
  fields: {
    caseId: other,
    leaving: organisations(t('qui en était venu', 'who came with it')).optional(),
    events: eventsOf(t('ce qu’ils ont dit ici depuis', 'what they have told here since')).optional(),
  },
  apply(draft, { data, on }) {
    draft.parted.push(...named(data.leaving));
    const join = draft.joins.findLast(({ caseId }) => caseId === data.caseId);
    if (join?.formerCaisse !== undefined) {
      // Another one may have come after it: that one takes the place then of whoever was there before.
      const next = draft.joins.slice(draft.joins.indexOf(join) + 1).find((j) => j.formerCaisse !== undefined);
      if (next) next.formerCaisse = join.formerCaisse;
      // Unless its part has been passed on meanwhile, to one that goes on here.
      else if (draft.caisse === join.caisse) draft.caisse = join.formerCaisse;
    }
    draft.joins = draft.joins.filter((j) => j !== join && (j.within === undefined || j.within !== data.caseId));
    // They were two after all: that has been looked at.
    const file = draft.files.find((f) => f.fileId === data.caseId);
    if (file) file.end = { kind: 'aside', on };
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
  apply(draft, { on }) {
    // They were two after all, where this one was told of the other.
    const file = draft.files.find((f) => f.fileId === draft.mergedInto);
    if (file) file.end = { kind: 'aside', on };
    delete draft.mergedInto;
  },
});
