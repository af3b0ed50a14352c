import { t } from '../../kernel/text.js';
import { horizon } from '../rule.js';

/**
 * Of a referral under way: neither turned down nor triaged without support. The day is the one known when it was sent; a renewal since
 * is told by the list of conventions, so none is shown as past. The end changes nothing about whose move it is.
 */
export const conventionEnd = horizon({
  code: 'convention-end',
  label: t('Fin de la convention de l’orientation, sauf reconduction', 'The convention of a referral ends, unless renewed'),
  whose: t('l’émetteur et le destinataire', 'its sender and its target'),
  article: 'convention (D)',
  zone: 'coordination',
  find: (v) =>
    v.handshakes.flatMap(({ id, from, to, conventionTo, conventionNotice, effective, answer, triage }) =>
      conventionTo === undefined || !effective || (answer && answer.kind !== 'accepted') || (triage && triage.outcome !== 'accompanied')
        ? []
        : [from, to].map((owner) => ({ subject: id, owner, since: conventionNotice ?? conventionTo, due: conventionTo, until: conventionTo })),
    ),
}); // prettier-ignore
