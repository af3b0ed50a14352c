import { code, newId } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { ORIGINS } from '../codes.js';

/** Somebody comes by, or is found, without any transmission: a shopkeeper before he stops, a fixed-term contract that ended (docs/domain.md). */
export const SignalReceived = act({
  type: 'SignalReceived',
  command: 'record-signal',
  label: t('Signalement', 'Signal'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  opens: true,
  by: CASE_WORKERS,
  fields: {
    signalId: newId('signal', t('signalement', 'signal')),
    origin: code('coordination', t('origine', 'origin'), ORIGINS, 'person'),
    detection: code('coordination', t('repérage', 'detection'), ORIGINS, 'france-services').optional(),
  },
  apply(draft, { data, on, by, joined }) {
    if (data.signalId !== undefined)
      draft.signals.push({
        id: data.signalId,
        holder: by,
        on,
        ...(data.origin && { origin: data.origin }),
        ...(joined && { letIn: true }),
      });
  },
});
