import { isOpenHandover } from '../../case/handovers.js';
import { t } from '../../kernel/text.js';
import { duty } from '../rule.js';

export const handoverToAnswer = duty({
  code: 'handover-to-answer',
  label: t('Relais proposé, à reprendre ou décliner', 'Hand-over to take or decline'),
  whose: t('le partenaire à qui il est proposé', 'the partner that it is offered to'),
  article: 'convention (D)',
  zone: 'coordination',
  delay: 'referral.answer',
  resolvedBy: ['accept-handover', 'decline-handover', 'accept-transfer', 'decline-transfer'],
  find: (v, delays) =>
    [...v.handovers.filter((o) => isOpenHandover(v, o)), ...v.transfers.filter((o) => !o.answer)].map((o) => ({
      subject: o.id,
      owner: { organisation: o.to, role: o.toRole },
      since: o.proposedOn,
      due: delays.dueBy('referral.answer', o.proposedOn),
    })),
});
