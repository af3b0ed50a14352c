import { answersFor } from '../../confidentiality/redact.js';
import { impossible } from '../../kernel/errors.js';
import { ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { type Text, t } from '../../kernel/text.js';
import { act } from '../act.js';
import { isUnconfirmed } from '../at-home.js';

/**
 * Before ADR 0014 a signal with a known number took part in the case that it found. Whoever answers for the case says whether that
 * partner has a part in it; until then it stays as it is, and opens nothing more.
 */
const answer = <const T extends string>(type: T, command: string, label: Text, kind: 'confirmed' | 'ended') =>
  act({
    type,
    command,
    label,
    source: 'convention (D), ADR 0014',
    zone: 'coordination',
    nature: 'ask',
    by: CASE_WORKERS,
    fields: { signalId: ref('signal', t('signalement', 'signal')) },
    check: ({ data, before, actor }) =>
      before.signals.some((s) => s.id === data.signalId && isUnconfirmed(before, s) && s.holder.organisation !== actor.organisation) &&
      actor.organisation !== null &&
      answersFor(before, { organisation: actor.organisation, role: actor.role })
        ? []
        : [impossible('part.notToConfirm', t('Aucune participation de ce signalement n’est à confirmer par vous.', 'No part of that signal is yours to confirm.'))], // prettier-ignore
    apply(draft, { data, on }) {
      const signal = draft.signals.find((s) => s.id === data.signalId);
      if (signal) signal.part = { kind, on };
    },
  });

export const PartConfirmed = answer('PartConfirmed', 'confirm-part', t('Participation confirmée', 'Part confirmed'), 'confirmed');
export const PartEnded = answer('PartEnded', 'end-part', t('Participation terminée', 'Part ended'), 'ended');
