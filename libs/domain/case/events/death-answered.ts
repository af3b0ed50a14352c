import { type Finding, impossible } from '../../kernel/errors.js';
import { CASE_WORKERS, type Party } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { answersForDeath } from '../deaths.js';
import { type CaseView, type DeathAnswer } from '../view.js';

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
const none = impossible('death.none', t('Aucun décès n’est annoncé dans ce dossier.', 'No death was told in this case.'));
const answer =
  (kind: DeathAnswer['kind']) =>
  (draft: CaseView, { on, revision }: { readonly on: DeathAnswer['on']; readonly revision: number }): void =>
    void draft.deathAnswers.push({ kind, on, revision });

/** The person did die: everything owed ends. */
export const DeathConfirmed = act({
  ...spec,
  type: 'DeathConfirmed',
  command: 'confirm-death',
  label: t('Décès confirmé', 'Death confirmed'),
  available: (v, actor) => [...(v.deathTold ? [] : [none]), ...mayAnswer(v, actor)],
  apply: answer('confirmed'),
});

/** She did not: everything owed comes back with its dates. One that was settled, or confirmed, is taken back so too. */
export const DeathDenied = act({
  ...spec,
  type: 'DeathDenied',
  command: 'deny-death',
  label: t('Décès démenti', 'Death denied'),
  available: (v, actor) => [...(v.deathTold || v.diedOn !== undefined ? [] : [none]), ...mayAnswer(v, actor)],
  apply: answer('denied'),
});
