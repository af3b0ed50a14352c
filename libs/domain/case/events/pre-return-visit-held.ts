import { bool, ref, text } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { visitOf } from '../view.js';
import { leaveLongEnough } from './pre-return-visit-requested.js';
import { AGAIN } from '../same-day.js';
import { wordOfSpst } from '../whose-word.js';

/** Recommendations go to the employer and the médecin conseil unless the person objects (R.4624-30 CT). */
export const PreReturnVisitHeld = act({
  type: 'PreReturnVisitHeld',
  command: 'hold-pre-return-visit',
  label: t('Visite de préreprise', 'Pre-return visit'),
  source: 'R.4624-29 et R.4624-30 CT',
  zone: 'coordination',
  rank: 50,
  by: ['MT'],
  fields: {
    visitId: ref('visit', t('visite demandée, si elle l’a été', 'visit that was requested, if it was')).optional(),
    recommendations: text('capacity', t('aménagement, reclassement, formation recommandés', 'adjustment, redeployment or training recommended'), 'éviter le port de charges ; étudier un temps partiel').optional(),
    riskOfUnfitness: bool('capacity', t('risque d’inaptitude identifié', 'risk of unfitness identified')).optional(),
    opposed: bool('coordination', t('la personne s’oppose à l’information de l’employeur et du médecin conseil', 'the person objects to telling the employer and the medical adviser'), false).optional(),
    again: AGAIN,
  }, // prettier-ignore
  complete: ({ data }, before) => {
    const visitId = data.visitId ?? before.visits.findLast((v) => v.kind === 'pre-return' && v.requestedOn && !v.heldOn)?.id;
    return visitId === undefined ? data : { ...data, visitId };
  },
  check: leaveLongEnough,
  once: { what: 'visit', alike: () => [] },
  settledBy: wordOfSpst,
  apply(draft, { id, data, on, by }) {
    const { visitId, riskOfUnfitness, opposed } = data;
    Object.assign(visitOf(draft, visitId ?? id, 'pre-return'), {
      heldOn: on,
      by,
      ...(riskOfUnfitness !== undefined && { riskOfUnfitness }),
      ...(opposed !== undefined && { opposed }),
    });
    if (opposed)
      for (const recipientRole of ['EMPLOYER', 'MC'] as const) draft.objections.push({ zones: ['capacity'], recipientRole, on });
  },
});
