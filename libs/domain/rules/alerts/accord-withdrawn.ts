import { t } from '../../kernel/text.js';
import { alert } from '../rule.js';

/** A referral rests on an accord that is gone: nobody on the other side may go on. */
export const accordWithdrawn = alert({
  code: 'accord-withdrawn',
  label: t('Accord retiré alors qu’une orientation en dépend', 'A consent was withdrawn on which a referral rests'),
  article: 'L.411-3 CASF, L.4622-2-1 CT',
  zone: 'coordination',
  find: (v) =>
    v.handshakes.flatMap((h) => {
      const gone = v.consents.find((c) => c.id === h.consentId || c.recipient === h.to.organisation);
      const on = gone?.withdrawnOn ?? gone?.lapsedOn;
      const settled = h.answer?.kind === 'declined' || h.answer?.kind === 'revoked' || h.answer?.kind === 'redirected';
      return !h.effective && on !== undefined && !settled ? [{ subject: h.id, since: on }] : [];
    }),
});
