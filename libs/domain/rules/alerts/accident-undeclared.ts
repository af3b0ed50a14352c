import { t } from '../../kernel/text.js';
import { measuresOf } from '../measures.js';
import { followerOf } from '../owners.js';
import { alert } from '../rule.js';

/** The host of an essai encadré declares an accident; in a PMSMP the host tells within 24 hours, and it is declared within 48. */
export const accidentUndeclared = alert({
  code: 'accident-undeclared',
  label: t('Accident pendant la mesure, déclaration non connue', 'Accident during the measure, declaration not known'),
  whose: t('qui suit la mesure', 'whoever follows the measure'),
  article: 'L.412-8 et R.412-4 CSS, D.5135-5 CT',
  zone: 'measure',
  find: (v) =>
    measuresOf(v).flatMap(({ measure }) =>
      measure.accidents.flatMap((a) =>
        a.declaredOn === undefined ? [{ subject: measure.id, owner: followerOf(v, measure), since: a.on }] : [],
      ),
    ),
});
