import { t } from '../../kernel/text.js';
import { caisseOf } from '../owners.js';
import { currentLeave } from '../leave.js';
import { duty } from '../rule.js';

/**
 * A leave beyond the threshold, and nobody has asked the person whether the SPST may know. The threshold awaits its decree: a delay of
 * configuration. The answer is a consent or an objection; silence is neither.
 */
export const accordToAsk = duty({
  code: 'accord-to-ask',
  label: t('Accord de transmission au SPST à demander', 'Consent to tell the occupational health service, to ask'),
  whose: t('la caisse', 'the fund'),
  article: 'L.315-4 CSS ; seuil : convention (D)',
  zone: 'leave',
  delay: 'accord.ask',
  resolvedBy: ['grant-consent', 'record-objection', 'transmit-sick-leave'],
  find: (v, delays) => {
    const leave = currentLeave(v);
    const asked = v.consents.length > 0 || v.objections.length > 0 || v.handshakes.some((h) => h.kind === 'transmission');
    if (!leave || asked) return [];
    const due = delays.dueBy('accord.ask', leave.start);
    return [{ subject: leave.id, owner: caisseOf(v), since: leave.start, due, ...(leave.until && { until: leave.until }) }];
  },
});
