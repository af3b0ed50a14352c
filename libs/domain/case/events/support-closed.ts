import { code, codes, ref } from '../../kernel/fields.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { act } from '../act.js';
import { RECOMMENDATIONS, SITUATIONS } from '../codes.js';
import { nowWith } from '../handshakes.js';
import { isOpen } from '../measure-status.js';
import { takesPart } from '../taking-part.js';

/** Motives that close a support although a measure is still open (docs/domain.md). */
const DESPITE_MEASURE = ['death', 'moved-away', 'measure-taken-over'];

/** Closed by whoever opened it. The six-month call is then due, but after a death. */
export const SupportClosed = act({
  type: 'SupportClosed',
  command: 'close-support',
  label: t('Accompagnement clos', 'Support closed'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  afterEnd: true,
  by: ['AS', 'CSAM', 'CPDP', 'MT', 'IDEST'],
  fields: {
    motive: code('coordination', t('motif de clôture', 'motive'), ['goal-reached', 'person-request', 'no-news', 'passed-on', 'death', 'moved-away', 'measure-taken-over']),
    situation: code('outcome', t('fin de situation', 'situation at the end'), SITUATIONS).optional(),
    recommendations: codes('social', t('préconisations retenues, si aucun plan ne les dit', 'recommendations kept, where no plan tells them'), RECOMMENDATIONS, ['redeployment', 'training']).optional(),
    takenOverBy: ref('organisation', t('partenaire qui reprend la mesure', 'partner that takes the measure over')).optional(),
  }, // prettier-ignore
  available: (v, actor) => {
    if (!v.support) return [impossible('support.none', t('Aucun accompagnement n’est ouvert.', 'No support is open.'))];
    if (v.support.closedOn)
      return [impossible('support.closed', t('L’accompagnement est déjà clos.', 'Support is closed already.'))];
    return nowWith(v, v.support.openedBy.organisation, v.support.openedOn) === actor.organisation ||
      v.lead?.organisation === actor.organisation
      ? []
      : [
          forbidden(
            'support.notOpener',
            'pratique publiée, Carsat BFC 2023 (S)',
            t(
              'L’accompagnement est clos par qui l’a ouvert ou en a repris le relais.',
              'Whoever opened the support, or took it over, closes it.',
            ),
          ),
        ];
  },
  check: ({ before, data, occurredOn, ctx }) => [
    ...(before.measures.some(isOpen) && !DESPITE_MEASURE.includes(data.motive)
      ? [forbidden('support.measureOpen', 'pratique publiée, Carsat BFC 2023 (S)', t('Une mesure est encore ouverte.', 'A measure is still open.'), ['measure', 'decision'])]
      : []),
    ...(data.motive === 'measure-taken-over' && data.takenOverBy === undefined
      ? [impossible('support.takenOverByMissing', t('Nommer le partenaire qui reprend la mesure.', 'Name the partner that takes the measure over.'))]
      : []),
    ...(data.takenOverBy !== undefined && !takesPart(before, data.takenOverBy, occurredOn)
      ? [forbidden('support.takenOverByOutsider', 'L.411-3 CASF, convention (D)', t('Ce partenaire ne participe pas au dossier : il n’y peut rien reprendre.', 'That partner takes no part in the case: it can take nothing over.'), ['measure', 'decision'])]
      : []),
    ...(ctx.directory.find(data.takenOverBy ?? '')?.roles.some((role) => CASE_WORKERS.includes(role)) === false
      ? [forbidden('support.takenOverByWithoutAccount', 'convention (D)', t('Ce partenaire n’a pas de compte : rien ne peut lui être rappelé.', 'That partner has no account: it can be reminded of nothing.'))]
      : []),
    ...(before.support && occurredOn < before.support.openedOn ? [impossible('support.closedBeforeOpened', t('La clôture précède l’ouverture.', 'It is closed before it was opened.'))] : []),
    ...(data.motive === 'death' && before.deathTold ? [impossible('support.deathToConfirm', t('Le décès est annoncé : le confirmer d’abord.', 'A death was told: confirm it first.'))] : []),
    ...(data.motive === 'death' && !before.diedOn && !before.deathTold ? [impossible('support.deathUnrecorded', t('Enregistrer d’abord le décès.', 'Record the death first.'))] : []),
  ], // prettier-ignore
  brings: ({ data, occurredOn }, view, ctx) =>
    data.motive === 'death'
      ? []
      : [{ type: 'SixMonthFollowUpDue', data: { dueOn: ctx.rulebook.for(view.caisse).dueBy('support.followUp', occurredOn) } }],
  apply(draft, { data, on, by }) {
    if (!draft.support) return;
    draft.closures.push({ on, ...(data.situation && { situation: data.situation }) });
    draft.support = {
      ...draft.support,
      closedOn: on,
      closedBy: by,
      ...(data.motive && { motive: data.motive }),
      ...(data.takenOverBy && { takenOverBy: data.takenOverBy }),
    };
  },
});
