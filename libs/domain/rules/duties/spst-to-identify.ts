import { t } from '../../kernel/text.js';
import { caisseOf } from '../owners.js';
import { duty } from '../rule.js';
import { hasNoSpst } from '../waiting.js';

/** A transmission whose SPST is unknown is the caisse's task, not a rejected line. */
export const spstToIdentify = duty({
  code: 'spst-to-identify',
  label: t('SPST à identifier', 'Occupational health service to identify'),
  whose: t('la caisse', 'the fund'),
  article: 'L.315-4 CSS',
  zone: 'coordination',
  delay: 'transmission.acknowledge',
  resolvedBy: ['identify-spst'],
  find: (v, delays) =>
    v.handshakes.filter(hasNoSpst).map((h) => ({
      subject: h.id,
      owner: caisseOf(v),
      since: h.sentOn,
      due: delays.dueBy('transmission.acknowledge', h.sentOn),
    })),
});
