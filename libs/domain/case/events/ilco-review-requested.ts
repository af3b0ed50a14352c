import { code, ref } from '../../kernel/fields.js';
import { type Finding, forbidden, impossible } from '../../kernel/errors.js';
import { CASE_WORKERS, type Role } from '../../kernel/roles.js';
import { type Text, t } from '../../kernel/text.js';
import { act } from '../act.js';
import { known } from '../measure-acts.js';
import { takesPart } from '../taking-part.js';
import { measureIn, measureOf } from '../view.js';

/** Told to whoever sees what was decided, and that an avis was given. */
const hidden = (code: string, message: Text): Finding => impossible(code, message, undefined, ['measure', 'decision']);

/** The avis of a forum is asked for a request. Whoever chairs it then owes the avis; the decision goes on without waiting. */
export const IlcoReviewRequested = act({
  type: 'IlcoReviewRequested',
  command: 'request-ilco-review',
  label: t('Avis d’une instance demandé', 'Opinion of a forum asked'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'measure',
  nature: 'ask',
  by: CASE_WORKERS,
  fields: {
    measureId: ref('measure', t('mesure', 'measure')),
    forumId: ref('forum', t('instance', 'forum')).optional(),
    chair: ref('organisation', t('organisation qui tient l’instance ; la caisse du dossier si absente', 'who chairs it; the fund of the case if absent')).optional(),
    chairRole: code('measure', t('rôle dans lequel elle la tient', 'role in which it does'), CASE_WORKERS as readonly [Role, ...Role[]], 'CPAM').optional(),
  }, // prettier-ignore
  complete: ({ data }, before) => ({
    ...data,
    ...(data.chair === undefined && before.caisse && { chair: before.caisse }),
    ...(data.chairRole === undefined && { chairRole: 'CPAM' as const }),
  }),
  check: ({ before, data, occurredOn, ctx }) => {
    const measure = measureIn(before, data.measureId);
    return [
      ...known({ before }, data.measureId),
      ...(measure && measure.status !== 'requested'
        ? [hidden('ilco.noRequest', t('Cette demande n’attend plus d’avis.', 'That request awaits no opinion any more.'))]
        : []),
      ...(measure?.ilco ? [hidden('ilco.pending', t('Un avis est déjà attendu sur cette demande.', 'An opinion on this request is awaited already.'))] : []),
      ...(data.chair === undefined || ctx.directory.find(data.chair)?.roles.includes(data.chairRole ?? 'CPAM')
        ? []
        : [impossible('ilco.chairUnknown', t('L’annuaire ne connaît pas cette organisation dans ce rôle.', 'The directory does not know that organisation in that role.'))]),
      ...(data.chair === undefined || takesPart(before, data.chair, occurredOn)
        ? []
        : [forbidden('ilco.chairOutsider', 'L.411-3 CASF, convention (D)', t('Qui tient l’instance ne participe pas à ce dossier : l’y orienter d’abord.', 'Whoever chairs the forum takes no part in this case: refer it there first.'), ['measure', 'decision'])]),
    ]; // prettier-ignore
  },
  apply(draft, { data, on }) {
    if (data.measureId === undefined || data.chair === undefined) return;
    measureOf(draft, data.measureId).ilco = {
      chair: { organisation: data.chair, role: data.chairRole ?? 'CPAM' },
      since: on,
    };
  },
});
