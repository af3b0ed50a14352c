import { type Finding, impossible } from '../../kernel/errors.js';
import { byProgram, date, ref } from '../../kernel/fields.js';
import { CASE_WORKERS, type Party } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { answersForDeath } from '../deaths.js';
import { type CaseView, cameBy } from '../view.js';

const spec = {
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  afterEnd: true,
  by: CASE_WORKERS,
  fields: {},
} as const;

const mayAnswer = (v: CaseView, { organisation }: Party): Finding[] =>
  answersForDeath(v, organisation)
    ? []
    : [impossible('death.notYours', t('Le référent, le partenaire qui répond du dossier ou la caisse le dit.', 'It is for the lead, the accountable partner or the fund to say so.'))]; // prettier-ignore
/** What was answered in a file that was let in is no answer of those who let it in. */
const came = (draft: CaseView, fact: { readonly joined?: string }): { joined?: true } =>
  cameBy(draft, fact)?.letIn ? { joined: true } : {};
const none = impossible('death.none', t('Aucun décès n’est annoncé dans ce dossier.', 'No death was told in this case.'));
/** The person did die: everything owed ends. */
export const DeathConfirmed = act({
  ...spec,
  type: 'DeathConfirmed',
  command: 'confirm-death',
  label: t('Décès confirmé', 'Death confirmed'),
  fields: {
    // What is confirmed stands by this word too, whatever its teller takes back.
    diedOn: byProgram(date('coordination', t('jour du décès confirmé', 'day of the death that is confirmed')).optional()),
  },
  available: (v, actor) => [
    ...(v.deathTold ? [] : [none]),
    ...mayAnswer(v, actor),
    ...(v.deathTold && v.deathTold.by.organisation === actor.organisation ? [impossible('death.yourOwnWord', t('Un décès se confirme par un autre que qui l’a dit.', 'A death is confirmed by somebody else than whoever told it.'))] : []),
  ], // prettier-ignore
  complete: (_, { deathTold }) => (deathTold ? { diedOn: deathTold.on } : {}),
  apply: (draft, { on, revision, data, ...fact }) =>
    void draft.deathAnswers.push({ kind: 'confirmed', on, revision, ...(data.diedOn && { diedOn: data.diedOn }), ...came(draft, fact) }), // prettier-ignore
});

/** She did not: everything owed comes back with its dates. One that was settled, or confirmed, is taken back so too. */
export const DeathDenied = act({
  ...spec,
  type: 'DeathDenied',
  command: 'deny-death',
  label: t('Décès démenti', 'Death denied'),
  fields: {
    // Told again by the same one it suspends nothing, though the first telling be taken back meanwhile.
    toldBy: byProgram(ref('organisation', t('dont la parole est démentie', 'whose word is denied')).optional()),
  },
  available: (v, actor) => [...(v.deathTold || v.diedOn !== undefined ? [] : [none]), ...mayAnswer(v, actor)],
  complete: (_, { deathTold }) => (deathTold?.by.organisation ? { toldBy: deathTold.by.organisation } : {}),
  apply: (draft, { on, revision, data, ...fact }) =>
    void draft.deathAnswers.push({ kind: 'denied', on, revision, ...(data.toldBy && { toldBy: data.toldBy }), ...came(draft, fact) }), // prettier-ignore
});
