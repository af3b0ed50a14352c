import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';
import { isWith } from '../waiting.js';

/** First its receipt is to be acknowledged; that starts the clock of its triage. */
export const transmissionToTriage = duty({
  code: 'transmission-to-triage',
  label: t('Transmission à accuser et à trier', 'Transmission to acknowledge and triage'),
  whose: t('le SPST destinataire', 'the health service that it was sent to'),
  article: 'L.4622-2-1 CT',
  zone: 'coordination',
  delay: 'transmission.acknowledge',
  resolvedBy: ['conclude-triage', 'redirect-referral', 'decline-referral'],
  find: (v, delays) =>
    v.handshakes
      .filter((h) => isWith(h, 'transmission'))
      .map((h) => ({
        subject: h.id,
        owner: h.to,
        since: h.sentOn,
        due: h.receivedOn ? delays.dueBy('triage.conclude', h.receivedOn) : delays.dueBy('transmission.acknowledge', h.sentOn),
        ...(h.receivedOn && { restartedBy: 'received' }),
      })),
});
