import { code } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { CHANNELS } from '../codes.js';
import { tried } from '../follow-up.js';

export const ContactAttempted = act({
  type: 'ContactAttempted',
  command: 'record-contact-attempt',
  label: t('Tentative de contact', 'Contact attempted'),
  source: 'pratique publiée, Carsat BFC 2023 (S)',
  zone: 'coordination',
  by: CASE_WORKERS,
  fields: {
    channel: code('coordination', t('moyen', 'channel'), CHANNELS, 'telephone'),
    outcome: code('coordination', t('résultat', 'outcome'), ['reached', 'no-answer', 'message-left', 'wrong-number']),
  },
  apply(draft, { id, data, on, by }) {
    const { channel, outcome } = data;
    draft.contacts.push({ eventId: id, kind: 'attempt', on, by, ...(channel && { mode: channel }), ...(outcome && { outcome }) });
    tried(draft, { on, ...(channel && { channel }), ...(outcome && { outcome }) });
  },
});
