import { impossible } from '../../kernel/errors.js';
import { type Fields, ZONE_CODES } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act, type Check } from '../act.js';
import { nowWith } from '../handshakes.js';
import { isGone } from '../undo.js';

/**
 * The case was opened on somebody else than was meant. One act ends it: nothing is owed, nobody answers for it, it is in no list, and its
 * numbers lead to it no more. What was told stays in the log, and each goes on reading what it told itself. Where others have acted, it
 * is theirs too: their answer ends it, or the caisse does, as long as nobody leads it. Whoever leads what another one opened has taken it up.
 */
export const CaseOpenedByMistake = act({
  type: 'CaseOpenedByMistake',
  command: 'undo-opening',
  label: t('Ouvert sur la mauvaise personne', 'Opened on the wrong person'),
  source: 'art. 5(1)(d) RGPD, convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  afterEnd: true,
  by: CASE_WORKERS,
  recorders: [],
  fields: {},
  check: (c) => {
    const { before: v, actor } = c;
    const opener = v.openedBy && v.openedOn && nowWith(v, v.openedBy.organisation, v.openedOn);
    const isCaisse = actor.role === 'CPAM' && actor.organisation === v.caisse;
    const { organisation } = actor;
    const tookUp = v.leads.some((lead) => lead.organisation === organisation);
    const may = isCaisse || organisation === opener || (organisation === v.accountable?.organisation && !tookUp);
    const led = v.lead && v.lead.organisation !== actor.organisation;
    return [
      ...(may ? [] : [impossible('opening.notYours', t('Un dossier ouvert sur la mauvaise personne est annulé par qui l’a ouvert, par qui en répond tant qu’il n’en est pas référent, ou par la caisse.', 'A case opened on the wrong person is undone by whoever opened it, by whoever answers for it as long as it does not lead it, or by the fund.'), 'convention (D)')]),
      ...(c.before.joins.length > 0 ? [impossible('opening.joined', t('Un autre dossier est réuni à celui-ci : les séparer d’abord.', 'Another case was joined to this one: part them first.'), 'convention (D)')] : []),
      ...((isCaisse ? led : othersActed(c, opener)) ? [impossible('opening.othersActed', t('D’autres ont déjà agi dans ce dossier : leur réponse y met fin ; ou la caisse, tant que personne n’en est référent.', 'Others have acted in this case: their answer ends it; or the fund does, as long as nobody leads it.'), 'convention (D)', ZONE_CODES)] : []),
    ]; // prettier-ignore
  },
  apply(draft, { on, by }) {
    draft.openedByMistake = { on, by };
  },
});

/** What comes with an opening act. */
const BROUGHT: readonly string[] = ['CaseOpened', 'PersonIdentified', 'SickLeaveRecorded', 'ActivityRecorded', 'ConsentGranted'];
/** A receipt is no act on the case, nor is what was said of another file, be it that it was joined and parted again. */
const BESIDE: readonly string[] = ['ReceiptAcknowledged', 'FileSetAside', 'ChangeConfirmed', 'ChangeDenied', 'CaseAbsorbed', 'CaseAbsorptionUndone']; // prettier-ignore
/** What the program itself finds is nobody's, and the act that opened it is what is undone. */
const othersActed = ({ facts, actor, before, ctx }: Pick<Check<Fields>, 'facts' | 'actor' | 'before' | 'ctx'>, opener: string | null | undefined): boolean => {
  const others = facts.flatMap((f) => {
    const { organisation } = f.recordedBy ?? f.by;
    return organisation === null || organisation === actor.organisation || BESIDE.includes(f.type) || isGone(before, organisation, ctx.today) ? [] : [{ organisation, type: f.type }];
  });
  const byOpener = others.filter((f) => f.organisation === opener && !BROUGHT.includes(f.type));
  return byOpener.length > 1 || others.some((f) => f.organisation !== opener);
}; // prettier-ignore
